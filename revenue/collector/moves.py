"""Line by line what a collector owes a cooperative: what made it more, and less: a refund after a remittance too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal_column, select

from core.db import db
from orders.models import Order
from revenue.collector.rules import Kind
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind

SIDES = {
    AccountKind.DUE_FROM_COLLECTOR: 1,
    AccountKind.DUE_TO_COOPERATIVE: -1,
}  # debit here is owed, there credit


@dataclass(frozen=True)
class Move:
    """One entry, đồng: more is owed where positive. kind: of the entry, revenue.words. code: of its order, if one."""

    on: date
    kind: str
    code: str
    note: str
    amount_vnd: int


def moves(organisation_id: int, side: AccountKind, most: int = 60) -> dict[int, list[Move]]:
    """The newest entries of what is owed, by the other's number: a cooperative's for a collector, a collector's for a
    cooperative (`side` says whose book is read). One statement; `most` in all.
    """
    rows = db.session.execute(
        select(Account.subject, Entry.on, Entry.kind, Order.code, Entry.note, Posting.amount_vnd)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .outerjoin(Order, Order.id == Entry.order_id)
        .where(Ledger.organisation_id == organisation_id, Account.kind == str(side))
        .where(~Account.subject.like("subsidy:%"))
        .order_by(Entry.seq.desc(), Posting.id)
        .limit(most)
    )
    found: dict[int, list[Move]] = {}
    for subject, on, kind, code, note, amount in rows:
        other = int(subject.rpartition(":")[2])
        found.setdefault(other, []).append(Move(on, kind, code or "", note, SIDES[side] * amount))
    return found


@dataclass(frozen=True)
class Flows:
    """What passed through collectors in a time, đồng. owed_vnd: still owed to cooperatives at its end."""

    collected_vnd: int = 0
    fees_vnd: int = 0
    back_vnd: int = 0
    remitted_vnd: int = 0
    owed_vnd: int = 0


PLACES = {
    Kind.COLLECTED: "collected_vnd", Kind.RAIL_FEE: "fees_vnd", Kind.RAIL_REFUND: "back_vnd",
    Kind.DISPUTE_LOST: "back_vnd", Kind.REMITTED: "remitted_vnd", Kind.REMITTANCE_BACK: "remitted_vnd",
}  # fmt: skip


def flows(since: date, until: date, organisations: Iterable[int] | None = None) -> Flows | None:
    """The sums of all cooperatives' books, or some, from `since` to before `until`; None where nobody ever collected.

    One statement. Still owed: everything before `until`, whenever it began.
    """
    inside = (Entry.on >= since).label("inside")
    wanted = (
        select(Entry.kind, inside, func.sum(Posting.amount_vnd))
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Account.kind == str(AccountKind.DUE_FROM_COLLECTOR), ~Account.subject.like("subsidy:%"))
        .where(Entry.on < until)
        .group_by(Entry.kind, literal_column("inside"))
    )
    if organisations is not None:
        wanted = wanted.where(Ledger.organisation_id.in_(list(organisations)))
    rows = db.session.execute(wanted).all()
    if not rows:
        return None
    sums = dict.fromkeys(Flows.__dataclass_fields__, 0)
    for kind, is_within, amount in rows:
        sums["owed_vnd"] += int(amount)
        if is_within and kind in PLACES:
            sums[PLACES[Kind(kind)]] += abs(int(amount)) if kind != Kind.REMITTANCE_BACK else -int(amount)
    return Flows(**sums)
