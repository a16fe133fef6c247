"""Scoring: a pure function from answers and a standard to points, deprivations and a class, with every reason.

An answer may be missing or 'unknown'. Then points are a range from least to most, a deprivation is None, and the
class is given only if every way of filling the gaps leads to the same one; else it cannot be said.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from core.i18n import N_
from registry.questions import BY_ID, DUNNO

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
class Standard:
    """A poverty standard with its dates. `content` is the file as read; `hash` proves which one made a result."""

    id: str
    title: str
    legal: str
    valid_from: date
    valid_to: date
    indicators: tuple[tuple[str, str], ...]
    points_per_indicator: int
    poor_from_b2: int
    b1_limit: Mapping[str, int] | None
    b1_table: Mapping[str, Any] | None
    income_line_vnd: Mapping[str, int]
    hash: str

    @property
    def is_demo(self) -> bool:
        """Whether its income points are the invented table: a class made with it must say so."""
        return bool(self.b1_table and self.b1_table.get("is_demo"))


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


def parse_standard(text: str, b1_table: Mapping[str, Any] | None) -> Standard:
    """A standard from its JSON file; the hash covers the file and the income table it names."""
    raw = json.loads(text)
    body = json.dumps([raw, b1_table], sort_keys=True, ensure_ascii=False)
    return Standard(
        id=raw["id"],
        title=raw["title"],
        legal=raw["legal"],
        valid_from=date.fromisoformat(raw["valid_from"]),
        valid_to=date.fromisoformat(raw["valid_to"]),
        indicators=tuple((one["code"], one["status"]) for one in raw["indicators"]),
        points_per_indicator=raw["points_per_indicator"],
        poor_from_b2=raw["poor_from_b2"],
        b1_limit=raw["b1_limit"],
        b1_table=b1_table,
        income_line_vnd=raw["income_line_vnd"],
        hash=hashlib.sha256(body.encode()).hexdigest(),
    )


def known(answers: Answers, question: str) -> str | None:
    """An answer, or None where it is missing or 'unknown'."""
    answer = answers.get(question)
    return None if answer in (None, "", DUNNO) else str(answer)


def number(answers: Answers, question: str) -> int | None:
    """A numeric answer, or None."""
    answer = known(answers, question)
    return int(answer) if answer is not None else None


def _area_option(answers: Answers) -> str | None:
    area, people = number(answers, "area"), number(answers, "people")
    if area is None or not people:
        return None
    each = area / people
    return "0-8" if each < 8 else "8-20" if each < 20 else "20-30" if each < 30 else "30+"


def _people_option(answers: Answers) -> str | None:
    people = number(answers, "people")
    return None if people is None else "7+" if people >= 7 else str(people)


DERIVED = {"area_per_head": _area_option, "people": _people_option}


def score_items(answers: Answers, table: Mapping[str, Any], area: Area) -> tuple[ItemLine, ...]:
    """B1: the points of each item; an unknown answer gives the span of its options."""
    column = table["columns"].index(area.column)
    lines = []
    for item, options in table["items"].items():
        option = DERIVED[item](answers) if item in DERIVED else known(answers, item)
        if option is not None and option in options:
            points = options[option][column]
            lines.append(ItemLine(item, option, points, points))
        else:
            every = [points[column] for points in options.values()]
            lines.append(ItemLine(item, None, min(every), max(every)))
    return tuple(lines)


def _yes(answers: Answers, question: str) -> bool | None:
    answer = known(answers, question)
    return None if answer is None else answer == "yes"


def _one_of(answers: Answers, question: str, bad: tuple[str, ...]) -> bool | None:
    answer = known(answers, question)
    return None if answer is None else answer in bad


def _dependents(answers: Answers) -> bool | None:
    people, children, allowance = (number(answers, name) for name in ("people", "children", "allowance"))
    if not people:
        return None
    least = (children or 0) + (allowance or 0)
    if 2 * least > people:
        return True
    return None if children is None or allowance is None else False


def _housing(answers: Answers) -> bool | None:
    parts = [_one_of(answers, name, ("temporary",)) for name in ("walls", "columns", "roof")]
    bad, unknown = parts.count(True), parts.count(None)
    return True if bad >= 2 else False if bad + unknown < 2 else None


def _crowded(answers: Answers) -> bool | None:
    option = _area_option(answers)
    return None if option is None else option == "0-8"


def _without(answers: Answers, question: str) -> bool | None:
    has = _yes(answers, question)
    return None if has is None else not has


DEPRIVED: dict[str, Callable[[Answers], bool | None]] = {
    "employment": lambda a: _yes(a, "jobless"),
    "dependents": _dependents,
    "nutrition": lambda a: _yes(a, "underweight"),
    "health_insurance": lambda a: _yes(a, "uninsured"),
    "adult_education": lambda a: _yes(a, "young_unschooled"),
    "child_schooling": lambda a: _yes(a, "child_out"),
    "housing_quality": _housing,
    "housing_area": _crowded,
    "water": lambda a: _one_of(a, "water", ("stream",)),
    "toilet": lambda a: _one_of(a, "toilet", ("simple", "none")),
    "telecom": lambda a: _without(a, "internet"),
    "information_means": lambda a: _without(a, "devices"),
    "waste": lambda a: _one_of(a, "waste", ("open",)),
}


def _classify(
    b1: tuple[int, int] | None, limit: int | None, b2: tuple[int, int], poor_from: int
) -> HouseholdClass:
    """The class if all values in the ranges agree, else UNSAID. Poor: B1 ≤ limit, B2 ≥ 30; near-poor: B2 < 30."""
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
        IndicatorLine(code, DEPRIVED[code](answers), status) for code, status in standard.indicators
    )
    each = standard.points_per_indicator
    sure = sum(line.deprived is True for line in indicators)
    b2 = (sure * each, (sure + sum(line.deprived is None for line in indicators)) * each)
    b1 = (sum(line.low_points for line in items), sum(line.high_points for line in items)) if items else None
    limit = standard.b1_limit[area.limit] if standard.b1_limit else None
    outcome = _classify(b1, limit, b2, standard.poor_from_b2)
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
