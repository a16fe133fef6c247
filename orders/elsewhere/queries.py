"""What an order costs: by the shop's prices and carriage of now, or by what was agreed where the goods were sold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from catalog import queries as catalog
from catalog.queries import PackFact
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.money import check_price
from orders.rules import SOLD_THERE, Door
from places import queries as places
from places.queries import ShippingQuote


class Changed(Conflict):
    """A price or the delivery cost is not what the buyer agreed to; shown again, and asked again."""


def sellable(agreed: Mapping[int, int | None], door: Door) -> dict[int, PackFact]:
    """Facts of the packs {pack id: agreed price in đồng}, with the price that holds.

    At the shop's own doors the pack must be on sale, at the price agreed to: raises NotFound, or `Changed`. What was
    sold elsewhere is a fact: its price stands, on sale here or not.
    """
    facts = catalog.pack_facts(list(agreed))
    for pack_id, price_vnd in agreed.items():
        pack = facts.get(pack_id)
        if door in SOLD_THERE and pack is not None:
            if price_vnd is None or pack.band is not None:
                raise Invalid(N_("Chưa rõ giá đã bán của %(name)s."), name=pack.product_name)
            facts[pack_id] = replace(pack, price_vnd=check_price(price_vnd, field="price_vnd"))
            continue
        if pack is None or not pack.on_sale:
            raise NotFound(N_("Một món trong giỏ không còn bán."), remedy=N_("Mở giỏ để bỏ món đó ra."))
        if price_vnd not in (None, pack.price_vnd):
            raise Changed(
                N_("Giá của %(name)s vừa đổi."), remedy=N_("Xem lại giá mới rồi đặt."), name=pack.product_name
            )
    return facts


def carriage(from_id: int, to_id: int, weight_g: int, on: date, door: str) -> ShippingQuote:
    """What carrying the parcel costs a buyer; nothing where the goods were handed over, or carried, elsewhere."""
    if door in SOLD_THERE:
        return ShippingQuote(0, 0, 0, "")
    return places.shipping_quote(from_id, to_id, weight_g, on)
