"""The shop's public pages. They read no session and set no cookie, so that every reader gets the same bytes."""

import mimetypes
from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue

from accounts.access import public
from catalog import queries as catalog
from catalog.collections.queries import standing
from catalog.public import ProductCard
from catalog.search import shelves
from catalog.search.queries import search
from catalog.search.rules import Sort
from catalog.search.suggestions.queries import suggest
from cooperatives import public as cooperatives
from cooperatives.members.public import people_of
from core import clock, files, pages
from core.errors import NotFound
from core.frames import allow_frame, allow_media
from core.i18n import N_, _
from places.public import public_rates
from storefront.browse import queries, schema, sitemaps
from storefront.browse.drawing import cards_drawn, shares_drawn
from storefront.browse.forms import READ, address_of, read_asked, read_page
from storefront.browse.listing import bands, in_language, tags, ways
from storefront.browse.offers import views as offers
from storefront.browse.offers.queries import country_of, make_offer
from storefront.browse.opinions import views as opinions
from storefront.browse.policies import POLICIES
from storefront.browse.public import Example
from storefront.browse.rules import split_price

bp = Blueprint("browse", __name__)
FRESH = 8
SELLERS_SHOWN = TRADITIONS_SHOWN = 4
SELLERS_A_PAGE = 24
SORTS = {
    Sort.RELEVANCE: N_("Hợp nhất"),
    Sort.NEWEST: N_("Mới về"),
    Sort.PRICE: N_("Giá thấp trước"),
    Sort.PRICE_DOWN: N_("Giá cao trước"),
}
KINDS = {
    "category": N_("Loại hàng"),
    "product": N_("Món"),
    "cooperative": N_("Người bán"),
    "place": N_("Nơi làm"),
    "tradition": N_("Nghề của bà con"),
}
SUGGEST_MAX_CHARS = 60


@bp.get("/")
@public
@pages.reads()
def home() -> ResponseReturnValue:
    """The market at a glance: what is fresh, by kind, how a price is shared, who sells."""
    pages.depends("goods", "cooperatives", "collections")
    pages.until(clock.start_of(clock.today() + timedelta(days=1)))
    fresh = shelves.newest(FRESH)
    seller_count, traditions = cooperatives.traditions_counted()
    goods_count, exact = shelves.goods_count()
    return render_template(
        "storefront/browse/home.html",
        fresh=fresh,
        categories=catalog.categories_with_goods(),
        sellers=cooperatives.sellers_listed(SELLERS_SHOWN),
        seller_count=seller_count,
        goods_count=goods_count,
        goods_exact=exact,
        traditions=traditions[:TRADITIONS_SHOWN],
        example=_example(fresh),
        collections=standing(clock.today()),
        schema=schema.market_script(),
        shared=schema.market_shared(),
    )


def _example(fresh: Sequence[ProductCard]) -> Example | None:
    """The first fresh product whose seller has settlement terms, with its price opened."""
    card = next((one for one in fresh if one.share_bp), None)
    found = queries.terms_of(card.seller_slug, clock.today()) if card else None
    return Example(card, split_price(card.price_vnd, found[0]), found[1]) if card and found else None


@bp.get("/products")
@public
@pages.reads(*READ)
def products() -> ResponseReturnValue:
    """A list: searched, filtered, sorted, a page at a time."""
    pages.depends("goods", "cooperatives")
    asked = read_asked(request.args)
    result = search(asked)
    if asked.query and (result.corrected or result.relaxed or not result.total):
        pages.depends("search")
    return render_template(
        "storefront/browse/products.html", asked=asked, q=asked.query.typed, result=result,
        tags=tags(asked, result.facets), args=address_of(asked), sorts=SORTS, bands=bands(asked, result.facets),
        everything=in_language("/products"), ways=ways(asked, result),
        cards=cards_drawn(result.hits, level=2),
    )  # fmt: skip


@bp.get("/products/suggest")
@public
@pages.reads("q")
def suggestions() -> ResponseReturnValue:
    """What to offer for what was typed so far, as JSON: at most eight lines of kind, text and address."""
    pages.depends("search", "cooperatives")
    lines = suggest(request.args.get("q", "")[:SUGGEST_MAX_CHARS])
    found = [
        {"kind": _(KINDS[line.kind]), "text": line.text, "href": in_language(line.href)} for line in lines
    ]
    return jsonify(found)


@bp.get("/products/<slug>")
@public
@pages.reads("pack", "to")
def product(slug: str) -> ResponseReturnValue:
    """One product: pictures, packs, price, where it comes from, whom the money reaches, papers, seller."""
    page = catalog.product_page(slug, clock.today())
    offer = make_offer(page, request.args.get("pack", ""), request.args.get("to", "")[:4])
    if offer.clip and offer.clip.frame_host:
        allow_frame(offer.clip.frame_host)
    elif offer.clip:
        allow_media()
    return render_template(
        "storefront/browse/product.html", offer=offer, page=page, pack=offer.pack, seller=offer.seller,
        schema=schema.product_script(offer), shared=schema.product_shared(offer),
        shares=shares_drawn(offer.parts, offer.pack.price_vnd),
        neighbours=cards_drawn(offer.neighbours, level=3, eager=0),
        related=cards_drawn(offer.related, level=3, eager=0),
    )  # fmt: skip


@bp.get("/cooperatives")
@public
@pages.reads("page")
def sellers() -> ResponseReturnValue:
    """Every cooperative that sells, by name, a page at a time."""
    pages.depends("goods", "cooperatives")
    count = cooperatives.traditions_counted()[0]
    page_count = max(1, -(-count // SELLERS_A_PAGE))
    page = min(read_page(request.args), page_count)
    listed = cooperatives.sellers_listed(SELLERS_A_PAGE, (page - 1) * SELLERS_A_PAGE)
    return render_template(
        "storefront/browse/sellers.html", sellers=listed, seller_count=count, page=page, page_count=page_count,
        counts=shelves.counts_of(one.id for one in listed),
    )  # fmt: skip


@bp.get("/cooperatives/<slug>")
@public
@pages.reads()
def seller(slug: str) -> ResponseReturnValue:
    """A cooperative's shop: its story, its goods, its papers, and who answers for it."""
    found = cooperatives.seller(slug)
    pages.depends("goods", f"cooperative:{found.id}", "people")
    pages.until(clock.start_of(clock.today() + timedelta(days=1)))
    return render_template(
        "storefront/browse/seller.html", seller=found, goods=catalog.cards(limit=60, cooperative_id=found.id),
        people=people_of(found.id), country=country_of(found.province),
        papers=catalog.certificates(found.id, clock.today()), schema=schema.seller_script(found),
        shared=schema.seller_shared(found),
    )  # fmt: skip


@bp.get("/policies")
@public
@pages.reads()
def policy_list() -> ResponseReturnValue:
    """Every page of rules, with its version."""
    pages.depends("policies")
    return render_template("storefront/browse/policy_list.html", policies=POLICIES)


@bp.get(f"/<any({', '.join(POLICIES)}):name>")
@public
@pages.reads()
def policy(name: str) -> ResponseReturnValue:
    """A page of rules, in the reader's language."""
    pages.depends("policies")
    return render_template("storefront/browse/policy.html", name=name, policy=POLICIES[name])


@bp.get("/shipping-prices")
@public
@pages.reads()
def shipping_prices() -> ResponseReturnValue:
    """What sending costs today, by distance and weight."""
    pages.depends("policies")
    return render_template("storefront/browse/shipping_prices.html", rates=public_rates(clock.today()))


@bp.get("/media/<path:name>")
@public
def media(name: str) -> ResponseReturnValue:
    """A public picture: made by the worker, named by its content, so it may be kept for ever."""
    if not name.startswith(f"{files.PUBLIC}/"):
        raise NotFound(N_("Không có tệp này."))
    try:
        path = files.path(name)
    except FileNotFoundError as error:
        raise NotFound(N_("Không có tệp này.")) from error
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = send_file(path, mimetype=kind, conditional=True, max_age=31536000, etag=path.stem)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What search engines may read: the shop, nobody's orders."""
    closed = (
        "/orders/",
        "/me",
        "/manage",
        "/admin",
        "/declare",
        "/registry",
        "/programme",
        "/sign-in",
        "/complaints/",
    )
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {current_app.config['BASE_URL']}/sitemap.xml",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


BLUEPRINTS = [bp, offers.bp, opinions.bp, sitemaps.bp]
