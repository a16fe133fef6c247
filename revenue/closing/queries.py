"""Reads of months: their figures from the postings, what is closed, and whether what was closed still adds up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from core import clock
from core.db import db
from revenue.closing.models import MonthClose, MonthFigure, MonthReopening
from revenue.closing.rules import Figure, first_day, last_day, open_day
from revenue.ledger.queries import ledger_id
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind


def figures(own_ledger_id: int, month: date) -> dict[AccountKind, Figure]:
    """Every kind of account in a month: what moved, and the balance at its end; from the beginning, one statement."""
    moved = func.sum(case((Entry.on >= month, Posting.amount_vnd), else_=0))
    rows = db.session.execute(
        select(Account.kind, moved, func.sum(Posting.amount_vnd))
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.ledger_id == own_ledger_id, Entry.on <= last_day(month))
        .group_by(Account.kind)
    )
    return {AccountKind(kind): Figure(AccountKind(kind), int(m), int(total)) for kind, m, total in rows}


def entry_count(own_ledger_id: int, until: date) -> int:
    """How many entries count for a day up to this one."""
    asked = select(func.count(Entry.id)).where(Entry.ledger_id == own_ledger_id, Entry.on <= until)
    return int(db.session.execute(asked).scalar_one())


@dataclass(frozen=True)
class Closed:
    """A closing, with its opening again if somebody asked for one."""

    id: int
    month: date
    until_on: date
    turn: int
    entry_id: int
    head_hash: str
    entry_count: int
    closed_at: datetime
    by_user_id: int | None
    asked_by_user_id: int | None
    asked_at: datetime | None
    reason: str | None
    agreed_by_user_id: int | None
    agreed_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether the month is closed by it."""
        return self.agreed_at is None


_COLUMNS = (
    MonthClose.id, MonthClose.month, MonthClose.until_on, MonthClose.turn, MonthClose.entry_id, MonthClose.head_hash,
    MonthClose.entry_count, MonthClose.closed_at, MonthClose.by_user_id, MonthReopening.asked_by_user_id,
    MonthReopening.asked_at, MonthReopening.reason, MonthReopening.agreed_by_user_id, MonthReopening.agreed_at,
)  # fmt: skip


def closings(own_ledger_id: int, month: date | None = None) -> list[Closed]:
    """Every closing of a ledger, or of one month of it, the newest first."""
    asked = (
        select(*_COLUMNS)
        .outerjoin(MonthReopening, MonthReopening.close_id == MonthClose.id)
        .where(MonthClose.ledger_id == own_ledger_id)
        .order_by(MonthClose.month.desc(), MonthClose.turn.desc())
    )
    if month is not None:
        asked = asked.where(MonthClose.month == month)
    return [Closed(*row) for row in db.session.execute(asked)]


def closed_until(own_ledger_id: int) -> date | None:
    """The last day for which nothing may be entered any more; None where nothing is closed."""
    return db.session.execute(
        select(func.max(MonthClose.until_on))
        .outerjoin(MonthReopening, MonthReopening.close_id == MonthClose.id)
        .where(MonthClose.ledger_id == own_ledger_id, MonthReopening.agreed_at.is_(None))
    ).scalar_one()


@dataclass(frozen=True)
class Dated:
    """The day an entry counts for. `late`: it happened in a month that is closed; the first open day stands for it."""

    on: date
    meant_on: date

    @property
    def late(self) -> bool:
        """Whether the day was moved."""
        return self.on != self.meant_on


def day_for(organisation_id: int, on: date) -> Dated:
    """The day that an entry of an organisation for `on` counts for; the first open one where its month is closed.

    For verbs that enter something for an earlier day. Say so in the entry's note when it is `late`.
    """
    own = ledger_id(organisation_id)
    return Dated(open_day(on, closed_until(own) if own else None), on)


def months(own_ledger_id: int) -> list[date]:
    """The months in which the book has entries, and this one; the newest first."""
    first, last = db.session.execute(
        select(func.min(Entry.on), func.max(Entry.on)).where(Entry.ledger_id == own_ledger_id)
    ).one()
    month = first_day(max(clock.today(), last or clock.today()))
    found = [month]
    while first is not None and month > first_day(first):
        month = first_day(date.fromordinal(month.toordinal() - 1))
        found.append(month)
    return found


def faults() -> Iterator[str]:
    """Closed months that say something else than the postings do now."""
    asked = (
        select(MonthClose, Ledger.organisation_id).join(Ledger, Ledger.id == MonthClose.ledger_id)
        .outerjoin(MonthReopening, MonthReopening.close_id == MonthClose.id)
        .where(MonthReopening.agreed_at.is_(None)).order_by(MonthClose.ledger_id, MonthClose.month)
    )  # fmt: skip
    for close, organisation_id in db.session.execute(asked).all():
        where = f"ledger {close.ledger_id} (organisation {organisation_id}): month {close.month:%Y-%m}"
        if (count := entry_count(close.ledger_id, close.until_on)) != close.entry_count:
            yield f"{where} was closed over {close.entry_count} entries, there are {count}"
        yield from (
            f"{where} {one}" for one in _differences(_said(close.id), figures(close.ledger_id, close.month))
        )


def _said(close_id: int) -> dict[AccountKind, Figure]:
    rows = db.session.execute(
        select(MonthFigure.kind, MonthFigure.moved_vnd, MonthFigure.balance_vnd).where(
            MonthFigure.close_id == close_id
        )
    )
    return {AccountKind(kind): Figure(AccountKind(kind), moved, balance) for kind, moved, balance in rows}


def _differences(said: Mapping[AccountKind, Figure], now: Mapping[AccountKind, Figure]) -> Iterator[str]:
    for kind in AccountKind:
        if said.get(kind) != now.get(kind):
            before, after = (side[kind].balance_vnd if kind in side else 0 for side in (said, now))
            yield f"was closed with {kind} at {before}, the ledger gives {after}"
