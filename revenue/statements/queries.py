"""A producer's statement: sums of postings, and the lines behind them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, case, cast, func, literal, or_, select

from core import clock
from core.db import db
from orders.models import Order
from revenue.models import Account, Entry, Ledger, Payout, Posting
from revenue.rules import AccountKind, Component, EntryKind
from traceability.models import Crop, Lot, Slip, SlipVoid
from traceability.slips.rules import value_vnd


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
    """One payout, with whether it was undone."""

    id: int
    number: str
    on: date
    method: str
    amount_vnd: int
    undone: bool


@dataclass(frozen=True)
class MonthOfCrop:
    """Grams of one crop and grade delivered in one month (its first day)."""

    month: date
    crop: str
    net_g: int


@dataclass(frozen=True)
class Statement:
    """Everything of one producer in one cooperative, up to now. Amounts in đồng, never negative.

    owed = earned − advanced − paid + open advances + debts.
    """

    producer_id: int
    organisation_id: int
    delivered_g: int
    advanced_vnd: int
    earned_vnd: int
    paid_vnd: int
    owed_vnd: int
    open_advance_vnd: int
    debt_vnd: int
    by_month: list[MonthOfCrop]
    deliveries: list[Delivery]
    earnings: list[Earning]
    payments: list[Payment]
    upto_seq: int
    upto_hash: str


def statement(organisation_id: int, producer_id: int) -> Statement:
    """The statement of a producer, in six statements whatever its length."""
    sums = _sums(organisation_id, producer_id)
    deliveries = _deliveries(producer_id)
    counted = [one for one in deliveries if not one.void]
    head = db.session.execute(
        select(Ledger.seq, Ledger.head_hash).where(Ledger.organisation_id == organisation_id)
    ).one_or_none()
    payments = _payments(producer_id)
    return Statement(
        producer_id, organisation_id, sum(one.net_g for one in counted), sums["advanced"], sums["earned"],
        sum(one.amount_vnd for one in payments if not one.undone), -sums[AccountKind.PRODUCER_PAYABLE],
        sums[AccountKind.PRODUCER_ADVANCE], sums[AccountKind.PRODUCER_RECEIVABLE], _by_month(counted), deliveries,
        _earnings(producer_id), payments, head.seq if head else 0, head.head_hash if head else "",
    )  # fmt: skip


def number_of(producer_id: int, on: date, seq: int) -> str:
    """The number on a printed statement: producer, day, and the newest entry it counts."""
    return f"BK-{producer_id:04}-{on:%y%m%d}-{seq}"


def _sums(organisation_id: int, producer_id: int) -> dict[str, int]:
    earned = Posting.component.in_([str(Component.PRODUCERS), str(Component.GUARANTEE)])
    at_scale = Entry.kind.in_([str(EntryKind.ADVANCE), str(EntryKind.ADVANCE_BACK)])
    rows = db.session.execute(
        select(
            Account.kind,
            func.sum(Posting.amount_vnd),
            func.sum(case((earned, -Posting.amount_vnd), else_=0)),
            func.sum(case((at_scale, Posting.amount_vnd), else_=0)),
        )
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Posting.producer_id == producer_id, Ledger.organisation_id == organisation_id)
        .group_by(Account.kind)
    ).all()
    kinds = (AccountKind.PRODUCER_PAYABLE, AccountKind.PRODUCER_ADVANCE, AccountKind.PRODUCER_RECEIVABLE)
    balances = {row[0]: int(row[1]) for row in rows}
    sums: dict[str, int] = {str(kind): balances.get(kind, 0) for kind in kinds}
    return sums | {"earned": sum(int(row[2]) for row in rows), "advanced": sum(int(row[3]) for row in rows)}


def _deliveries(producer_id: int) -> list[Delivery]:
    rows = db.session.execute(
        select(
            Slip.id, Slip.number, Slip.weighed_on, Crop.name, Crop.illustration, Slip.grade, Slip.net_g,
            Slip.price_vnd_per_kg, Slip.advance_vnd, SlipVoid.id.label("void_id"),
        )
        .join(Crop, Crop.id == Slip.crop_id)
        .outerjoin(SlipVoid, SlipVoid.slip_id == Slip.id)
        .where(Slip.producer_id == producer_id)
        .order_by(Slip.weighed_at.desc(), Slip.id.desc())
    )  # fmt: skip
    return [
        Delivery(r.id, r.number, r.weighed_on, r.name, r.illustration, r.grade, r.net_g, r.price_vnd_per_kg,
                 value_vnd(r.net_g, r.price_vnd_per_kg), r.advance_vnd, r.void_id is not None)
        for r in rows
    ]  # fmt: skip


def _by_month(deliveries: list[Delivery]) -> list[MonthOfCrop]:
    grams: dict[tuple[date, str], int] = {}
    for one in deliveries:
        key = (one.on.replace(day=1), one.crop)
        grams[key] = grams.get(key, 0) + one.net_g
    return [MonthOfCrop(month, crop, net_g) for (month, crop), net_g in grams.items()]


def _earnings(producer_id: int) -> list[Earning]:
    advance = case((Account.kind == str(AccountKind.PRODUCER_ADVANCE), -Posting.amount_vnd), else_=0)
    rows = db.session.execute(
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
            Posting.component.in_([str(Component.PRODUCERS), str(Component.GUARANTEE)]),
        )
        .group_by(Entry.id, Entry.on, Entry.kind, Order.code, Lot.code)
        .order_by(Entry.id.desc(), Lot.code)
    )  # fmt: skip
    return [
        Earning(on, kind, code, lot, int(amount), int(part)) for on, kind, code, lot, amount, part in rows
    ]


def _payments(producer_id: int) -> list[Payment]:
    undone = select(Entry.id).where(
        Entry.ledger_id == Payout.ledger_id, Entry.key == literal("reverse:") + cast(Payout.entry_id, String)
    )
    rows = db.session.execute(
        select(Payout.id, Payout.number, Payout.paid_at, Payout.method, Payout.amount_vnd, undone.exists())
        .where(Payout.producer_id == producer_id)
        .order_by(Payout.id.desc())
    )
    return [
        Payment(one, number, clock.day_of(at), method, amount, bool(gone))
        for one, number, at, method, amount, gone in rows
    ]


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
