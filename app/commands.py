"""What every command says where the database, or its key, is not the one it needs: one line with the remedy."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import click
from cryptography.exceptions import InvalidTag
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from core.lines import JsonGroup


class Commands(AppGroup):
    """The application's commands; the parts' are imported when somebody asks for one: web processes never do."""

    def __init__(self, name: str | None, parts: Callable[[], Iterable[click.Command]]) -> None:
        super().__init__(name)
        self.parts: Callable[[], Iterable[click.Command]] | None = parts

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name."""
        self._bring()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, or None. `serve` and `worker` are there at once and bring no other along."""
        found = super().get_command(ctx, cmd_name)
        if found is None:
            self._bring()
            found = super().get_command(ctx, cmd_name)
        return found

    def _bring(self) -> None:
        bring, self.parts = self.parts, None
        for command in bring() if bring else ():
            self.add_command(plainly(command))


def plainly(command: click.Command) -> click.Command:
    """The same command; where the database has no tables, cannot be opened or was sealed with another key it ends with
    one line that says what to do, instead of a trace; well and in JSON where all its answers are. Given twice it is
    wrapped once."""
    inner = command.invoke
    if getattr(inner, "is_plain", False):
        return command

    def invoke(ctx: click.Context) -> Any:
        try:
            return inner(ctx)
        except DBAPIError as error:
            if not (lacking := lack(error)):
                raise
            if isinstance(command, JsonGroup):
                click.echo(json.dumps({"ok": False, "error": lacking}))
                return None
            raise click.ClickException(lacking) from error
        except InvalidTag as error:
            raise click.ClickException(
                "a stored secret does not open: FIELD_KEY is not the one that sealed it"
            ) from error

    invoke.is_plain = True  # type: ignore[attr-defined]
    command.invoke = invoke  # type: ignore[method-assign]
    return command


def lack(error: DBAPIError) -> str:
    """What the database lacks, with the remedy; "" where the fault is another one.

    SQLite tells it in words alone; PostgreSQL's codes 42P01 and 42703 are a table or a column that is not there.
    """
    words, code = str(error.orig), getattr(error.orig, "sqlstate", None)
    if code in ("42P01", "42703") or "no such table" in words or "no such column" in words:
        return "the database has no tables, or older ones: run `flask db upgrade` first (`make run` does it by itself)"
    if "unable to open database file" in words or "connection failed" in words:
        return (
            f"the database cannot be opened: {words.splitlines()[0]}. Look at DATABASE_URL and INSTANCE_DIR"
        )
    return ""
