"""Reads of a round: kept counts by commune, rows of one commune by village. No declaration is read, no answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, func, literal, or_, select, union_all

from core import clock
from core.db import db
from places.models import Unit
from places.queries import provinces as provinces_of_today
from places.queries import unit
from places.rules import Level
from registry.figures.models import CountedHome, PlaceCount
from registry.figures.operations import home_of
from registry.figures.places import communes_in, places
from registry.figures.rules import BASES, CLASSES, DEMO, Basis, Path, tree
from registry.reports.rules import Node, parts
from registry.standards.queries import standard, standard_on, standards
from registry.standards.rules import Standard

_CLASS_WORDS = tuple(f"class/{one}" for one in CLASSES)


@dataclass(frozen=True)
class Scope:
    """What is counted: a round, on a basis, under a standard."""

    year: int
    basis: Basis
    standard_id: str


@dataclass(frozen=True)
class Round:
    """A round counted. names: path → how the place is written; before: the year before, where anything was counted."""

    scope: Scope
    standard: Standard
    before: int | None
    top: Node
    names: dict[Path, str]

    @property
    def year(self) -> int:
        """The round."""
        return self.scope.year

    @property
    def is_demo(self) -> bool:
        """Whether any of it was scored with invented points."""
        return self.top.counts[DEMO] > 0 or (not self.top.households and self.standard.is_demo)

    @property
    def basis(self) -> Basis:
        """What its classes rest on."""
        return self.scope.basis


def scope_of(year: int, basis: Basis, standard_id: str = "") -> Scope:
    """A round under a standard: by default the country's of its last day. Raises NotFound."""
    one = standard(standard_id) if standard_id else standard_on(date(year, 12, 31))
    return Scope(year, basis, one.id)


def round_years(basis: Basis | None = None) -> list[int]:
    """The years of which something is counted, newest first: a step in the index for each."""
    bases = [basis] if basis else list(Basis)
    years: set[int] = set()
    for one in bases:
        year = _newest(one, None)
        while year is not None:
            years.add(year)
            year = _newest(one, year)
    return sorted(years, reverse=True)


def _newest(basis: Basis, before: int | None) -> int | None:
    where = [CountedHome.basis == str(basis)]
    if before is not None:
        where.append(CountedHome.year < before)
    query = select(CountedHome.year).where(*where).order_by(CountedHome.year.desc()).limit(1)
    return db.session.execute(query).scalar_one_or_none()


def choices(year: int, communes: set[int]) -> dict[Basis, list[str]]:
    """What a place has of a round: on which bases, and under which standards, in their order. See `communes_in`."""
    found, order = dict[Basis, set[str]](), list(standards())
    query = select(PlaceCount.basis, PlaceCount.standard_id).where(
        PlaceCount.year == year,
        PlaceCount.basis.in_(BASES),  # every column of the key, or SQLite reads the whole year
        PlaceCount.standard_id.in_(order),
        PlaceCount.word.in_(_CLASS_WORDS),
        PlaceCount.household_count > 0,
    )
    for some in parts(sorted(communes)):
        for row in db.session.execute(query.where(PlaceCount.commune_id.in_(some)).distinct()):
            found.setdefault(Basis(row.basis), set()).add(row.standard_id)
    return {basis: sorted(ids, key=order.index) for basis, ids in sorted(found.items(), reverse=True)}


def country(scope: Scope) -> Round:
    """The whole country: provinces and their communes, by code."""
    rows = list(db.session.execute(_counts(scope)))
    where = places({row.commune_id for row in rows})
    names: dict[Path, str] = {}
    for one in where.values():
        names |= {
            (one.province_code,): one.province,
            (one.province_code, one.code): one.name,
        }
    top = Node("")
    for row in rows:
        place = where[row.commune_id]
        _put(top, (place.province_code, place.code), row.word, row.household_count)
    return _round(scope, top, names)


def provinces(scope: Scope) -> Round:
    """The country by province alone: the counting is the database's, so that a whole country is read at once."""
    lives = or_(Unit.valid_to.is_(None), Unit.valid_to > clock.today())
    query = (
        select(Unit.parent_id, PlaceCount.word, func.sum(PlaceCount.household_count).label("total"))
        .join(Unit, Unit.id == PlaceCount.commune_id)
        .where(*_of(scope), lives)
        .group_by(Unit.parent_id, PlaceCount.word)
    )
    above = {one.id: one for one in provinces_of_today()}
    top, names = Node(""), dict[Path, str]()
    names.update({(one.code,): one.name for one in above.values()})
    for row in db.session.execute(query):
        _put(top, (above[row.parent_id].code,), row.word, int(row.total))
    ended = list(
        db.session.execute(_counts(scope).join(Unit, Unit.id == PlaceCount.commune_id).where(~lives))
    )
    where = places({row.commune_id for row in ended})
    for row in ended:
        place = where[row.commune_id]
        names[place.province_code,] = place.province
        _put(top, (place.province_code,), row.word, row.household_count)
    return _round(scope, top, names)


def of_unit(scope: Scope, unit_id: int, communes: set[int] | None = None) -> Round:
    """A province by its communes, or a commune by its villages. communes: `communes_in` it. Raises NotFound."""
    communes = communes_in(unit_id) if communes is None else communes
    return (_communes if unit(unit_id).level == Level.PROVINCE else _villages)(scope, communes)


def _communes(scope: Scope, communes: set[int]) -> Round:
    """A province by its communes, from kept counts alone."""
    top, names, where = Node(""), dict[Path, str](), places(communes)
    for some in parts(sorted(communes)):
        for row in db.session.execute(_counts(scope).where(PlaceCount.commune_id.in_(some))):
            place = where[row.commune_id]
            names[place.code,] = place.name
            _put(top, (place.code,), row.word, row.household_count)
    return _round(scope, top, names)


def glance(scope: Scope, unit_id: int, communes: set[int] | None = None) -> Round:
    """As `of_unit`, for a page: of a commune's villages the classes alone, counted by the database; the commune's own
    numbers are those kept. One statement, so that a parent is the sum of its children whatever is sent meanwhile.
    """
    communes = communes_in(unit_id) if communes is None else communes
    if unit(unit_id).level == Level.PROVINCE:
        return _communes(scope, communes)
    whole = select(
        literal(None, String).label("village"), PlaceCount.word, PlaceCount.household_count.label("total")
    )
    homes = select(CountedHome.village, literal("class/") + CountedHome.outcome, func.count())
    counted = homes.where(*_homes(scope), CountedHome.commune_id.in_(communes))
    query = union_all(
        whole.where(*_of(scope), PlaceCount.commune_id.in_(communes)),
        counted.group_by(CountedHome.village, CountedHome.outcome),
    )
    top = Node("")
    for village, word, total in db.session.execute(query):
        node = top if village is None else top.inside.setdefault(village, Node(village))
        node.counts[word] += total
        if word in _CLASS_WORDS:
            node.households += total
    return _round(scope, top, {(name,): name for name in top.inside})


def _villages(scope: Scope, communes: set[int]) -> Round:
    """A commune household by household: some hundred narrow rows."""
    codes = tuple(one.code for one in standard(scope.standard_id).indicators)
    query = select(*CountedHome.__table__.c).where(
        CountedHome.year == scope.year,
        CountedHome.basis == str(scope.basis),
        CountedHome.commune_id.in_(communes),
        CountedHome.standard_id == scope.standard_id,
    )
    top = tree("", (home_of(row._asdict(), codes, (row.village,)) for row in db.session.execute(query)))
    return _round(scope, top, {(name,): name for name in top.inside})


def _of(scope: Scope) -> list[ColumnElement[bool]]:
    return [
        PlaceCount.year == scope.year,
        PlaceCount.basis == str(scope.basis),
        PlaceCount.standard_id == scope.standard_id,
        PlaceCount.household_count > 0,
    ]


def _counts(scope: Scope) -> Any:
    return select(PlaceCount.commune_id, PlaceCount.word, PlaceCount.household_count).where(*_of(scope))


def _put(top: Node, path: Path, word: str, count: int) -> None:
    """Add a count at a place and at each above it; the classes are the households."""
    node = top
    for name in ("", *path):
        node = node if not name else node.inside.setdefault(name, Node(name))
        node.counts[word] += count
        if word in _CLASS_WORDS:
            node.households += count


def _round(scope: Scope, top: Node, names: Mapping[Path, str]) -> Round:
    before = scope.year - 1 if _newest(scope.basis, scope.year) == scope.year - 1 else None
    return Round(scope, standard(scope.standard_id), before, top, dict(names))


def gone(scope: Scope, before: Scope) -> dict[str, int]:
    """How many of each class of the round before are not in this one."""
    now = select(CountedHome.household_id).where(*_homes(scope))
    query = (
        select(CountedHome.outcome, func.count())
        .where(*_homes(before), CountedHome.household_id.not_in(now))
        .group_by(CountedHome.outcome)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _homes(scope: Scope) -> Iterable[ColumnElement[bool]]:
    return (
        CountedHome.year == scope.year,
        CountedHome.basis == str(scope.basis),
        CountedHome.standard_id == scope.standard_id,
    )
