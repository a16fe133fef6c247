"""Sealing rows: a leaf over the canonical JSON of rows that are final. Nothing of them is copied into the log."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, literal, select, text
from sqlalchemy.exc import OperationalError

from core.db import db, transaction
from traceability.epcis.rules import canonical
from traceability.log import grounds
from traceability.log.models import LogSeal
from traceability.log.operations import append
from traceability.log.sealed import SEALED, Sealed

ROWS_A_LEAF, LEAVES_A_TURN = 200, 500
assert grounds


def document(noun: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """What a seal's leaf covers: the table, its columns and the rows, as canonical JSON."""
    return canonical(
        {"table": noun, "columns": list(columns), "rows": [[_plain(one) for one in row] for row in rows]}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str | dict | list) else str(value)


def rows_of(noun: str, columns: Sequence[str], first_id: int, last_id: int) -> list[Row[Any]]:
    """The rows of a range as they are now, in the order of their ids."""
    table = SEALED[noun].table
    wanted = select(*(table.c[name] for name in columns)).where(table.c.id.between(first_id, last_id))
    return list(db.session.execute(wanted.order_by(table.c.id)).all())


def seal_rows() -> int:
    """Seal every row that is final and not sealed yet; how many leaves. Each table in transactions of its own."""
    return sum(
        _ranges(noun, one) if one.ready is None else _singles(noun, one) for noun, one in SEALED.items()
    )


def _settled(one: Sealed) -> int:
    """The greatest id below which no transaction can add a row any more; 0 where the table is busy.

    On PostgreSQL ids are handed out before their rows are committed: for an instant nobody may be writing here. If
    somebody is, this turn is left out rather than anybody kept waiting. SQLite has one writer, and here it is us.
    """
    newest = select(func.coalesce(func.max(one.table.c.id), 0))
    if db.engine.dialect.name == "postgresql":
        try:
            with transaction():
                db.session.execute(text(f"LOCK TABLE {one.table.name} IN SHARE MODE NOWAIT"))
                return int(db.session.execute(newest).scalar_one())
        except OperationalError:  # somebody writes: the next turn will do
            return 0
    with transaction():
        return int(db.session.execute(newest).scalar_one())


def _ranges(noun: str, one: Sealed) -> int:
    newest = select(func.coalesce(func.max(one.table.c.id), 0))
    sealed = select(func.coalesce(func.max(LogSeal.last_id), 0)).where(LogSeal.noun == noun)
    waiting = db.session.execute(newest).scalar_one() > db.session.execute(sealed).scalar_one()
    db.session.rollback()
    if not waiting:
        return 0
    until, made = _settled(one), 0
    while made < LEAVES_A_TURN:
        with transaction():
            after = db.session.execute(sealed).scalar_one()
            ids = select(one.table.c.id).where(one.table.c.id > after, one.table.c.id <= until)
            found = list(db.session.execute(ids.order_by(one.table.c.id).limit(ROWS_A_LEAF)).scalars())
            if not found:
                break
            _seal(noun, one, after + 1, found[-1], 1)
        made += 1
    return made


def _unsealed(noun: str, one: Sealed) -> Select[Any]:
    revision = one.table.c[one.revision] if one.revision else literal(1)
    done = (
        select(LogSeal.id)
        .where(LogSeal.noun == noun, LogSeal.first_id == one.table.c.id, LogSeal.revision >= revision)
        .correlate(one.table)
        .exists()
    )
    assert one.ready is not None
    wanted = select(one.table.c.id, revision.label("revision")).where(one.ready, ~done)
    return wanted.order_by(one.table.c.id).limit(LEAVES_A_TURN)


def _singles(noun: str, one: Sealed) -> int:
    wanted = _unsealed(noun, one)
    waiting = db.session.execute(wanted).first() is not None
    db.session.rollback()
    if not waiting:
        return 0
    with transaction():
        found = db.session.execute(wanted).all()
        for row in found:
            _seal(noun, one, row.id, row.id, row.revision)
    return len(found)


def _seal(noun: str, one: Sealed, first_id: int, last_id: int, revision: int) -> None:
    covered = document(noun, one.columns, rows_of(noun, one.columns, first_id, last_id))
    leaf_id = append(covered, subject=f"{noun}:{first_id}-{last_id}@{revision}")
    db.session.add(
        LogSeal(noun=noun, first_id=first_id, last_id=last_id, revision=revision, columns=" ".join(one.columns),
                leaf_id=leaf_id)
    )  # fmt: skip
    db.session.flush()
