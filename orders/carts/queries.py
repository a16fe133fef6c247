"""Reads of a cart: its lines with today's prices and stock, by cooperative."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from catalog import queries as catalog
from catalog.queries import PackFact
from catalog.weighed.public import terms_text
from cooperatives.public import Seller, sellers
from core.db import db, run
from orders.carts.models import Cart, CartLine


@dataclass(frozen=True)
class CartLineView:
    """One line as the visitor sees it. `trouble`: '', 'price', 'short' (fewer left than wanted) or 'gone'."""

    pack: PackFact
    quantity: int
    seen_price_vnd: int
    left: int
    trouble: str

    @property
    def sent_by(self) -> date | None:
        """The promised day of dispatch, where the goods are not all in store; None where they are."""
        return self.pack.sent_by(self.quantity)

    @property
    def total_vnd(self) -> int:
        """At today's price."""
        return self.pack.price_vnd * self.quantity

    @property
    def weighed_text(self) -> str:
        """The terms of what is weighed at packing, as a sentence; empty for goods in fixed packs."""
        return terms_text(self.pack.band) if self.pack.band else ""

    @property
    def weight_g(self) -> int:
        """With wrapping; of what is weighed at packing, of the heaviest piece."""
        return self.pack.gross_weight_g * self.quantity


@dataclass(frozen=True)
class CartGroup:
    """What comes from one cooperative: one order, one parcel, one payment."""

    cooperative_id: int
    name: str
    slug: str
    lines: tuple[CartLineView, ...]
    seller: Seller

    @property
    def goods_vnd(self) -> int:
        """Sum of the lines."""
        return sum(line.total_vnd for line in self.lines)

    @property
    def weight_g(self) -> int:
        """Of the parcel."""
        return sum(line.weight_g for line in self.lines)

    @property
    def pieces(self) -> int:
        """How many packs."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True)
class CartView:
    """A whole cart. `blocked`: something must change before it can be ordered; `repriced`: a price has moved."""

    groups: tuple[CartGroup, ...]

    @property
    def lines(self) -> tuple[CartLineView, ...]:
        """Of all cooperatives."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def goods_vnd(self) -> int:
        """Sum of all groups."""
        return sum(group.goods_vnd for group in self.groups)

    @property
    def pieces(self) -> int:
        """How many packs."""
        return sum(group.pieces for group in self.groups)

    @property
    def blocked(self) -> bool:
        """Whether a line is gone or short."""
        return any(line.trouble in ("short", "gone") for line in self.lines)

    @property
    def repriced(self) -> bool:
        """Whether a price differs from the one seen."""
        return any(line.trouble == "price" for line in self.lines)


EMPTY = CartView(())
TOKEN_MAX = 64


def cart_by_token(token: str | None) -> Cart | None:
    """The cart of a cookie's token."""
    if not token or len(token) > TOKEN_MAX:
        return None
    return db.session.execute(_cart_statement(), {"token": token}).scalar_one_or_none()


@cache
def _cart_statement() -> Select[tuple[Cart]]:
    return select(Cart).where(Cart.token == bindparam("token"))


def count(token: str | None) -> int:
    """How many packs lie in the cart."""
    if not token or len(token) > TOKEN_MAX:
        return 0
    return int(run(_statements()[0], {"token": token}).scalar_one())


@cache
def _statements() -> tuple[Select[Any], Select[Any]]:
    """By parameter `token`: how many packs, and the lines in the order of adding."""
    mine = Cart.token == bindparam("token")
    pieces = select(func.coalesce(func.sum(CartLine.quantity), 0)).join(Cart, Cart.id == CartLine.cart_id)
    lines = (
        select(CartLine.pack_id, CartLine.quantity, CartLine.seen_price_vnd)
        .join(Cart, Cart.id == CartLine.cart_id)
        .order_by(CartLine.id)
    )
    return pieces.where(mine), lines.where(mine)


def _trouble(pack: PackFact, quantity: int, seen_price_vnd: int, left: int) -> str:
    if not pack.on_sale or left == 0:
        return "gone"
    if left < quantity:
        return "short"
    return "price" if pack.price_vnd != seen_price_vnd else ""


def _line(row: Row[Any], pack: PackFact, on: date) -> CartLineView:
    left = pack.available_on(on)
    return CartLineView(
        pack, row.quantity, row.seen_price_vnd, left, _trouble(pack, row.quantity, row.seen_price_vnd, left)
    )


def cart_view(token: str | None, on: date) -> CartView:
    """The cart of a token with the prices and stock of a day, grouped by cooperative in the order of adding."""
    if not token or len(token) > TOKEN_MAX:
        return EMPTY
    rows = run(_statements()[1], {"token": token}).all()
    facts = catalog.pack_facts([row.pack_id for row in rows])
    by_seller: dict[int, list[CartLineView]] = {}
    for row in rows:
        pack = facts[row.pack_id]
        by_seller.setdefault(pack.cooperative_id, []).append(_line(row, pack, on))
    found = sellers(set(by_seller)) if by_seller else {}
    return CartView(
        tuple(
            CartGroup(one, found[one].name, found[one].slug, tuple(lines), found[one])
            for one, lines in by_seller.items()
        )
    )
