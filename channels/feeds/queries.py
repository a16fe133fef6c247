"""The one mapper: every listing on sale as an item, in batches; the version of what they say; who fetched them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zlib import crc32

from flask import current_app
from sqlalchemy import Row, Select, String, bindparam, cast, func, literal, or_, select

from catalog.models import Category, Pack, Photo, Product
from catalog.public import PackView
from catalog.queries import PICTURE, pack_view, picture, shown
from catalog.rules import PhotoState
from channels.feeds.models import FeedFetch
from channels.feeds.rules import (
    DESCRIPTION_MAX_CHARS,
    IMAGES_MAX,
    TITLE_MAX_CHARS,
    Feed,
    Item,
    availability,
    base_measure,
    dearest,
    global_gtin,
    plain,
)  # fmt: skip
from cooperatives.models import Cooperative
from core import clock
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_, language
from core.pages import PageVersion
from places.queries import rates_on

BATCH = 500
FORM = 2  # raised when the same goods are spelled differently, so that no reader keeps an old file
Rates = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose goods: a cooperative's, or (id 0) the whole market's."""

    id: int = 0
    slug: str = ""
    name: str = ""


def scope_of(slug: str) -> Scope:
    """An approved cooperative's scope. Raises NotFound."""
    row = db.session.execute(
        select(Cooperative.id, Cooperative.slug, Cooperative.name).where(
            Cooperative.slug == slug, Cooperative.state == "approved"
        )
    ).one_or_none()
    if row is None:
        raise NotFound(N_("Không có người bán này."))
    return Scope(*row)


def goods() -> Select[Any]:
    """What an item needs of products, whatever their state, by id."""
    return (
        select(Product.id, Product.slug, Product.name, Product.story, Cooperative.name.label("seller"),
               Category.name.label("category"), Category.name_en)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(Category, Category.id == Product.category_id).order_by(Product.id)
    )  # fmt: skip


@cache
def _goods_statement() -> Select[Any]:
    own: Any = bindparam("own")
    mine = or_(own == 0, Product.cooperative_id == own)
    return goods().where(*shown(), Product.id > bindparam("after"), mine).limit(BATCH)


@cache
def _named_statement() -> Select[Any]:
    return goods().where(*shown(), Product.id.in_(bindparam("ids", expanding=True)))


@cache
def _parts_statements() -> tuple[Select[Any], Select[Any]]:
    ids: Any = bindparam("ids", expanding=True)
    packs = select(Pack.__table__).where(Pack.product_id.in_(ids), Pack.active)
    photos = select(Photo.product_id, *PICTURE).where(
        Photo.product_id.in_(ids), Photo.state == PhotoState.READY
    )
    return (
        packs.order_by(Pack.product_id, Pack.position, Pack.id),
        photos.order_by(Photo.product_id, Photo.cover.desc(), Photo.position, Photo.id),
    )


def items(scope: Scope) -> Iterator[Item]:
    """Every active pack of every product that anybody may see, by product. Three statements per 500 products."""
    after = 0
    rates = rates_now()
    while True:
        rows = run(_goods_statement(), {"own": scope.id, "after": after}).all()
        if not rows:
            return
        after = rows[-1].id
        yield from _mapped(rows, rates)


def items_of(product_ids: Sequence[int]) -> list[Item]:
    """The same of at most 500 products that are named; nothing of those that nobody may see. Four statements."""
    rows = run(_named_statement(), {"ids": list(product_ids)}).all() if product_ids else []
    return list(_mapped(rows, rates_now())) if rows else []


def rates_now() -> Rates:
    """What sending costs today: (zone, up to so many grams, đồng)."""
    return tuple((one.zone, one.up_to_g, one.price_vnd) for one in rates_on(clock.today()))


def _mapped(rows: Sequence[Row[Any]], rates: Rates) -> Iterator[Item]:
    wanted, day = {"ids": [row.id for row in rows]}, clock.today()
    pack_rows, photo_rows = (run(one, wanted).all() for one in _parts_statements())
    packs: dict[int, list[PackView]] = {}
    for one in pack_rows:
        packs.setdefault(one.product_id, []).append(pack_view(one, day))
    pictures = pictures_of(photo_rows)
    for row in rows:
        for pack in packs.get(row.id, ()):
            yield item_of(row, pack, pictures.get(row.id, ()), rates)


def photos_of(product_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Addresses of the photographs of products, as `pictures_of`."""
    return pictures_of(run(_parts_statements()[1], {"ids": list(product_ids)}).all())


def pictures_of(rows: Any) -> dict[int, tuple[str, ...]]:
    """Absolute addresses of photos by product, the cover first; drawings are no photographs of the goods."""
    base = current_app.config["BASE_URL"]
    found: dict[int, list[str]] = {}
    for row in rows:
        one = picture(row)
        if one is not None and one.jpeg and not one.illustration:
            found.setdefault(row.product_id, []).append(f"{base}{one.jpeg}")
    return {product_id: tuple(links[:IMAGES_MAX]) for product_id, links in found.items()}


def item_of(row: Row[Any], pack: PackView, images: tuple[str, ...], rates: Rates) -> Item:
    """One pack as every channel sees it. row: of `goods`."""
    page = f"{current_app.config['BASE_URL']}/products/{row.slug}"
    spoken, hl = language(), "" if language() == "vi" else f"&hl={language()}"
    state = availability(pack.available, pack.promised)
    band, full = pack.band, f"{row.name}, {pack.label}"
    said = f"{pack.weighed_text} {row.story}" if band else row.story
    return Item(
        id=f"CP-{pack.id}", group=f"CP-P{row.id}", product_id=row.id, pack_id=pack.id, name=full,
        anchor=f"{page}#pack-{pack.id}", unit_text=pack.unit_price_text,
        title=plain(full, TITLE_MAX_CHARS), description=plain(said, DESCRIPTION_MAX_CHARS),
        link=f"{page}?pack={pack.id}{hl}", images=images, brand=plain(row.seller, 70), seller=row.seller,
        category=((row.category if spoken == "vi" else row.name_en) or ""), price_vnd=pack.price_vnd,
        availability=state, available_on=pack.promised_on if state == "PreOrder" else None,
        gtin="" if pack.restricted else global_gtin(pack.gtin), net_quantity=pack.net_quantity,
        net_unit=pack.net_unit, base=base_measure(pack.net_quantity, pack.net_unit),
        gross_weight_g=pack.gross_weight_g, shipping_vnd=dearest(rates, pack.gross_weight_g), bundle=pack.bundle,
        per_kg_vnd=band.price_per_kg_vnd if band else None, piece_min_g=band.min_g if band else None,
    )  # fmt: skip


@cache
def _version_statement(whole: bool) -> Select[Any]:
    shared = or_(PageVersion.tag == "goods", PageVersion.tag == "cooperatives")
    if whole:
        told = PageVersion.tag.like("product:%")
    else:
        own = select(literal("product:").concat(cast(Product.id, String))).where(
            Product.cooperative_id == bindparam("own")
        )
        told = PageVersion.tag.in_(own)
    return select(func.coalesce(func.sum(PageVersion.version), 0)).where(or_(shared, told))


def version(feed: Feed, scope: Scope) -> str:
    """What changes whenever a byte of the feed may: the versions of all it shows, the day, the language, the rates of
    delivery and our own way of spelling. The same version is the same file.
    """
    count = run(_version_statement(scope.id == 0), {} if scope.id == 0 else {"own": scope.id}).scalar_one()
    said = repr((FORM, current_app.config["BASE_URL"], scope, rates_now())).encode()
    return f"{feed.value}-{scope.id}-{count}-{clock.today():%Y%m%d}-{language()}-{crc32(said):08x}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """When a family of programmes fetched last, and how often. own: the cooperative's file, else the market's.

    failed_at: when a file last broke off while it was sent.
    """

    family: str
    last_at: datetime
    count: int
    own: bool
    failed_at: datetime | None = None


def fetched(cooperative_id: int) -> dict[str, list[Fetched]]:
    """By feed, newest first: fetches of a cooperative's own file and of the whole market's, in one query."""
    rows = db.session.execute(
        select(FeedFetch.feed, FeedFetch.family, FeedFetch.last_at, FeedFetch.fetch_count, FeedFetch.scope_id,
               FeedFetch.failed_at)
        .where(FeedFetch.scope_id.in_((0, cooperative_id))).order_by(FeedFetch.last_at.desc(), FeedFetch.family)
    )  # fmt: skip
    found: dict[str, list[Fetched]] = {}
    for feed, who, last_at, count, scope_id, failed_at in rows:
        found.setdefault(feed, []).append(Fetched(who, last_at, count, scope_id != 0, failed_at))
    return found
