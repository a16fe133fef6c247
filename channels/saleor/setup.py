"""What our goods hang on in a shop: a channel in đồng, a warehouse whose zone covers Viet Nam, a type, attributes.

Looked up by slug and made where missing, so that a second run makes nothing twice. ‼ A warehouse without a
shipping zone for the buyer's country counts as empty: stock there is 0 whatever is written.
"""

from typing import Any

from channels.saleor import documents
from channels.saleor.client import Client
from channels.saleor.goods import ATTRIBUTES
from channels.saleor.rules import COUNTRY, CURRENCY
from core.i18n import N_

SLUG, ZONE = "cho-phien", "Chợ Phiên: Việt Nam"
ADDRESS = {
    "companyName": "Chợ Phiên", "streetAddress1": "Kho của từng hợp tác xã", "city": "Hà Nội", "countryArea": "Hà Nội",
    "country": COUNTRY, "skipValidation": True,
}  # fmt: skip

NO_CHANNEL = N_("Cửa hàng chưa có kênh này. Mở kênh bán bằng đồng (VND), ghi đúng tên, rồi gọi thử.")
NOT_VND = N_("Kênh này không bán bằng đồng (VND). Chọn kênh khác rồi gọi thử.")


class CannotSetUp(Exception):
    """A person of the shop must mend something first. text: a message id."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def set_up(shop: Client, channel_slug: str, categories: dict[str, str]) -> dict[str, Any]:
    """Ids of channel, warehouse, product type, attributes and categories {slug: name}; made where they are missing.

    Raises CannotSetUp for a channel that is missing or not in đồng, and where the shop refuses what must be made.
    """
    slugs = {f"{SLUG}-{slug}": name for slug, name in categories.items()}
    found = shop.query(
        documents.SETUP, channel=channel_slug, warehouses=[SLUG], types=[SLUG], attributes=list(ATTRIBUTES), zone=ZONE,
        categories=list(slugs),
    )  # fmt: skip
    channel = found["channel"]
    if channel is None:
        raise CannotSetUp(NO_CHANNEL)
    if channel["currencyCode"] != CURRENCY:
        raise CannotSetUp(NOT_VND)
    warehouse = _first(found["warehouses"]) or _made(
        shop, documents.WAREHOUSE, "createWarehouse", "warehouse",
        {"name": "Chợ Phiên", "slug": SLUG, "externalReference": SLUG, "address": ADDRESS},
    )  # fmt: skip
    if warehouse not in [one["id"] for one in channel["warehouses"]]:
        _made(
            shop,
            documents.CHANNEL,
            "channelUpdate",
            "channel",
            {"addWarehouses": [warehouse]},
            id=channel["id"],
        )
    _zone(shop, found["shippingZones"], channel["id"], warehouse)
    attributes = _attributes(shop, {one["slug"]: one["id"] for one in _nodes(found["attributes"])})
    kind = _first(found["productTypes"]) or _made(
        shop, documents.PRODUCT_TYPE, "productTypeCreate", "productType",
        {"name": "Hàng Chợ Phiên", "slug": SLUG, "hasVariants": True, "isShippingRequired": True,
         "productAttributes": list(attributes.values()), "variantAttributes": []},
    )  # fmt: skip
    known = {one["slug"]: one["id"] for one in _nodes(found["categories"])}
    for slug, name in slugs.items():
        if slug not in known:
            known[slug] = _made(
                shop, documents.CATEGORY, "categoryCreate", "category", {"name": name, "slug": slug}
            )
    ids = {slug.removeprefix(f"{SLUG}-"): one for slug, one in known.items()}
    return {
        "channel": channel["id"],
        "warehouse": warehouse,
        "type": kind,
        "attributes": attributes,
        "categories": ids,
    }


def _nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def _first(connection: dict[str, Any]) -> str | None:
    nodes = _nodes(connection)
    return str(nodes[0]["id"]) if nodes else None


def _zone(shop: Client, known: dict[str, Any], channel: str, warehouse: str) -> None:
    for zone in _nodes(known):
        covers = COUNTRY in [one["code"] for one in zone["countries"]]
        joins = [[one["id"] for one in zone[name]] for name in ("warehouses", "channels")]
        if covers and warehouse in joins[0] and channel in joins[1]:
            return
    _made(shop, documents.ZONE, "shippingZoneCreate", "shippingZone", {
        "name": ZONE, "countries": [COUNTRY], "addWarehouses": [warehouse], "addChannels": [channel],
    })  # fmt: skip


def _attributes(shop: Client, known: dict[str, str]) -> dict[str, str]:
    made = dict(known)
    for slug, name in ATTRIBUTES.items():
        if slug not in made:
            made[slug] = _made(shop, documents.ATTRIBUTE, "attributeCreate", "attribute", {
                "name": name, "slug": slug, "externalReference": slug, "type": "PRODUCT_TYPE",
                "inputType": "PLAIN_TEXT", "visibleInStorefront": True,
            })  # fmt: skip
    return {slug: made[slug] for slug in ATTRIBUTES}


def _made(shop: Client, document: str, field: str, thing: str, given: dict[str, Any], **more: Any) -> str:
    answer = shop.mutate(document, input=given, **more)[field]
    if answer["errors"] or answer[thing] is None:
        first = (answer["errors"] or [{"message": "?"}])[0]
        raise CannotSetUp(f"{field}: {first['message']}"[:200])
    return str(answer[thing]["id"])
