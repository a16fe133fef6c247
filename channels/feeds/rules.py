"""What a feed holds: the listing as every channel sees it, what a channel refuses, and who fetches. Pure functions.

Spellings were read in the channels' published lists of fields (Google's product data specification, Meta's catalogue
fields and its guide to feeds, TikTok's catalogue product parameters), in stored copies; no channel has accepted a file
of ours yet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalog.rules import Unit, is_gtin
from core.i18n import N_

TITLE_MAX_CHARS, DESCRIPTION_MAX_CHARS, IMAGES_MAX = 150, 5000, 10


class Feed(StrEnum):
    """Whose file it is."""

    GOOGLE = "google"
    META = "meta"
    TIKTOK = "tiktok"
    SCHEMA = "schema"


class Family(StrEnum):
    """Whose programme fetched: nothing finer is kept, no address and no version."""

    GOOGLE = "google"
    META = "meta"
    TIKTOK = "tiktok"
    BING = "bing"
    BROWSER = "browser"
    OTHER = "other"


class Availability(StrEnum):
    """As schema.org names it, and as the product's page says."""

    IN_STOCK = "InStock"
    PREORDER = "PreOrder"
    OUT_OF_STOCK = "OutOfStock"
    GONE = "Discontinued"  # taken off the shelf: told in files of changes alone


class Reason(StrEnum):
    """Why a listing is not in a channel's file."""

    NO_PHOTO = "no_photo"


REASON_TEXT: dict[Reason, str] = {Reason.NO_PHOTO: N_("chưa có ảnh chụp, mới có tranh minh hoạ")}
WANTS_PHOTO = frozenset({Feed.GOOGLE, Feed.META, Feed.TIKTOK})

GOOGLE_SPELLING = {
    Availability.IN_STOCK: "in_stock",
    Availability.PREORDER: "preorder",
    Availability.OUT_OF_STOCK: "out_of_stock",
    Availability.GONE: "out_of_stock",  # Google's list has no word for it, and a supplement takes nothing away
}
SPACED_SPELLING = {
    Availability.IN_STOCK: "in stock",
    Availability.PREORDER: "preorder",
    Availability.OUT_OF_STOCK: "out of stock",
    Availability.GONE: "discontinued",
}
AVAILABILITY_TEXT = {
    Availability.IN_STOCK: N_("Còn hàng"),
    Availability.PREORDER: N_("Nhận đặt trước"),
    Availability.OUT_OF_STOCK: N_("Hết hàng"),
    Availability.GONE: N_("Đã cất khỏi kệ"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A pack on sale as every channel sees it.

    link, image and images: absolute addresses; image is empty where there is only a drawing. available_on: from when a
    pre-order is sent. gtin: 13 or 14 digits that mean these goods everywhere, else empty. base: (how many, of what) the
    unit price is for, None for single pieces. unit_text: the page's own words of it. per_kg_vnd: of goods weighed at
    packing, whose price_vnd is what is prepaid. shipping_vnd: the dearest way inside Viet Nam, None where no rate is
    set or it is too heavy.
    """

    id: str
    group: str
    product_id: int
    pack_id: int
    name: str
    anchor: str
    title: str
    description: str
    link: str
    images: tuple[str, ...]
    brand: str
    seller: str
    category: str
    price_vnd: int
    availability: Availability
    available_on: date | None
    gtin: str
    net_quantity: int
    net_unit: str
    base: tuple[int, str] | None
    gross_weight_g: int
    shipping_vnd: int | None
    bundle: bool = False
    per_kg_vnd: int | None = None
    piece_min_g: int | None = None
    unit_text: str = ""


def left_out(item: Item, feed: Feed) -> Reason | None:
    """Why a channel does not take this listing; None for what is sent. A drawing is never sent as a photo."""
    return Reason.NO_PHOTO if feed in WANTS_PHOTO and not item.images else None


def availability(available: int, promised: int) -> Availability:
    """Pre-order where every piece is still to be made.

    >>> availability(3, 1), availability(3, 3), availability(0, 0)
    (<Availability.IN_STOCK: 'InStock'>, <Availability.PREORDER: 'PreOrder'>, <Availability.OUT_OF_STOCK: 'OutOfStock'>)
    """
    if available <= 0:
        return Availability.OUT_OF_STOCK
    return Availability.PREORDER if promised == available else Availability.IN_STOCK


_NOT_GLOBAL = re.compile(r"^\d(?:0[245]|2|9[89]|952)")  # in 14 digits, after the packaging indicator
_NO_PREFIX = "0000000"


def global_gtin(gtin14: str) -> str:
    """The number if it names these goods everywhere, as 13 digits (14 for a case); empty for any other.

    Left out: a wrong check digit; numbers for restricted circulation (02, 04, 2), coupons (05, 98, 99), GS1's own
    samples (952), GTIN-8 (GS1 General Specifications 1.4 and the list of prefixes).

    >>> global_gtin("08934567890120"), global_gtin("02000000000015"), global_gtin("08934567890121")
    ('8934567890120', '', '')
    """
    if (
        len(gtin14) != 14
        or not is_gtin(gtin14)
        or _NOT_GLOBAL.match(gtin14)
        or gtin14[1:].startswith(_NO_PREFIX)
    ):
        return ""
    return gtin14[1:] if gtin14.startswith("0") else gtin14


def base_measure(net_quantity: int, net_unit: str) -> tuple[int, str] | None:
    """What the page's unit price is for: 1 kg or 1 l, 100 g or 100 ml up to 100 of them, 1 ct; None for one piece.

    >>> base_measure(500, "g"), base_measure(10, "ml"), base_measure(12, "piece"), base_measure(1, "piece")
    ((1, 'kg'), (100, 'ml'), (1, 'ct'), None)
    """
    if net_unit == Unit.PIECE:
        return (1, "ct") if net_quantity > 1 else None
    if net_quantity <= 100:
        return (100, str(net_unit))
    return (1, "kg" if net_unit == Unit.GRAM else "l")


def per_unit(item: Item) -> tuple[int, str] | None:
    """(whole đồng, of what) as a catalogue that knows no 100 g wants it: a kilogram, a litre or one piece; None for a
    single piece. Rounded half up, as the page does.
    """
    if item.per_kg_vnd is not None:
        return item.per_kg_vnd, "kg"
    if item.base is None:
        return None
    unit, base = {"g": ("kg", 1000), "ml": ("l", 1000)}.get(item.net_unit, ("ct", 1))
    return (2 * item.price_vnd * base + item.net_quantity) // (2 * item.net_quantity), unit


@dataclass(frozen=True, slots=True)
class Since:
    """From where a file of changes begins: right after a step of ours, or so many hours ago."""

    step: int | None = None
    hours: int | None = None


HOURS_MAX = 720
_SINCE = re.compile(r"c(\d{1,15})|([1-9]\d{0,2})h", re.ASCII)


def since_of(text: str) -> Since | None:
    """What `?since=` says: the mark of an earlier answer, or a number of hours up to 720; None for anything else.

    >>> since_of("c17"), since_of("48h"), since_of("yesterday"), since_of("999h")
    (Since(step=17, hours=None), Since(step=None, hours=48), None, None)
    """
    match = _SINCE.fullmatch(text)
    if match is None or (match[2] and int(match[2]) > HOURS_MAX):
        return None
    return Since(int(match[1])) if match[1] else Since(hours=int(match[2]))


def measure(quantity: int, unit: str) -> str:
    """A quantity in a channel's spelling: "500 g", "12 ct"."""
    return f"{quantity} {'ct' if unit == Unit.PIECE else unit}"


def dearest(rates: Iterable[tuple[str, int, int]], weight_g: int) -> int | None:
    """The price of the dearest zone for a parcel: a channel that knows no provinces must not promise too little.

    rates: (zone, up to so many grams, đồng). None where a zone takes no such weight, or no rate is set.

    >>> dearest([("far", 1000, 40_000), ("far", 2000, 50_000), ("same_province", 2000, 20_000)], 1200)
    50000
    """
    zones: dict[str, dict[int, int]] = {}
    for zone, up_to_g, price_vnd in rates:
        zones.setdefault(zone, {})[up_to_g] = price_vnd
    fitting = [[step for step in steps if step >= weight_g] for steps in zones.values()]
    if not fitting or not all(fitting):
        return None
    return max(steps[min(fits)] for steps, fits in zip(zones.values(), fitting, strict=True))


def plain(text: str, most: int) -> str:
    """One line without signs that XML forbids, cut at a word."""
    kept = "".join(sign if sign >= " " and sign not in "\ufffe\uffff" else " " for sign in text)
    flat = " ".join(kept.encode("utf-8", "ignore").decode().split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0][: most - 1].rstrip(" ,.;") + "…"


_FAMILIES = (
    (Family.TIKTOK, re.compile(r"tiktok|bytespider|bytedance", re.IGNORECASE)),
    (Family.META, re.compile(r"facebook|meta-external|instagram", re.IGNORECASE)),
    (Family.GOOGLE, re.compile(r"google", re.IGNORECASE)),
    (Family.BING, re.compile(r"bing|msnbot", re.IGNORECASE)),
    (Family.BROWSER, re.compile(r"^Mozilla/5\.0 (?!.*(?:bot|crawl|spider|\+http))", re.IGNORECASE)),
)


def family(agent: str) -> Family:
    """Whose programme says so of itself; anybody may say anything, so this is a hint and no proof.

    >>> family("Mozilla/5.0 (compatible; Googlebot/2.1)"), family("facebookexternalhit/1.1"), family("")
    (<Family.GOOGLE: 'google'>, <Family.META: 'meta'>, <Family.OTHER: 'other'>)
    """
    return next((name for name, sign in _FAMILIES if sign.search(agent)), Family.OTHER)
