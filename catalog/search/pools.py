"""The products that a request asks for, as statements built once: counted with their tokens, ranked, or a sorted page.

A pool holds the newest EXACT_MAX + 1 products: beyond it lists say "more than". Ranked are at most RANKED_MAX of them.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, Subquery, bindparam, func, select

from catalog import queries
from catalog.models import Product
from catalog.search.engines import engine
from catalog.search.models import SearchEntry
from catalog.search.rules import EXACT_MAX, PAGE_SIZE, RANKED_MAX, Sort
from cooperatives.models import Cooperative

# Those few that may not sell, rather than all that may: nothing then tempts the planner away from "newest first".
_closed = select(Cooperative.id).where(Cooperative.state != "approved")
_approved = SearchEntry.cooperative_id.not_in(_closed)


@dataclass(frozen=True, slots=True)
class Shape:
    """Which statements a request needs: the engine, whether it asks for words or tokens, which limits are set."""

    dialect: str
    matched: bool
    min_price: bool = False
    max_price: bool = False
    in_stock: bool = False


def _in_stock() -> sa.ColumnElement[bool]:
    return func.coalesce(SearchEntry.sellable_until >= bindparam("day", type_=sa.Date), sa.false())


def _in_season() -> sa.ColumnElement[bool]:
    """Whether the bit of the month, parameter `month`, is set."""
    return SearchEntry.harvest_months.op("&")(bindparam("month", type_=sa.Integer)) != 0


def _marks() -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """1 or 0: in stock, in season."""
    return sa.case((_in_stock(), 1), else_=0).label("stocked"), sa.case((_in_season(), 1), else_=0).label(
        "ripe"
    )


def _narrowed(shape: Shape, *columns: Any) -> Select[Any]:
    wanted = select(*columns).where(_approved)
    if shape.min_price:
        wanted = wanted.where(SearchEntry.price_vnd >= bindparam("min_price"))
    if shape.max_price:
        wanted = wanted.where(SearchEntry.price_vnd <= bindparam("max_price"))
    if shape.in_stock:
        wanted = wanted.where(SearchEntry.sellable_until >= bindparam("day", type_=sa.Date))
    if shape.matched:
        found = engine(shape.dialect).matching()
        wanted = wanted.select_from(found).join(SearchEntry, SearchEntry.product_id == found.c.product_id)
        return wanted.order_by(found.c.product_id.desc())
    return wanted.select_from(SearchEntry).order_by(SearchEntry.product_id.desc())


def _pool(shape: Shape, *columns: Any, most: int = EXACT_MAX) -> Subquery:
    return _narrowed(shape, *columns).limit(most + 1).subquery("pool")


@lru_cache(maxsize=128)
def any_at_all(shape: Shape) -> Select[Any]:
    """One row where there is anything, else none."""
    return _narrowed(shape, SearchEntry.product_id).limit(1)


@lru_cache(maxsize=128)
def counting(shape: Shape) -> Select[Any]:
    """How many (at most EXACT_MAX + 1), how many of them in stock and in season, all their tokens joined."""
    pool = _pool(shape, SearchEntry.facets, *_marks())
    joined = engine(shape.dialect).joined(pool.c.facets)
    sums = (func.coalesce(func.sum(column), 0) for column in (pool.c.stocked, pool.c.ripe))
    return select(func.count(), *sums, joined).select_from(pool)


@lru_cache(maxsize=128)
def candidates(shape: Shape) -> Select[Any]:
    """What ranking reads of each of at most RANKED_MAX + 1, and its tokens."""
    return select(
        _pool(
            shape, SearchEntry.product_id, SearchEntry.name, SearchEntry.folded, SearchEntry.about, SearchEntry.sizes,
            *_marks(), SearchEntry.facets, most=RANKED_MAX,
        )
    )  # fmt: skip


@lru_cache(maxsize=256)
def sorted_cards(shape: Shape, sort: Sort, *, overflown: bool) -> Select[Any]:
    """The cards of a page, from parameter `skip` on, by price or newest first.

    overflown: the pool holds more than are counted. Sorting all of them by the instant of publishing would cost more
    than it tells, so the newer row stands first; the index by price is in that order too.
    """
    newest: tuple[Any, ...] = (SearchEntry.product_id.desc(),)
    if not (overflown and shape.matched):
        newest = (SearchEntry.published_at.desc(), *newest)
    price = {Sort.PRICE: (SearchEntry.price_vnd.asc(), SearchEntry.product_id.asc()),
             Sort.PRICE_DOWN: (SearchEntry.price_vnd.desc(), SearchEntry.product_id.desc())}  # fmt: skip
    order: Any = price.get(sort, newest)
    page = _narrowed(shape, SearchEntry.product_id)
    if order is not newest or len(newest) > 1:  # else the engine gives them in that very order
        page = page.order_by(None).order_by(*order)
    page = page.limit(PAGE_SIZE).offset(bindparam("skip"))
    wanted = queries.cards_select().join(SearchEntry, SearchEntry.product_id == Product.id)
    return wanted.where(Product.id.in_(page)).order_by(*order)


@lru_cache(maxsize=2)
def ranked_cards() -> Select[Any]:
    """The cards of parameter `ids`, in no order, each with its product_id."""
    wanted = queries.cards_select().add_columns(Product.id.label("product_id"))
    return wanted.where(Product.id.in_(bindparam("ids", expanding=True)))
