"""Small pages around a product: delivery to a province, collections, and what a phone kept."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import public
from catalog import queries as catalog
from catalog.collections import queries as collections
from cooperatives import public as cooperatives
from core import clock, pages
from storefront.browse.offers.queries import delivery_of, kept_cards
from storefront.browse.schema import absolute

bp = Blueprint("offers", __name__)
IDS_MAX_CHARS = 500


def _until_midnight() -> None:
    pages.until(clock.start_of(clock.today() + timedelta(days=1)))


@bp.get("/products/<slug>/delivery")
@public
@pages.reads("pack", "to")
def delivery(slug: str) -> ResponseReturnValue:
    """Cost and days to a province, as the piece of the product page that a script puts in its place."""
    page = catalog.product_page(slug, clock.today())
    pages.depends("goods", f"product:{page.id}", f"cooperative:{page.cooperative_id}")
    _until_midnight()
    chosen = request.args.get("pack", "")
    pack = next((one for one in page.packs if str(one.id) == chosen), page.packs[0])
    seller = cooperatives.sellers({page.cooperative_id})[page.cooperative_id]
    found = delivery_of(seller.commune_id, pack, request.args.get("to", "")[:4], clock.today())
    return render_template("storefront/browse/_delivery.html", delivery=found, pack=pack)


@bp.get("/products/cards")
@public
@pages.reads("ids")
def cards() -> ResponseReturnValue:
    """Cards of the products whose ids a phone sends, as a piece of a page. Nobody learns whose phone: no cookie."""
    pages.depends("goods", "cooperatives")
    _until_midnight()
    found = kept_cards(request.args.get("ids", "")[:IDS_MAX_CHARS].split(","))
    return render_template("storefront/browse/_cards.html", cards=found)


@bp.get("/kept")
@public
def kept() -> ResponseReturnValue:
    """What this phone put aside and what it saw last; the list itself never leaves the phone but as ids."""
    return render_template("storefront/browse/kept.html")


@bp.get("/collections/<slug>")
@public
@pages.reads()
def collection(slug: str) -> ResponseReturnValue:
    """A shelf put together for a time. Raises NotFound outside its days."""
    pages.depends("goods", "cooperatives", "collections")
    _until_midnight()
    found = collections.collection(slug, clock.today())
    return render_template(
        "storefront/browse/collection.html", shelf=found, goods=collections.goods(found),
        others=[one for one in collections.standing(clock.today()) if one.id != found.id],
        drawing=absolute(f"/static/img/products/{found.illustration}.svg"),
    )  # fmt: skip
