"""What the steps of ordering must know: the cart with delivery costs, and who can be paid by transfer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalog import queries as catalog
from cooperatives import queries as cooperatives
from core import clock
from core.errors import DomainError
from core.i18n import _
from orders.carts.queries import CartGroup, CartView
from orders.rules import METHOD_TEXT, Method, local_phone
from orders.vouchers import queries as vouchers
from orders.vouchers.rules import Refused
from payments.rails.queries import offers
from places import queries as places
from places.queries import ShippingQuote
from revenue.subsidies import queries as subsidies


@dataclass(frozen=True)
class Parcel:
    """One cooperative's part of the cart with its delivery. quote: None while the place is not known."""

    group: CartGroup
    quote: ShippingQuote | None
    place: str
    registration: str
    address: str
    phone: str
    phone_text: str
    off_vnd: int = 0

    @property
    def total_vnd(self) -> int:
        """What the buyer pays: goods without what a voucher takes off, and delivery."""
        return self.group.goods_vnd - self.off_vnd + (self.quote.price_vnd if self.quote else 0)


@dataclass(frozen=True)
class VoucherView:
    """A code as typed. refusal: why it takes nothing off, in words; empty when it does. payer: the programme's name."""

    code: str
    refusal: str = ""
    payer: str = ""
    off_vnd: int = 0


@dataclass(frozen=True)
class Basket:
    """The whole cart with delivery."""

    cart: CartView
    parcels: tuple[Parcel, ...]
    voucher: VoucherView | None = None

    @property
    def off_vnd(self) -> int:
        """What a voucher takes off all orders."""
        return sum(one.off_vnd for one in self.parcels)

    @property
    def shipping_vnd(self) -> int:
        """Of all parcels."""
        return sum(one.quote.price_vnd for one in self.parcels if one.quote)

    @property
    def quoted(self) -> bool:
        """Whether delivery is known for all."""
        return all(one.quote for one in self.parcels)

    @property
    def total_vnd(self) -> int:
        """Everything."""
        return sum(one.total_vnd for one in self.parcels)

    @property
    def seller_ids(self) -> list[int]:
        """The cooperatives, in the cart's order."""
        return [one.group.cooperative_id for one in self.parcels]


def _quote(from_id: int, to_id: int | None, weight_g: int, on: date) -> ShippingQuote | None:
    if to_id is None:
        return None
    try:
        return places.shipping_quote(from_id, to_id, weight_g, on)
    except DomainError:  # a commune dissolved since it was chosen: the step "where" asks again
        return None


def basket(cart: CartView, commune_id: int | None, voucher: str = "", phone: str = "") -> Basket:
    """The cart with the delivery to a commune, at today's rates, and what a voucher takes off for this buyer."""
    on, parcels = clock.today(), []
    said, parts = _voucher(cart, voucher, phone, on) if voucher and cart.groups else (None, {})
    for group in cart.groups:
        seller = group.seller
        parcels.append(Parcel(
            group, _quote(seller.commune_id, commune_id, group.weight_g, on), seller.place,
            seller.registration_number, seller.address, seller.phone, local_phone(seller.phone),
            parts.get(group.cooperative_id, 0),
        ))  # fmt: skip
    return Basket(cart, tuple(parcels), said)


def _voucher(cart: CartView, typed: str, phone: str, on: date) -> tuple[VoucherView, Mapping[int, int]]:
    """What the code takes off each cooperative's goods, or why it does not."""
    goods = {group.cooperative_id: group.goods_vnd for group in cart.groups}
    try:
        found = subsidies.cut(typed, phone, goods, on)
    except Refused as error:
        text = f"{_(error.message, **error.params)} {_(error.remedy, **error.params)}"
        return VoucherView(typed, text.strip()), {}
    payer = vouchers.subsidy(found.subsidy_id).name if found.subsidy_id else ""
    return VoucherView(found.code, "", payer, found.total_vnd), found.parts


def can_transfer(seller_ids: list[int]) -> set[int]:
    """The cooperatives that have a bank account in force now."""
    return {one for one in seller_ids if cooperatives.active_account_id(one, clock.now()) is not None}


@dataclass(frozen=True)
class Rails:
    """Wallets, gateways and cards through a collector: those that answer now, and the names of those that do not."""

    up: tuple[Method, ...]
    down: tuple[str, ...]


def rails() -> Rails:
    """What may be chosen now besides transfer and cash. One statement."""
    found = offers()
    return Rails(
        tuple(one.method for one in found if one.up),
        tuple(_(METHOD_TEXT[one.method]) for one in found if not one.up),
    )


@dataclass(frozen=True)
class GoodsNote:
    """What the law wants said of goods before the order, beside name, measure and price."""

    origin: str
    ingredients: str
    usage: str
    storage: str
    warning: str
    shelf_life_days: int | None


def goods_notes(cart: CartView) -> dict[int, GoodsNote]:
    """By pack id; one statement for the goods and one for where they come from."""
    said = catalog.said_of({line.pack.product_id for line in cart.lines})
    names = places.place_names({one.origin_commune_id for one in said.values() if one.origin_commune_id})
    notes: dict[int, GoodsNote] = {}
    for line in cart.lines:
        found = said[line.pack.product_id]
        origin = names[found.origin_commune_id].full if found.origin_commune_id else ""
        notes[line.pack.pack_id] = GoodsNote(
            origin, found.ingredients, found.usage, found.storage, found.warning, found.shelf_life_days
        )
    return notes
