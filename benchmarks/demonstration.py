"""The demonstration world that benches read: made once in a folder under build/, then used again."""

import logging
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.demo.operations import seed_if_empty
from config import ROOT, load

FOLDER = ROOT / "build" / "bench"


def application(kept_bytes: int, folder: Path = FOLDER) -> Flask:
    """The application over a folder, with so many bytes for kept pages."""
    env = {"APP_MODE": "demo", "INSTANCE_DIR": str(folder), "KEPT_PAGES_BYTES": str(kept_bytes)}
    return create_app(load(env))


def world(folder: Path = FOLDER) -> Flask:
    """The application over the demonstration world; it keeps no pages."""
    folder.mkdir(parents=True, exist_ok=True)
    app = application(0, folder)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        started = time.process_time()
        if seed_if_empty():
            print(
                f"demonstration world made: {time.process_time() - started:.0f} s of CPU (target: under 60)"
            )
    return app
