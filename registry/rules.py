"""Scoring: a pure function from answers and a standard to points, deprivations and a class, with every reason.

An answer may be missing or 'unknown'. Then points are a range from least to most, a deprivation is None, and the
class is given only if every way of filling the gaps leads to the same one; else it cannot be said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from core.i18n import N_
from registry.questions import BY_ID, DUNNO
from registry.standards.rules import Indicator, Item, Standard, Table

Answers = Mapping[str, str | int]


class HouseholdClass(StrEnum):
    """What a standard says of a household. NONE: neither poor nor near-poor. UNSAID: cannot be said."""

    POOR = "poor"
    NEAR_POOR = "near_poor"
    NONE = "none"
    UNSAID = "unsaid"


CLASS_NAMES: dict[HouseholdClass, str] = {
    HouseholdClass.POOR: N_("Giống mức hộ nghèo"),
    HouseholdClass.NEAR_POOR: N_("Giống mức hộ cận nghèo"),
    HouseholdClass.NONE: N_("Trên mức cận nghèo"),
    HouseholdClass.UNSAID: N_("Chưa nói được"),
}


class State(StrEnum):
    """Where a declaration stands."""

    DRAFT = "draft"
    TO_CONFIRM = "to_confirm"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to a declaration."""

    FINISH_ALONE = "finish_alone"
    FINISH_HELPED = "finish_helped"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.DRAFT, Event.FINISH_ALONE): State.SUBMITTED,
    (State.DRAFT, Event.FINISH_HELPED): State.TO_CONFIRM,
    (State.DRAFT, Event.WITHDRAW): State.WITHDRAWN,
    (State.TO_CONFIRM, Event.CONFIRM): State.SUBMITTED,
    (State.TO_CONFIRM, Event.REOPEN): State.DRAFT,
    (State.TO_CONFIRM, Event.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Event.WITHDRAW): State.WITHDRAWN,
}


@dataclass(frozen=True)
class Area:
    """Where a household lives. region: a column of the income table; urban decides the limit."""

    region: str
    urban: bool

    @property
    def column(self) -> str:
        """The column of the income table."""
        return "urban" if self.urban else self.region

    @property
    def limit(self) -> str:
        """The key of the income limit."""
        return "urban" if self.urban else "rural"


@dataclass(frozen=True)
class ItemLine:
    """One item of B1: its points, from least to most where the answer is unknown."""

    item: str
    option: str | None
    low_points: int
    high_points: int


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of B2: deprived, not, or unknown; `status` says whether its threshold was read in law."""

    code: str
    deprived: bool | None
    status: str


@dataclass(frozen=True)
class Result:
    """What one standard says of one set of answers, and why."""

    standard_id: str
    standard_hash: str
    outcome: HouseholdClass
    is_demo: bool
    b1: tuple[int, int] | None
    b1_limit: int | None
    b2: tuple[int, int]
    items: tuple[ItemLine, ...]
    indicators: tuple[IndicatorLine, ...]

    @property
    def unknown(self) -> int:
        """How many items and indicators could not be judged."""
        return sum(line.option is None for line in self.items) + sum(
            line.deprived is None for line in self.indicators
        )


def known(answers: Answers, question: str) -> str | None:
    """An answer, or None where it is missing or 'unknown'."""
    answer = answers.get(question)
    return None if answer in (None, "", DUNNO) else str(answer)


def number(answers: Answers, question: str) -> int | None:
    """A numeric answer, or None."""
    answer = known(answers, question)
    return int(answer) if answer is not None else None


def option_of(item: Item, answers: Answers) -> str | None:
    """Which option of an item the answers tick, or None where that is not known.

    A number falls in a band; divided by another (square metres by persons) it is compared without rounding.
    """
    if not item.bands:
        option = known(answers, item.question)
        return option if option in item.options else None
    value, heads = number(answers, item.question), number(answers, item.per) if item.per else 1
    if value is None or not heads:
        return None
    for code, _low, below in item.bands:
        if below is None or value < below * heads:
            return code
    return None


def score_items(answers: Answers, table: Table, area: Area) -> tuple[ItemLine, ...]:
    """B1: the points of each item; an unknown answer gives the span of its options."""
    column = table.columns.index(area.column)
    lines = []
    for item in table.items:
        option = option_of(item, answers)
        if option is not None:
            points = item.options[option][column]
            lines.append(ItemLine(item.code, option, points, points))
        else:
            every = [points[column] for points in item.options.values()]
            lines.append(ItemLine(item.code, None, min(every), max(every)))
    return tuple(lines)


def _is(said: Mapping[str, Any], answers: Answers) -> bool | None:
    answer = known(answers, said["question"])
    return None if answer is None else answer in said["among"]


def _at_least(said: Mapping[str, Any], answers: Answers) -> bool | None:
    parts = [_is(one, answers) for one in said["of"]]
    sure, unknown = parts.count(True), parts.count(None)
    return True if sure >= said["count"] else False if sure + unknown < said["count"] else None


def _more_than_half(said: Mapping[str, Any], answers: Answers) -> bool | None:
    people, parts = number(answers, said["of"]), [number(answers, name) for name in said["parts"]]
    if not people:
        return None
    if 2 * sum(part or 0 for part in parts) > people:
        return True
    return None if None in parts else False


def _per_head_under(said: Mapping[str, Any], answers: Answers) -> bool | None:
    value, heads = number(answers, said["question"]), number(answers, said["of"])
    return None if value is None or not heads else value < said["limit"] * heads


RULES: dict[str, Callable[[Mapping[str, Any], Answers], bool | None]] = {
    "is": _is,
    "at_least": _at_least,
    "more_than_half": _more_than_half,
    "per_head_under": _per_head_under,
}


def deprived(indicator: Indicator, answers: Answers) -> bool | None:
    """Whether the answers show this lack; None where they do not tell."""
    kind, said = next(iter(indicator.rule.items()))
    return RULES[kind](said, answers)


def classify(
    b1: tuple[int, int] | None, limit: int | None, b2: tuple[int, int], poor_from: int
) -> HouseholdClass:
    """The class if all values in the ranges agree, else UNSAID. Poor: B1 ≤ limit, B2 ≥ 30; near-poor: B2 < 30.

    >>> classify((140, 140), 140, (30, 30), 30), classify((140, 140), 140, (20, 20), 30)
    (<HouseholdClass.POOR: 'poor'>, <HouseholdClass.NEAR_POOR: 'near_poor'>)
    >>> classify((141, 141), 140, (120, 120), 30)
    <HouseholdClass.NONE: 'none'>
    """
    if b1 is None or limit is None:
        return HouseholdClass.UNSAID
    if b1[0] > limit:
        return HouseholdClass.NONE
    if b1[1] > limit:
        return HouseholdClass.UNSAID
    if b2[0] >= poor_from:
        return HouseholdClass.POOR
    return HouseholdClass.NEAR_POOR if b2[1] < poor_from else HouseholdClass.UNSAID


def score(answers: Answers, standard: Standard, area: Area) -> Result:
    """Apply a standard to answers. Pure: the same answers and the same standard always give the same result.

    Where a standard's income table is unknown, deprivations are still judged and the class is UNSAID.
    """
    items = score_items(answers, standard.b1_table, area) if standard.b1_table else ()
    indicators = tuple(
        IndicatorLine(one.code, deprived(one, answers), "read" if one.verified else "unverified")
        for one in standard.indicators
    )
    each = standard.points_per_indicator
    sure = sum(line.deprived is True for line in indicators)
    b2 = (sure * each, (sure + sum(line.deprived is None for line in indicators)) * each)
    b1 = (sum(line.low_points for line in items), sum(line.high_points for line in items)) if items else None
    limit = standard.b1_limit[area.limit] if standard.b1_limit else None
    outcome = classify(b1, limit, b2, standard.poor_from_b2)
    return Result(standard.id, standard.hash, outcome, standard.is_demo, b1, limit, b2, items, indicators)


SALES_BANDS_VND = (0, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000)


def sales_band(total_vnd: int) -> tuple[int, int | None]:
    """The band a year's sales fall in: (from, below), the last one open. An officer sees bands, never the figure."""
    for low, high in pairwise(SALES_BANDS_VND):
        if total_vnd < high:
            return (low, high)
    return (SALES_BANDS_VND[-1], None)


def check_answer(question_id: str, given: str) -> str | int:
    """A raw answer as it is kept. Raises ValueError for what the question does not allow."""
    question = BY_ID[question_id]
    if given == DUNNO:
        return DUNNO
    if question.kind == "number":
        if not given.isdigit() or not question.low <= int(given) <= question.high:
            raise ValueError(given)
        return int(given)
    if given not in {value for value, _label in question.options}:
        raise ValueError(given)
    return given
