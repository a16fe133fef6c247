"""Anything can arrive twice: keys that make the second arrival harmless, counters, and limits on attempts."""

import hashlib
import json
from datetime import timedelta

from sqlalchemy import Table, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.crypto import keyed_hash
from core.db import Base, Id, Instant, db, run
from core.errors import Conflict, TooMany
from core.i18n import N_


class RequestKey(Base):
    """A request that was carried out, by the key its sender gave it."""

    __tablename__ = "request_key"
    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[str]
    result: Mapped[str] = mapped_column(comment="id or token of what it made")
    at: Mapped[Instant]


class Counter(Base):
    """A named sequence without gaps that outlive a rolled-back transaction."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Attempt(Base):
    """One try at something that is limited: a sign-in, a code, an order look-up. The subject is a keyed hash."""

    __tablename__ = "attempt"
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    at: Mapped[Instant]


_REQUEST = RequestKey.__table__
assert isinstance(_REQUEST, Table)
_EARLIER = select(_REQUEST.c.body_hash, _REQUEST.c.result).where(
    _REQUEST.c.scope == bindparam("s"), _REQUEST.c.key == bindparam("k")
)
_REMEMBER = insert(_REQUEST)
_CLAIM = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(_REQUEST)
    .on_conflict_do_nothing(index_elements=["scope", "key"])
    .returning(_REQUEST.c.key)
    for dialect in (sqlite, postgresql)
}


# PostgreSQL's form of ON CONFLICT is understood on both engines, SQLite's is not.
_NEW = postgresql.insert(Counter).values(name=bindparam("name"), value=bindparam("count"))
_RAISE = _NEW.on_conflict_do_update(
    index_elements=["name"], set_={"value": Counter.value + _NEW.excluded.value}
).returning(Counter.value)


def body_hash(body: object) -> str:
    """SHA-256 of a request's canonical JSON."""
    return hashlib.sha256(
        json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()


def done_before(scope: str, key: str, body: object) -> str | None:
    """The earlier result under this key, None if it is new. Raises Conflict (409) if the body differs.

    Two that come with one key at the same instant pass singly: the second waits, then finds what the first made.
    """
    one_at_a_time(f"request:{scope}", key)
    row = run(_EARLIER, {"s": scope, "k": key}).one_or_none()
    if row is None:
        return None
    if row.body_hash != body_hash(body):
        raise Conflict(
            N_("Yêu cầu này đã gửi với nội dung khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu.")
        )
    return str(row.result)


def remember(scope: str, key: str, body: object, result: str) -> None:
    """Keep the result of a request, in the transaction that carried it out."""
    run(_REMEMBER, _kept(scope, key, body, result))


def claim(scope: str, key: str, body: object, result: str) -> bool:
    """Keep the result of a request if its key is still free. False when somebody has it, or takes it meanwhile:
    ask `done_before` then. Waits for the other's transaction to end; nothing has to be undone.
    """
    statement = _CLAIM[db.session.get_bind().dialect.name]
    return run(statement, _kept(scope, key, body, result)).first() is not None


def _kept(scope: str, key: str, body: object, result: str) -> dict[str, object]:
    return {"scope": scope, "key": key, "body_hash": body_hash(body), "result": result, "at": clock.now()}


def next_number(name: str, count: int = 1) -> int:
    """A sequence's next number, from 1, or the first of `count` in a row. Locked to the transaction's end.

    One statement: two that begin a sequence at the same moment wait for each other.
    """
    raised = db.session.execute(_RAISE, {"name": name, "count": count}).scalar_one()
    return int(raised) - count + 1


def one_at_a_time(scope: str, subject: str) -> None:
    """Let those who come for one subject pass singly: the next waits here until this transaction ends.

    For limits that count rows and then add one. On PostgreSQL an advisory lock under a keyed hash, since there may be
    no row to lock yet; SQLite has one writer at a time anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        hashed = bytes.fromhex(keyed_hash(subject, purpose=f"turn:{scope}"))
        db.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(hashed[:8], "big", signed=True))))


def allow_attempt(kind: str, subject: str, *, most: int, within: timedelta) -> None:
    """Count one attempt, or raise TooMany when `most` were made within the time. Inside a transaction of its own."""
    one_at_a_time(f"attempt:{kind}", subject)
    hashed, since = keyed_hash(subject, purpose=f"attempt:{kind}"), clock.now() - within
    mine = (Attempt.kind == kind, Attempt.subject == hashed)
    made = db.session.execute(select(func.count()).where(*mine, Attempt.at > since)).scalar_one()
    if made >= most:
        minutes = max(1, int(within.total_seconds() // 60))
        raise TooMany(
            N_("Đã thử %(most)s lần."),
            remedy=N_("Chờ %(minutes)s phút rồi thử lại."),
            most=most,
            minutes=minutes,
        )
    db.session.execute(insert(Attempt).values(kind=kind, subject=hashed, at=clock.now()))


def forget_attempts(kind: str, subject: str) -> None:
    """Clear the count after a success."""
    hashed = keyed_hash(subject, purpose=f"attempt:{kind}")
    db.session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.subject == hashed))
