"""The composition root: puts the parts together into one WSGI application. Imported by `wsgi.py` and tests alone."""

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect

from app import (
    addresses,
    cli,
    compression,
    errors,
    fencing,
    health,
    i18n,
    kept,
    logs,
    made,
    parts,
    rendering,
    security,
    sessions,
    templates,
)
from config import ROOT, Settings, load
from core.db import db, tune

csrf = CSRFProtect()


def _as_it_is(view: Any) -> Any:
    """Nothing here is asynchronous; Flask would look at each of a request's dozen functions to find that out."""
    return view


class Migrations:
    """Flask-Migrate, brought in when a command first asks for it: web processes never do, and save 18 MB each."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __getattr__(self, name: str) -> object:
        from flask_migrate import Migrate

        Migrate(self.app, db, directory=str(ROOT / "migrations"), compare_type=True, render_as_batch=True)
        return getattr(self.app.extensions["migrate"], name)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from settings (the environment's by default)."""
    settings = settings or load()
    app = Flask("chophien", root_path=str(ROOT), instance_path=str(settings.instance_dir))
    app.ensure_sync = _as_it_is  # type: ignore[assignment,method-assign]
    app.jinja_environment = templates.Environment  # type: ignore[assignment]
    app.url_rule_class = addresses.Rule
    app.config.from_mapping(settings.flask())
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    logs.configure(app)
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    app.extensions["migrate"] = Migrations(app)
    made.init(app)
    i18n.init(app)
    sessions.init(app)
    security.init(app)  # before the token check: a post from elsewhere is refused, never offered again
    csrf.init_app(app)
    rendering.init(app)
    errors.init(app)
    health.init(app)
    parts.register(app, csrf)
    fencing.init(app)
    cli.register(app)
    compression.init(app)
    kept.init(app)
    return app
