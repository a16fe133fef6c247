"""Counting a household: its rows, and what they change in its commune's counts, in the caller's transaction."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core import clock
from core.db import db
from registry.figures import sources
from registry.figures.models import CountedHome, PlaceCount
from registry.figures.rules import Basis, Home, Movement, words_of
from registry.models import Review
from registry.procedure.models import Recognition, ReviewCase
from registry.rules import State
from registry.standards.queries import standards
from registry.turns import household_turn

Key = tuple[int, str, str, int, str]  # year, basis, standard, commune, word
_ROW = CountedHome.__table__.c


def count(household_id: int, year: int, basis: Basis) -> None:
    """Count a household anew in a round, and in its later rounds: what it was before may have changed there."""
    household_turn(household_id)
    later = select(CountedHome.year).where(
        CountedHome.household_id == household_id, CountedHome.basis == str(basis), CountedHome.year > year
    )
    for one in sorted({year, *db.session.execute(later).scalars()}):
        _replace(household_id, one, basis)


def _replace(household_id: int, year: int, basis: Basis) -> None:
    """Take a household's rows of a round out, put those of today in, and move the counts by the difference."""
    changes: Counter[Key] = Counter()
    old = delete(CountedHome).where(
        CountedHome.household_id == household_id, CountedHome.year == year, CountedHome.basis == str(basis)
    )
    for row in db.session.execute(old.returning(*_ROW), execution_options={"synchronize_session": False}):
        changes.subtract(_keys(row._asdict()))
    new = sources.homes(household_id, year, basis)
    for one in new:
        changes.update(_keys(one))
    if new:
        at = clock.now()
        db.session.execute(upsert(CountedHome), [one | {"counted_at": at} for one in new])
    add(changes)


def _keys(row: Mapping[str, Any]) -> list[Key]:
    place = (row["year"], row["basis"], row["standard_id"], row["commune_id"])
    return [(*place, word) for word in words_of(home_of(row, indicators(row["standard_id"])))]


def indicators(standard_id: str) -> tuple[str, ...]:
    """The codes of a standard's indicators; none of one that is no more."""
    found = standards().get(standard_id)
    return tuple(one.code for one in found.indicators) if found else ()


def home_of(row: Mapping[str, Any], codes: tuple[str, ...], path: tuple[str, ...] = ()) -> Home:
    """A kept row as it is counted. codes: the indicators of its standard; a household without a score has no lacks."""
    traits = sources.traits_of_row(row)
    lacking, unjudged = set(row["lacking"].split()), set(row["unjudged"].split())
    return Home(
        path,
        row["outcome"],
        {code: None if code in unjudged else code in lacking for code in codes},
        sex=row["sex"],
        ethnic=row["ethnic"],
        age=row["age"],
        people=row["people"],
        disability=traits.disability,
        causes=traits.causes,
        departs=row["departs"],
        before=row["before"],
        moved=Movement(row["moved"]),
        is_demo=row["is_demo"],
    )


def add(changes: Counter[Key]) -> None:
    """Move counts of communes. In one order everywhere, so that two who count in one commune wait, never deadlock."""
    moved = sorted((key, by) for key, by in changes.items() if by)
    if not moved:
        return
    made = upsert(PlaceCount).values(
        [
            dict(zip(("year", "basis", "standard_id", "commune_id", "word"), key, strict=True))
            | {"household_count": by}
            for key, by in moved
        ]
    )
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=["year", "basis", "standard_id", "commune_id", "word"],
            set_={"household_count": PlaceCount.household_count + made.excluded.household_count},
        )
    )


def count_declared(review: Review) -> None:
    """A declaration was sent, withdrawn or scored again: its household is counted anew in its round."""
    if review.submitted_on is not None:
        db.session.flush()
        count(review.household_id, review.submitted_on.year, Basis.DECLARED)
        review.counted = True


def count_recognised(case: ReviewCase) -> None:
    """Two people decided: the figures of the commune and all above it have it at once."""
    db.session.flush()
    count(case.household_id, case.round_year, Basis.RECOGNISED)
    db.session.execute(update(Recognition).where(Recognition.case_id == case.id).values(counted=True))


def count_left(most: int) -> int:
    """Count what was sent or decided before there were counts; how many were. Safe to run twice."""
    sent = select(Review).where(Review.state == State.SUBMITTED, ~Review.counted).limit(most)
    reviews = list(db.session.execute(sent).scalars())
    for review in reviews:
        count_declared(review)
    decided = (
        select(ReviewCase)
        .join(Recognition, Recognition.case_id == ReviewCase.id)
        .where(Recognition.decided_on.is_not(None), ~Recognition.counted)
        .limit(most - len(reviews))
    )
    cases = list(db.session.execute(decided).scalars())
    for case in cases:
        count_recognised(case)
    return len(reviews) + len(cases)
