"""What a standard would say of stored answers: counted, never kept, and never a name."""

from collections.abc import Iterator

from sqlalchemy import func, select

from core import clock
from core.db import db
from households.models import HouseholdMember, Person
from households.queries import member_on
from places.queries import communes_of
from registry.models import Review
from registry.queries import answers_of, area_of
from registry.rules import State
from registry.standards.queries import standard, standard_on
from registry.standards.rules import Standard
from registry.trial.rules import Home, Tally, tally

PAGE_MOST = 2_000  # what a page scores while somebody waits: about a second
BATCH = 500


def trial_of(
    standard_id: str, province_id: int | None, most: int | None = None
) -> tuple[Standard, Standard, Tally]:
    """(the standard in force today, the one tried, the counts): call `begin_trial` before.

    The newest declaration of each household is scored under both. most: so many, the newest first; the tally's
    `left_out` says how many were not. Raises NotFound.
    """
    after, before = standard(standard_id), standard_on(clock.today())
    places = [one.id for one in communes_of(province_id)] if province_id is not None else None
    ids = _newest(places)
    counted = tally(_homes(ids[:most]), before, after)
    counted.left_out = len(ids) - len(ids[:most])
    return before, after, counted


def _newest(commune_ids: list[int] | None) -> list[int]:
    """The newest sent declaration of each household, newest first."""
    newest = func.max(Review.id).label("newest")
    query = select(newest).where(Review.state == State.SUBMITTED).group_by(Review.household_id)
    if commune_ids is not None:
        query = query.where(Review.commune_id.in_(commune_ids))
    return list(db.session.execute(query.order_by(newest.desc())).scalars())


def _homes(review_ids: list[int]) -> Iterator[Home]:
    for start in range(0, len(review_ids), BATCH):
        found = db.session.execute(
            select(Review).where(Review.id.in_(review_ids[start : start + BATCH])).order_by(Review.id.desc())
        ).scalars()
        reviews = list(found)
        groups = _head_groups({one.household_id for one in reviews})
        for one in reviews:
            yield Home(answers_of(one), area_of(one), one.commune_id, groups.get(one.household_id, ""))
            db.session.expunge(one)


def _head_groups(household_ids: set[int]) -> dict[int, str]:
    """The ethnic group of each household's head, '' where it is not recorded."""
    query = (
        select(HouseholdMember.household_id, Person.ethnic_name)
        .join(Person, Person.id == HouseholdMember.person_id)
        .where(
            HouseholdMember.household_id.in_(household_ids),
            HouseholdMember.relation == "head",
            member_on(clock.today()),
        )
    )
    return {household_id: name or "" for household_id, name in db.session.execute(query)}
