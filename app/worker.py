"""The worker: one loop that asks every part's duties, each at its own pace. Killed at any moment, it loses nothing."""

import logging
import signal
import threading
import time

from flask import Flask

from app import parts
from app.health import heartbeat_file
from core.db import db

log = logging.getLogger("worker")
PAUSE_S = 1.0


def run_once(app: Flask, names: set[str] | None = None) -> int:
    """Run every duty once (or those named), whatever its pace; how much was done."""
    done = 0
    for task in parts.tasks():
        if names is None or task.name in names:
            with app.app_context():
                done += task.run()
    return done


def run(app: Flask) -> None:
    """Loop until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    last: dict[str, float] = {}
    while not stop.is_set():
        with app.app_context():
            heartbeat_file().touch()
        for task in parts.tasks():
            if stop.is_set() or time.monotonic() - last.get(task.name, -1e9) < task.every_s:
                continue
            last[task.name] = time.monotonic()
            with app.app_context():
                try:
                    task.run()
                except Exception:  # one duty's failure must not stop the others; it is logged and tried again
                    log.exception("duty failed", extra={"task": task.name})
                    db.session.rollback()
        stop.wait(PAUSE_S)
