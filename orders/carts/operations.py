"""Verbs of the cart: add, change, accept new prices, empty. Only a first `add` makes a row."""

import secrets

from sqlalchemy import delete, func, select, update

from catalog import queries as catalog
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from orders.carts.models import Cart, CartLine
from orders.carts.queries import cart_by_token
from orders.rules import CART_LINES_MAX, QUANTITY_MAX, check_quantity


def _gone(field: str | None = None) -> NotFound:
    return NotFound(N_("Món này không còn bán."), remedy=N_("Tìm món khác trong chợ."), field=field)


def add(token: str | None, pack_id: int, quantity: int) -> Cart:
    """Put `quantity` more of a pack into the cart of a token; a new cart when there is none. Returns the cart.

    Raises Invalid outside 1–999 or past 50 kinds, NotFound for a pack that is not sold.
    """
    check_quantity(quantity)
    facts = catalog.pack_facts([pack_id]).get(pack_id)
    if facts is None or not facts.on_sale:
        raise _gone()
    cart = cart_by_token(token) or _new_cart()
    line = db.session.execute(
        select(CartLine).where(CartLine.cart_id == cart.id, CartLine.pack_id == pack_id)
    ).scalar_one_or_none()
    if line is None:
        _refuse_too_many_kinds(cart)
        line = CartLine(
            cart_id=cart.id,
            pack_id=pack_id,
            quantity=quantity,
            seen_price_vnd=facts.price_vnd,
            added_at=clock.now(),
        )
        db.session.add(line)
    else:
        line.quantity = min(QUANTITY_MAX, line.quantity + quantity)
    cart.touched_at = clock.now()
    db.session.flush()
    return cart


def _new_cart() -> Cart:
    cart = Cart(token=secrets.token_urlsafe(18), created_at=clock.now(), touched_at=clock.now())
    db.session.add(cart)
    db.session.flush()
    return cart


def _refuse_too_many_kinds(cart: Cart) -> None:
    kinds = db.session.execute(select(func.count()).where(CartLine.cart_id == cart.id)).scalar_one()
    if kinds >= CART_LINES_MAX:
        raise Invalid(
            N_("Giỏ đã có %(most)s loại hàng."),
            remedy=N_("Đặt đơn này trước, rồi mua tiếp."),
            most=CART_LINES_MAX,
        )


def set_quantity(token: str | None, pack_id: int, quantity: int) -> None:
    """Set a line's quantity; 0 takes it out. A line that is not there (another tab took it out) stays out."""
    cart = cart_by_token(token)
    if cart is None:
        return
    mine = (CartLine.cart_id == cart.id, CartLine.pack_id == pack_id)
    if quantity == 0:
        db.session.execute(delete(CartLine).where(*mine))
    else:
        db.session.execute(update(CartLine).where(*mine).values(quantity=check_quantity(quantity)))
    cart.touched_at = clock.now()
    db.session.flush()


def remove(token: str | None, pack_id: int) -> None:
    """Take a line out."""
    set_quantity(token, pack_id, 0)


def accept_prices(token: str | None) -> None:
    """The visitor has seen the new prices and agrees: they become the seen ones."""
    cart = cart_by_token(token)
    if cart is None:
        return
    lines = list(db.session.execute(select(CartLine).where(CartLine.cart_id == cart.id)).scalars())
    facts = catalog.pack_facts([line.pack_id for line in lines])
    for line in lines:
        if line.pack_id in facts:
            line.seen_price_vnd = facts[line.pack_id].price_vnd
    db.session.flush()


def take_out(token: str | None, pack_ids: list[int]) -> None:
    """What was ordered leaves the cart; what was put in meanwhile stays."""
    cart = cart_by_token(token)
    if cart is not None:
        db.session.execute(
            delete(CartLine).where(CartLine.cart_id == cart.id, CartLine.pack_id.in_(pack_ids))
        )


def sweep_old() -> int:
    """Forget carts untouched for 60 days, at most 500 at a time."""
    from datetime import timedelta

    old = select(Cart.id).where(Cart.touched_at < clock.now() - timedelta(days=60)).limit(500)
    ids = list(db.session.execute(old).scalars())
    db.session.execute(delete(CartLine).where(CartLine.cart_id.in_(ids)))
    db.session.execute(delete(Cart).where(Cart.id.in_(ids)))
    return len(ids)
