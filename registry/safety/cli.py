"""Commands for operators: whether the fences stand."""

import json

import click

from core.db import db
from registry import fences as walls


@click.command("fences")
@click.option("--web-login", default="", help="A login that exists: print what to run as owner for it.")
def fences(web_login: str) -> None:
    """Whether row-level security stands (PostgreSQL), and whether this login is bound by it; exit 1 where not."""
    if web_login:
        click.echo(";\n".join(walls.web_login(web_login)) + ";")
        return
    if db.engine.dialect.name != "postgresql":
        click.echo(json.dumps({"fences": "none", "why": "SQLite has no row-level security"}))
        return
    with db.engine.connect() as connection:
        down = walls.unfenced(connection)
        said = {"fences": "down" if down else "up", "down": down, "bound": not walls.bypassed(connection)}
    click.echo(json.dumps(said))
    if down:
        raise SystemExit(1)
