"""What goods bought outright cost, and how much of each kind of dealing a year held."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from cooperatives.models import Cooperative
from core.db import db
from orders.models import Allocation, Order
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind, Component, Deal, EntryKind
from revenue.split.rules import Contribution, Terms, deal_of
from revenue.terms.queries import measures
from traceability import queries as traceability
from traceability.models import Batch, BatchInput, Lot, Movement, Slip
from traceability.rules import Buying, MovementKind, Purchase
from traceability.slips.rules import value_vnd


@dataclass(frozen=True)
class Bought:
    """One slip that a closed batch bought outright."""

    slip_id: int
    producer_id: int
    household_id: int | None
    weighed_on: date
    value_vnd: int


def bought_in(batch_id: int) -> list[Bought]:
    """What a batch bought outright, by slip, at the price of the slip."""
    rows = db.session.execute(
        select(Slip.id, Slip.producer_id, Slip.household_id, Slip.weighed_on, BatchInput.weight_g,
               Slip.price_vnd_per_kg)
        .join(BatchInput, BatchInput.slip_id == Slip.id)
        .where(BatchInput.batch_id == batch_id, BatchInput.buying == Buying.OUTRIGHT)
        .order_by(Slip.id)
    )  # fmt: skip
    return [Bought(row[0], row[1], row[2], row[3], value_vnd(row[4], row[5])) for row in rows]


def batches_to_post(limit: int = 200) -> list[int]:
    """Closed batches whose outright purchase does not stand in the book yet, the oldest first."""
    asked = select(Batch.id).where(Batch.purchase == Purchase.TO_POST).order_by(Batch.id).limit(limit)
    return list(db.session.execute(asked).scalars())


def costs(lot_id: int, terms: Terms, given: Iterable[Contribution]) -> dict[str, int]:
    """What the outright part of a lot cost, by deal, at the slips' prices, rounded down."""
    sums: dict[str, int] = {}
    found = traceability.contributions(lot_id)
    for slip, one in zip(found, given, strict=True):
        assert slip.producer_id == one.producer_id, "the same order as the trace graph's"
        if one.outright:
            deal = str(deal_of(one, terms))
            sums[deal] = sums.get(deal, 0) + slip.grams * slip.price_vnd_per_kg // 1000
    return sums


def relieved(lot_id: int) -> int:
    """What of a lot's cost has left the store in the book, đồng."""
    asked = (
        select(func.coalesce(func.sum(Posting.amount_vnd), 0))
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.lot_id == lot_id, Account.kind == str(AccountKind.COST_OF_GOODS))
    )
    return int(db.session.execute(asked).scalar_one())


def sold_parts(line_ids: Iterable[int], lot_ids: Iterable[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """(order line, lot) → how much of the lot left with it, of how much: grams, or pieces where packs have no mass."""
    lines, lots = list(line_ids), list(lot_ids)
    grams = measures(lines)
    whole = {
        row.id: row.output_g
        for row in db.session.execute(select(Lot.id, Lot.output_g).where(Lot.id.in_(lots)))
    }
    packed = dict(
        db.session.execute(
            select(Movement.lot_id, func.sum(Movement.on_hand_change))
            .where(
                Movement.lot_id.in_(lots), Movement.kind == MovementKind.PACKED, Movement.pack_id.is_not(None)
            )
            .group_by(Movement.lot_id)
        )
        .tuples()
        .all()
    )
    rows = db.session.execute(
        select(Allocation.order_line_id, Allocation.lot_id, Allocation.quantity).where(
            Allocation.order_line_id.in_(lines), Allocation.lot_id.in_(lots), Allocation.packed.is_(True)
        )
    )
    parts = {}
    for line, lot, quantity in rows:
        mass = grams[line, lot].grams if (line, lot) in grams else 0
        parts[line, lot] = (mass, whole[lot]) if mass else (quantity, int(packed.get(lot, 0)))
    return parts


def used_onward(lot_id: int) -> tuple[int, int]:
    """Of a lot's grams, what went into later batches; and all its grams."""
    into = select(func.coalesce(func.sum(BatchInput.weight_g), 0)).where(BatchInput.lot_id == lot_id)
    return int(db.session.execute(into).scalar_one()), db.session.get_one(Lot, lot_id).output_g


def lots_to_write_off(limit: int = 200) -> list[int]:
    """Closed or recalled lots with bought goods in them, of cooperatives that hold any, not yet written off."""
    holders = (
        select(Cooperative.id)
        .join(Ledger, Ledger.organisation_id == Cooperative.organisation_id)
        .join(Account, Account.ledger_id == Ledger.id)
        .join(Posting, Posting.account_id == Account.id)
        .where(Account.kind == str(AccountKind.GOODS_BOUGHT))
        .group_by(Cooperative.id)
        .having(func.sum(Posting.amount_vnd) > 0)
    )
    done = select(Posting.id).join(Entry, Entry.id == Posting.entry_id)
    done = done.where(Posting.lot_id == Lot.id, Entry.kind == str(EntryKind.COST)).correlate(Lot)
    rows = db.session.execute(
        select(Lot.id)
        .join(Batch, Batch.id == Lot.batch_id)
        .where(
            Lot.cooperative_id.in_(holders),
            Lot.state.in_(["closed", "recalled"]),
            ~done.exists(),
            Batch.purchase == Purchase.POSTED,
        )
        .order_by(Lot.id.desc())
        .limit(limit)
    )
    return [lot for (lot,) in rows]


@dataclass(frozen=True)
class Dealing:
    """One kind of dealing over some time, đồng, refunds taken off.

    makers_vnd: what went to those who supplied: their shares, or the price paid. own_vnd: what stayed with the
    cooperative before cost: commission (processing) or all that bought goods brought. cost_vnd: of the bought goods
    sold. The cooperative's result is own − cost.
    """

    deal: str
    makers_vnd: int
    own_vnd: int
    cost_vnd: int

    @property
    def result_vnd(self) -> int:
        """Profit of this kind, before funds and other costs."""
        return self.own_vnd - self.cost_vnd


def dealings(organisation_id: int, since: date, until: date) -> list[Dealing]:
    """Each kind of dealing from a day to before another, in the order of `Deal`. One statement."""
    makers = [str(Component.PRODUCERS), str(Component.GUARANTEE), str(Component.PURCHASE)]
    own = [str(Component.PROCESSING), str(Component.OUTRIGHT)]
    cost = Account.kind == str(AccountKind.COST_OF_GOODS)
    guarantee = (Posting.component == str(Component.GUARANTEE)) & Posting.producer_id.is_(None)

    def sum_of(condition: object, sign: int) -> object:
        return func.coalesce(func.sum(case((condition, sign * Posting.amount_vnd), else_=0)), 0)  # type: ignore[arg-type]

    rows = db.session.execute(
        select(  # type: ignore[call-overload]
            Posting.deal,
            sum_of(Posting.component.in_(makers) & Posting.producer_id.is_not(None), -1),
            sum_of(Posting.component.in_(own) | guarantee, -1),
            sum_of(cost, 1),
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(
            Ledger.organisation_id == organisation_id, Entry.on >= since, Entry.on < until, Posting.deal != ""
        )
        .group_by(Posting.deal)
    )
    found: Mapping[str, Dealing] = {row[0]: Dealing(row[0], *(int(one) for one in row[1:])) for row in rows}
    return [found[deal] for deal in Deal if deal in found]


@dataclass(frozen=True)
class DealLine:
    """One posting behind a dealing, for the workbook."""

    on: date
    seq: int
    kind: str
    order_code: str
    lot_code: str
    deal: str
    component: str
    rule: str
    account: str
    amount_vnd: int
    terms_id: int | None


def lines(organisation_id: int, since: date, until: date) -> Iterator[DealLine]:
    """Every posting of goods from a day to before another, in the order of the book; nobody is named."""
    rows = db.session.execute(
        select(Entry.on, Entry.seq, Entry.kind, func.coalesce(Order.code, ""), func.coalesce(Lot.code, ""),
               Posting.deal, Posting.component, Posting.rule, Account.kind, Posting.amount_vnd, Entry.terms_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .outerjoin(Order, Order.id == Entry.order_id)
        .outerjoin(Lot, Lot.id == Posting.lot_id)
        .where(Ledger.organisation_id == organisation_id, Entry.on >= since, Entry.on < until, Posting.deal != "")
        .order_by(Entry.seq, Posting.id)
        .execution_options(yield_per=1_000)
    )  # fmt: skip
    for row in rows:
        yield DealLine(*row)
