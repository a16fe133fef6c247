"""Reading a whole book from its beginning: many entries at a time, as plain rows. A million postings take seconds."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, select

from core.db import connection
from revenue.models import Account, Entry, Posting

CHUNK = 2_000
_ENTRY, _POSTING, _ACCOUNT = (cast(Table, model.__table__) for model in (Entry, Posting, Account))


class Drawn(NamedTuple):
    """One posting as it lies in the book. The account is named by its id; `accounts_of` says which that is."""

    entry_id: int
    account_id: int
    amount_vnd: int
    order_line_id: int | None
    lot_id: int | None
    producer_id: int | None
    household_id: int | None
    component: str
    rule: str
    deal: str

    def body(self, place: tuple[str, str]) -> list[object]:
        """As `Line.body` writes it: rule and deal only where one is said. place: kind and subject of the account."""
        return [*place, *(self[2:] if self.rule or self.deal else self[2:-2])]


class Read(NamedTuple):
    """One entry with its postings, in the order in which they were written."""

    id: int
    seq: int
    kind: str
    key: str
    body_hash: str
    at: datetime
    on: date
    order_id: int | None
    slip_id: int | None
    terms_id: int | None
    note: str
    prev_hash: str
    hash: str
    lines: list[Drawn]


_C = _ENTRY.c
_ENTRIES = (
    select(_C.id, _C.seq, _C.kind, _C.key, _C.body_hash, _C.at, _C.on, _C.order_id, _C.slip_id, _C.terms_id, _C.note,
           _C.prev_hash, _C.hash)
    .where(_C.ledger_id == bindparam("l"), _C.seq > bindparam("after")).order_by(_C.seq).limit(CHUNK)
)  # fmt: skip
_P = _POSTING.c
_LINES = (
    select(_P.entry_id, _P.account_id, _P.amount_vnd, _P.order_line_id, _P.lot_id, _P.producer_id, _P.household_id,
           _P.component, _P.rule, _P.deal)
    .join(_ENTRY, _C.id == _P.entry_id)
    .where(_C.ledger_id == bindparam("l"), _C.seq > bindparam("after"), _C.seq <= bindparam("upto"))
    .order_by(_P.id)
)  # fmt: skip


def chunks(ledger_id: int) -> Iterator[list[Read]]:
    """The entries of a ledger in the order of their numbers, some thousand at a time."""
    after: Any = 0
    while True:
        book = connection()
        found = book.execute(_ENTRIES, {"l": ledger_id, "after": after}).all()
        if not found:
            return
        lines: dict[int, list[Drawn]] = {}
        reach = {"l": ledger_id, "after": after, "upto": found[-1][1]}
        for line in map(Drawn._make, book.execute(_LINES, reach).all()):
            lines.setdefault(line.entry_id, []).append(line)
        yield [Read._make((*row, lines.get(row[0], []))) for row in found]
        after = found[-1][1]


def accounts_of(ledger_id: int) -> dict[int, tuple[str, str]]:
    """Every account of a ledger by its id: (kind, subject)."""
    asked = select(_ACCOUNT.c.id, _ACCOUNT.c.kind, _ACCOUNT.c.subject).where(
        _ACCOUNT.c.ledger_id == ledger_id
    )
    return {row[0]: (row[1], row[2]) for row in connection().execute(asked)}
