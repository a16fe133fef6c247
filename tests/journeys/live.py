"""The real application for a browser: a web server of its own over its own folder and database, and a worker on call.

The clock is the real one. `LiveSite` is also a door to the same database for the test's own process, so that
factories can set the scene: `with site.scene(): …`.
"""

import io
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from PIL import Image

from app import create_app, parts
from app.worker import run_once
from config import ROOT, Settings, load
from core.db import db

PORTS = range(20_000, 32_000)  # below those that the kernel gives to outgoing connections
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots" / "journeys"
START_WAIT_S, STOP_WAIT_S = 60.0, 10.0
PHONE = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True, "locale": "vi-VN",
         "timezone_id": "Asia/Ho_Chi_Minh"}  # fmt: skip


def free_port(ports: Iterable[int] = PORTS) -> int:
    """A port on which nobody listens."""
    for port in random.sample(list(ports), 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("fifty ports in turn were taken")


class LiveSite:
    """A running site. `app` is the same application in this process, over the same database."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "APP_MODE": "test", "INSTANCE_DIR": str(folder), "BASE_URL": self.base_url, "PORT": str(self.port),
            "BIND": "127.0.0.1", "DATABASE_URL": f"sqlite:///{folder / 'live.sqlite3'}", "MESSAGE_GATEWAY": "file",
        }  # fmt: skip
        self.log = folder / "server.log"
        self.app = self._application()
        self.server: subprocess.Popen[bytes] | None = None

    def _application(self) -> Flask:
        settings: Settings = replace(load(self.environment), message_gateway="file")
        app = create_app(settings)
        with app.app_context():
            db.create_all()
            from tests.template import fill

            fill()
            db.session.remove()
        return app

    def start(self) -> None:
        """Serve, and wait until the site answers."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port",
                   str(self.port), "--workers", "1", "--no-ws", "--log-level", "warning", "wsgi:app"]  # fmt: skip
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_WAIT_S
        while time.monotonic() < deadline and self.server.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.base_url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError(f"the site did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """End the server, and close this process's door."""
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(STOP_WAIT_S)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    @contextmanager
    def scene(self) -> Iterator[Flask]:
        """Verbs, factories and queries over the site's own database."""
        with self.app.app_context():
            try:
                yield self.app
            finally:
                db.session.remove()

    def the_worker_works(self, *names: str) -> int:
        """Every duty of the worker once (or those named); how much was done."""
        known = {task.name for task in parts.tasks()}
        assert set(names) <= known, f"the worker has no such duty: {set(names) - known}"
        return run_once(self.app, set(names) or None)

    def messages_to(self, phone: str) -> list[str]:
        """What was sent to a phone (E.164), oldest first, once the worker has sent all that waits."""
        self.the_worker_works("messages.send")
        path = self.folder / "messages.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [one["body"] for one in map(json.loads, lines) if one["to"] == phone]


def picture(data: bytes) -> Image.Image:
    """A picture from its bytes."""
    return Image.open(io.BytesIO(data))
