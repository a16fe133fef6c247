"""Who did or read what, as a hash chain per cooperative or commune.

A line holds ids, verb, field names and purpose, never values: a person can be erased while the chain stays whole.
"""

import hashlib
import json
from datetime import datetime

from sqlalchemy import Table, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, BigId, Id, Instant, db, immutable, run

GENESIS = "0" * 64


@immutable
class AuditLine(Base):
    """One act or one audited read."""

    __tablename__ = "audit_line"
    __table_args__ = (UniqueConstraint("chain", "seq"),)
    id: Mapped[Id]
    chain: Mapped[str] = mapped_column(comment="cooperative:<id>, commune:<id> or platform")
    seq: Mapped[int]
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(BigId, comment="accounts.User.id; core knows no such table")
    role: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str] = mapped_column(
        index=True, comment="kind:id; a household asks who read what is its own"
    )
    fields: Mapped[str] = mapped_column(default="", comment="names of fields touched, never their values")
    purpose: Mapped[str] = mapped_column(default="")
    prev_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The newest line of each chain; locked while appending."""

    __tablename__ = "audit_head"
    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]


_HEAD, _LINE = AuditHead.__table__, AuditLine.__table__
assert isinstance(_HEAD, Table) and isinstance(_LINE, Table)
_LOCK = select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.chain == bindparam("of")).with_for_update()
_ADD_LINE = insert(_LINE)
_BEGIN = {  # by dialect; of two who begin a chain at the same instant the second waits for the first
    dialect.__name__.rpartition(".")[2]: dialect.insert(_HEAD).on_conflict_do_nothing(
        index_elements=["chain"]
    )
    for dialect in (postgresql, sqlite)
}
_MOVE_HEAD = (
    update(_HEAD)
    .where(_HEAD.c.chain == bindparam("of"))
    .values(seq=bindparam("now"), hash=bindparam("digest"))
)


def line_hash(prev_hash: str, content: dict[str, object]) -> str:
    """SHA-256 over the previous hash and the line's canonical JSON."""
    body = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{prev_hash}\n{body}".encode()).hexdigest()


def _content(
    chain: str,
    seq: int,
    at: datetime,
    user_id: int | None,
    role: str,
    verb: str,
    subject: str,
    fields: str,
    purpose: str,
) -> dict[str, object]:
    return {
        "chain": chain,
        "seq": seq,
        "at": at.isoformat(),
        "user_id": user_id,
        "role": role,
        "verb": verb,
        "subject": subject,
        "fields": fields,
        "purpose": purpose,
    }


def record(
    verb: str,
    subject: str,
    *,
    chain: str = "platform",
    user_id: int | None = None,
    role: str = "system",
    fields: tuple[str, ...] = (),
    purpose: str = "",
) -> None:
    """Append one line to a chain, inside the caller's transaction."""
    head = run(_LOCK, {"of": chain}).one_or_none()
    if head is None:
        run(_BEGIN[db.engine.dialect.name], {"chain": chain, "seq": 0, "hash": GENESIS})
        head = run(_LOCK, {"of": chain}).one()
    seq, at = head.seq + 1, clock.now()
    content = _content(chain, seq, at, user_id, role, verb, subject, ",".join(fields), purpose)
    digest = line_hash(head.hash, content)
    run(_ADD_LINE, dict(content, at=at, prev_hash=head.hash, hash=digest))
    run(_MOVE_HEAD, {"of": chain, "now": seq, "digest": digest})


def verify(chain: str) -> int | None:
    """Recompute a chain; the seq of the first line that does not fit, or None when all is well."""
    prev, expected = GENESIS, 1
    for row in db.session.execute(
        select(AuditLine).where(AuditLine.chain == chain).order_by(AuditLine.seq)
    ).scalars():
        content = _content(
            row.chain, row.seq, row.at, row.user_id, row.role, row.verb, row.subject, row.fields, row.purpose
        )
        if row.seq != expected or row.prev_hash != prev or line_hash(prev, content) != row.hash:
            return expected
        prev, expected = row.hash, expected + 1
    return None
