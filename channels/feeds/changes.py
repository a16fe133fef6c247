"""What changed since an earlier answer: which products, and which packs left a channel's file.

The worker notes, step by step, that a product's entries read differently. What it has not looked at yet is told by the
versions of pages, so an answer never waits for it; too much may be told, never too little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zlib import crc32

from flask import current_app
from sqlalchemy import ColumnElement, Select, String, cast, func, literal, or_, select

from catalog.models import Category, Pack, Product
from catalog.queries import pack_view
from channels.feeds.models import FeedListing, FeedMark
from channels.feeds.queries import BATCH, FORM, Scope, goods, item_of, items_of, photos_of, rates_now
from channels.feeds.rules import WANTS_PHOTO, Availability, Feed, Item, Since, left_out
from core import clock
from core.db import db
from core.pages import PageVersion

PLACEHOLDER = (
    "/static/img/icon-512.png"  # of goods that are gone and have no picture any more: a row needs one
)


@dataclass(frozen=True, slots=True)
class State:
    """What may change a listing. total: versions of pages, added up; shared: what all listings hang on."""

    total: int
    shared: str


def state_now() -> State:
    """As this transaction sees it. Three statements."""
    of_sellers = PageVersion.tag == "cooperatives"
    total, sellers = db.session.execute(
        select(func.sum(PageVersion.version), func.sum(PageVersion.version).filter(of_sellers))
        .where(or_(of_sellers, PageVersion.tag.like("product:%")))
    ).one()  # fmt: skip
    kinds = db.session.execute(
        select(Category.id, Category.name, Category.name_en).order_by(Category.id)
    ).all()
    said = repr((FORM, current_app.config["BASE_URL"], rates_now(), [tuple(one) for one in kinds]))
    shared = f"{clock.today().isoformat()}-{int(sellers or 0)}-{crc32(said.encode()):08x}"
    return State(int(total or 0), shared)


def mark() -> FeedMark | None:
    """Up to where the worker has looked; None before its first look."""
    return db.session.get(FeedMark, 1)


def step_now() -> int:
    """The mark that an answer gives for the next: everything noted up to here is in it."""
    found = mark()
    return found.step if found else 0


def everything(own: int = 0) -> Select[Any]:
    """Ids of all products that are shown or ever were."""
    return _tracked().where(*_of(own))


def unnoted(own: int = 0) -> Select[Any]:
    """Ids of those whose page changed since the worker looked at them."""
    seen = func.coalesce(FeedListing.version, -1)
    return _tracked().where(*_of(own), func.coalesce(PageVersion.version, 0) != seen)


def _tracked() -> Select[Any]:
    return (
        select(Product.id)
        .outerjoin(PageVersion, PageVersion.tag == literal("product:").concat(cast(Product.id, String)))
        .outerjoin(FeedListing, FeedListing.product_id == Product.id)
        .where(or_(Product.state == "published", FeedListing.product_id.is_not(None)))
        .order_by(Product.id)
    )


def _of(own: int) -> tuple[ColumnElement[bool], ...]:
    return (Product.cooperative_id == own,) if own else ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Products whose entries may read differently since a mark. stamp: the same for the same products."""

    product_ids: tuple[int, ...]

    @property
    def stamp(self) -> str:
        """For an ETag."""
        return f"{crc32(repr(self.product_ids).encode()):08x}"


def changes(scope: Scope, since: Since) -> Changes:
    """What may have changed. Everything, where the worker has not looked since all listings may read differently (a new
    day, new rates), or the mark is none of ours. Six statements.
    """
    found = mark()
    known = found is not None and found.shared == state_now().shared and (since.step or 0) <= found.step
    if not known:
        return Changes(tuple(db.session.execute(everything(scope.id)).scalars()))
    noted = select(FeedListing.product_id).where(
        FeedListing.step > since.step
        if since.step is not None
        else FeedListing.changed_at >= clock.now() - timedelta(hours=since.hours or 0),
        FeedListing.step > 0,
    )
    if scope.id:
        noted = noted.where(FeedListing.cooperative_id == scope.id)
    ids = {*db.session.execute(noted).scalars(), *db.session.execute(unnoted(scope.id)).scalars()}
    return Changes(tuple(sorted(ids)))


def items_changed(changed: Changes, feed: Feed) -> Iterator[Item]:
    """Their entries as they are now, each product's packs that left this channel's file after them, marked as gone."""
    ids = changed.product_ids
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        here = items_of(part)
        yield from here
        kept = {one.pack_id for one in here if left_out(one, feed) is None}
        yield from gone(sorted(_ever(part, feed) - kept))


def _ever(product_ids: Sequence[int], feed: Feed) -> set[int]:
    """Ids of packs that a channel's file ever held."""
    rows = db.session.execute(
        select(FeedListing.words, FeedListing.pictured).where(FeedListing.product_id.in_(product_ids))
    ).all()
    if feed in WANTS_PHOTO:
        return {one for _words, pictured in rows for one in pictured}
    return {int(one) for words, _pictured in rows for one in words}


def gone(pack_ids: Sequence[int]) -> list[Item]:
    """Packs that nobody can buy any more, as entries: name and last price, no story. Three statements."""
    if not pack_ids:
        return []
    packs = db.session.execute(select(Pack.__table__).where(Pack.id.in_(pack_ids)).order_by(Pack.id)).all()
    products = sorted({one.product_id for one in packs})
    rows = {one.id: one for one in db.session.execute(goods().where(Product.id.in_(products)))}
    pictures, day, base = photos_of(products), clock.today(), current_app.config["BASE_URL"]
    made = [
        item_of(rows[one.product_id], pack_view(one, day), pictures.get(one.product_id, ()), ())
        for one in packs
    ]
    return [
        replace(one, availability=Availability.GONE, available_on=None, description=one.title, unit_text="",
                base=None, per_kg_vnd=None, images=one.images or (f"{base}{PLACEHOLDER}",))
        for one in made
    ]  # fmt: skip
