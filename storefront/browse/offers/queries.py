"""All that a product page shows, read in few prepared queries; what a product does not have is not asked for."""

from collections.abc import Iterable
from datetime import date, timedelta

from catalog import queries as catalog
from catalog.bundles.queries import contents
from catalog.clips.queries import of_product
from catalog.public import PackView, ProductCard, ProductPage
from catalog.questions.queries import answered
from catalog.search.shelves import around
from cooperatives import public as cooperatives
from core import clock, pages
from orders.reviews.queries import shown
from places.outline.public import MapView, map_of
from places.public import Delivery, delivery_to, provinces_to_choose
from storefront.browse import queries
from storefront.browse.public import BoxLine, Offer
from storefront.browse.rules import split_price

AROUND, VOICES = 4, 3


def make_offer(page: ProductPage, chosen: str, to: str) -> Offer:
    """The page of a product with a pack and a province as the address names them; unknown ones count as none."""
    day = clock.today()
    pages.depends("goods", f"product:{page.id}", f"cooperative:{page.cooperative_id}")
    pages.until(clock.start_of(day + timedelta(days=1)))
    pack = next((one for one in page.packs if str(one.id) == chosen), page.packs[0])
    terms = queries.terms_on(page.cooperative_id, day)
    seller = cooperatives.sellers({page.cooperative_id})[page.cooperative_id]
    alike, beside = around(page.id, page.category.id if page.category else None, page.cooperative_id, AROUND)
    return Offer(
        page, pack, seller, terms[0] if terms else None,
        split_price(pack.price_vnd, terms[0]) if terms else (), terms[1] if terms else None,
        None if pack.bundle else queries.lot_on_sale(pack.id, day), tuple(alike), neighbours=tuple(beside),
        contents=_contents(pack, day),
        reviews=shown(page.id, VOICES) if page.rating_count else (),
        questions=answered(page.id, VOICES) if page.question_count else (),
        country=map_of(page.province_code, page.province),
        provinces=provinces_to_choose(day),
        delivery=delivery_of(seller.commune_id, pack, to, day),
        clip=of_product(page.id),
    )  # fmt: skip


def delivery_of(from_commune_id: int, pack: PackView, to: str, day: date) -> Delivery | None:
    """Cost and days for one pack to a province named by its code; None where none is named. Goods that are only
    promised start on the day by which they are made."""
    start = (
        pack.promised_on if pack.available and pack.promised == pack.available and pack.promised_on else day
    )
    return (
        delivery_to(from_commune_id, to, pack.gross_weight_g, max(start, day), on_rates_of=day)
        if to
        else None
    )


def _contents(pack: PackView, day: date) -> tuple[BoxLine, ...]:
    if not pack.bundle:
        return ()
    inside = contents([pack.id]).get(pack.id, ())
    lots = queries.lots_on_sale((one.pack_id for one in inside), day)
    return tuple(
        BoxLine(one.name, one.label, one.slug, one.quantity, one.price_vnd * one.quantity, one.gtin,
                lots.get(one.pack_id)) for one in inside
    )  # fmt: skip


def kept_cards(ids: Iterable[str]) -> list[ProductCard]:
    """Cards of products whose ids a phone kept, in the phone's order, at most forty; what is no longer shown is left
    out."""
    wanted = [int(one) for one in dict.fromkeys(ids) if one.isascii() and one.isdigit() and len(one) < 12][
        :40
    ]
    return catalog.cards_of(wanted) if wanted else []


def country_of(province: str) -> MapView | None:
    """The map with a dot at a province of today, found by its name; None for any other."""
    found = next((one for one in provinces_to_choose(clock.today()) if one.name == province), None)
    return map_of(found.code, found.name) if found else None
