"""Verbs of the cart: add, change, accept new prices, empty. Only a first `add` makes a row."""

import secrets
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update

from catalog import queries as catalog
from core import clock
from core.db import db, run
from core.errors import Invalid, NotFound
from core.i18n import N_
from orders.carts.models import Cart, CartLine
from orders.carts.queries import TOKEN_MAX, cart_by_token
from orders.rules import CART_LINES_MAX, QUANTITY_MAX, check_quantity


def _gone(field: str | None = None) -> NotFound:
    return NotFound(N_("Món này không còn bán."), remedy=N_("Tìm món khác trong chợ."), field=field)


_CART, _LINE = (cast(Table, model.__table__) for model in (Cart, CartLine))
_TOUCH = update(_CART).where(_CART.c.token == bindparam("by")).values(touched_at=bindparam("now"))
_TOUCH = _TOUCH.returning(_CART.c.id)
_ADD_CART, _ADD_LINE = insert(_CART).returning(_CART.c.id), insert(_LINE)
_MINE = (_LINE.c.cart_id == bindparam("cart"), _LINE.c.pack_id == bindparam("pack"))
_HELD = select(_LINE.c.quantity).where(*_MINE)
_KINDS = select(func.count()).select_from(_LINE).where(_LINE.c.cart_id == bindparam("cart"))
_SET_LINE = update(_LINE).where(*_MINE).values(quantity=bindparam("now"))
_TAKE_OUT = delete(_LINE).where(
    _LINE.c.cart_id.in_(select(_CART.c.id).where(_CART.c.token == bindparam("token"))),
    _LINE.c.pack_id.in_(bindparam("packs", expanding=True)),
)


def add(token: str | None, pack_id: int, quantity: int) -> str:
    """Put `quantity` more of a pack into the cart of a token; a new cart when there is none. Returns the cart's token.

    Raises Invalid outside 1–999 or past 50 kinds, NotFound for a pack that is not sold.
    """
    check_quantity(quantity)
    facts = catalog.pack_facts([pack_id]).get(pack_id)
    if facts is None or not facts.on_sale:
        raise _gone()
    cart_id, token = _cart_of(token)
    mine = {"cart": cart_id, "pack": pack_id}
    held = run(_HELD, mine).scalar_one_or_none()
    if held is None:
        _refuse_too_many_kinds(cart_id)
        run(_ADD_LINE, {
            "cart_id": cart_id, "pack_id": pack_id, "quantity": quantity, "seen_price_vnd": facts.price_vnd,
            "added_at": clock.now(),
        })  # fmt: skip
    else:
        run(_SET_LINE, mine | {"now": min(QUANTITY_MAX, held + quantity)})
    return token


def _cart_of(token: str | None) -> tuple[int, str]:
    """The id and token of a token's cart, kept from the sweep for another while; of a new one when there is none."""
    now = clock.now()
    if token and len(token) <= TOKEN_MAX:
        found = run(_TOUCH, {"by": token, "now": now}).scalar_one_or_none()
        if found is not None:
            return int(found), token
    token = secrets.token_urlsafe(18)
    return int(run(_ADD_CART, {"token": token, "created_at": now, "touched_at": now}).scalar_one()), token


def _refuse_too_many_kinds(cart_id: int) -> None:
    if run(_KINDS, {"cart": cart_id}).scalar_one() >= CART_LINES_MAX:
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
    if token and len(token) <= TOKEN_MAX:
        run(_TAKE_OUT, {"token": token, "packs": pack_ids})


def sweep_old() -> int:
    """Forget carts untouched for 60 days, at most 500 at a time."""
    from datetime import timedelta

    old = select(Cart.id).where(Cart.touched_at < clock.now() - timedelta(days=60)).limit(500)
    ids = list(db.session.execute(old).scalars())
    db.session.execute(delete(CartLine).where(CartLine.cart_id.in_(ids)))
    db.session.execute(delete(Cart).where(Cart.id.in_(ids)))
    return len(ids)
