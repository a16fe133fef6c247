"""A few products to show without a search: what is new, what is like it, what is beside it. They cost the same however
large the shop is: what stands first is looked for among the newest, by their entries in the index.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, func, select

from catalog import queries
from catalog.public import ProductCard
from catalog.search.facets import letter
from catalog.search.models import SearchEntry
from catalog.search.rules import EXACT_MAX
from cooperatives.models import Cooperative
from core import clock
from core.db import run

NEWEST = 300  # among so many what is in stock comes first
_day: Any = bindparam("day", type_=sa.Date)


def _entries() -> Select[Any]:
    """The newest entries that may be shown, with whether they are in stock."""
    closed = select(Cooperative.id).where(Cooperative.state != "approved")
    stocked = func.coalesce(sa.case((SearchEntry.sellable_until >= _day, 1), else_=0), 0).label("stocked")
    return (
        select(SearchEntry.product_id, SearchEntry.cooperative_id, SearchEntry.facets, SearchEntry.published_at,
               stocked)
        .where(SearchEntry.cooperative_id.not_in(closed))
        .order_by(SearchEntry.published_at.desc(), SearchEntry.product_id.desc())
    )  # fmt: skip


@cache
def _newest(*, of_a_kind: bool) -> Select[Any]:
    pool = _entries().limit(NEWEST).subquery("pool")
    wanted = select(pool.c.product_id)
    if of_a_kind:
        kind = func.substr(pool.c.facets, 1, 1) == bindparam("kind")
        wanted = wanted.where(kind, pool.c.cooperative_id != bindparam("not_by"))
    order = (pool.c.stocked.desc(), pool.c.published_at.desc(), pool.c.product_id)
    return wanted.order_by(*order).limit(bindparam("most"))


@cache
def _beside() -> Select[Any]:
    of_one = (SearchEntry.cooperative_id == bindparam("by"), SearchEntry.product_id != bindparam("not_it"))
    found = _entries().where(*of_one).order_by(None).subquery("pool")
    order = (found.c.stocked.desc(), found.c.published_at.desc(), found.c.product_id)
    return select(found.c.product_id).order_by(*order).limit(bindparam("most"))


_MORE = select(SearchEntry.product_id).order_by(SearchEntry.product_id).limit(1).offset(NEWEST)


def _ids(statement: Any, most: int, **params: Any) -> list[int]:
    return list(run(statement, {"day": clock.today(), "most": most, **params}).scalars())


@cache
def _counted() -> Select[Any]:
    closed = select(Cooperative.id).where(Cooperative.state != "approved")
    pool = (
        select(SearchEntry.product_id).where(SearchEntry.cooperative_id.not_in(closed)).limit(EXACT_MAX + 1)
    )
    return select(func.count()).select_from(pool.subquery("pool"))


def goods_count() -> tuple[int, bool]:
    """How many products the shop shows, as its lists say it: exact, or else there are more than that. One query."""
    count = run(_counted()).scalar_one()
    return min(count, EXACT_MAX), count <= EXACT_MAX


@cache
def _counts() -> Select[Any]:
    wanted = select(SearchEntry.cooperative_id, func.count()).group_by(SearchEntry.cooperative_id)
    return wanted.where(SearchEntry.cooperative_id.in_(bindparam("sellers", expanding=True)))


def counts_of(cooperative_ids: Iterable[int]) -> dict[int, int]:
    """How many products each of these cooperatives shows; without those that have none. One query."""
    return dict(run(_counts(), {"sellers": sorted(cooperative_ids)}).tuples().all())


def newest(most: int) -> list[ProductCard]:
    """What can be bought first, then newest. Two queries."""
    ids = _ids(_newest(of_a_kind=False), most)
    return queries.cards_of(ids) if ids else []


Shelves = tuple[list[ProductCard], list[ProductCard]]


def around(product_id: int, category_id: int | None, cooperative_id: int, most: int) -> Shelves:
    """Products of the same kind from other cooperatives; others of the same cooperative; of each what can be bought
    first, then newest. Three queries, and one over the whole kind where the newest hold too few of it."""
    kind = {"kind": letter(category_id or 0), "not_by": cooperative_id}
    alike = _ids(_newest(of_a_kind=True), most, **kind) if category_id else []
    beside = _ids(_beside(), most, by=cooperative_id, not_it=product_id)
    cards = queries.cards_of([*alike, *beside]) if alike or beside else []
    if len(cards) < len(alike) + len(beside):  # one of them has nothing to sell: which, is not said
        return queries.cards_of(alike), queries.cards_of(beside)
    if category_id and len(alike) < most and run(_MORE, {}).first():
        whole = queries.cards(limit=most, category_id=category_id, not_cooperative_id=cooperative_id)
        return whole, cards[len(alike) :]
    return cards[: len(alike)], cards[len(alike) :]
