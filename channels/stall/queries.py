"""Reads of the stall: outings, what lies on one, its sales, what a shortage would cost whom."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import case, func, select

from catalog.models import Pack, Product
from channels.stall.models import StallGood, StallOuting, StallSale, StallSaleLine, StallStep
from channels.stall.rules import NEVER_PAID, Answer, Holder, SaleState, Shelf, Step, Taken, plan, tally
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_, _
from orders.models import Allocation, Order, OrderLine
from orders.rules import BEFORE_PACKING, Method, State
from payments.queries import received
from traceability.models import Lot
from traceability.rules import LotState, Place
from traceability.stock.queries import StockLine, free_lots, stock_lines


def outing_of(cooperative_id: int, outing_id: int, *, lock: bool = False) -> StallOuting:
    """An outing of a cooperative. Raises NotFound for another's."""
    found = db.session.get(StallOuting, outing_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có chuyến bán này."))
    return found


def sale_of(cooperative_id: int, sale_id: int, *, lock: bool = False) -> StallSale:
    """A sale at a stall of a cooperative. Raises NotFound for another's."""
    found = db.session.get(StallSale, sale_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound(N_("Không có lần bán này."))
    outing_of(cooperative_id, found.stall_outing_id)
    return found


@dataclass(frozen=True)
class OutingRow:
    """An outing in the list. held: sales that wait for a decision; asked: transfers not seen of one that is back."""

    id: int
    name: str
    day_on: date
    closed_at: datetime | None
    sales: int
    total_vnd: int
    held: int
    asked: int


def outings(cooperative_id: int, most: int = 60) -> list[OutingRow]:
    """A cooperative's outings with what each sold, the newest first. Two statements."""
    wanted = select(StallOuting).where(StallOuting.cooperative_id == cooperative_id)
    rows = list(db.session.execute(wanted.order_by(StallOuting.id.desc()).limit(most)).scalars())
    real = (StallSale.state != str(SaleState.VOID)) & StallSale.answer.not_in(NEVER_PAID)
    unpaid = Order.state == str(State.AWAITING_PAYMENT)
    sums = {
        outing_id: (int(count), int(total), int(held), int(asked))
        for outing_id, count, total, held, asked in db.session.execute(
            select(
                StallSale.stall_outing_id, func.count(), func.sum(StallSale.total_vnd),
                func.sum(case((StallSale.state == str(SaleState.HELD), 1), else_=0)),
                func.sum(case((unpaid, 1), else_=0)),
            )
            .outerjoin(Order, Order.id == StallSale.order_id)
            .where(StallSale.stall_outing_id.in_([one.id for one in rows]), real)
            .group_by(StallSale.stall_outing_id)
        )
    }  # fmt: skip
    found = []
    for one in rows:
        count, total, held, asked = sums.get(one.id, (0, 0, 0, 0))
        found.append(OutingRow(
            one.id, one.name, one.day_on, one.closed_at, count, total, held, asked if one.closed_at else 0
        ))  # fmt: skip
    return found


@dataclass(frozen=True)
class GoodRow:
    """Packs of one lot at a stall."""

    id: int
    lot_id: int
    pack_id: int
    lot_code: str
    name: str
    label: str
    expires_on: date | None
    recalled: bool
    carried: int
    sold: int
    beyond: int
    returned: int
    lost: int
    found: int

    @property
    def left(self) -> int:
        """Pieces that should lie on the stall."""
        return tally(self.carried, self.found, self.sold, self.returned, self.lost)


def goods_of(outing_id: int) -> list[GoodRow]:
    """What an outing carried, by product, pack and lot. One statement."""
    rows = db.session.execute(
        select(StallGood, Lot.code, Product.name, Pack.label, Lot.expires_on, Lot.state)
        .join(Lot, Lot.id == StallGood.lot_id)
        .join(Pack, Pack.id == StallGood.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .where(StallGood.stall_outing_id == outing_id)
        .order_by(Product.name_folded, Product.id, Pack.position, Pack.id, Lot.expires_on, Lot.id)
    )
    return [
        GoodRow(
            one.id, one.lot_id, one.pack_id, code, name, label, expires, state == LotState.RECALLED,
            one.carried_quantity, one.sold_quantity, one.beyond_quantity, one.returned_quantity,
            one.lost_quantity, one.found_quantity,
        )
        for one, code, name, label, expires, state in rows
    ]  # fmt: skip


def good_row(outing_id: int, lot_id: int, pack_id: int) -> StallGood | None:
    """The row of a lot's packs on an outing's list, read anew."""
    wanted = select(StallGood).where(
        StallGood.stall_outing_id == outing_id, StallGood.lot_id == lot_id, StallGood.pack_id == pack_id
    )
    return db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()


def in_store(cooperative_id: int) -> list[StockLine]:
    """What can be carried out: whole packs that lie free in the store and may be sold today."""
    today = clock.today()
    return [
        one
        for one in stock_lines(cooperative_id)
        if one.place == Place.STORE and one.free > 0 and not one.planned and not one.weighed
        and one.state == LotState.OPEN and (one.expires_on is None or one.expires_on >= today)
    ]  # fmt: skip


def lines_of(sale_ids: Iterable[int]) -> dict[int, list[StallSaleLine]]:
    """Lines of sales, by sale, in the order in which stock is locked."""
    found: dict[int, list[StallSaleLine]] = {}
    wanted = select(StallSaleLine).where(StallSaleLine.stall_sale_id.in_(list(sale_ids)))
    for one in db.session.execute(wanted.order_by(StallSaleLine.pack_id, StallSaleLine.lot_id)).scalars():
        found.setdefault(one.stall_sale_id, []).append(one)
    return found


def _holders(pack_id: int, lot_id: int) -> tuple[Holder, ...]:
    """Web orders that hold packs of a lot and are not packed."""
    rows = db.session.execute(
        select(Order, OrderLine.id, OrderLine.quantity, Allocation.quantity)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .where(Allocation.lot_id == lot_id, OrderLine.pack_id == pack_id, ~Allocation.packed)
        .where(Order.state.in_([str(state) for state in BEFORE_PACKING]))
        .execution_options(populate_existing=True)
    ).all()
    return tuple(
        Holder(order.id, line_id, on_lot, quantity, _paid(order), order.placed_at)
        for order, line_id, quantity, on_lot in rows
    )


def _paid(order: Order) -> bool:
    return order.method != Method.COD and bool(received(order.id))


def shelf(outing: StallOuting, line: StallSaleLine) -> Shelf:
    """What there is for a line of a sale, at this moment."""
    good = good_row(outing.id, line.lot_id, line.pack_id)
    left = 0
    if good is not None and outing.closed_at is None:
        left = tally(
            good.carried_quantity, good.found_quantity, good.sold_quantity, good.returned_quantity,
            good.lost_quantity,
        )  # fmt: skip
    lost = good.lost_quantity if good is not None and outing.closed_at is not None else 0
    free = {one.lot_id: one.quantity for one in free_lots(line.pack_id, clock.today())}
    mine = free.pop(line.lot_id, 0)
    holders = _holders(line.pack_id, line.lot_id) if line.quantity > left + lost + mine else ()
    return Shelf(left, lost, mine, sum(free.values()), holders)


def plans(outing: StallOuting, lines: Sequence[StallSaleLine]) -> list[tuple[int, list[Taken]]]:
    """What the rule proposes for each line of a sale, now: (line id, steps)."""
    return [(line.id, plan(line.quantity, shelf(outing, line))) for line in lines]


@dataclass(frozen=True)
class SaleRow:
    """One sale as the outing's page shows it. waits: for its transfer, or for the worker that enters it; unpaid: no
    transfer came and nobody said what happened; lapsed: nobody ever did; answer: what was said.
    """

    id: int
    state: str
    method: str
    total_vnd: int
    sold_at: datetime
    code: str
    order_id: int | None
    void_reason: str
    problem_text: str
    waits: bool
    what: str
    unpaid: bool = False
    lapsed: bool = False
    answer: str = ""


def problem_words(kept: str) -> str:
    """Why a sale could not be entered, in the reader's language; what was kept in another way stands as it is."""
    if not kept.startswith("["):
        return kept
    message, remedy, params = cast(tuple[str, str, dict[str, str]], json.loads(kept))
    return f"{_(message)} {_(remedy) if remedy else ''}".strip() % params


def sales_of(outing_id: int) -> list[SaleRow]:
    """The sales of an outing, the newest first. Three statements."""
    wanted = (
        select(StallSale, Order.code, Order.state)
        .outerjoin(Order, Order.id == StallSale.order_id)
        .where(StallSale.stall_outing_id == outing_id)
        .order_by(StallSale.sold_at.desc(), StallSale.id.desc())
    )
    rows = db.session.execute(wanted).all()
    lines = lines_of([sale.id for sale, _code, _state in rows])
    names = names_of({line.pack_id for many in lines.values() for line in many})
    return [
        SaleRow(
            sale.id, sale.state, sale.method, sale.total_vnd, sale.sold_at, code or sale.code, sale.order_id,
            sale.void_reason, problem_words(sale.problem_text), state in (State.AWAITING_PAYMENT, State.TO_PACK),
            ", ".join(f"{line.quantity} × {names[line.pack_id]}" for line in lines.get(sale.id, [])),
            state == State.AWAITING_PAYMENT, state in (State.EXPIRED, State.CANCELLED) and not sale.answer, sale.answer,
        )
        for sale, code, state in rows
    ]  # fmt: skip


def last_arrival(outing_id: int) -> datetime | None:
    """When a phone last sent a sale of an outing home."""
    wanted = select(func.max(StallSale.arrived_at)).where(StallSale.stall_outing_id == outing_id)
    return db.session.execute(wanted).scalar_one()


def names_of(pack_ids: Iterable[int]) -> dict[int, str]:
    """Product and pack as people say them, by pack."""
    rows = db.session.execute(
        select(Pack.id, Product.name, Pack.label)
        .join(Product, Product.id == Pack.product_id)
        .where(Pack.id.in_(list(pack_ids)))
    )
    return {pack_id: f"{name}, {label}" for pack_id, name, label in rows}


@dataclass(frozen=True)
class StepRow:
    """A shortage, named: what was short and who gave way."""

    sale_id: int
    step: Step
    quantity: int
    name: str
    lot_code: str
    order_id: int | None
    order_code: str
    paid: bool = False


def named(outing_id: int) -> list[StepRow]:
    """Everything at an outing that did not come off its own list, as it was settled. One statement."""
    rows = db.session.execute(
        select(StallStep, Product.name, Pack.label, Lot.code, Order.code)
        .join(StallSale, StallSale.id == StallStep.stall_sale_id)
        .join(StallSaleLine, StallSaleLine.id == StallStep.stall_sale_line_id)
        .join(Pack, Pack.id == StallSaleLine.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .join(Lot, Lot.id == StallSaleLine.lot_id)
        .outerjoin(Order, Order.id == StallStep.order_id)
        .where(StallSale.stall_outing_id == outing_id)
        .order_by(StallStep.id)
    )
    return [
        StepRow(
            one.stall_sale_id, Step(one.step), one.quantity, f"{name}, {label}", lot, one.order_id, code or ""
        )
        for one, name, label, lot, code in rows
    ]


def proposed(lines: Sequence[StallSaleLine], steps: Sequence[tuple[int, Sequence[Taken]]]) -> list[StepRow]:
    """What the rule proposes, in names."""
    names = names_of({line.pack_id for line in lines})
    lots: Mapping[int, str] = {
        one.id: one.code
        for one in db.session.execute(
            select(Lot).where(Lot.id.in_([line.lot_id for line in lines]))
        ).scalars()
    }
    ids = [one.order_id for _line, taken in steps for one in taken if one.order_id]
    orders = {one.id: one for one in db.session.execute(select(Order).where(Order.id.in_(ids))).scalars()}
    by_id = {line.id: line for line in lines}
    found = []
    for line_id, taken in steps:
        line = by_id[line_id]
        for one in taken:
            order = orders.get(one.order_id or 0)
            found.append(StepRow(
                line.stall_sale_id, one.step, one.quantity, names[line.pack_id], lots[line.lot_id], one.order_id,
                order.code if order else "", _paid(order) if order else False,
            ))  # fmt: skip
    return found


@dataclass(frozen=True)
class Sums:
    """What an outing's sales come to, đồng; waiting: transfers that have not been seen; lost: those that never came.

    asked: sales of which the seller has to say where the money is.
    """

    cash_vnd: int
    transfer_vnd: int
    waiting_vnd: int
    held: int
    lost_vnd: int = 0
    asked: int = 0

    @property
    def total_vnd(self) -> int:
        """All of it."""
        return self.cash_vnd + self.transfer_vnd


def sums(rows: Iterable[SaleRow]) -> Sums:
    """Add up an outing's sales; those taken back are left out."""
    real = [one for one in rows if one.state != SaleState.VOID]
    cash = sum(one.total_vnd for one in real if one.method == Method.COD or one.answer == Answer.CASH)
    transfers = [one for one in real if one.method == Method.VIETQR and not one.answer and not one.lapsed]
    unpaid = [one for one in real if one.lapsed or one.answer in NEVER_PAID]
    waiting = sum(one.total_vnd for one in transfers if one.waits or one.state == SaleState.HELD)
    held = sum(one.state == SaleState.HELD for one in real)
    return Sums(
        cash, sum(one.total_vnd for one in transfers), waiting, held, sum(one.total_vnd for one in unpaid),
        sum(one.unpaid for one in real),
    )  # fmt: skip


def paid_since(most: int = 50) -> list[tuple[int, int]]:
    """Sales whose buyer has the goods and whose transfer has come: (sale id, order id). For the worker."""
    rows = db.session.execute(
        select(StallSale.id, Order.id)
        .join(Order, Order.id == StallSale.order_id)
        .where(Order.state == str(State.TO_PACK), StallSale.state == str(SaleState.DONE))
        .order_by(StallSale.id)
        .limit(most)
    )
    return [(sale_id, order_id) for sale_id, order_id in rows]
