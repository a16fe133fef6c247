"""The shop's public pages. They read no session and set no cookie, so that every reader gets the same bytes."""

import mimetypes

from flask import Blueprint, Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from accounts.access import public
from catalog import queries as catalog
from catalog.search.queries import search
from catalog.search.rules import Sort
from cooperatives import public as cooperatives
from core import clock, files, pages
from core.errors import NotFound
from core.i18n import N_
from places.public import public_rates
from storefront.browse import queries
from storefront.browse.forms import address_of, read_asked
from storefront.browse.public import Example, Offer, list_address, tags
from storefront.browse.rules import split_price

bp = Blueprint("browse", __name__)
FRESH, RELATED = 8, 4
POLICIES = ("terms", "privacy", "returns", "ranking", "complaints", "about")
SORTS = {
    Sort.RELEVANCE: N_("Hợp nhất"),
    Sort.NEWEST: N_("Mới về"),
    Sort.PRICE: N_("Giá thấp trước"),
    Sort.PRICE_DOWN: N_("Giá cao trước"),
}


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """The market at a glance: what is fresh, by kind, how a price is shared, who sells."""
    pages.depends("goods", "cooperatives")
    fresh = catalog.cards(limit=FRESH)
    categories = catalog.categories_with_goods()
    sellers = cooperatives.all_sellers()
    return render_template(
        "storefront/browse/home.html",
        fresh=fresh,
        categories=categories,
        sellers=sellers[:4],
        seller_count=len(sellers),
        goods_count=sum(one.count for one in categories),
        traditions=queries.traditions(sellers)[:4],
        example=_example(fresh, sellers),
    )


def _example(fresh: list, sellers: list) -> Example | None:  # type: ignore[type-arg]
    """The first fresh product whose seller has settlement terms, with its price opened."""
    ids = {one.slug: one.id for one in sellers}
    for card in fresh:
        if card.share_bp and card.seller_slug in ids:
            found = queries.terms_on(ids[card.seller_slug], clock.today())
            if found:
                return Example(card, split_price(card.price_vnd, found[0]), found[1])
    return None


@bp.get("/products")
@public
def products() -> ResponseReturnValue:
    """A list: searched, filtered, sorted, a page at a time."""
    pages.depends("goods", "cooperatives")
    asked = read_asked(request.args)
    result = search(asked)
    suggestions = catalog.cards(limit=4) if not result.total else []
    return render_template(
        "storefront/browse/products.html",
        asked=asked,
        q=asked.query.typed,
        result=result,
        tags=tags(asked, result.facets),
        args=address_of(asked),
        sorts=SORTS,
        suggestions=suggestions,
        everything=list_address(read_asked(type(request.args)())),
    )


@bp.get("/products/<slug>")
@public
def product(slug: str) -> ResponseReturnValue:
    """One product: pictures, packs, price, where it comes from, whom the money reaches, papers, seller."""
    day = clock.today()
    page = catalog.product_page(slug, day)
    pages.depends("goods", f"product:{page.id}", f"cooperative:{page.cooperative_id}")
    chosen = request.args.get("pack", "")
    pack = next((one for one in page.packs if str(one.id) == chosen), page.packs[0])
    terms = queries.terms_on(page.cooperative_id, day)
    offer = Offer(
        page,
        pack,
        cooperatives.sellers({page.cooperative_id})[page.cooperative_id],
        terms[0] if terms else None,
        split_price(pack.price_vnd, terms[0]) if terms else (),
        terms[1] if terms else None,
        queries.lot_on_sale(pack.id),
        tuple(_related(page)),
    )
    return render_template(
        "storefront/browse/product.html", offer=offer, page=page, pack=pack, seller=offer.seller
    )


def _related(page) -> list:  # type: ignore[no-untyped-def,type-arg]
    if page.category is None:
        return []
    return catalog.cards(limit=RELATED, category_id=page.category.id, except_id=page.id)


@bp.get("/cooperatives")
@public
def sellers() -> ResponseReturnValue:
    """Every cooperative that sells."""
    pages.depends("goods", "cooperatives")
    return render_template(
        "storefront/browse/sellers.html", sellers=cooperatives.all_sellers(), counts=queries.goods_counts()
    )


@bp.get("/cooperatives/<slug>")
@public
def seller(slug: str) -> ResponseReturnValue:
    """A cooperative's shop: its story, its goods, its papers, and who answers for it."""
    found = cooperatives.seller(slug)
    pages.depends("goods", f"cooperative:{found.id}")
    return render_template(
        "storefront/browse/seller.html", seller=found, goods=catalog.cards(limit=60, cooperative_id=found.id),
        papers=catalog.certificates(found.id, clock.today()),
    )  # fmt: skip


@bp.get("/<any(terms, privacy, returns, ranking, complaints, about):name>")
@public
def policy(name: str) -> ResponseReturnValue:
    """A page of rules, in the reader's language."""
    pages.depends("policies")
    return render_template("storefront/browse/policy.html", name=name)


@bp.get("/shipping-prices")
@public
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
        "/cart",
        "/checkout",
        "/orders/",
        "/me",
        "/manage",
        "/admin",
        "/declare",
        "/registry",
        "/programme",
        "/sign-in",
    )
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {current_app.config['BASE_URL']}/sitemap.xml",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """Every public page, with the day each product was published."""
    pages.depends("goods", "cooperatives")
    page = render_template(
        "storefront/browse/sitemap.xml", goods=catalog.sitemap(), sellers=cooperatives.all_sellers(),
        policies=(*POLICIES, "shipping-prices"),
    )  # fmt: skip
    return Response(page, mimetype="application/xml")


BLUEPRINTS = [bp]
