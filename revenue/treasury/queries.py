"""Reads for the treasurer: each a fixed number of statements, all of them sums of postings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from catalog.models import Product
from core import clock
from core.db import db
from orders.models import Order
from revenue.closing.rules import last_day
from revenue.ledger.queries import balances
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import SHARES, AccountKind, Component
from revenue.treasury.rules import AGES, COMING, MONEY, OWED, Margin, age_band
from traceability.models import Lot

GOODS = [str(one) for one in (*SHARES, Component.RECALL)]
THEIRS = [str(one) for one in (Component.PRODUCERS, Component.GUARANTEE, Component.LABOUR)]


@dataclass(frozen=True)
class Position:
    """Where a cooperative stands now: (kind of account, đồng) each, as positive numbers, zeros left out."""

    money: list[tuple[AccountKind, int]]
    coming: list[tuple[AccountKind, int]]
    owed: list[tuple[AccountKind, int]]
    suspense_vnd: int

    @property
    def money_vnd(self) -> int:
        """In bank and till."""
        return sum(amount for _kind, amount in self.money)

    @property
    def coming_vnd(self) -> int:
        """Owed to the cooperative."""
        return sum(amount for _kind, amount in self.coming)

    @property
    def owed_vnd(self) -> int:
        """Owed by the cooperative, money that nobody knows the owner of among it."""
        return sum(amount for _kind, amount in self.owed)


def position(organisation_id: int) -> Position:
    """Where an organisation stands now. One statement."""
    held = balances(organisation_id)

    def of(kinds: Iterable[AccountKind], sign: int, *, zeros: bool = False) -> list[tuple[AccountKind, int]]:
        return [(kind, sign * held[kind]) for kind in kinds if held[kind] or zeros]

    return Position(of(MONEY, 1, zeros=True), of(COMING, 1), of(OWED, -1), -held[AccountKind.SUSPENSE])


@dataclass(frozen=True)
class Flow:
    """One account of money through a month; đồng."""

    kind: AccountKind
    opening_vnd: int
    in_vnd: int
    out_vnd: int

    @property
    def closing_vnd(self) -> int:
        """At the end of the month, or now."""
        return self.opening_vnd + self.in_vnd - self.out_vnd


def flows(ledger_id: int, month: date) -> list[Flow]:
    """Bank and till through a month. One statement."""
    before = func.sum(case((Entry.on < month, Posting.amount_vnd), else_=0))
    came = func.sum(case(((Entry.on >= month) & (Posting.amount_vnd > 0), Posting.amount_vnd), else_=0))
    went = func.sum(case(((Entry.on >= month) & (Posting.amount_vnd < 0), -Posting.amount_vnd), else_=0))
    rows = db.session.execute(
        select(Account.kind, before, came, went)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.ledger_id == ledger_id, Account.kind.in_([str(kind) for kind in MONEY]),
               Entry.on <= last_day(month))
        .group_by(Account.kind)
    )  # fmt: skip
    known = {
        AccountKind(row[0]): Flow(AccountKind(row[0]), *(int(value) for value in row[1:])) for row in rows
    }
    return [known.get(kind, Flow(kind, 0, 0, 0)) for kind in MONEY]


@dataclass(frozen=True)
class Held:
    """Cash of one order that its carrier has and the cooperative has not."""

    order_id: int
    code: str
    carrier: str
    since: date
    amount_vnd: int
    band: int


def held_by_carriers(organisation_id: int, limit: int = 200) -> list[Held]:
    """Orders whose cash has not come yet, the oldest first. Two statements."""
    total = func.sum(Posting.amount_vnd)
    rows = db.session.execute(
        select(Account.subject, func.min(Entry.on), total)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Account.kind == str(AccountKind.COD_RECEIVABLE))
        .group_by(Account.id, Account.subject).having(total > 0).order_by(func.min(Entry.on), Account.id).limit(limit)
    ).all()  # fmt: skip
    ids = [int(subject.partition(":")[2]) for subject, _since, _amount in rows]
    asked = select(Order.id, Order.code, Order.carrier).where(Order.id.in_(ids))
    orders = {row.id: row for row in db.session.execute(asked)}
    today = clock.today()
    return [
        Held(one, orders[one].code, orders[one].carrier or "", since, int(amount), age_band(since, today))
        for one, (_subject, since, amount) in zip(ids, rows, strict=True)
    ]


@dataclass(frozen=True)
class Aged:
    """What carriers hold of one age: the place in `AGES`, one more for what is older."""

    band: int
    amount_vnd: int


def by_age(held: Iterable[Held]) -> list[Aged]:
    """What carriers hold by age, đồng, the youngest first; ages without anything are left out."""
    sums = [0] * (len(AGES) + 1)
    for one in held:
        sums[one.band] += one.amount_vnd
    return [Aged(band, amount) for band, amount in enumerate(sums) if amount]


@dataclass(frozen=True)
class ProductMargin:
    """One product's margin with its name."""

    name: str
    margin: Margin


def margins(ledger_id: int, month: date) -> list[ProductMargin]:
    """What each product left in a month, the largest sale first; refunds taken off. One statement."""

    def of(condition: object, value: object) -> object:
        return func.coalesce(func.sum(case((condition, value), else_=0)), 0)  # type: ignore[arg-type]

    goods = of(Posting.component.in_(GOODS), -Posting.amount_vnd)
    theirs = of(Posting.producer_id.is_not(None) & Posting.component.in_(THEIRS), -Posting.amount_vnd)
    bought = of(Account.kind == str(AccountKind.COST_OF_GOODS), Posting.amount_vnd)
    fee = of(Account.kind == str(AccountKind.PLATFORM_FEE_DUE), -Posting.amount_vnd)
    rows = db.session.execute(
        select(Product.id, Product.name, goods, theirs, bought, fee)  # type: ignore[call-overload]
        .join(Lot, Lot.product_id == Product.id)
        .join(Posting, Posting.lot_id == Lot.id)
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.ledger_id == ledger_id, Entry.on >= month, Entry.on <= last_day(month))
        .group_by(Product.id, Product.name)
    )
    found = [
        ProductMargin(name, Margin(one, int(g), int(p), int(b) + int(f))) for one, name, g, p, b, f in rows
    ]
    return sorted(found, key=lambda one: (-one.margin.goods_vnd, one.name))
