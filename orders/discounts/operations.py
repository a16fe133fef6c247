"""What was agreed where the goods were sold, written into an order that was just made."""

from core.db import db
from orders.models import Order


def bear_discount(order: Order, discount_vnd: int) -> Order:
    """The seller's own vouchers at the other place took so much off, đồng: it lowers what is shared.

    Called by `payments` in the transaction that made the order, before anything was paid. The database refuses more
    than the goods cost.
    """
    order.discount_vnd += discount_vnd
    order.total_vnd -= discount_vnd
    db.session.flush()
    return order
