"""`flask keys`: under which key sealed text lies, and sealing it anew in turns once the key was changed."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.sealed import SEALED, Sealed
from core.crypto import current_mark, decrypt, encrypt
from core.db import IMMUTABLE, Base, db, transaction
from core.resealing import resealing

BATCH = 200
keys = AppGroup("keys", help="Keys of encrypted fields.")


def _names(one: Sealed) -> dict[str, str]:
    return {"table": one.table, "column": one.column, "owner": one.owner}


def counts(one: Sealed) -> Counter[str]:
    """How many values of a column lie under each key: its name in hex, 'nameless' from before keys had names."""
    query = (
        "SELECT substr({column}, 1, 5) AS mark, count(*) FROM {table} WHERE length({column}) > 0 GROUP BY 1"
    )
    found: Counter[str] = Counter()
    for mark, number in db.session.execute(text(query.format(**_names(one)))):
        found[bytes(mark)[1:].hex() if bytes(mark)[:1] == b"\x02" else "nameless"] += number
    return found


def reseal(one: Sealed, most: int) -> int:
    """Seal at most so many values of a column anew under the key in force; how many. Call it inside a transaction.

    A value that somebody changed meanwhile is left to the next turn. Rows that may never change let this one column be
    sealed anew for as long as the transaction. Raises InvalidTag for a value that does not open.
    """
    query = (
        "SELECT id, {column} AS held, {owner} AS owner FROM {table} "
        "WHERE length({column}) > 0 AND substr({column}, 1, 5) <> :mark ORDER BY id LIMIT :most"
    )
    rows = db.session.execute(text(query.format(**_names(one))), {"mark": current_mark(), "most": most}).all()
    if rows and one.table in IMMUTABLE:
        columns = Base.metadata.tables[one.table].columns.keys()
        with resealing(db.session.connection(), one.table, columns, one.column, current_mark()):
            _write(one, rows)
    else:
        _write(one, rows)
    return len(rows)


def _write(one: Sealed, rows: Sequence[Any]) -> None:
    write = text(
        "UPDATE {table} SET {column} = :new WHERE id = :id AND {column} = :held".format(**_names(one))
    )
    for row_id, held, owner in rows:
        new = encrypt(decrypt(bytes(held), field=one.field, owner=owner), field=one.field, owner=owner)
        db.session.execute(write, {"new": new, "id": row_id, "held": held})


def current_name() -> str:
    """The name of the key in force, in hex."""
    return current_mark()[1:].hex()


@keys.command("status")
def status() -> None:
    """One JSON line for each column with sealed text: how many values lie under which key."""
    for one in SEALED:
        if held := counts(one):
            click.echo(json.dumps({"column": f"{one.table}.{one.column}", "keys": dict(held)}))
    click.echo(json.dumps({"current": current_name()}))


@keys.command("rotate")
@click.option("--turn", default=BATCH, show_default=True, help="Values in one transaction.")
def rotate(turn: int) -> None:
    """Seal everything anew under FIELD_KEY, in turns: stopped at any moment it goes on where it was.

    `left` counts what lies under other keys afterwards. Where it is empty, FIELD_KEYS_OLD can go and the old key be
    destroyed: nothing here opens with it any more. Run it under the login that owns the tables.
    """
    done = 0
    for one in SEALED:
        while True:
            try:
                with transaction():
                    count = reseal(one, turn)
            except ProgrammingError as error:
                if getattr(error.orig, "sqlstate", None) != "42501":
                    raise
                raise click.ClickException(
                    f"{one.table} is sealed anew by its owner alone: run this with the DATABASE_URL of its owner"
                ) from error
            done += count
            if count < turn:
                break
    left = sum((counts(one) for one in SEALED), Counter[str]())
    left.pop(current_name(), None)
    click.echo(json.dumps({"current": current_name(), "sealed_anew": done, "left": dict(left)}))
