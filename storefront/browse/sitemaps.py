"""Maps for search engines: every public page in both languages, with the day it last changed, in parts.

Source: sitemaps.org protocol 0.9 (at most 50,000 addresses and 50 MB a file); hreflang alternates as Google reads them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, func, select

from accounts.access import public
from catalog.cards.models import CardPicture
from catalog.models import Category, Product
from catalog.queries import shown
from cooperatives import public as cooperatives
from cooperatives.models import Cooperative
from core import pages
from core.clock import HANOI
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from storefront.browse.policies import POLICIES

bp = Blueprint("sitemaps", __name__)
GOODS_A_PART = 10_000  # two addresses each
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def _entries(path: str, changed: datetime | None = None) -> str:
    """A page's two addresses, each naming both."""
    base = current_app.config["BASE_URL"]
    joint = "&" if "?" in path else "?"
    spoken = {"vi": escape(f"{base}{path}"), "en": escape(f"{base}{path}{joint}hl=en")}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href="{there}"/>' for name, there in spoken.items()
    )
    day = f"<lastmod>{changed.astimezone(HANOI).date().isoformat()}</lastmod>" if changed else ""
    return "".join(f"<url><loc>{there}</loc>{day}{links}</url>\n" for there in spoken.values())


def _file(parts: Iterable[str], root: str = "urlset") -> Response:
    names = NAMES if root == "urlset" else NAMES.split(" xmlns:xhtml")[0]
    return Response(f"{HEAD}<{root} {names}>\n{''.join(parts)}</{root}>\n", mimetype="application/xml")


def _part_count() -> int:
    wanted = (
        select(func.count()).select_from(Product)
        .join(Cooperative, Cooperative.id == Product.cooperative_id).where(*shown())
    )  # fmt: skip
    return -(-int(db.session.execute(wanted).scalar_one()) // GOODS_A_PART)


def _goods(part: int) -> Iterable[Row[Any]]:
    """Path and last change of a part's products: the card is drawn anew whenever what readers see has changed."""
    return db.session.execute(
        select(Product.slug, Product.published_at, CardPicture.drawn_at)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(CardPicture, CardPicture.product_id == Product.id).where(*shown())
        .order_by(Product.id).limit(GOODS_A_PART).offset((part - 1) * GOODS_A_PART)
    )  # fmt: skip


@bp.get("/sitemap.xml")
@public
@pages.reads()
def index() -> ResponseReturnValue:
    """The list of parts."""
    pages.depends("goods", "cooperatives", "policies")
    names = ["pages", *(f"goods-{number}" for number in range(1, _part_count() + 1))]
    base = current_app.config["BASE_URL"]
    return _file(
        (f"<sitemap><loc>{base}/sitemaps/{name}.xml</loc></sitemap>\n" for name in names), "sitemapindex"
    )


@bp.get("/sitemaps/pages.xml")
@public
@pages.reads()
def fixed() -> ResponseReturnValue:
    """Home, lists, kinds, sellers and rules."""
    pages.depends("goods", "cooperatives", "policies")
    paths = [
        "/",
        "/products",
        "/cooperatives",
        "/policies",
        "/shipping-prices",
        *(f"/{name}" for name in POLICIES),
    ]
    kinds = db.session.execute(select(Category.slug).order_by(Category.position)).scalars()
    paths += [f"/products?category={slug}" for slug in kinds]
    paths += [f"/cooperatives/{one.slug}" for one in cooperatives.all_sellers()]
    return _file(_entries(path) for path in paths)


@bp.get("/sitemaps/goods-<int:part>.xml")
@public
@pages.reads()
def goods(part: int) -> ResponseReturnValue:
    """Ten thousand products. A part that is not there is answered like any unknown address."""
    pages.depends("goods")
    rows = list(_goods(part)) if 0 < part < 1000 else []
    if not rows:
        raise NotFound(N_("Không có trang này."))
    return _file(
        _entries(f"/products/{row.slug}", max(filter(None, (row.published_at, row.drawn_at)))) for row in rows
    )
