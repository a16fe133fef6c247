"""`make run`: bring the database up to date, seed the demonstration world if it is empty, print sign-ins, serve."""

import json
import logging
import sys
import time
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.demo.operations import seed_if_empty
from app.serve import serve
from config import Settings, load

HEADINGS = ("role", "phone", "password", "name", "home")


def prepare(app: Flask, settings: Settings) -> list[dict[str, Any]]:
    """Migrate and seed; the demonstration's accounts, empty in production."""
    with app.app_context():
        upgrade(directory=str(app.root_path) + "/migrations")
        if settings.mode == "production":
            return []
        seed_if_empty()
    accounts = settings.instance_dir / "demo-accounts.json"
    return list(json.loads(accounts.read_text())) if accounts.exists() else []


def table(accounts: list[dict[str, Any]]) -> str:
    """The sign-ins as a table."""
    rows = [HEADINGS, *(tuple(str(one.get(head, "")) for head in HEADINGS) for one in accounts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def main() -> int:
    """Run everything; the exit code."""
    started, settings = time.monotonic(), load()
    app = create_app(settings)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    accounts = prepare(app, settings)

    def ready() -> None:
        if accounts:
            sys.stdout.write(
                f"\n{table(accounts)}\n\nOfficers and staff also need a code: "
                ".venv/bin/flask --app wsgi demo code PHONE\n"
            )
        took = time.monotonic() - started
        sys.stdout.write(f"\nChợ Phiên: {settings.base_url}   (ready in {took:.0f} s; Ctrl-C stops it)\n")
        sys.stdout.flush()

    return serve(settings, ready=ready)


if __name__ == "__main__":
    sys.exit(main())
