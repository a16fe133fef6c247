"""Mass balance across parts: goods by their own books, and orders by the stock that left and came back."""

from collections.abc import Iterator

from sqlalchemy import case, func, select

from cooperatives.models import Cooperative
from core.db import db
from office.tracing.rules import Edge, Loop, layers
from orders.models import Allocation, Order, OrderLine
from traceability.balance.queries import mass, too_much
from traceability.balance.rules import Imbalance, What
from traceability.models import Batch, BatchInput, Lot, Movement
from traceability.rules import MovementKind


def imbalances(cooperative_id: int | None) -> list[Imbalance]:
    """Every imbalance of a cooperative, of all where it is None: broken sums first, suspicions last."""
    owners = (
        [cooperative_id]
        if cooperative_id is not None
        else list(db.session.execute(select(Cooperative.id).order_by(Cooperative.id)).scalars())
    )
    unlikely = [one for owner in owners for one in too_much(owner)]
    return [*mass(cooperative_id), *_orders(cooperative_id), *_loops(cooperative_id), *unlikely]


def _orders(cooperative_id: int | None) -> Iterator[Imbalance]:
    """Packed pieces (grams of what is weighed) of every line and lot against the movements that name the line."""
    mine = () if cooperative_id is None else (Order.cooperative_id == cooperative_id,)
    said = {
        (row.line_id, row.lot_id): row
        for row in db.session.execute(
            select(OrderLine.id.label("line_id"), Order.id.label("order_id"), Order.code, Allocation.lot_id,
                   Allocation.quantity, Allocation.packed_g, Allocation.returned_quantity)
            .select_from(Allocation).join(OrderLine, OrderLine.id == Allocation.order_line_id)
            .join(Order, Order.id == OrderLine.order_id).where(Allocation.packed, *mine)
        )
    }  # fmt: skip
    gone, back = _line_movements()
    for (line_id, lot_id), row in said.items():
        key = (f"line:{line_id}", lot_id)
        took = row.quantity if row.packed_g is None else row.packed_g
        unit = "pcs" if row.packed_g is None else "g"
        if took != gone.get(key, 0):
            yield Imbalance(What.ORDER_TAKEN, f"order:{row.order_id}", row.code, took, gone.get(key, 0), unit)
        if row.packed_g is None and row.returned_quantity != back.get(key, 0):
            yield Imbalance(What.ORDER_BACK, f"order:{row.order_id}", row.code, row.returned_quantity,
                            back.get(key, 0), unit)  # fmt: skip


def _line_movements() -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], int]]:
    """Pieces that left for each line and lot, and pieces that came back."""
    sold = func.sum(case((Movement.kind == MovementKind.SOLD, -Movement.on_hand_change), else_=0))
    returned = func.sum(case((Movement.kind == MovementKind.RETURNED, Movement.on_hand_change), else_=0))
    rows = db.session.execute(
        select(Movement.ref, Movement.lot_id, sold, returned)
        .where(Movement.ref.like("line:%"), Movement.kind.in_((MovementKind.SOLD, MovementKind.RETURNED)))
        .group_by(Movement.ref, Movement.lot_id)
    ).all()
    return {(row[0], row[1]): int(row[2]) for row in rows}, {(row[0], row[1]): int(row[3]) for row in rows}


def _loops(cooperative_id: int | None) -> Iterator[Imbalance]:
    """The verbs make a loop impossible (a lot is born when its batch closes); a row written past them is named."""
    mine = () if cooperative_id is None else (Batch.cooperative_id == cooperative_id,)
    used = db.session.execute(
        select(BatchInput.lot_id, BatchInput.batch_id).join(Batch, Batch.id == BatchInput.batch_id)
        .where(BatchInput.lot_id.is_not(None), *mine)
    )  # fmt: skip
    edges = [Edge(f"lot:{lot}", f"batch:{batch}") for lot, batch in used]
    own = () if cooperative_id is None else (Lot.cooperative_id == cooperative_id,)
    made = db.session.execute(select(Lot.batch_id, Lot.id).where(Lot.batch_id.is_not(None), *own))
    edges += [Edge(f"batch:{batch}", f"lot:{lot}") for batch, lot in made]
    try:
        layers(edges)
    except Loop as found:
        yield Imbalance(What.LOOP, str(found).split(", ")[0], str(found), 0, 0, "")
