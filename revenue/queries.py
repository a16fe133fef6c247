"""Reads of money across a cooperative: balances, what a lot brought, what a household sold, the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, extract, func, select

from core import clock
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_
from orders.models import Order, OrderLine, Purchase
from orders.rules import Door
from revenue.ledger.queries import Posted, balance, balances, ledger_id, lines_of, owed_producers, posted
from revenue.models import Entry, Ledger, Payout, Posting
from revenue.rules import SHARES, Component, Line
from revenue.statements.queries import Owed, Statement, owed, statement
from traceability.models import Lot, Slip

__all__ = [
    "Owed", "Posted", "Statement", "balance", "balances", "ledger_id", "lines_of", "lot_share", "money_week", "owed",
    "owed_producers", "posted", "sales_by_month", "sales_by_year", "statement",
]  # fmt: skip
PAGE = 30
GOODS = [str(one) for one in SHARES]
TO_PRODUCERS = [str(Component.PRODUCERS), str(Component.GUARANTEE)]
SOLD_BY_HOUSEHOLD = [*TO_PRODUCERS, str(Component.PURCHASE)]
KEPT = [str(Component.PROCESSING), str(Component.OUTRIGHT), str(Component.FEE), str(Component.LABOUR),
        str(Component.PLATFORM)]  # fmt: skip


def _of(components: Iterable[str]) -> object:
    return func.coalesce(
        func.sum(case((Posting.component.in_(list(components)), -Posting.amount_vnd), else_=0)), 0
    )


def _to_producers() -> object:
    """What producers got. A guarantee's cost bears the same component on the cooperative's side, without a producer.

    For goods bought outright, what they had been paid for them: the cost of what was sold.
    """
    theirs = Posting.component.in_(TO_PRODUCERS) & Posting.producer_id.is_not(None)
    return func.coalesce(
        func.sum(case((theirs, -Posting.amount_vnd), (_cost(), Posting.amount_vnd), else_=0)), 0
    )


def _cost() -> ColumnElement[bool]:
    return (Posting.component == str(Component.COST)) & (Posting.amount_vnd > 0)


def _kept() -> object:
    """What stays for processing: wages, costs and fees are paid of it; so was the price of goods bought outright."""
    kept = Posting.component.in_(KEPT)
    return func.coalesce(func.sum(case((kept | _cost(), -Posting.amount_vnd), else_=0)), 0)


@dataclass(frozen=True)
class LotShare:
    """What a lot's goods brought so far and who got it, đồng, refunds taken off. Counts are of those with a share."""

    sold_vnd: int
    producers_vnd: int
    processing_vnd: int
    fund_vnd: int
    untraced_vnd: int
    producer_count: int
    household_count: int


def lot_share(lot_id: int) -> LotShare:
    """How a lot's price was shared so far: a query of postings, for the scan page."""
    row = run(_shared_of_lot(), {"of_lot": lot_id}).one()
    return LotShare(*(int(value) for value in row))


@cache
def _shared_of_lot() -> Select[Any]:
    asked: Select[Any] = select(
        _of([*GOODS, str(Component.RECALL)]), _to_producers(), _kept(),  # type: ignore[call-overload]
        _of([str(Component.FUND)]), _of([str(Component.UNTRACED)]),
        func.count(Posting.producer_id.distinct()), func.count(Posting.household_id.distinct()),
    ).where(Posting.lot_id == bindparam("of_lot"))  # fmt: skip
    return asked


def sales_by_year(household_id: int) -> dict[int, int]:
    """What a household earned through sales in each closed calendar year, đồng: evidence for bands, never orders."""
    year = extract("year", Entry.on)
    rows = db.session.execute(
        select(year, -func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.household_id == household_id, Posting.component.in_(SOLD_BY_HOUSEHOLD),
               Entry.on < clock.today().replace(month=1, day=1))
        .group_by(year)
        .order_by(year)
    )  # fmt: skip
    return {int(when): int(amount) for when, amount in rows}


@dataclass(frozen=True)
class MonthOfSales:
    """Goods of one product that one cooperative delivered in one month, refunds taken off, đồng. door: through which
    channel they were ordered, where that was asked.
    """

    organisation_id: int
    product_id: int
    year: int
    month: int
    goods_vnd: int
    producers_vnd: int
    door: str = ""


def sales_by_month(
    since: date, until: date, organisation_id: int | None = None, *, by_door: bool = False
) -> list[MonthOfSales]:
    """Delivered goods by cooperative, product and month, from `since` to before `until`. One statement."""
    dims: list[Any] = [
        Ledger.organisation_id,
        Lot.product_id,
        extract("year", Entry.on),
        extract("month", Entry.on),
    ]
    sums: list[Any] = [_of([*GOODS, str(Component.RECALL)]), _to_producers()]
    asked = (
        select(*dims, *sums)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .join(Lot, Lot.id == Posting.lot_id)
        .where(Entry.on >= since, Entry.on < until)
    )
    if by_door:  # what is not of an order, such as a price made good, counts with the shop's own pages
        dims.append(func.coalesce(Purchase.door, str(Door.WEB)))
        asked = (
            asked.add_columns(dims[-1])
            .outerjoin(OrderLine, OrderLine.id == Posting.order_line_id)
            .outerjoin(Order, Order.id == OrderLine.order_id)
            .outerjoin(Purchase, Purchase.id == Order.purchase_id)
        )
    if organisation_id is not None:
        asked = asked.where(Ledger.organisation_id == organisation_id)
    rows = db.session.execute(asked.group_by(*dims).order_by(*dims))
    plain: list[list[Any]] = [
        [value if isinstance(value, str) else int(value) for value in row] for row in rows
    ]
    return [MonthOfSales(*row) for row in plain]


@dataclass(frozen=True)
class Week:
    """Money of the last seven days: what deliveries brought, and how much of it is the families'."""

    sold_vnd: int
    producers_vnd: int


def money_week(organisation_id: int) -> Week:
    """The last seven days, today included."""
    since = clock.today() - timedelta(days=6)
    row = db.session.execute(
        select(_of([*GOODS, str(Component.RECALL)]), _of([str(Component.PRODUCERS)]))  # type: ignore[call-overload]
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Entry.on >= since)
    ).one()
    return Week(int(row[0]), int(row[1]))


@dataclass(frozen=True)
class EntryRow:
    """An entry in the journal."""

    id: int
    seq: int
    kind: str
    at: datetime
    on: date
    note: str
    hash: str
    amount_vnd: int


@dataclass(frozen=True)
class Journal:
    """A page of the journal, newest first."""

    rows: list[EntryRow]
    page: int
    page_count: int


def journal(organisation_id: int, page: int = 1) -> Journal:
    """The entries of an organisation, newest first, in two statements."""
    book = db.session.execute(
        select(Ledger.id, Ledger.seq).where(Ledger.organisation_id == organisation_id)
    ).one_or_none()
    if book is None:
        return Journal([], 1, 1)
    page_count = max(1, -(-book.seq // PAGE))
    page = min(max(1, page), page_count)
    newest = book.seq - (page - 1) * PAGE
    debit = func.sum(case((Posting.amount_vnd > 0, Posting.amount_vnd), else_=0))
    rows = db.session.execute(
        select(Entry.id, Entry.seq, Entry.kind, Entry.at, Entry.on, Entry.note, Entry.hash, debit)
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.ledger_id == book.id, Entry.seq <= newest, Entry.seq > newest - PAGE)
        .group_by(Entry.id).order_by(Entry.seq.desc())
    )  # fmt: skip
    return Journal([EntryRow(*row) for row in rows], page, page_count)


def entry_of(organisation_id: int, entry_id: int) -> Entry:
    """An entry of this organisation. Raises NotFound for another's."""
    found = db.session.execute(
        select(Entry).join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Entry.id == entry_id, Ledger.organisation_id == organisation_id)
    ).scalar_one_or_none()  # fmt: skip
    if found is None:
        raise NotFound(N_("Không có bút toán này."), remedy=N_("Xem lại sổ cái."))
    return found


def subject_names(lines: Iterable[Line]) -> dict[str, str]:
    """What people call the orders and slips that lines are about: {"order:9": "CP7K2M9Q"…}. Two statements at most."""
    found: dict[str, str] = {}
    for kind, key, name in (("order", Order.id, Order.code), ("slip", Slip.id, Slip.number)):
        ids = {int(one.subject.partition(":")[2]) for one in lines if one.subject.startswith(f"{kind}:")}
        if ids:
            rows = db.session.execute(select(key, name).where(key.in_(ids)))
            found |= {f"{kind}:{row_id}": said for row_id, said in rows.tuples()}
    return found


def payout_of(organisation_id: int, payout_id: int) -> Payout:
    """A payout of this organisation. Raises NotFound for another's."""
    found = db.session.execute(
        select(Payout).join(Ledger, Ledger.id == Payout.ledger_id)
        .where(Payout.id == payout_id, Ledger.organisation_id == organisation_id)
    ).scalar_one_or_none()  # fmt: skip
    if found is None:
        raise NotFound(N_("Không có lần trả này."), remedy=N_("Xem lại danh sách."))
    return found


def last_prices(cooperative_id: int, crop_id: int) -> dict[str, int]:
    """The newest price a kilogram of each grade of a crop, đồng, to be offered at the scale."""
    newest = select(func.max(Slip.id)).where(Slip.cooperative_id == cooperative_id, Slip.crop_id == crop_id)
    rows = db.session.execute(
        select(Slip.grade, Slip.price_vnd_per_kg).where(Slip.id.in_(newest.group_by(Slip.grade)))
    )
    return {row.grade: row.price_vnd_per_kg for row in rows}


def recent_producers(cooperative_id: int, limit: int = 12) -> list[int]:
    """The producers who were at the scale last."""
    last = func.max(Slip.id)
    rows = db.session.execute(
        select(Slip.producer_id).where(Slip.cooperative_id == cooperative_id)
        .group_by(Slip.producer_id).order_by(last.desc()).limit(limit)
    )  # fmt: skip
    return [who for (who,) in rows]
