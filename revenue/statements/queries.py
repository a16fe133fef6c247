"""A producer's statement: sums of postings, and the lines behind them a page at a time.

A family may have ten thousand slips. The sums are worked out by the database in two passes (postings, slips); lists are
read newest first, a page of each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from core import clock
from core.db import db
from orders.models import Order
from revenue.models import Account, Entry, Ledger, Payout, Posting
from revenue.payouts.models import PayoutConfirmation
from revenue.payouts.queries import was_returned, was_reversed
from revenue.rules import AccountKind, EntryKind, PayMethod
from revenue.rules import producer as producer_subject
from revenue.statements.rules import MonthOfCrop, Season, months, seasons
from traceability.models import Crop, Lot, Slip, SlipVoid
from traceability.slips.rules import value_vnd

PAGE = 20
PAPER = 200  # the most rows of a kind that a paper shows; its sums count all


@dataclass(frozen=True)
class Pages:
    """Which page of each list is wanted, from 1, and how long one is."""

    slips: int = 1
    sales: int = 1
    paid: int = 1
    size: int = PAGE


@dataclass(frozen=True)
class Delivery:
    """One slip. `value_vnd` is its weight at its price; void ones count for nothing."""

    slip_id: int
    number: str
    on: date
    crop: str
    illustration: str | None
    grade: str
    net_g: int
    price_vnd_per_kg: int
    value_vnd: int
    advance_vnd: int
    void: bool


@dataclass(frozen=True)
class Earning:
    """What one order's goods, of one lot, brought this producer; a refund is negative."""

    on: date
    kind: str
    order_code: str
    lot_code: str
    amount_vnd: int
    advance_vnd: int  # the part that settled advances


@dataclass(frozen=True)
class Payment:
    """One payout, with what became of it. unconfirmed: cash that the family has not said to hold."""

    id: int
    number: str
    on: date
    method: str
    amount_vnd: int
    undone: bool
    returned: bool = False
    unconfirmed: bool = False


@dataclass(frozen=True)
class Statement:
    """Everything of one producer in one cooperative, up to now. Amounts in đồng, never negative.

    owed = earned − advanced − paid + open advances + debts. withheld_vnd: tax kept back before, not part of earned.
    deliveries, earnings, payments: one page each, with how many pages there are in `page_counts`.
    """

    producer_id: int
    organisation_id: int
    delivered_g: int
    delivered_count: int
    advanced_vnd: int
    earned_vnd: int
    paid_vnd: int
    owed_vnd: int
    open_advance_vnd: int
    debt_vnd: int
    withheld_vnd: int
    by_month: list[MonthOfCrop]
    seasons: list[Season]
    deliveries: list[Delivery]
    earnings: list[Earning]
    payments: list[Payment]
    pages: Pages
    page_counts: dict[str, int]
    upto_seq: int
    upto_hash: str


def statement(organisation_id: int, producer_id: int, pages: Pages = Pages()) -> Statement:
    """The statement of a producer, in about fifteen statements whatever its length."""
    head = db.session.execute(
        select(Ledger.id, Ledger.seq, Ledger.head_hash).where(Ledger.organisation_id == organisation_id)
    ).one_or_none()
    book = head.id if head else 0
    sums, weighed, paid = _sums(book, producer_id), _weighed(producer_id), _paid(producer_id)
    by_month = months(weighed.days)
    earned = sums.owed_vnd + weighed.advanced_vnd + paid[0] - sums.open_advance_vnd - sums.debt_vnd
    counts = {"slips": weighed.count, "sales": _earned_count(producer_id), "paid": paid[1]}
    return Statement(
        producer_id, organisation_id, weighed.net_g, weighed.count, weighed.advanced_vnd, earned, paid[0],
        sums.owed_vnd, sums.open_advance_vnd, sums.debt_vnd, sums.withheld_vnd, by_month,
        seasons(by_month, clock.today(), weighed.prices), _deliveries(producer_id, pages),
        _earnings(producer_id, pages), _payments(producer_id, pages), pages,
        {name: max(1, -(-count // pages.size)) for name, count in counts.items()},
        head.seq if head else 0, head.head_hash if head else "",
    )  # fmt: skip


def number_of(producer_id: int, on: date, seq: int) -> str:
    """The number on a printed statement: producer, day, and the newest entry it counts."""
    return f"BK-{producer_id:04}-{on:%y%m%d}-{seq}"


@dataclass(frozen=True)
class Sums:
    """A producer's balances, đồng: what she is owed, what is advanced and unsold, what later shares will repay, and
    tax kept back for her."""

    owed_vnd: int
    open_advance_vnd: int
    debt_vnd: int
    withheld_vnd: int


def _sums(book: int, producer_id: int) -> Sums:
    """Sums over indexes alone. Advances stand in an account for each slip: they are what the others leave."""
    who = producer_subject(producer_id)
    named = db.session.execute(
        select(Account.kind, Account.id).where(
            Account.ledger_id == book,
            or_(Account.subject == who, Account.kind == str(AccountKind.TAXES_WITHHELD)),
        )
    ).all()

    def of(kind: AccountKind, *where: ColumnElement[bool]) -> int:
        ids = [account for one, account in named if one == str(kind)]
        if not ids:
            return 0
        asked = select(func.coalesce(func.sum(Posting.amount_vnd), 0)).where(
            Posting.account_id.in_(ids), *where
        )
        return int(db.session.execute(asked).scalar_one())

    hers = Posting.producer_id == producer_id
    total = int(
        db.session.execute(select(func.coalesce(func.sum(Posting.amount_vnd), 0)).where(hers)).scalar_one()
    )
    owed, owes = of(AccountKind.PRODUCER_PAYABLE), of(AccountKind.PRODUCER_RECEIVABLE)
    kept = of(AccountKind.TAXES_WITHHELD, hers)
    return Sums(-owed, total - owed - owes - kept, owes, -kept)


@dataclass(frozen=True)
class Weighed:
    """What a producer delivered: grams and slips that count, what was advanced on them (less what came back), the day
    sums, and the newest price of each crop."""

    net_g: int
    count: int
    advanced_vnd: int
    days: list[tuple[str, date, int]]
    prices: dict[str, int]


def _weighed(producer_id: int) -> Weighed:
    """One pass over the slips, by day: the index gives them in that order. Void ones, which are few, are taken off."""
    hers = Slip.producer_id == producer_id
    crops = dict(
        db.session.execute(select(Crop.id, Crop.name).where(Crop.id.in_(select(Slip.crop_id).where(hers))))
        .tuples()
        .all()
    )
    columns = [func.sum(case((Slip.crop_id == crop, Slip.net_g), else_=0)) for crop in crops]
    days: dict[date, list[int]] = {}
    count = advanced = 0
    for row in db.session.execute(
        select(Slip.weighed_on, func.count(Slip.id), func.sum(Slip.advance_vnd), *columns)
        .where(hers)
        .group_by(Slip.weighed_on)
    ):
        days[row[0]] = [int(grams) for grams in row[3:]]
        count, advanced = count + int(row[1]), advanced + int(row[2])
    order = list(crops)
    void = db.session.execute(
        select(Slip.weighed_on, Slip.crop_id, Slip.net_g)
        .join(SlipVoid, SlipVoid.slip_id == Slip.id)
        .where(hers)
    ).all()
    for on, crop, net_g in void:
        days[on][order.index(crop)] -= net_g
    sums = [(crops[crop], on, grams[place]) for on, grams in days.items() for place, crop in enumerate(order)]
    return Weighed(
        sum(one[2] for one in sums), count - len(void), advanced + (_given_back(producer_id) if void else 0),
        [one for one in sums if one[2]], _prices(producer_id, crops),
    )  # fmt: skip


def _prices(producer_id: int, crops: dict[int, str]) -> dict[str, int]:
    """The price a kilogram of the newest slip of each crop, đồng."""
    void = select(SlipVoid.id).where(SlipVoid.slip_id == Slip.id).exists()
    found = {}
    for crop, name in crops.items():
        price = db.session.execute(
            select(Slip.price_vnd_per_kg)
            .where(Slip.producer_id == producer_id, Slip.crop_id == crop, ~void)
            .order_by(Slip.weighed_on.desc(), Slip.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        found[name] = price or 0
    return found


def _given_back(producer_id: int) -> int:
    """What voiding slips took off her accounts again, đồng, 0 or less."""
    void = (
        select(SlipVoid.slip_id)
        .join(Slip, Slip.id == SlipVoid.slip_id)
        .where(Slip.producer_id == producer_id)
    )
    asked = (
        select(func.coalesce(func.sum(Posting.amount_vnd), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            Entry.slip_id.in_(void),
            Entry.kind == str(EntryKind.ADVANCE_BACK),
            Posting.producer_id == producer_id,
        )
    )
    return int(db.session.execute(asked).scalar_one())


def _deliveries(producer_id: int, pages: Pages) -> list[Delivery]:
    rows = db.session.execute(
        select(
            Slip.id, Slip.number, Slip.weighed_on, Crop.name, Crop.illustration, Slip.grade, Slip.net_g,
            Slip.price_vnd_per_kg, Slip.advance_vnd, SlipVoid.id.label("void_id"),
        )
        .join(Crop, Crop.id == Slip.crop_id)
        .outerjoin(SlipVoid, SlipVoid.slip_id == Slip.id)
        .where(Slip.producer_id == producer_id)
        .order_by(Slip.weighed_on.desc(), Slip.id.desc())
        .offset((pages.slips - 1) * pages.size)
        .limit(pages.size)
    )  # fmt: skip
    return [
        Delivery(r.id, r.number, r.weighed_on, r.name, r.illustration, r.grade, r.net_g, r.price_vnd_per_kg,
                 value_vnd(r.net_g, r.price_vnd_per_kg), r.advance_vnd, r.void_id is not None)
        for r in rows
    ]  # fmt: skip


def _is_earning() -> tuple[ColumnElement[bool], ...]:
    """Lines of a sale, its refund, a guarantee, labour or a purchase: they carry a component, payments do not."""
    return (Posting.component != "",)


def _earned_count(producer_id: int) -> int:
    """Entries, counted as the index brings them: `count(distinct)` would sort a hundred thousand first."""
    entries = select(Posting.entry_id).where(Posting.producer_id == producer_id, *_is_earning())
    asked = select(func.count()).select_from(entries.group_by(Posting.entry_id).subquery())
    return int(db.session.execute(asked).scalar_one())


def _earnings(producer_id: int, pages: Pages) -> list[Earning]:
    newest = db.session.execute(
        select(Posting.entry_id)
        .where(Posting.producer_id == producer_id, *_is_earning())
        .group_by(Posting.entry_id)
        .order_by(Posting.entry_id.desc())
        .offset((pages.sales - 1) * pages.size)
        .limit(pages.size)
    )
    return earnings_of(producer_id, newest.scalars().all())


def earnings_of(producer_id: int, entry_ids: Iterable[int]) -> list[Earning]:
    """What these entries brought a producer, newest first, by lot; tax kept back is not hers."""
    advance = case((Account.kind == str(AccountKind.PRODUCER_ADVANCE), -Posting.amount_vnd), else_=0)
    rows: Any = db.session.execute(
        select(
            Entry.on, Entry.kind, func.coalesce(Order.code, ""), func.coalesce(Lot.code, ""),
            -func.sum(Posting.amount_vnd), func.sum(advance),
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .outerjoin(Order, Order.id == Entry.order_id)
        .outerjoin(Lot, Lot.id == Posting.lot_id)
        .where(
            Posting.producer_id == producer_id,
            Posting.entry_id.in_(list(entry_ids)),
            Account.kind != str(AccountKind.TAXES_WITHHELD),
            *_is_earning(),
        )
        .group_by(Entry.id, Entry.on, Entry.kind, Order.code, Lot.code)
        .order_by(Entry.id.desc(), Lot.code)
    )  # fmt: skip
    return [
        Earning(on, kind, code, lot, int(amount), int(part)) for on, kind, code, lot, amount, part in rows
    ]


def _paid(producer_id: int) -> tuple[int, int]:
    """What went out and stayed out, đồng, and how many payouts there are in all."""
    stays = ~was_reversed() & ~was_returned()
    row = db.session.execute(
        select(
            func.coalesce(func.sum(case((stays, Payout.amount_vnd), else_=0)), 0), func.count(Payout.id)
        ).where(Payout.producer_id == producer_id)
    ).one()
    return int(row[0]), int(row[1])


def _payments(producer_id: int, pages: Pages) -> list[Payment]:
    said = select(PayoutConfirmation.id).where(PayoutConfirmation.payout_id == Payout.id).exists()
    rows = db.session.execute(
        select(
            Payout.id, Payout.number, Payout.paid_at, Payout.method, Payout.amount_vnd, was_reversed(),
            was_returned(), said,
        )
        .where(Payout.producer_id == producer_id)
        .order_by(Payout.id.desc())
        .offset((pages.paid - 1) * pages.size)
        .limit(pages.size)
    )  # fmt: skip
    return [
        Payment(one, number, clock.day_of(at), method, amount, bool(gone), bool(back),
                method == PayMethod.CASH and not (gone or back or known))
        for one, number, at, method, amount, gone, back, known in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """How one producer stands, in the list of those to be paid."""

    producer_id: int
    owed_vnd: int
    open_advance_vnd: int
    debt_vnd: int


def owed(organisation_id: int) -> list[Owed]:
    """Every producer with whom something is open, the most owed first. One statement."""

    def of(kind: AccountKind) -> ColumnElement[int]:
        return func.sum(case((Account.kind == str(kind), Posting.amount_vnd), else_=0))

    payable, advance = of(AccountKind.PRODUCER_PAYABLE), of(AccountKind.PRODUCER_ADVANCE)
    debt = of(AccountKind.PRODUCER_RECEIVABLE)
    rows = db.session.execute(
        select(Posting.producer_id, payable, advance, debt)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Posting.producer_id.is_not(None))
        .group_by(Posting.producer_id)
        .having(or_(payable != 0, advance != 0, debt != 0))
        .order_by(payable, Posting.producer_id)
    )
    return [Owed(who, -int(p), int(a), int(d)) for who, p, a, d in rows]
