"""Roll-ups of stored results: classes, and lacks, of a round under the standard of its last day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Row, extract, func, select

from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from places.queries import commune_by_code, communes_of, place_names, provinces
from registry.models import Review, ReviewDeprivation, ReviewResult
from registry.reports.rules import Node
from registry.rules import HouseholdClass, State
from registry.standards.queries import standard_on

COUNTRY = "vn"
NAMES = ("classes", "deprivations")


def report(name: str, unit_code: str, year: int) -> dict[str, Any]:
    """Counts of a round, from the unit down to its villages; each household by its newest declaration of the year.

    name: 'classes' or 'deprivations' (lacks that are sure). unit_code: a province's, a commune's, or 'vn'. Raises
    NotFound, Invalid.
    """
    if name not in NAMES:
        raise Invalid(N_("Không có báo cáo này."), remedy=N_("Chọn trong danh sách."))
    communes = _communes(unit_code)
    standard = standard_on(date(year, 12, 31))
    rows = [
        row for row in newest_results(standard.id, year) if communes is None or row.commune_id in communes
    ]
    words, said = (
        (tuple(HouseholdClass), {row.result_id: [row.outcome] for row in rows})
        if name == "classes"
        else (tuple(one.code for one in standard.indicators), _lacks({row.result_id for row in rows}))
    )
    names = place_names({row.commune_id for row in rows})
    top = Node(unit_code)
    for row in rows:
        place = names[row.commune_id]
        path = (place.province, place.commune, row.village)
        top.add(path[0 if communes is None else 1 if len(communes) > 1 else 2 :], said.get(row.result_id, []))
    return {
        "report": name,
        "of": "declarations, not recognised classes",
        "standard": standard.id,
        "demo": standard.is_demo,
        "round": year,
        **top.spoken(tuple(map(str, words))),
    }


def _communes(code: str) -> set[int] | None:
    """The communes of a unit; None for the whole country."""
    if code == COUNTRY:
        return None
    for one in provinces():
        if one.code == code:
            return {commune.id for commune in communes_of(one.id)}
    try:
        return {commune_by_code(code).id}
    except NotFound:
        raise NotFound(
            N_("Không có tỉnh, xã mang mã này."), remedy=N_("Dùng mã của cơ quan thống kê.")
        ) from None


def newest_results(standard_id: str, year: int) -> list[Row[Any]]:
    """(result_id, outcome, household_id, commune_id, village) of each household's newest declaration of a year, by its
    newest result under a standard.
    """
    reviews = (
        select(func.max(Review.id))
        .where(Review.state == State.SUBMITTED, extract("year", Review.submitted_on) == year)
        .group_by(Review.household_id)
    )
    results = (
        select(func.max(ReviewResult.id))
        .where(ReviewResult.standard_id == standard_id, ReviewResult.review_id.in_(reviews))
        .group_by(ReviewResult.review_id)
    )
    query = (
        select(
            ReviewResult.id.label("result_id"),
            ReviewResult.outcome,
            Review.household_id,
            Review.commune_id,
            Review.village,
        )
        .join(Review, Review.id == ReviewResult.review_id)
        .where(ReviewResult.id.in_(results))
    )
    return list(db.session.execute(query))


def _lacks(result_ids: set[int]) -> dict[int, list[str]]:
    """The lacks that are sure, by result."""
    found: dict[int, list[str]] = {}
    for part in parts(sorted(result_ids), 500):
        query = select(ReviewDeprivation.result_id, ReviewDeprivation.indicator).where(
            ReviewDeprivation.result_id.in_(part), ReviewDeprivation.deprived.is_(True)
        )
        for result_id, indicator in db.session.execute(query):
            found.setdefault(result_id, []).append(indicator)
    return found


def parts(ids: list[int], size: int = 500) -> Iterator[list[int]]:
    """Ids in turns that fit into one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
