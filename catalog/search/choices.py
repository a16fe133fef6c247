"""What a list can be narrowed to, with how many products each choice would leave."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, func, literal, select, union_all

from catalog.models import Category
from catalog.public import CategoryView
from catalog.search.engines import engine
from catalog.search.facets import BANDS_VND, Counts, band_edges, traditions_of
from catalog.search.rules import Filters
from catalog.search.words import folded_words
from cooperatives.models import Cooperative
from core import clock
from core.db import db, run
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
    """A category, cooperative or province: what stands in addresses, what people read.

    traditions: those that a cooperative states, folded.
    """

    id: int
    value: str
    name: str
    name_en: str = ""
    illustration: str = ""
    traditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """All categories in their order, approved cooperatives and today's provinces by name; traditions of the sellers."""

    category: tuple[Named, ...]
    cooperative: tuple[Named, ...]
    province: tuple[Named, ...]
    traditions: tuple[tuple[str, str], ...]  # as written, folded

    def ids(self, kind: str, values: Sequence[str]) -> list[int]:
        """The ids behind values of addresses; unknown ones have none."""
        return [one.id for one in getattr(self, kind) if one.value in values]


FIELD, ROW = "\x1f", "\x1e"  # ASCII's own separators; no name has them


@cache
def _statement(dialect: str) -> Any:
    """Three rows, each a whole list as one text: what was sorted out of the same texts before is known at once."""

    def listed(kind: str, *columns: Any) -> Select[Any]:
        texts: list[Any] = [func.coalesce(sa.cast(one, sa.String), "") for one in columns]
        line: Any = reduce(lambda one, other: one.concat(FIELD).concat(other), texts)
        return select(literal(kind), engine(dialect).joined(line, ROW))

    day: Any = bindparam("day", type_=sa.Date)
    return union_all(
        listed("c", Category.id, Category.slug, Category.name, Category.name_en, Category.illustration,
               Category.position),
        listed("o", Cooperative.id, Cooperative.slug, Cooperative.name, Cooperative.craft_tradition)
        .where(Cooperative.state == "approved"),
        listed("p", Unit.id, Unit.code, Unit.name)
        .where(Unit.level == Level.PROVINCE, Unit.valid_from <= day,
               sa.or_(Unit.valid_to.is_(None), Unit.valid_to > day)),
    )  # fmt: skip


def names() -> Names:
    """The names behind the codes, in one query."""
    rows = run(_statement(db.engine.dialect.name), {"day": clock.today()})
    return _sorted_out(tuple(sorted((kind, texts or "") for kind, texts in rows)))


@lru_cache(maxsize=4)
def _sorted_out(lists: tuple[tuple[str, str], ...]) -> Names:
    """The same lists give the same names: they change when a seller or a category does, not with every page."""
    kinds = {
        kind: [tuple(row.split(FIELD)) for row in texts.split(ROW)] if texts else [] for kind, texts in lists
    }
    stated = {row[0]: {part: _folded(part) for part in traditions_of(row[3])} for row in kinds["o"]}
    traditions = {part: plain for parts in stated.values() for part, plain in parts.items()}
    return Names(
        tuple(
            Named(int(row[0]), row[1], row[2], row[3], row[4])
            for row in sorted(kinds["c"], key=lambda row: int(row[5]))
        ),
        tuple(
            Named(int(row[0]), row[1], row[2], traditions=tuple(dict.fromkeys(stated[row[0]].values())))
            for row in sorted(kinds["o"], key=lambda row: row[2])
        ),
        tuple(Named(int(row[0]), row[1], row[2]) for row in kinds["p"]),
        tuple(traditions.items()),
    )


def _folded(tradition: str) -> str:
    return "".join(folded_words(tradition))


class Pool(Protocol):
    """What is counted."""

    @property
    def counts(self) -> Counts:
        """What they are."""

    @property
    def stocked(self) -> int:
        """How many are in stock."""


def choices(filters: Filters, known: Names, pool: Pool, siblings: Mapping[str, Pool]) -> Facets:
    """The choices of a list that shows this pool.

    siblings: for each kind of filter that is set, the pool without it.
    """

    def of(kind: str) -> Counts:
        return siblings.get(kind, pool).counts

    kinds, stars, prices = of("category").category, of("ocop").ocop, of("price").price
    categories = tuple(
        CategoryView(one.id, one.value, one.name, one.name_en, one.illustration, count)
        for one in known.category
        if (count := kinds[one.id]) or one.value in filters.category
    )
    at_least = {least: sum(stars[one] for one in range(least, 6)) for least in (5, 4, 3)}
    return Facets(
        categories,
        _named(known.cooperative, of("cooperative").cooperative, filters.cooperative),
        _named(known.province, of("province").province, filters.province),
        _traditions(known, of("ethnic_group").cooperative, filters.ethnic_group),
        tuple(Choice(str(one), str(one), count) for one, count in at_least.items() if count or filters.ocop == one),
        tuple(
            Choice(str(band), "", count)
            for band in range(len(BANDS_VND) + 1)
            if (count := prices[band]) or band_edges(band) == (filters.min_price_vnd, filters.max_price_vnd)
        ),
        of("in_season").ripe,
        siblings.get("in_stock", pool).stocked,
    )  # fmt: skip


def _named(known: Sequence[Named], counted: Counter[int], chosen: Sequence[str]) -> tuple[Choice, ...]:
    found = [(one, count) for one in known if (count := counted.get(one.id, 0)) or one.value in chosen]
    return _most([Choice(one.value, one.name, count) for one, count in found], chosen)


def _traditions(known: Names, counted: Counter[int], chosen: Sequence[str]) -> tuple[Choice, ...]:
    """A cooperative's goods are of the traditions that it states."""
    sums = Counter[str]()
    for seller in known.cooperative:
        if count := counted.get(seller.id):
            for plain in seller.traditions:
                sums[plain] += count
    return _most([Choice(name, name, sums[plain]) for name, plain in known.traditions], chosen)


def _most(found: Sequence[Choice], chosen: Sequence[str]) -> tuple[Choice, ...]:
    """Those with hits and those chosen, most hits first."""
    shown = [one for one in found if one.count or one.value in chosen]
    order = sorted(shown, key=lambda one: (one.value not in chosen, -one.count, one.name))
    return tuple(order[:CHOICES_MAX])
