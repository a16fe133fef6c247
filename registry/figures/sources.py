"""What a household is counted by, read where it is kept: its declaration, its recognition, its head on that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.crypto import decrypt, encrypt
from core.db import db
from households.models import HouseholdMember, Person
from households.queries import member_on
from registry.figures.models import CountedHome
from registry.figures.rules import ABSENT, UNKNOWN, Basis, age_group, ethnic_group, movement
from registry.models import Review, ReviewDeprivation, ReviewResult
from registry.procedure.models import Recognition, ReviewCase
from registry.rules import State
from registry.standards.queries import standard_on
from registry.traits.queries import traits_of_case
from registry.traits.rules import Traits

TRAITS = "counted_home.traits"


@dataclass(frozen=True)
class Finding:
    """A class of a household under one standard, with where and when. result_id: whose lacks count; None: none do."""

    standard_id: str
    is_demo: bool
    outcome: str
    result_id: int | None
    commune_id: int
    village: str
    on: date
    case_id: int | None = None
    departs: str = UNKNOWN


def declared(household_id: int, year: int) -> list[Finding]:
    """What each standard says of a household's newest sent declaration of a year, by the newest points."""
    query = (
        select(Review)
        .where(
            Review.household_id == household_id,
            Review.state == State.SUBMITTED,
            Review.submitted_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(Review.id.desc())
        .limit(1)
    )
    review = db.session.execute(query).scalar_one_or_none()
    if review is None or review.submitted_on is None:
        return []
    results = select(ReviewResult).where(ReviewResult.review_id == review.id).order_by(ReviewResult.id)
    newest = {one.standard_id: one for one in db.session.execute(results).scalars()}
    return [
        Finding(
            one.standard_id,
            one.is_demo,
            one.outcome,
            one.id,
            review.commune_id,
            review.village,
            review.submitted_on,
        )
        for one in newest.values()
    ]


def recognised(household_id: int, year: int) -> list[Finding]:
    """The newest decision of a round's cases of a household; at most one."""
    query = (
        select(ReviewCase, Recognition)
        .join(Recognition, Recognition.case_id == ReviewCase.id)
        .where(
            ReviewCase.household_id == household_id,
            ReviewCase.round_year == year,
            Recognition.decided_on.is_not(None),
        )
        .order_by(Recognition.decided_on.desc(), Recognition.id.desc())
        .limit(1)
    )
    found = db.session.execute(query).first()
    if found is None:
        return []
    case, decision = found
    scored = (
        select(ReviewResult.id)
        .where(ReviewResult.review_id == case.review_id, ReviewResult.standard_id == case.standard_id)
        .order_by(ReviewResult.id.desc())
        .limit(1)
    )
    result_id = db.session.execute(scored).scalar_one_or_none()
    return [
        Finding(
            case.standard_id,
            case.is_demo,
            decision.chosen,
            result_id,
            case.commune_id,
            case.village,
            decision.decided_on,
            case.id,
            departs="yes" if decision.chosen != case.score else "no",
        )
    ]


FINDERS = {Basis.DECLARED: declared, Basis.RECOGNISED: recognised}


def homes(household_id: int, year: int, basis: Basis) -> list[dict[str, Any]]:
    """The rows by which a round counts a household: one for each standard, none where it says nothing."""
    found = FINDERS[basis](household_id, year)
    if not found:
        return []
    traits = traits_of_case(found[0].case_id) if found[0].case_id else None
    past, head = _classes_before(household_id, year, basis), _head(household_id, found[0].on)
    lacks = _lacks([one.result_id for one in found if one.result_id is not None])
    return [
        {
            "year": year,
            "basis": str(basis),
            "household_id": household_id,
            "standard_id": one.standard_id,
            "is_demo": one.is_demo,
            "commune_id": one.commune_id,
            "village": one.village,
            "outcome": one.outcome,
            "lacking": " ".join(sorted(code for code, said in lacks.get(one.result_id, ()) if said)),
            "unjudged": " ".join(sorted(code for code, said in lacks.get(one.result_id, ()) if said is None)),
            "sex": (head.sex if head else None) or UNKNOWN,
            "age": age_group(head.birth_year if head else None, year),
            "ethnic": ethnic_group(head.ethnic_code if head else None),
            "people": (head.ethnic_name if head else None) or "",
            "traits": _kept(traits, household_id, year),
            "departs": one.departs,
            "before": past.get(year - 1, ABSENT),
            "moved": str(movement([past[one] for one in sorted(past)], one.outcome)),
        }
        for one in found
    ]


def _kept(traits: Traits | None, household_id: int, year: int) -> bytes | None:
    """Traits as a counted row holds them: sealed to that household and round."""
    return encrypt(traits.written(), field=TRAITS, owner=f"home:{household_id}:{year}") if traits else None


def traits_of_row(row: Mapping[str, Any]) -> Traits:
    """The traits of a counted row; nothing said where it has none."""
    if row["traits"] is None:
        return Traits()
    owner = f"home:{row['household_id']}:{row['year']}"
    return Traits.read(decrypt(row["traits"], field=TRAITS, owner=owner))


def _classes_before(household_id: int, year: int, basis: Basis) -> dict[int, str]:
    """round → the household's class in it under the standard of its last day, rounds before this one alone."""
    query = select(CountedHome.year, CountedHome.standard_id, CountedHome.outcome).where(
        CountedHome.household_id == household_id, CountedHome.year < year, CountedHome.basis == str(basis)
    )
    return {
        row.year: row.outcome
        for row in db.session.execute(query)
        if basis is Basis.RECOGNISED or row.standard_id == standard_on(date(row.year, 12, 31)).id
    }


def _head(household_id: int, day: date) -> Any:
    query = (
        select(Person.sex, Person.birth_year, Person.ethnic_code, Person.ethnic_name)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(
            HouseholdMember.household_id == household_id, HouseholdMember.relation == "head", member_on(day)
        )
        .order_by(HouseholdMember.id)
        .limit(1)
    )
    return db.session.execute(query).first()


def _lacks(result_ids: list[int]) -> dict[int | None, list[tuple[str, bool | None]]]:
    query = select(
        ReviewDeprivation.result_id, ReviewDeprivation.indicator, ReviewDeprivation.deprived
    ).where(ReviewDeprivation.result_id.in_(result_ids))
    found: dict[int | None, list[tuple[str, bool | None]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.result_id, []).append((row.indicator, row.deprived))
    return found
