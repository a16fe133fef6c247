"""What a list shows around its cards: the filters that are set, price bands, and where to go on."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from catalog import queries as catalog
from catalog.public import CategoryView, ProductCard
from catalog.search import shelves
from catalog.search.choices import Facets
from catalog.search.facets import BANDS_VND, band_edges
from catalog.search.queries import Result
from catalog.search.rules import Asked, Filters, Query, read_query
from core.format import number, vnd, volume, weight
from core.i18n import _, language
from storefront.browse.forms import address_of

POPULAR = 4


@dataclass(frozen=True, slots=True)
class Tag:
    """A filter that is set: its name and the address of the list without it."""

    text: str
    href: str


def list_address(asked: Asked) -> str:
    """The address of a list in the reader's language."""
    args = address_of(asked) | ({} if language() == "vi" else {"hl": language()})
    return "/products" + (f"?{urlencode(args, doseq=True)}" if args else "")


def tags(asked: Asked, facets: Facets) -> list[Tag]:
    """The set filters, each with the way to take it off."""
    filters, found = asked.filters, []

    def add(text: str, **without: Any) -> None:
        found.append(Tag(text, list_address(replace(asked, filters=replace(filters, **without), page=1))))

    names = {one.slug: one.title for one in facets.categories}
    for slug in filters.category:
        add(names.get(slug, slug), category=tuple(one for one in filters.category if one != slug))
    for name, choices in (("cooperative", facets.cooperatives), ("province", facets.provinces),
                          ("ethnic_group", facets.ethnic_groups)):  # fmt: skip
        known = {one.value: one.name for one in choices}
        chosen = getattr(filters, name)
        for value in chosen:
            add(known.get(value, value), **{name: tuple(one for one in chosen if one != value)})
    if filters.ocop is not None:
        add(_("OCOP từ %(stars)s sao", stars=filters.ocop), ocop=None)
    band = band_number(filters.min_price_vnd, filters.max_price_vnd)
    if band is not None:
        add(band_name(band), min_price_vnd=None, max_price_vnd=None)
    elif filters.min_price_vnd is not None:
        add(_("từ %(price)s", price=vnd(filters.min_price_vnd)), min_price_vnd=None)
    if band is None and filters.max_price_vnd is not None:
        add(_("đến %(price)s", price=vnd(filters.max_price_vnd)), max_price_vnd=None)
    if filters.in_stock:
        add(_("Còn hàng"), in_stock=False)
    if filters.in_season:
        add(_("Đang mùa"), in_season=False)
    return found


def band_number(low_vnd: int | None, high_vnd: int | None) -> int | None:
    """Which price band these edges are; None for edges of one's own, or none."""
    bands = (band for band in range(len(BANDS_VND) + 1) if band_edges(band) == (low_vnd, high_vnd))
    return next(bands, None) if (low_vnd, high_vnd) != (None, None) else None


def band_name(band: int) -> str:
    """A price band as a person says it."""
    low, high = band_edges(band)
    if low is None:
        return _("Dưới %(price)s", price=vnd(BANDS_VND[0]))
    if high is None:
        return _("Từ %(price)s", price=vnd(low))
    return _("%(low)s đến %(high)s", low=vnd(low), high=vnd(high + 1))


@dataclass(frozen=True, slots=True)
class Band:
    """A price band that can be chosen."""

    number: int
    name: str
    count: int
    chosen: bool


def bands(asked: Asked, facets: Facets) -> list[Band]:
    """The price bands in which something is, the chosen one marked."""
    chosen = band_number(asked.filters.min_price_vnd, asked.filters.max_price_vnd)
    return [
        Band(int(one.value), band_name(int(one.value)), one.count, int(one.value) == chosen)
        for one in facets.prices
    ]


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where to go next: a text and an address."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways on from a list that found nothing, or not quite what was asked.

    typed: the search without its filters, where that finds something; fewer: single words of the search that are
    found; categories and popular: where nothing is found at all. amount: the quantity that nothing is packed in.
    """

    typed: WayOn | None = None
    fewer: tuple[WayOn, ...] = ()
    categories: tuple[CategoryView, ...] = ()
    popular: tuple[ProductCard, ...] = ()
    amount: str = ""


def ways(asked: Asked, result: Result) -> Ways:
    """The ways on from a result; all empty where it is what was asked."""
    amount = _amount(asked.query) if result.amount_missing else ""
    single = tuple(WayOn(text, list_address(Asked(read_query(text)))) for text in result.words)
    if result.total:
        return Ways(fewer=single, amount=amount)
    without = list_address(replace(asked, filters=Filters(), page=1))
    return Ways(
        WayOn(_("Bỏ lọc, xem %(count)s món", count=number(result.unfiltered)), without) if result.unfiltered else None,
        single, tuple(catalog.categories_with_goods()), tuple(shelves.newest(POPULAR)),
    )  # fmt: skip


def _amount(query: Query) -> str:
    if query.amount is None:
        return ""
    return weight(query.amount.quantity) if query.amount.unit == "g" else volume(query.amount.quantity)


def in_language(href: str) -> str:
    """An address of ours in the reader's language."""
    joint = "&" if "?" in href else "?"
    return href if language() == "vi" else f"{href}{joint}hl={language()}"
