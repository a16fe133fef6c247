"""The products that a request asks for, as statements built once: counted with their codes, ranked, or a sorted page.

A pool holds the newest EXACT_MAX + 1 products: beyond it lists say "more than". It is walked once, over the engine's
index and an index of `search_entry` that holds all that is counted. Ranked are at most RANKED_MAX of them, or of those
with all terms in the name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, Subquery, TableClause, bindparam, column, func, select, union_all
from sqlalchemy.ext.compiler import compiles

from catalog import queries
from catalog.models import Product
from catalog.search.engines import engine
from catalog.search.models import SearchEntry
from catalog.search.rules import EXACT_MAX, PAGE_SIZE, RANKED_MAX, Sort
from cooperatives.models import Cooperative

Columns = Callable[[Any], tuple[Any, ...]]  # of entries
COUNTED_SPANS, RANKED_SPANS = 4, 2  # enough where one product of fourteen, or of fifty, fits

# Those few that may not sell, rather than all that may: nothing then tempts the planner away from "newest first".
_closed = select(Cooperative.id).where(Cooperative.state != "approved")


class Counted(TableClause):
    """`search_entry` as counting reads it: on SQLite from the index that holds these columns and nothing else, a tenth
    of the pages. By itself SQLite takes the row by its key."""

    inherit_cache = True


@compiles(Counted, "sqlite")
def _indexed(entries: Counted, compiler: Any, **how: Any) -> str:
    return f"{compiler.visit_table(entries, **how)} INDEXED BY ix_search_entry_counted"


_whole: Any = SearchEntry.__table__
_counted: Any = Counted(
    SearchEntry.__tablename__,
    *(column(one, _whole.c[one].type) for one in ("product_id", "facets", "sellable_until", "cooperative_id",
                                                   "price_vnd")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """Which statements a request needs: the engine, whether it asks for words or tokens, which limits are set."""

    dialect: str
    matched: bool
    min_price: bool = False
    max_price: bool = False
    in_stock: bool = False


def _stocked(entries: Any) -> sa.ColumnElement[int]:
    """1 or 0: in stock on parameter `day`."""
    return func.coalesce(
        sa.case((entries.c.sellable_until >= bindparam("day", type_=sa.Date), 1), else_=0), 0
    ).label("stocked")


def _narrowed(shape: Shape, entries: Any, *columns: Any, found: Subquery | None = None) -> Select[Any]:
    wanted = select(*columns).where(entries.c.cooperative_id.not_in(_closed))
    if shape.min_price:
        wanted = wanted.where(entries.c.price_vnd >= bindparam("min_price"))
    if shape.max_price:
        wanted = wanted.where(entries.c.price_vnd <= bindparam("max_price"))
    if shape.in_stock:
        wanted = wanted.where(entries.c.sellable_until >= bindparam("day", type_=sa.Date))
    if found is not None:  # whose entries these are
        return wanted.select_from(found).join(entries, sa.true()).order_by(found.c.product_id.desc())
    if shape.matched:
        found = engine(shape.dialect).matching()
        wanted = wanted.select_from(found).join(entries, entries.c.product_id == found.c.product_id)
        return wanted.order_by(found.c.product_id.desc())
    return wanted.select_from(entries).order_by(entries.c.product_id.desc())


def _newest(shape: Shape, most: int, spans: int, entries: Any, columns: Columns) -> Select[Any]:
    """At most so many, the newest first; product_id is among the columns. An engine that finds all or none of them
    looks first among the newest spans, and only where these hold too few among all."""
    words = engine(shape.dialect)
    recent = words.recent(spans) if shape.matched else None
    if recent is None:
        return _narrowed(shape, entries, *columns(entries)).limit(most)

    def first_of(found: Subquery) -> Select[Any]:
        # Each by its key, until there are enough: the planner would rather walk all entries beside them.
        own = select(entries).where(entries.c.product_id == found.c.product_id)
        beside = own.offset(sa.literal_column("0")).lateral("entry")
        return _narrowed(shape, beside, *columns(beside), found=found).limit(most)

    late = first_of(recent).cte("late")
    held = select(func.count()).select_from(late).scalar_subquery()
    whole = first_of(words.matching()).where(held < most).subquery("whole")
    either = union_all(select(late).where(held == most), select(whole)).subquery("either")
    return select(either).order_by(either.c.product_id.desc())


@lru_cache(maxsize=128)
def any_at_all(shape: Shape) -> Select[Any]:
    """One row where there is anything, else none."""
    return _narrowed(shape, _counted, _counted.c.product_id).limit(1)


@lru_cache(maxsize=128)
def counting(shape: Shape, *, listed: bool = False) -> Select[Any]:
    """How many (at most EXACT_MAX + 1), how many of them in stock, all their codes joined; and where `listed` their
    ids, newest first."""
    pool = _newest(shape, EXACT_MAX + 1, COUNTED_SPANS, _counted, _counted_by)
    found: Subquery = pool.subquery("pool")
    words = engine(shape.dialect)
    wanted = select(func.count(), func.coalesce(func.sum(found.c.stocked), 0), words.joined(found.c.facets))
    if listed:
        wanted = wanted.add_columns(words.joined(sa.cast(found.c.product_id, sa.String), " "))
    return wanted.select_from(found)


def _counted_by(entries: Any) -> tuple[Any, ...]:
    return (entries.c.product_id, entries.c.facets, _stocked(entries))


def _ranked_by(entries: Any) -> tuple[Any, ...]:
    return (
        *(entries.c[name] for name in ("product_id", "name", "folded", "about", "sizes")),
        _stocked(entries),
    )


@lru_cache(maxsize=128)
def candidates(shape: Shape) -> Select[Any]:
    """What ranking reads of each of at most RANKED_MAX + 1, the newest."""
    return _newest(shape, RANKED_MAX + 1, RANKED_SPANS, _whole, _ranked_by)


@lru_cache(maxsize=1)
def candidates_of() -> Select[Any]:
    """The same of parameter `ids`."""
    return select(*_ranked_by(_whole)).where(_whole.c.product_id.in_(bindparam("ids", expanding=True)))


@lru_cache(maxsize=256)
def by_price(shape: Shape, *, down: bool) -> Select[Any]:
    """The ids of parameter `most` products, the cheapest first; `down`: the dearest."""
    price = _counted.c.price_vnd
    order = (price.desc(), _counted.c.product_id.desc()) if down else (price, _counted.c.product_id)
    page = _narrowed(shape, _counted, _counted.c.product_id).order_by(None).order_by(*order)
    return page.limit(bindparam("most"))


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
    page = _narrowed(shape, _whole, _whole.c.product_id)
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
