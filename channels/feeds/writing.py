"""Items in each channel's spelling, line by line: RSS 2.0 with Google's names, CSV for Meta and TikTok, JSON lines.

Everything is written from `Item` alone, so that no channel can say another price than the next.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Any
from xml.sax.saxutils import escape

from channels.feeds.rules import (
    DESCRIPTION_MAX_CHARS,
    GOOGLE_SPELLING,
    SPACED_SPELLING,
    Availability,
    Feed,
    Item,
    left_out,
    measure,
    per_unit,
    plain,
)

GOOGLE_NAMES = "http://base.google.com/ns/1.0"
MEDIA_TYPE = {
    Feed.GOOGLE: "application/xml; charset=utf-8",
    Feed.META: "text/csv; charset=utf-8",
    Feed.TIKTOK: "text/csv; charset=utf-8",
    Feed.SCHEMA: "application/x-ndjson; charset=utf-8",
}
FILE_NAME = {
    Feed.GOOGLE: "google.xml",
    Feed.META: "meta.csv",
    Feed.TIKTOK: "tiktok.csv",
    Feed.SCHEMA: "schema.jsonl",
}
UNIT_CODE = {"g": "GRM", "ml": "MLT", "piece": "C62"}


def write(feed: Feed, found: Iterable[Item], title: str, home: str, words: str) -> Iterator[str]:
    """The whole file in pieces; what the channel refuses is left out. title, home, words: of the channel in RSS."""
    taken = (one for one in found if left_out(one, feed) is None)
    if feed is Feed.GOOGLE:
        yield from _google(taken, title, home, words)
    elif feed is Feed.SCHEMA:
        yield from (
            json.dumps(schema(one), ensure_ascii=False, separators=(",", ":")) + "\n" for one in taken
        )
    else:
        yield from _table(taken, META if feed is Feed.META else TIKTOK)


# ---- Google Merchant: RSS 2.0 ----


def _google(found: Iterable[Item], title: str, home: str, words: str) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" xmlns:g="{GOOGLE_NAMES}"><channel>\n'
        f"<title>{escape(title)}</title><link>{escape(home)}</link><description>{escape(words)}</description>\n"
    )
    for one in found:
        fields = "".join(f"<g:{name}>{escape(text)}</g:{name}>" for name, text in google(one))
        yield f"<item>{fields}{_shipping(one)}</item>\n"
    yield "</channel></rss>\n"


def google(item: Item) -> list[tuple[str, str]]:
    """The fields of an item in Google's names and spelling, in order; `additional_image_link` may come again.

    Of goods that left the shelf a supplement needs the number and one word.
    """
    if item.availability is Availability.GONE:
        return [("id", item.id), ("availability", GOOGLE_SPELLING[item.availability])]
    fields = [
        ("id", item.id), ("title", item.title), ("description", item.description), ("link", item.link),
        ("image_link", item.images[0] if item.images else ""),
        *(("additional_image_link", one) for one in item.images[1:]),
        ("availability", GOOGLE_SPELLING[item.availability]), ("availability_date", _day(item)),
        ("price", money(item.price_vnd)), ("condition", "new"), ("brand", item.brand), ("gtin", item.gtin),
        ("identifier_exists", "" if item.gtin else "no"), ("item_group_id", item.group),
        ("product_type", item.category), ("is_bundle", "yes" if item.bundle else ""),
        ("unit_pricing_measure", measure(item.net_quantity, item.net_unit) if item.base else ""),
        ("unit_pricing_base_measure", measure(*item.base) if item.base else ""),
        ("shipping_weight", measure(item.gross_weight_g, "g")),
    ]  # fmt: skip
    return [(name, text) for name, text in fields if text]


def _day(item: Item) -> str:
    """From when a pre-order is sent, midnight in Hà Nội; empty for the rest."""
    return f"{item.available_on.isoformat()}T00:00+07:00" if item.available_on else ""


def _shipping(item: Item) -> str:
    if item.shipping_vnd is None:
        return ""
    price = f"<g:price>{money(item.shipping_vnd)}</g:price>"
    return f"<g:shipping><g:country>VN</g:country>{price}</g:shipping>"


def money(amount_vnd: int) -> str:
    """Whole đồng with the currency's code: 65000 VND."""
    return f"{amount_vnd} VND"


# ---- Meta and TikTok: CSV ----

Columns = tuple[tuple[str, Callable[[Item], str]], ...]


def _ships(item: Item) -> str:
    """Country, region, service and price with colons between."""
    return "" if item.shipping_vnd is None else f"VN:::{money(item.shipping_vnd)}"


def _per_unit(item: Item) -> str:
    """Meta's `unit_price`: an object with value, currency and one of its own units."""
    found = per_unit(item)
    if found is None:
        return ""
    return json.dumps({"value": found[0], "currency": "VND", "unit": found[1]}, separators=(",", ":"))


def _described(item: Item) -> str:
    """TikTok's list has no field for a unit price: it goes before the words, as the page writes it."""
    said = f"{item.unit_text}. {item.description}" if item.unit_text else item.description
    return plain(said, DESCRIPTION_MAX_CHARS)


_SAME: Columns = (
    ("title", lambda one: one.title),
    ("availability", lambda one: SPACED_SPELLING[one.availability]),
    ("condition", lambda one: "new"),
    ("price", lambda one: money(one.price_vnd)),
    ("link", lambda one: one.link),
    ("image_link", lambda one: one.images[0]),
    ("brand", lambda one: one.brand),
    ("additional_image_link", lambda one: ",".join(one.images[1:])),
    ("gtin", lambda one: one.gtin),
    ("item_group_id", lambda one: one.group),
    ("product_type", lambda one: one.category),
    ("shipping", _ships),
    ("shipping_weight", lambda one: measure(one.gross_weight_g, "g")),
)
META: Columns = (
    ("id", lambda one: one.id), ("description", lambda one: one.description), *_SAME, ("unit_price", _per_unit),
)  # fmt: skip
TIKTOK: Columns = (("sku_id", lambda one: one.id), ("description", _described), *_SAME)


def _table(found: Iterable[Item], columns: Columns) -> Iterator[str]:
    yield _line([name for name, _text in columns])
    for one in found:
        yield _line([text(one) for _name, text in columns])


def _line(cells: list[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


# ---- schema.org ----


def schema(item: Item) -> dict[str, Any]:
    """A Product with its Offer, of the same words and figures as the page's own data block."""
    offer: dict[str, Any] = {
        "@type": "Offer", "url": item.link, "price": str(item.price_vnd), "priceCurrency": "VND",
        "availability": f"https://schema.org/{item.availability.value}",
        "itemCondition": "https://schema.org/NewCondition",
        "seller": {"@type": "Organization", "name": item.seller},
    }  # fmt: skip
    if item.availability is Availability.PREORDER and item.available_on:
        offer["availabilityStarts"] = item.available_on.isoformat()
    if item.base:
        offer["priceSpecification"] = _unit_price(item)
    if item.shipping_vnd is not None:
        offer["shippingDetails"] = {
            "@type": "OfferShippingDetails",
            "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "VN"},
            "shippingRate": {"@type": "MonetaryAmount", "value": str(item.shipping_vnd), "currency": "VND"},
        }
    made: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "Product", "@id": item.anchor, "sku": item.id,
        "name": item.name, "description": item.description, "url": item.link, "inProductGroupWithID": item.group,
        "brand": {"@type": "Brand", "name": item.seller}, "countryOfOrigin": {"@type": "Country", "name": "VN"},
        "offers": offer,
    }  # fmt: skip
    more = {
        "image": list(item.images),
        "category": item.category,
        f"gtin{len(item.gtin)}": item.gtin,
    }
    return made | {name: value for name, value in more.items() if value}


def _unit_price(item: Item) -> dict[str, Any]:
    """The pack's price for its measure, or the kilogram's for goods weighed at packing."""
    amount, quantity, code = item.price_vnd, item.net_quantity, UNIT_CODE[item.net_unit]
    if item.per_kg_vnd is not None:
        amount, quantity, code = item.per_kg_vnd, 1, "KGM"
    return {
        "@type": "UnitPriceSpecification", "price": str(amount), "priceCurrency": "VND",
        "referenceQuantity": {"@type": "QuantitativeValue", "value": quantity, "unitCode": code},
    }  # fmt: skip
