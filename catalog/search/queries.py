"""Lists of products: searched, filtered, sorted, a page at a time, in three queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import aliased

from catalog import queries
from catalog.models import Category, Pack, Product
from catalog.public import CategoryView, ProductCard
from catalog.search.engines import Order, engine
from catalog.search.rules import PAGE_SIZE, PAGES_MAX, Asked, Filters, Sort
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from places.models import Unit

_Commune, _Province = aliased(Unit), aliased(Unit)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a list can be narrowed to, and how many shown products it has."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What a list can be narrowed to. Category counts follow the search; the others count all shown products."""

    categories: tuple[CategoryView, ...]
    cooperatives: tuple[Choice, ...]
    provinces: tuple[Choice, ...]
    ethnic_groups: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A page of a list. total: all hits. relaxed: nothing held every word, so these hold some of them."""

    hits: tuple[ProductCard, ...]
    total: int
    page: int
    page_count: int
    facets: Facets
    relaxed: bool = False


def _filtered(filters: Filters) -> list[ColumnElement[bool]]:
    """Every filter but the category's, as conditions on product, cooperative and its lead pack."""
    wanted: list[ColumnElement[bool]] = []
    if filters.cooperative:
        wanted.append(Cooperative.slug.in_(filters.cooperative))
    if filters.ethnic_group:
        wanted.append(Cooperative.craft_tradition.in_(filters.ethnic_group))
    if filters.province:
        communes = select(_Commune.id).join(_Province, _Province.id == _Commune.parent_id)
        wanted.append(Product.origin_commune_id.in_(communes.where(_Province.code.in_(filters.province))))
    if filters.ocop is not None:
        wanted.append(Product.ocop_stars >= filters.ocop)
    if filters.min_price_vnd is not None:
        wanted.append(Pack.price_vnd >= filters.min_price_vnd)
    if filters.max_price_vnd is not None:
        wanted.append(Pack.price_vnd <= filters.max_price_vnd)
    if filters.in_stock:
        wanted.append(queries.has_stock(clock.today()))
    return wanted


def _order(asked: Asked) -> Order:
    newest: Order = [Product.published_at.desc(), Product.id.desc()]
    if asked.sort is Sort.PRICE:
        return [Pack.price_vnd.asc(), *newest]
    if asked.sort is Sort.PRICE_DOWN:
        return [Pack.price_vnd.desc(), *newest]
    if asked.sort is Sort.RELEVANCE and asked.query:
        return [*_engine().order(asked.query), func.length(Product.name), *newest]
    return newest


def _engine() -> Any:
    return engine(db.session.get_bind().dialect.name)


def _conditions(asked: Asked, *, all_words: bool) -> list[ColumnElement[bool]]:
    wanted = _filtered(asked.filters)
    if asked.query:
        wanted.append(_engine().matches(asked.query, all_words=all_words))
    return wanted


def search(asked: Asked) -> Result:
    """The asked page. When no product holds all the words, those that hold some are returned as `relaxed`."""
    result = _search(asked, all_words=True)
    if result.total or len(asked.query.folded) < 2:
        return result
    return _search(asked, all_words=False)


def _search(asked: Asked, *, all_words: bool) -> Result:
    conditions = _conditions(asked, all_words=all_words)
    categories = _category_counts(conditions)
    chosen = asked.filters.category
    total = sum(one.count for one in categories if not chosen or one.slug in chosen)
    page_count = max(1, min(PAGES_MAX, -(-total // PAGE_SIZE)))
    page = min(max(1, asked.page), page_count)
    hits = _hits(asked, conditions, page) if total else ()
    return Result(hits, total, page, page_count, _facets(categories), relaxed=not all_words)


def _category_counts(conditions: Sequence[ColumnElement[bool]]) -> tuple[CategoryView, ...]:
    """Hits by category; their sum is the total, since every shown product has a category."""
    rows = db.session.execute(
        select(Category.id, Category.slug, Category.name, Category.name_en, Category.illustration, func.count())
        .select_from(Product).join(Category, Category.id == Product.category_id)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .join(Pack, sa.and_(Pack.product_id == Product.id, Pack.lead))
        .where(*queries.shown(), *conditions).group_by(Category.id).order_by(Category.position)
    )  # fmt: skip
    return tuple(CategoryView(*row) for row in rows)


def _hits(asked: Asked, conditions: Sequence[ColumnElement[bool]], page: int) -> tuple[ProductCard, ...]:
    wanted = queries.cards_select(clock.today()).where(*conditions).order_by(*_order(asked))
    if asked.filters.category:
        chosen = select(Category.id).where(Category.slug.in_(asked.filters.category))
        wanted = wanted.where(Product.category_id.in_(chosen))
    rows = db.session.execute(wanted.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return tuple(queries.card(row) for row in rows)


def _facets(categories: tuple[CategoryView, ...]) -> Facets:
    """Sellers, provinces and traditions that have something to show, from one grouped query."""
    rows = db.session.execute(
        select(Cooperative.slug, Cooperative.name, Cooperative.craft_tradition, _Province.code,
               _Province.name.label("province"), func.count().label("goods"))
        .select_from(Product).join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(_Commune, _Commune.id == Product.origin_commune_id)
        .outerjoin(_Province, _Province.id == _Commune.parent_id).where(*queries.shown())
        .group_by(Cooperative.id, _Province.id).order_by(Cooperative.name)
    ).all()  # fmt: skip
    return Facets(
        categories, _choices(rows, "slug", "name"), _choices(rows, "code", "province"),
        _choices(rows, "craft_tradition", "craft_tradition"),
    )  # fmt: skip


def _choices(rows: Sequence[Row[Any]], value: str, name: str) -> tuple[Choice, ...]:
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        if getattr(row, value):
            key = (getattr(row, value), getattr(row, name))
            counted[key] = counted.get(key, 0) + row.goods
    return tuple(Choice(*key, goods) for key, goods in counted.items())


