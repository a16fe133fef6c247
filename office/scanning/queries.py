"""What a scanned code stands for in the cooperative's own book."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from catalog.models import Pack, Product
from core.db import db
from orders.models import Allocation, Order, OrderLine
from orders.rules import State
from traceability.gs1.scanned import Typed
from traceability.models import Lot, Stock
from traceability.numbers.models import LogisticUnit, UnitContent
from traceability.rules import LotKind, Place
from traceability.stock.queries import StockLine, stock_of_lot

LOTS_MOST = 8


@dataclass(frozen=True)
class Here:
    """A lot with its packs at each place. pieces: how many the scanned case holds; None where no case was scanned."""

    lot_id: int
    code: str
    product_name: str
    state: str
    expires_on: date | None
    lines: tuple[StockLine, ...]
    pieces: int | None = None
    opened: bool = False  # the scanned case was given up: its label says nothing any more


@dataclass(frozen=True)
class Waiting:
    """An order that waits to be packed and holds packs of the lot."""

    order_id: int
    code: str
    quantity: int


def lots_behind(cooperative_id: int, typed: Typed) -> list[Here]:
    """The cooperative's own lots that a code names: one, or with a bar code alone those that lie somewhere."""
    wanted = (
        select(Lot.id, Lot.code, Product.name, Lot.state, Lot.expires_on)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.cooperative_id == cooperative_id, Lot.kind == LotKind.REAL)
        .order_by(Lot.expires_on, Lot.id).limit(LOTS_MOST)
    )  # fmt: skip
    held: dict[int, int] = {}
    opened = False
    if typed.unit:
        rows = db.session.execute(
            select(UnitContent.lot_id, UnitContent.pieces, LogisticUnit.voided_at)
            .join(LogisticUnit, LogisticUnit.id == UnitContent.unit_id)
            .where(func.coalesce(LogisticUnit.sscc, LogisticUnit.internal) == typed.unit)
        ).all()  # fmt: skip
        held, opened = {row[0]: row[1] for row in rows}, any(row[2] for row in rows)
        wanted = wanted.where(Lot.id.in_(sorted(held)))
    elif typed.lot:
        wanted = wanted.where(Lot.code == typed.lot)
    if typed.gtin:
        wanted = wanted.where(
            Lot.product_id == select(Pack.product_id).where(Pack.gtin == typed.gtin).scalar_subquery()
        )
        if not typed.lot:
            lying = select(Stock.lot_id).join(Pack, Pack.id == Stock.pack_id)
            wanted = wanted.where(Lot.id.in_(lying.where(Pack.gtin == typed.gtin, Stock.on_hand > 0)))
    return [
        Here(row[0], row[1], row[2], row[3], row[4], tuple(stock_of_lot(row[0])), held.get(row[0]), opened)
        for row in db.session.execute(wanted)
    ]


def waiting_for(cooperative_id: int, lot_id: int) -> list[Waiting]:
    """Orders to pack that hold packs of a lot, the oldest first."""
    rows = db.session.execute(
        select(Order.id, Order.code, func.sum(Allocation.quantity))
        .join(OrderLine, OrderLine.order_id == Order.id).join(Allocation, Allocation.order_line_id == OrderLine.id)
        .where(Order.cooperative_id == cooperative_id, Order.state == State.TO_PACK, Allocation.lot_id == lot_id,
               Allocation.packed.is_(False))
        .group_by(Order.id, Order.code).order_by(Order.id).limit(20)
    )  # fmt: skip
    return [Waiting(row[0], row[1], int(row[2])) for row in rows]


def at_stall(line: StockLine) -> bool:
    """Whether packs lie where they can be brought back from."""
    return line.place == Place.STALL and line.on_hand > line.reserved
