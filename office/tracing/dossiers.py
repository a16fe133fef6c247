"""The dossier of a walk: what was made, where packs lie, who has them, whose harvest it was, and the edges between."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from catalog.models import Pack, Product
from core.db import db
from office.tracing.queries import chunks, inputs_behind, lots_forward, slips_behind
from office.tracing.rules import Edge, Kind, Start
from orders.models import Allocation, Order, OrderLine, Purchase
from places.queries import place_names
from traceability.balance.models import Plot
from traceability.lots.queries import lot_of
from traceability.models import Batch, BatchInput, Lot, Movement, Slip, Stock
from traceability.rules import MovementKind
from traceability.slips.queries import SlipLine, slip_lines

__all__ = ["Buyer", "Dossier", "Held", "InOrder", "Made", "Whose", "backward", "buyers", "forward", "lot_of"]


@dataclass(frozen=True)
class Made:
    """A lot of the dossier."""

    id: int
    code: str
    product: str
    state: str
    batch_id: int | None
    batch_code: str
    made_on: date
    output_g: int
    bulk_g: int


@dataclass(frozen=True)
class Held:
    """Packs of a lot at a place of ours. quantity: packs, grams where `weighed`."""

    lot_id: int
    lot_code: str
    product: str
    pack: str
    gtin: str
    place: str
    quantity: int
    weighed: bool


@dataclass(frozen=True)
class InOrder:
    """Packs of a lot in an order. returned: of them, those that came back."""

    order_id: int
    code: str
    state: str
    placed_at: datetime
    place: str
    lot_id: int
    lot_code: str
    product: str
    pack: str
    quantity: int
    returned: int
    value_vnd: int


@dataclass(frozen=True)
class Whose:
    """A slip behind, with whose it is as the cooperative knows it."""

    slip: SlipLine
    household_id: int | None
    producer_id: int


@dataclass(frozen=True)
class Buyer:
    """Whom to call about an order."""

    order_id: int
    name: str
    phone: str


@dataclass(frozen=True)
class Dossier:
    """Everything a walk found. away: grams and packs that left otherwise (sold outside, lost, sampled, destroyed)."""

    start: Start
    direction: str
    lots: list[Made] = field(default_factory=list)
    packs: list[Held] = field(default_factory=list)
    orders: list[InOrder] = field(default_factory=list)
    slips: list[Whose] = field(default_factory=list)
    plots: list[tuple[int, str]] = field(default_factory=list)
    materials: list[tuple[str, int]] = field(default_factory=list)
    away: list[tuple[str, int, int]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    @property
    def order_ids(self) -> list[int]:
        """The orders, each once."""
        return sorted({one.order_id for one in self.orders})

    @property
    def household_ids(self) -> list[int]:
        """The households behind, each once."""
        return sorted({one.household_id for one in self.slips if one.household_id is not None})

    @property
    def here(self) -> int:
        """Packs that lie with us, those weighed one by one not counted."""
        return sum(one.quantity for one in self.packs if not one.weighed)

    @property
    def gone(self) -> int:
        """Packs in orders that did not come back."""
        return sum(one.quantity - one.returned for one in self.orders)

    @property
    def value_vnd(self) -> int:
        """What buyers paid for the packs that did not come back, before discounts."""
        return sum(one.value_vnd for one in self.orders)


def forward(start: Start) -> Dossier:
    """Everything made of a start, every pack and order with it, and the households behind the start itself."""
    lots = lots_forward(start)
    inputs = _inputs_between(start, lots)
    slips = slips_behind(start)
    made = _lots(lots)
    return Dossier(
        start, "forward", made, _packs(lots), _orders(lots, start), _whose(slips), _plots(slips), [],
        _away(lots), _edges(made, inputs),
    )  # fmt: skip


def backward(start: Start) -> Dossier:
    """Every lot, slip, household, plot and bought material in a lot, batch or order."""
    inputs: list[Any] = inputs_behind(start) if start.kind in (Kind.LOT, Kind.BATCH, Kind.ORDER) else []
    own = {start.id} if start.kind is Kind.LOT else set()
    if start.kind is Kind.ORDER:
        own = set(lots_forward(start))
    lots = own | {row.lot_id for row in inputs if row.lot_id is not None}
    if start.kind is Kind.BATCH:
        lots |= set(db.session.execute(select(Lot.id).where(Lot.batch_id == start.id)).scalars())
    slips = {row.slip_id for row in inputs if row.slip_id is not None} or set(slips_behind(start))
    materials: dict[str, int] = {}
    for row in inputs:
        if row.material_name:
            materials[row.material_name] = materials.get(row.material_name, 0) + row.weight_g
    made = _lots(lots)
    orders = _orders(lots, start) if start.kind is Kind.ORDER else []
    return Dossier(
        start, "backward", made, [], orders, _whose(slips), _plots(slips), sorted(materials.items()), [],
        _edges(made, inputs),
    )  # fmt: skip


def buyers(order_ids: Collection[int]) -> dict[int, Buyer]:
    """Names and phones behind orders. The caller writes the audit line: only a cooperative's own staff may ask."""
    found: dict[int, Buyer] = {}
    for some in chunks(order_ids):
        rows = db.session.execute(
            select(Order.id, Purchase.buyer_name, Purchase.buyer_phone)
            .join(Purchase, Purchase.id == Order.purchase_id).where(Order.id.in_(some))
        )  # fmt: skip
        found |= {row[0]: Buyer(*row) for row in rows}
    return found


def _lots(ids: Collection[int]) -> list[Made]:
    return [
        Made(*row)
        for some in chunks(ids)
        for row in db.session.execute(
            select(Lot.id, Lot.code, Product.name, Lot.state, Lot.batch_id, func.coalesce(Batch.code, ""), Lot.made_on,
                   Lot.output_g, Lot.bulk_g)
            .join(Product, Product.id == Lot.product_id).outerjoin(Batch, Batch.id == Lot.batch_id)
            .where(Lot.id.in_(some)).order_by(Lot.id)
        )
    ]  # fmt: skip


def _packs(ids: Collection[int]) -> list[Held]:
    return [
        Held(*row)
        for some in chunks(ids)
        for row in db.session.execute(
            select(Lot.id, Lot.code, Product.name, Pack.label, Pack.gtin, Stock.place, Stock.on_hand,
                   Pack.price_per_kg_vnd.is_not(None))
            .select_from(Stock).join(Lot, Lot.id == Stock.lot_id).join(Pack, Pack.id == Stock.pack_id)
            .join(Product, Product.id == Lot.product_id)
            .where(Stock.lot_id.in_(some), Stock.on_hand > 0).order_by(Lot.id, Pack.id, Stock.place)
        )
    ]  # fmt: skip


def _orders(ids: Collection[int], start: Start) -> list[InOrder]:
    only = (Order.id == start.id,) if start.kind is Kind.ORDER else ()
    rows = [
        row
        for some in chunks(ids)
        for row in db.session.execute(
            select(Order.id, Order.code, Order.state, Order.placed_at, Purchase.commune_id, Lot.id.label("lot_id"),
                   Lot.code.label("lot_code"), OrderLine.product_name, OrderLine.pack_label, Allocation.quantity,
                   Allocation.returned_quantity, OrderLine.unit_price_vnd)
            .select_from(Allocation).join(Lot, Lot.id == Allocation.lot_id)
            .join(OrderLine, OrderLine.id == Allocation.order_line_id).join(Order, Order.id == OrderLine.order_id)
            .join(Purchase, Purchase.id == Order.purchase_id)
            .where(Allocation.lot_id.in_(some), *only)
        )
    ]  # fmt: skip
    places = place_names({row.commune_id for row in rows})
    return sorted(
        (InOrder(row.id, row.code, row.state, row.placed_at, places[row.commune_id].full, row.lot_id, row.lot_code,
                 row.product_name, row.pack_label, row.quantity, row.returned_quantity,
                 row.unit_price_vnd * (row.quantity - row.returned_quantity)) for row in rows),
        key=lambda one: (one.order_id, one.lot_id),
    )  # fmt: skip


def _whose(slip_ids: Collection[int]) -> list[Whose]:
    found: list[Whose] = []
    for some in chunks(slip_ids):
        owners = {
            row[0]: (row[1], row[2])
            for row in db.session.execute(
                select(Slip.id, Slip.household_id, Slip.producer_id).where(Slip.id.in_(some))
            )
        }
        lines = slip_lines(Slip.id.in_(some), limit=len(some))
        found += [Whose(line, *owners[line.id]) for line in lines]
    return found


def _plots(slip_ids: Collection[int]) -> list[tuple[int, str]]:
    """Plots of the producers and crops of these slips: a slip does not name its field, so these may be it."""
    found: dict[int, str] = {}
    for some in chunks(slip_ids):
        rows = db.session.execute(
            select(Plot.id, Plot.name).distinct()
            .join(Slip, (Slip.producer_id == Plot.producer_id) & (Slip.crop_id == Plot.crop_id))
            .where(Slip.id.in_(some), Slip.weighed_on >= Plot.from_on,
                   Plot.to_on.is_(None) | (Slip.weighed_on < Plot.to_on))
        )  # fmt: skip
        found |= {row[0]: row[1] for row in rows}
    return sorted(found.items())


AWAY = (MovementKind.SOLD_OUTSIDE, MovementKind.LOST, MovementKind.SAMPLE, MovementKind.DESTROYED)


def _away(ids: Collection[int]) -> list[tuple[str, int, int]]:
    """What left otherwise than by an order: kind, packs, grams of bulk."""
    sums: dict[str, tuple[int, int]] = {}
    for some in chunks(ids):
        for kind, packs, grams in db.session.execute(
            select(Movement.kind, func.sum(-Movement.on_hand_change), func.sum(-Movement.bulk_change_g))
            .where(Movement.lot_id.in_(some), Movement.kind.in_(AWAY)).group_by(Movement.kind)
        ):  # fmt: skip
            before = sums.get(kind, (0, 0))
            sums[kind] = (before[0] + int(packs), before[1] + int(grams))
    return [(kind, *both) for kind, both in sorted(sums.items())]


def _inputs_between(start: Start, lots: Collection[int]) -> list[Any]:
    """The inputs through which a start reached its lots, and lots one another."""
    inside = select(
        BatchInput.batch_id,
        BatchInput.slip_id,
        BatchInput.lot_id,
        BatchInput.material_name,
        BatchInput.weight_g,
    )
    rows = [
        row for some in chunks(lots) for row in db.session.execute(inside.where(BatchInput.lot_id.in_(some)))
    ]
    if start.kind is Kind.MATERIAL:
        mine = Batch.cooperative_id == start.cooperative_id
        own = inside.join(Batch, Batch.id == BatchInput.batch_id).where(
            BatchInput.material_name == start.name, mine
        )
        return [*rows, *db.session.execute(own)]
    if start.kind in (Kind.SLIP, Kind.HOUSEHOLD, Kind.PLOT):
        for some in chunks(slips_behind(start)):
            rows += list(db.session.execute(inside.where(BatchInput.slip_id.in_(some))))
    return rows


def _edges(made: list[Made], inputs: list[Any]) -> list[Edge]:
    edges = [
        Edge(f"batch:{one.batch_id}", f"lot:{one.id}", one.output_g)
        for one in made
        if one.batch_id is not None
    ]
    for row in inputs:
        source = f"slip:{row.slip_id}" if row.slip_id else f"lot:{row.lot_id}" if row.lot_id else ""
        edges.append(Edge(source or f"material:{row.material_name}", f"batch:{row.batch_id}", row.weight_g))
    return edges
