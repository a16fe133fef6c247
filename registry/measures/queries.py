"""Measures of what was stored: the deprivations of a round under one standard. No answer is decrypted."""

from typing import Any

from sqlalchemy import extract, select

from core.db import db
from core.errors import Invalid
from core.i18n import N_
from registry.measures.rules import measure, spoken
from registry.models import Review, ReviewDeprivation, ReviewResult
from registry.rules import State
from registry.standards.queries import standard


def measures_of(standard_id: str, year: int, cutoff: int) -> dict[str, Any]:
    """H, A, M0 over the households that declared in a year, each indicator weighing one.

    A household with a lack that could not be judged is left out and counted in `left_out`. Raises NotFound, Invalid.
    """
    names = [one.code for one in standard(standard_id).indicators]
    if not 1 <= cutoff <= len(names):
        raise Invalid(N_("k phải từ 1 đến %(most)s."), most=len(names))
    found = db.session.execute(
        select(ReviewDeprivation.result_id, ReviewDeprivation.indicator, ReviewDeprivation.deprived)
        .join(ReviewResult, ReviewResult.id == ReviewDeprivation.result_id)
        .join(Review, Review.id == ReviewResult.review_id)
        .where(
            ReviewResult.standard_id == standard_id,
            Review.state == State.SUBMITTED,
            extract("year", Review.submitted_on) == year,
        )
        .order_by(ReviewDeprivation.result_id)
    )
    flags: dict[int, dict[str, bool | None]] = {}
    for result_id, indicator, lacks in found:
        flags.setdefault(result_id, {})[indicator] = lacks
    whole = [[row.get(name) for name in names] for row in flags.values()]
    rows = [[bool(one) for one in row] for row in whole if None not in row]
    measures = measure(rows, [1] * len(rows), [1] * len(names), cutoff)
    return {"standard": standard_id, "round": year, "k": cutoff, "left_out": len(whole) - len(rows)} | spoken(
        measures, names
    )
