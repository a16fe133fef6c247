"""`flask demo seed`, `flask demo code PHONE`."""

import json
import time
from pathlib import Path

import click
import pyotp
from flask import current_app
from flask.cli import AppGroup

from accounts.rules import normalise_phone

demo = AppGroup("demo", help="The demonstration world.")


def _refuse_in_production() -> None:
    if not current_app.config["DEMO"]:
        raise click.ClickException("APP_MODE=production: the demonstration world is not made here")


@demo.command("seed")
@click.option("--scale", default=1, show_default=True, help="Times as many orders.")
def seed(scale: int) -> None:
    """Bring the database up to date and make the world in it."""
    from flask_migrate import upgrade

    from app.demo import operations  # loaded when asked: it loads all that draws papers and pictures

    _refuse_in_production()
    upgrade(directory=str(Path(current_app.root_path) / "migrations"))
    started = time.monotonic()
    operations.seed(scale)
    click.echo(f"made in {time.monotonic() - started:.1f} s")


@demo.command("code")
@click.argument("phone")
def code(phone: str) -> None:
    """The present code of the second step of a demonstration account."""
    _refuse_in_production()
    path = Path(current_app.config["INSTANCE_DIR"]) / "demo-accounts.json"
    for row in json.loads(path.read_text(encoding="utf-8")):
        if normalise_phone(row["phone"]) == normalise_phone(phone) and row["totp_secret"]:
            click.echo(pyotp.TOTP(row["totp_secret"]).now())
            return
    raise click.ClickException("no such account, or it needs no second step")


COMMANDS = [demo]
