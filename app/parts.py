"""The parts of the house, from the floor up, and what each brings: pages, commands, duties of the worker, links.

A part may have `views.BLUEPRINTS`, `views.LINKS` (for /me), `views.CSRF_EXEMPT` (view functions that prove their
sender otherwise), `cli.COMMANDS`, `tasks.TASKS` and `models`. A part that lacks one simply has none.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import click
from flask import Flask
from flask_wtf import CSRFProtect

from app.commands import Commands
from core.work import Task

PARTS = (
    "core",
    "places",
    "messages",
    "accounts",
    "households",
    "cooperatives",
    "catalog",
    "traceability",
    "orders",
    "revenue",
    "payments",
    "registry",
    "storefront",
    "storefront.browse",
    "storefront.checkout",
    "storefront.scan",
    "storefront.scan.resolver",
    "office",
    "programme",
    "channels",
    "app.demo",
)


def _modules(name: str) -> list[ModuleType]:
    """The module `name` of every part that has one, floor first; subpackages bring theirs through their part."""
    found = []
    for part in PARTS:
        if find_spec(part) is not None and find_spec(f"{part}.{name}") is not None:
            found.append(import_module(f"{part}.{name}"))
    return found


def load_models() -> None:
    """Import every table, so that the metadata is whole."""
    from core import audit, once, pages, spool

    _modules("models")
    assert audit and once and pages and spool


def register(app: Flask, csrf: CSRFProtect) -> None:
    """Attach every part's pages, commands and links."""
    load_models()
    links: list[object] = []
    for module in _modules("views"):
        for blueprint in getattr(module, "BLUEPRINTS", []):
            app.register_blueprint(blueprint)
        for view in getattr(module, "CSRF_EXEMPT", []):
            csrf.exempt(view)
        links += getattr(module, "LINKS", [])
    app.extensions["me_links"] = links
    app.cli = Commands(app.cli.name, commands)


def commands() -> list[click.Command]:
    """Every part's commands, and Flask-Migrate's `db`."""
    from flask_migrate.cli import db as migrations  # type: ignore[import-not-found]  # not in its stubs

    return [migrations, *(one for module in _modules("cli") for one in getattr(module, "COMMANDS", []))]


def tasks() -> list[Task]:
    """Every duty of the worker."""
    return [task for module in _modules("tasks") for task in module.TASKS]
