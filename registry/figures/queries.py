"""Reads of a round: each household by its newest declaration of the year, with what it is counted by. No answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import db
from households.models import HouseholdMember, Person
from households.queries import member_on
from places.models import Unit
from places.queries import communes_of, current_of, unit
from places.rules import Level
from registry.figures.rules import (
    ABSENT,
    UNKNOWN,
    Home,
    Path,
    age_group,
    ethnic_group,
    movement,
    tree,
)
from registry.models import Review, ReviewDeprivation
from registry.reports.queries import newest_results, parts
from registry.reports.rules import Node
from registry.rules import State
from registry.standards.queries import standard_on
from registry.standards.rules import Standard


@dataclass(frozen=True)
class Place:
    """A commune of today as figures name it."""

    province_code: str
    province: str
    code: str
    name: str


@dataclass(frozen=True)
class Round:
    """A round counted. names: path → how the place is written; gone: earlier declarations that did not return."""

    year: int
    standard: Standard
    before: int | None
    top: Node
    names: dict[Path, str]
    gone: dict[str, int]


def round_years() -> list[int]:
    """The years in which declarations were sent, newest first."""
    year = extract("year", Review.submitted_on)
    query = select(year).where(Review.state == State.SUBMITTED).distinct()
    return sorted((int(one) for one in db.session.execute(query).scalars() if one is not None), reverse=True)


def country(year: int) -> Round:
    """The whole country: provinces and communes by code."""
    return _round(year, None, lambda place, _village: (place.province_code, place.code))


def of_unit(year: int, unit_id: int) -> Round:
    """A province by its communes, or a commune by its villages. Raises NotFound."""
    if unit(unit_id).level == Level.PROVINCE:
        communes = {one.id for one in communes_of(unit_id)}
        return _round(year, communes, lambda place, _village: (place.code,))
    return _round(year, {unit_id}, lambda _place, village: (village,))


def _round(year: int, communes: set[int] | None, path_of: Callable[[Place, str], Path]) -> Round:
    standard, earlier = standard_on(date(year, 12, 31)), [one for one in round_years() if one < year]
    rows = newest_results(standard.id, year)
    places = _places({row.commune_id for row in rows})
    rows = [row for row in rows if communes is None or places[row.commune_id][0] in communes]
    past = {one: _classes(one) for one in earlier}
    lacks = _lacks([row.result_id for row in rows])
    heads = _heads([row.household_id for row in rows], min(clock.today(), date(year, 12, 31)))
    homes, names = [], dict[Path, str]()
    for row in rows:
        place = places[row.commune_id][1]
        path = path_of(place, row.village)
        names |= {path: place.name if path[-1] == place.code else row.village}
        if len(path) > 1:
            names[path[:1]] = place.province
        head = heads.get(row.household_id)
        history = [past[one].get(row.household_id) for one in reversed(earlier)]
        homes.append(
            Home(
                path,
                row.outcome,
                lacks.get(row.result_id, {}),
                sex=(head.sex if head else None) or UNKNOWN,
                ethnic=ethnic_group(head.ethnic_code if head else None),
                age=age_group(head.birth_year if head else None, year),
                people=(head.ethnic_name if head else None) or "",
                before=(history[-1] if history else None) or ABSENT,
                moved=movement(history, row.outcome),
            )
        )
    last = earlier[0] if earlier else None
    gone = _gone(past[last], {row.household_id for row in rows}) if last and communes is None else {}
    return Round(year, standard, last, tree("", homes), names, gone)


def _classes(year: int) -> dict[int, str]:
    """household → its class in a round, under the standard of that round's last day."""
    standard = standard_on(date(year, 12, 31))
    return {row.household_id: row.outcome for row in newest_results(standard.id, year)}


def _gone(before: dict[int, str], now: set[int]) -> dict[str, int]:
    """How many of each class did not declare again."""
    counts: dict[str, int] = {}
    for household_id, outcome in before.items():
        if household_id not in now:
            counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def _places(commune_ids: set[int]) -> dict[int, tuple[int, Place]]:
    """Commune of a declaration → the commune of today: an ended one counts where it went, if that is one place."""
    today, parent = clock.today(), aliased(Unit)
    found: dict[int, tuple[int, Place]] = {}
    for some in parts(sorted(commune_ids)):
        query = select(Unit, parent).join(parent, parent.id == Unit.parent_id).where(Unit.id.in_(some))
        for one, above in db.session.execute(query):
            new = current_of(one.id) if one.valid_to is not None and one.valid_to <= today else []
            if len(new) == 1 and new[0].parent_id is not None:
                found[one.id] = (new[0].id, _place(new[0], unit(new[0].parent_id)))
            else:
                found[one.id] = (one.id, _place(one, above))
    return found


def _place(one: Unit, above: Unit) -> Place:
    return Place(above.code, above.name, one.code, f"{one.kind.lower()} {one.name}")


def _lacks(result_ids: list[int]) -> dict[int, dict[str, bool | None]]:
    found: dict[int, dict[str, bool | None]] = {}
    for some in parts(sorted(result_ids)):
        query = select(
            ReviewDeprivation.result_id, ReviewDeprivation.indicator, ReviewDeprivation.deprived
        ).where(ReviewDeprivation.result_id.in_(some))
        for result_id, indicator, deprived in db.session.execute(query):
            found.setdefault(result_id, {})[indicator] = deprived
    return found


def _heads(household_ids: list[int], day: date) -> dict[int, Any]:
    """Of each household its head's sex, year of birth and ethnic group on a day; one head each."""
    found: dict[int, Any] = {}
    for some in parts(sorted(household_ids)):
        query = (
            select(
                HouseholdMember.household_id,
                Person.sex,
                Person.birth_year,
                Person.ethnic_code,
                Person.ethnic_name,
            )
            .join(Person, Person.id == HouseholdMember.person_id)
            .where(HouseholdMember.household_id.in_(some), HouseholdMember.relation == "head", member_on(day))
            .order_by(HouseholdMember.id)
        )
        for row in db.session.execute(query):
            found.setdefault(row.household_id, row)
    return found


def households_sent(year: int) -> int:
    """How many households declared in a year."""
    query = select(func.count(Review.household_id.distinct())).where(
        Review.state == State.SUBMITTED, extract("year", Review.submitted_on) == year
    )
    return db.session.execute(query).scalar_one()
