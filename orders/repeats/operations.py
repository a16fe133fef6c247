"""Putting an order's goods into a cart again, at today's prices and as far as they are there."""

from dataclasses import dataclass

from sqlalchemy import select

from catalog import queries as catalog
from core import clock
from core.db import db
from orders import queries
from orders.carts import operations as carts
from orders.carts.queries import cart_by_token
from orders.models import CartLine, OrderBundle, OrderLine


@dataclass(frozen=True)
class Repeated:
    """The cart's token, and by name what went in in full, what only in part, and what is not sold any more."""

    cart_token: str | None
    put: tuple[str, ...]
    fewer: tuple[str, ...]
    gone: tuple[str, ...]


def put_again(cart_token: str | None, order_token: str) -> Repeated:
    """Put everything of an order into the cart again: gift boxes as boxes, never more than there is today.

    What lies in the cart already counts, so that twice is harmless. Raises NotFound for a token that no order has,
    Invalid when the cart is full.
    """
    order = queries.order_by_token(order_token)
    wanted = _wanted(order.id)
    facts = catalog.pack_facts(wanted)
    held = _held(cart_token)
    put, fewer, gone = list[str](), list[str](), list[str]()
    for pack_id, (name, quantity) in wanted.items():
        fact = facts.get(pack_id)
        left = fact.available_on(clock.today()) if fact is not None and fact.on_sale else 0
        if not left:
            gone.append(name)
            continue
        more = min(quantity, left) - held.get(pack_id, 0)
        if more > 0:
            cart_token = carts.add(cart_token, pack_id, more)
        (put if left >= quantity else fewer).append(name)
    return Repeated(cart_token, tuple(put), tuple(fewer), tuple(gone))


def _wanted(order_id: int) -> dict[int, tuple[str, int]]:
    """What was ordered, by pack: name and pieces; what lies in a box is not counted beside its box."""
    alone = select(OrderLine.pack_id, OrderLine.product_name, OrderLine.quantity).where(
        OrderLine.order_id == order_id, OrderLine.bundle_id.is_(None)
    )
    boxes = select(OrderBundle.pack_id, OrderBundle.product_name, OrderBundle.quantity).where(
        OrderBundle.order_id == order_id
    )
    found: dict[int, tuple[str, int]] = {}
    for wanted in (alone.order_by(OrderLine.id), boxes.order_by(OrderBundle.id)):
        for pack_id, name, quantity in db.session.execute(wanted).tuples():
            found[pack_id] = (name, quantity + found.get(pack_id, ("", 0))[1])
    return found


def _held(cart_token: str | None) -> dict[int, int]:
    cart = cart_by_token(cart_token)
    if cart is None:
        return {}
    wanted = select(CartLine.pack_id, CartLine.quantity).where(CartLine.cart_id == cart.id)
    return dict(db.session.execute(wanted).tuples().all())
