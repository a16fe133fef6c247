"""What sending a shop's basket costs, as our own check-out says: the sum paid there is the sum owed here."""

from collections.abc import Mapping
from typing import Any

from catalog.queries import pack_facts
from channels.saleor.rules import CURRENCY, pack_of
from channels.saleor.whereto import commune_of, places_of
from cooperatives.public import sellers
from core import clock
from places.queries import shipping_quote

METHOD = "cho-phien"


def methods(checkout: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One way to send it, or none: for goods that are not all ours, and while the commune is not clear.

    checkout: in the shape of `documents.SHIPPING`. A parcel from each cooperative, each at its own rate.
    """
    commune = commune_of(places_of(checkout.get("shippingAddress") or {}))
    wanted: dict[int, int] = {}
    for line in checkout.get("lines") or ():
        pack_id = pack_of((line.get("variant") or {}).get("externalReference"))
        if pack_id is None:
            return []
        wanted[pack_id] = wanted.get(pack_id, 0) + int(line["quantity"])
    facts = pack_facts(wanted)
    if commune is None or not wanted or len(facts) != len(wanted):
        return []
    weights: dict[int, int] = {}
    for pack_id, quantity in wanted.items():
        one = facts[pack_id]
        weights[one.cooperative_id] = weights.get(one.cooperative_id, 0) + one.gross_weight_g * quantity
    known = sellers(set(weights))
    quotes = [
        shipping_quote(known[seller].commune_id, commune.id, grams, clock.today())
        for seller, grams in sorted(weights.items())
    ]
    return [{
        "id": METHOD, "name": f"Chợ Phiên ({len(quotes)} kiện)", "amount": sum(one.price_vnd for one in quotes),
        "currency": CURRENCY, "minimumDeliveryDays": min(one.days_min for one in quotes),
        "maximumDeliveryDays": max(one.days_max for one in quotes),
    }]  # fmt: skip
