"""What the shop's pages show beyond their parts' own views: frozen, plain values."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from catalog.public import PackView, ProductCard, ProductPage
from catalog.search.queries import Facets
from catalog.search.rules import Asked
from cooperatives.public import Seller
from core.format import vnd
from core.i18n import _, language
from storefront.browse.forms import address_of
from storefront.browse.queries import LotOnSale
from storefront.browse.rules import Part, Shares


@dataclass(frozen=True, slots=True)
class Example:
    """A price opened up on the home page."""

    card: ProductCard
    parts: tuple[Part, ...]
    from_on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """A product page: the product, the pack that is chosen, its seller, shares, lot and neighbours."""

    page: ProductPage
    pack: PackView
    seller: Seller
    shares: Shares | None
    parts: tuple[Part, ...]
    terms_from_on: date | None
    lot: LotOnSale | None
    related: tuple[ProductCard, ...]

    @property
    def producers_percent(self) -> int:
        """The producers' share in whole per cent, rounded down."""
        return self.shares.producers_bp // 100 if self.shares else 0


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
    if filters.min_price_vnd is not None:
        add(_("từ %(price)s", price=vnd(filters.min_price_vnd)), min_price_vnd=None)
    if filters.max_price_vnd is not None:
        add(_("đến %(price)s", price=vnd(filters.max_price_vnd)), max_price_vnd=None)
    if filters.in_stock:
        add(_("Còn hàng"), in_stock=False)
    return found
