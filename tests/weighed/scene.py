"""Weighing an order, in tests."""

from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core.db import db, transaction
from orders import queries as orders
from orders.models import Order
from orders.operations import Pick
from payments.weighed.operations import pack_weighed
from tests.factories.accounts import actor_for


def manager_of(order: Order, role: str = "manager") -> Actor:
    """Somebody of the order's cooperative."""
    return actor_for(Role(role), cooperatives.cooperative(order.cooperative_id).organisation_id)


def weigh(
    order: Order, *weights: int, who: Actor | None = None, reason: str = "", key: str = "k" * 8
) -> Order:
    """Pack an order: its weighed line with these grams, piece by piece over the lots held; other lines as proposed."""
    actor, picks, reasons = who or manager_of(order), [], {}
    held = orders.allocations(order.id)
    from orders.weighed.queries import of_lines

    seen = of_lines([line.id for line in orders.lines(order.id)])
    rest = list(weights)
    for one in held:
        if one.order_line_id in seen:
            mine, rest = tuple(rest[: one.quantity]), rest[one.quantity :]
            picks.append(Pick(one.order_line_id, one.lot_id, max(1, len(mine)), mine))
            reasons[one.order_line_id] = reason
        else:
            picks.append(Pick(one.order_line_id, one.lot_id, one.quantity))
    if rest:
        last = picks[-1]
        picks[-1] = Pick(last.line_id, last.lot_id, len(last.weights_g) + len(rest), (*last.weights_g, *rest))
    with transaction():
        pack_weighed(actor, order.id, picks, reasons, key=key)
    db.session.expire_all()
    return orders.order(order.id)
