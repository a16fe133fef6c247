"""`flask keys`: under which key sealed text lies, and sealing it anew in turns once the key was changed."""

import json
from collections import Counter

import click
from flask.cli import AppGroup
from sqlalchemy import text

from app.sealed import SEALED, Sealed
from core.crypto import current_mark, decrypt, encrypt
from core.db import IMMUTABLE, db, transaction

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

    A value that somebody changed meanwhile is left to the next turn. Raises InvalidTag for one that does not open.
    """
    query = (
        "SELECT id, {column} AS held, {owner} AS owner FROM {table} "
        "WHERE length({column}) > 0 AND substr({column}, 1, 5) <> :mark ORDER BY id LIMIT :most"
    )
    write = text(
        "UPDATE {table} SET {column} = :new WHERE id = :id AND {column} = :held".format(**_names(one))
    )
    rows = db.session.execute(text(query.format(**_names(one))), {"mark": current_mark(), "most": most}).all()
    for row_id, held, owner in rows:
        plain = decrypt(bytes(held), field=one.field, owner=owner)
        new = encrypt(plain, field=one.field, owner=owner)
        db.session.execute(write, {"new": new, "id": row_id, "held": held})
    return len(rows)


def current_name() -> str:
    """The name of the key in force, in hex."""
    return current_mark()[1:].hex()


@keys.command("status")
def status() -> None:
    """One JSON line for each column with sealed text: how many values lie under which key."""
    for one in SEALED:
        if held := counts(one):
            said = {
                "column": f"{one.table}.{one.column}",
                "keys": dict(held),
                "fixed": one.table in IMMUTABLE,
            }
            click.echo(json.dumps(said))
    click.echo(json.dumps({"current": current_name()}))


@keys.command("rotate")
@click.option("--turn", default=BATCH, show_default=True, help="Values in one transaction.")
def rotate(turn: int) -> None:
    """Seal everything anew under FIELD_KEY, in turns: stopped at any moment it goes on where it was.

    Rows that may never change keep their key: `left` says how many, and FIELD_KEYS_OLD must keep the keys they name.
    """
    done, left = 0, Counter[str]()
    for one in SEALED:
        if one.table in IMMUTABLE:
            left.update({name: number for name, number in counts(one).items() if name != current_name()})
            continue
        while True:
            with transaction():
                count = reseal(one, turn)
            done += count
            if count < turn:
                break
    click.echo(json.dumps({"current": current_name(), "sealed_anew": done, "left": dict(left)}))
