"""Telling the trace where an order's goods are, in the transaction of the verb that moved them."""

from collections.abc import Sequence

from sqlalchemy import select

from core.db import db
from orders.models import Order, OrderLine
from traceability.epcis.rules import Step
from traceability.parcels import operations as parcels


def line_ref(line_id: int) -> str:
    """How stock movements name an order line."""
    return f"line:{line_id}"


def hold_packs(lines: Sequence[OrderLine]) -> Sequence[OrderLine]:
    """The lines, with all stock of their packs held: for verbs that take out or put back several."""
    parcels.hold_packs([line.pack_id for line in lines])
    return lines


def sent(order: Order) -> Order:
    """The parcel is with a carrier."""
    return _tell(order, Step.SHIPPED)


def arrived(order: Order) -> Order:
    """The buyer has the goods, and they are sold. Call it after everything that locks stock or books."""
    return _tell(order, Step.RECEIVED, Step.SOLD)


def lost(order: Order) -> Order:
    """A carrier lost the parcel: the goods will not come back."""
    return _tell(order, Step.LOST)


def _tell(order: Order, *steps: Step) -> Order:
    lines = db.session.execute(select(OrderLine.id).where(OrderLine.order_id == order.id)).scalars()
    refs = [line_ref(line_id) for line_id in lines]
    parcels.tell_parcel(steps, order.cooperative_id, order.code, refs, f"order:{order.id}")
    return order
