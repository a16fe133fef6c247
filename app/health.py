"""/healthz: the process answers. /readyz: database, storage and worker do as well."""

import time
from pathlib import Path

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from accounts.access import public
from core import files
from core.db import db

bp = Blueprint("health", __name__)
WORKER_SILENT_S = 30


def heartbeat_file() -> Path:
    """The file the worker touches each round."""
    return Path(current_app.config["INSTANCE_DIR"]) / "worker.heartbeat"


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Alive."""
    return jsonify(ok=True)


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Ready, with the state of database, storage and worker."""
    try:
        database = db.session.execute(text("SELECT 1")).scalar() == 1
    except SQLAlchemyError:
        database = False
    beat = heartbeat_file()
    worker = beat.exists() and time.time() - beat.stat().st_mtime < WORKER_SILENT_S
    state = {"database": database, "storage": files.writable(), "worker": worker}
    answer = jsonify(ok=all(state.values()), **state)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if all(state.values()) else 503


def init(app: Flask) -> None:
    """Register both."""
    app.register_blueprint(bp)
