"""What a list can be narrowed to, with how many products each choice would leave."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import bindparam, literal, select, union_all

from catalog.models import Category
from catalog.public import CategoryView
from catalog.search.facets import BANDS_VND, band_edges, token, traditions_of
from catalog.search.rules import Filters
from cooperatives.models import Cooperative
from core import clock
from core.db import run
from places.models import Unit
from places.rules import Level

CHOICES_MAX = 30  # of one kind on a page; what is chosen is always among them


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a list can be narrowed to, and how many of the hits have it."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What a list can be narrowed to. Each count follows the search and every filter but those of its own kind.

    prices: value is the band's number; low and high edges by `catalog.search.facets.band_edges`.
    """

    categories: tuple[CategoryView, ...]
    cooperatives: tuple[Choice, ...]
    provinces: tuple[Choice, ...]
    ethnic_groups: tuple[Choice, ...]
    ocop: tuple[Choice, ...] = ()
    prices: tuple[Choice, ...] = ()
    in_season: int = 0
    in_stock: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A category, cooperative or province: what stands in addresses, what people read."""

    id: int
    value: str
    name: str
    name_en: str = ""
    illustration: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """All categories in their order, approved cooperatives and today's provinces by name; traditions of the sellers."""

    category: tuple[Named, ...]
    cooperative: tuple[Named, ...]
    province: tuple[Named, ...]
    traditions: tuple[str, ...]

    def ids(self, kind: str, values: Sequence[str]) -> list[int]:
        """The ids behind values of addresses; unknown ones have none."""
        return [one.id for one in getattr(self, kind) if one.value in values]


@cache
def _statement() -> Any:
    empty = literal("", sa.String)
    return union_all(
        select(literal("c"), Category.id, Category.slug, Category.name, Category.name_en, Category.illustration,
               Category.position),
        select(literal("o"), Cooperative.id, Cooperative.slug, Cooperative.name, Cooperative.craft_tradition, empty,
               literal(0)).where(Cooperative.state == "approved"),
        select(literal("p"), Unit.id, Unit.code, Unit.name, empty, empty, literal(0))
        .where(Unit.level == Level.PROVINCE, Unit.valid_from <= bindparam("day", type_=sa.Date),
               sa.or_(Unit.valid_to.is_(None), Unit.valid_to > bindparam("day", type_=sa.Date))),
    )  # fmt: skip


def names() -> Names:
    """The names behind the tokens, in one query."""
    return _sorted_out(tuple(map(tuple, run(_statement(), {"day": clock.today()}))))


@lru_cache(maxsize=4)
def _sorted_out(rows: tuple[tuple[Any, ...], ...]) -> Names:
    """The same rows give the same names: they change when a seller or a category does, not with every page."""
    kinds: dict[str, list[Any]] = {"c": [], "o": [], "p": []}
    for row in rows:
        kinds[row[0]].append(row)
    traditions = dict.fromkeys(part for row in kinds["o"] for part in traditions_of(row[4]))
    return Names(
        tuple(Named(*row[1:6]) for row in sorted(kinds["c"], key=lambda row: row[6])),
        tuple(Named(*row[1:4]) for row in sorted(kinds["o"], key=lambda row: row[3])),
        tuple(Named(*row[1:4]) for row in kinds["p"]),
        tuple(traditions),
    )


class Pool(Protocol):
    """What is counted."""

    @property
    def tokens(self) -> Counter[str]:
        """Products by token."""

    @property
    def stocked(self) -> int:
        """How many are in stock."""

    @property
    def ripe(self) -> int:
        """How many are in season."""


def choices(filters: Filters, known: Names, pool: Pool, siblings: Mapping[str, Pool]) -> Facets:
    """The choices of a list that shows this pool.

    siblings: for each kind of filter that is set, the pool without it.
    """

    def of(kind: str) -> Counter[str]:
        return siblings.get(kind, pool).tokens

    categories = tuple(
        CategoryView(one.id, one.value, one.name, one.name_en, one.illustration, count)
        for one in known.category
        if (count := of("category")[token("category", one.id)]) or one.value in filters.category
    )
    stars, prices = of("ocop"), of("price")
    at_least = {least: sum(stars[token("ocop", one)] for one in range(least, 6)) for least in (5, 4, 3)}
    return Facets(
        categories,
        _named(known.cooperative, "cooperative", of("cooperative"), filters.cooperative),
        _named(known.province, "province", of("province"), filters.province),
        _traditions(known.traditions, of("ethnic_group"), filters.ethnic_group),
        tuple(Choice(str(one), str(one), count) for one, count in at_least.items() if count or filters.ocop == one),
        tuple(
            Choice(str(band), "", count)
            for band in range(len(BANDS_VND) + 1)
            if (count := prices[token("price", band)])
            or band_edges(band) == (filters.min_price_vnd, filters.max_price_vnd)
        ),
        siblings.get("in_season", pool).ripe,
        siblings.get("in_stock", pool).stocked,
    )  # fmt: skip


def _named(
    known: Sequence[Named], kind: str, tokens: Counter[str], chosen: Sequence[str]
) -> tuple[Choice, ...]:
    found = [Choice(one.value, one.name, tokens[token(kind, one.id)]) for one in known]
    return _most(found, chosen)


def _traditions(known: Sequence[str], tokens: Counter[str], chosen: Sequence[str]) -> tuple[Choice, ...]:
    return _most([Choice(name, name, tokens[token("ethnic_group", name)]) for name in known], chosen)


def _most(found: Sequence[Choice], chosen: Sequence[str]) -> tuple[Choice, ...]:
    """Those with hits and those chosen, most hits first."""
    shown = [one for one in found if one.count or one.value in chosen]
    order = sorted(shown, key=lambda one: (one.value not in chosen, -one.count, one.name))
    return tuple(order[:CHOICES_MAX])
