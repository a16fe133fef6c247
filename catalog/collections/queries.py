"""Reads of collections: those that stand on a day, and the goods in one."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, exists, or_, select

from catalog.certificates.queries import advertised_stars
from catalog.collections.models import Collection, CollectionProduct
from catalog.collections.public import CollectionView
from catalog.collections.rules import Rule
from catalog.models import Pack, Product
from catalog.public import ProductCard
from catalog.queries import card, cards_select
from core import clock
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_

GOODS_MOST = 40
_VIEW = (
    Collection.id, Collection.slug, Collection.title, Collection.title_en, Collection.intro, Collection.intro_en,
    Collection.illustration, Collection.rule, Collection.category_id, Collection.from_on, Collection.to_on,
)  # fmt: skip


@cache
def _statements() -> tuple[Select[Any], Select[Any]]:
    """Those that stand on parameter `day`; the one of parameter `slug` if it stands then."""
    day: Any = bindparam("day", type_=sa.Date)
    standing = (Collection.from_on <= day, or_(Collection.to_on.is_(None), Collection.to_on >= day))
    wanted = select(*_VIEW).where(*standing)
    return wanted.order_by(Collection.position, Collection.id).limit(6), wanted.where(
        Collection.slug == bindparam("slug")
    )


def standing(day: date) -> tuple[CollectionView, ...]:
    """The collections of a day, at most six, in their order. One query."""
    return tuple(CollectionView(*row) for row in run(_statements()[0], {"day": day}).tuples())


def collection(slug: str, day: date) -> CollectionView:
    """A collection that stands on a day. Raises NotFound before and after its days."""
    row = run(_statements()[1], {"day": day, "slug": slug}).tuples().one_or_none()
    if row is None:
        raise NotFound(N_("Gian này chưa mở hoặc đã dọn."), remedy=N_("Xem các món khác trong chợ."))
    return CollectionView(*row)


@cache
def _goods(rule: str) -> Select[Any]:
    by_rule: dict[str, Any] = {
        Rule.LISTED: exists().where(
            CollectionProduct.product_id == Product.id,
            CollectionProduct.collection_id == bindparam("collection"),
        ),
        Rule.OCOP: advertised_stars().is_not(None),
        Rule.BOXES: exists()
        .where(Pack.product_id == Product.id, Pack.bundle, Pack.active)
        .correlate(Product),
        Rule.CATEGORY: Product.category_id == bindparam("category"),
    }
    wanted = cards_select().where(by_rule[rule])
    return wanted.order_by(sa.desc("in_stock"), Product.published_at.desc(), Product.id).limit(GOODS_MOST)


def goods(of: CollectionView) -> list[ProductCard]:
    """The goods of a collection, what can be bought first, then newest, at most forty: no cooperative comes before
    another. One query."""
    params = {"day": clock.today(), "collection": of.id, "category": of.category_id}
    return [card(row) for row in run(_goods(of.rule), params)]


def every() -> Sequence[Collection]:
    """All collections for the administrator, latest first."""
    return (
        db.session.execute(select(Collection).order_by(Collection.from_on.desc(), Collection.id))
        .scalars()
        .all()
    )


def find(collection_id: int) -> Collection:
    """A collection's row. Raises NotFound."""
    found = db.session.get(Collection, collection_id)
    if found is None:
        raise NotFound(N_("Không có gian này."))
    return found


def listed_slugs(collection_id: int) -> list[str]:
    """The paths of the products listed by hand, in order."""
    return list(db.session.execute(
        select(Product.slug).join(CollectionProduct, CollectionProduct.product_id == Product.id)
        .where(CollectionProduct.collection_id == collection_id).order_by(CollectionProduct.position)
    ).scalars())  # fmt: skip
