"""Lists of products: searched, filtered, sorted, a page at a time, in three queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from catalog import queries
from catalog.models import Category, Pack, Product
from catalog.public import CategoryView, ProductCard
from catalog.search.engines import Order, engine
from catalog.search.rules import PAGE_SIZE, PAGES_MAX, Asked, Filters, Sort
from cooperatives.models import Cooperative
from core import clock
from core.db import db, run
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


Shape = frozenset[str]


def _shape(filters: Filters) -> Shape:
    """Which filters are set: statements are built once for each shape."""
    names = {
        name for name in ("cooperative", "ethnic_group", "province", "in_stock") if getattr(filters, name)
    }
    return frozenset(
        names | {n for n in ("ocop", "min_price_vnd", "max_price_vnd") if getattr(filters, n) is not None}
    )


def _many(name: str) -> Any:
    return bindparam(name, expanding=True)


def _conditions(shape: Shape, dialect: str, searched: bool) -> list[ColumnElement[bool]]:
    """Every filter but the category's, and the search, as conditions on product, cooperative and its lead pack."""
    communes = select(_Commune.id).join(_Province, _Province.id == _Commune.parent_id)
    every = {
        "cooperative": Cooperative.slug.in_(_many("cooperative")),
        "ethnic_group": Cooperative.craft_tradition.in_(_many("ethnic_group")),
        "province": Product.origin_commune_id.in_(communes.where(_Province.code.in_(_many("province")))),
        "ocop": Product.ocop_stars >= bindparam("ocop"),
        "min_price_vnd": Pack.price_vnd >= bindparam("min_price_vnd"),
        "max_price_vnd": Pack.price_vnd <= bindparam("max_price_vnd"),
        "in_stock": queries.has_stock(),
    }
    found = [condition for name, condition in every.items() if name in shape]
    return [*found, engine(dialect).matches()] if searched else found


def _order(sort: Sort, dialect: str, *, searched: bool, marked: bool) -> Order:
    newest: Order = [Product.published_at.desc(), Product.id.desc()]
    if sort is Sort.PRICE:
        return [Pack.price_vnd.asc(), *newest]
    if sort is Sort.PRICE_DOWN:
        return [Pack.price_vnd.desc(), *newest]
    if sort is Sort.RELEVANCE and searched:
        return [*engine(dialect).order(marked=marked), func.length(Product.name), *newest]
    return newest


@lru_cache(maxsize=256)
def _counting(shape: Shape, dialect: str, searched: bool) -> Select[Any]:
    return (
        select(Category.id, Category.slug, Category.name, Category.name_en, Category.illustration, func.count())
        .select_from(Product).join(Category, Category.id == Product.category_id)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .join(Pack, sa.and_(Pack.product_id == Product.id, Pack.lead))
        .where(*queries.shown(), *_conditions(shape, dialect, searched))
        .group_by(Category.id).order_by(Category.position)
    )  # fmt: skip


@lru_cache(maxsize=256)
def _listing(
    shape: Shape, dialect: str, sort: Sort, searched: bool, marked: bool, categorised: bool
) -> Select[Any]:
    wanted = queries.cards_select().where(*_conditions(shape, dialect, searched))
    if categorised:
        chosen = select(Category.id).where(Category.slug.in_(_many("category")))
        wanted = wanted.where(Product.category_id.in_(chosen))
    wanted = wanted.order_by(*_order(sort, dialect, searched=searched, marked=marked))
    return wanted.limit(PAGE_SIZE).offset(bindparam("skip"))


@cache
def _choosing() -> Select[Any]:
    return (
        select(Cooperative.slug, Cooperative.name, Cooperative.craft_tradition, _Province.code,
               _Province.name.label("province"), func.count().label("goods"))
        .select_from(Product).join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(_Commune, _Commune.id == Product.origin_commune_id)
        .outerjoin(_Province, _Province.id == _Commune.parent_id).where(*queries.shown())
        .group_by(Cooperative.id, _Province.id).order_by(Cooperative.name)
    )  # fmt: skip


def search(asked: Asked) -> Result:
    """The asked page, in three queries. When no product holds all the words, those that hold some are `relaxed`."""
    dialect = db.session.get_bind().dialect.name
    params, categories = _count(asked, dialect, all_words=True)
    relaxed = not categories and len(asked.query.folded) > 1
    if relaxed:
        params, categories = _count(asked, dialect, all_words=False)
    chosen = asked.filters.category
    # every shown product has a category, so the counts by category add up to the total
    total = sum(one.count for one in categories if not chosen or one.slug in chosen)
    page_count = max(1, min(PAGES_MAX, -(-total // PAGE_SIZE)))
    page = min(max(1, asked.page), page_count)
    hits = _hits(asked, dialect, params | {"skip": (page - 1) * PAGE_SIZE}) if total else ()
    return Result(hits, total, page, page_count, _facets(categories), relaxed)


def _params(asked: Asked, dialect: str, *, all_words: bool) -> dict[str, Any]:
    params: dict[str, Any] = {name: getattr(asked.filters, name) for name in _shape(asked.filters)}
    params["day"] = clock.today()
    if asked.query:
        params |= engine(dialect).params(asked.query, all_words=all_words)
    return params


def _count(asked: Asked, dialect: str, *, all_words: bool) -> tuple[dict[str, Any], tuple[CategoryView, ...]]:
    """The parameters of this search, and its hits by category."""
    params = _params(asked, dialect, all_words=all_words)
    rows = run(_counting(_shape(asked.filters), dialect, bool(asked.query)), params)
    return params, tuple(CategoryView(*row) for row in rows)


def _hits(asked: Asked, dialect: str, params: dict[str, Any]) -> tuple[ProductCard, ...]:
    chosen, query = asked.filters.category, asked.query
    listing = _listing(_shape(asked.filters), dialect, asked.sort, bool(query), query.marked, bool(chosen))
    return tuple(queries.card(row) for row in run(listing, params | {"category": chosen}))


def _facets(categories: tuple[CategoryView, ...]) -> Facets:
    """Sellers, provinces and traditions that have something to show, from one grouped query."""
    rows = run(_choosing()).all()
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
