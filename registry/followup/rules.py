"""What became of a household by its decisions, and when it is due to be looked after. All pure.

Three years after an escape and a look every half year are read from nowhere in law here: dated rows, unverified.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.i18n import N_
from registry.procedure.rules import CERTIFIED

PLAN_GOAL_MAX, WORDS_MAX = 600, 2000
LOOK_MONTHS, SOON_DAYS = 6, 30


@dataclass(frozen=True)
class LookBack:
    """For how many years a household that escaped is looked after, from a day on."""

    valid_from: date
    years: int
    source: str
    verified: bool


LOOK_BACKS = (
    LookBack(date(2025, 7, 1), 3, "from the issue of this project; not read in law", verified=False),
)


def look_back(on: date) -> LookBack:
    """The row in force on a day; before the first, the first."""
    rows = sorted(LOOK_BACKS, key=lambda row: row.valid_from)
    return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])


class Standing(StrEnum):
    """What the decisions on a household, in their order, make of it."""

    NEVER = "never"
    CERTIFIED = "certified"
    ESCAPED = "escaped"
    RELAPSED = "relapsed"


STANDING_WORDS: dict[str, str] = {
    Standing.NEVER: N_("Chưa từng là hộ nghèo, cận nghèo"),
    Standing.CERTIFIED: N_("Đang là hộ nghèo hoặc cận nghèo"),
    Standing.ESCAPED: N_("Đã thoát nghèo"),
    Standing.RELAPSED: N_("Tái nghèo (nghèo trở lại)"),
}


@dataclass(frozen=True)
class Path:
    """Where a household stands and since when; None before any decision."""

    standing: Standing
    since: date | None


def path(decisions: Sequence[tuple[date, str]]) -> Path:
    """What decisions (day, class), the oldest first, make of a household.

    Escaped: recognised as poor or near-poor, then as neither. Relapsed: recognised again after an escape.

    >>> path([(date(2024, 12, 1), "poor"), (date(2025, 12, 1), "none")]).standing
    <Standing.ESCAPED: 'escaped'>
    >>> path([(date(2023, 12, 1), "poor"), (date(2024, 12, 1), "none"), (date(2025, 12, 1), "near_poor")])
    Path(standing=<Standing.RELAPSED: 'relapsed'>, since=datetime.date(2025, 12, 1))
    >>> path([(date(2025, 12, 1), "none")]).standing, path([]).since
    (<Standing.NEVER: 'never'>, None)
    """
    found = Path(Standing.NEVER, None)
    for day, chosen in decisions:
        if chosen in CERTIFIED:
            if found.standing is Standing.ESCAPED:
                found = Path(Standing.RELAPSED, day)
            elif found.standing is Standing.NEVER:
                found = Path(Standing.CERTIFIED, day)
        elif found.standing in (Standing.CERTIFIED, Standing.RELAPSED):
            found = Path(Standing.ESCAPED, day)
    return found


def months_after(day: date, months: int) -> date:
    """The same day of a later month, its last day where it has none.

    >>> months_after(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_look(escaped_on: date, looked_on: date | None) -> date | None:
    """By when a household that escaped is looked at next; None once the years are over.

    >>> next_look(date(2026, 1, 10), None), next_look(date(2026, 1, 10), date(2028, 9, 1))
    (datetime.date(2026, 7, 10), datetime.date(2029, 1, 10))
    >>> next_look(date(2026, 1, 10), date(2029, 1, 10)) is None
    True
    """
    last = months_after(escaped_on, 12 * look_back(escaped_on).years)
    seen = max(escaped_on, looked_on or escaped_on)
    return None if seen >= last else min(months_after(seen, LOOK_MONTHS), last)


class Finding(StrEnum):
    """What a visit between rounds finds."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"


FINDING_WORDS: dict[str, str] = {
    Finding.SAME: N_("Vẫn như trước"),
    Finding.BETTER: N_("Khá hơn trước"),
    Finding.WORSE: N_("Khó hơn trước"),
}


class StepState(StrEnum):
    """Where a step of a plan stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


STEP_WORDS: dict[str, tuple[str, str]] = {
    StepState.OPEN: (N_("Đang làm"), "warn"),
    StepState.DONE: (N_("Đã xong"), "good"),
    StepState.DROPPED: (N_("Thôi, không làm"), ""),
}


class Who(StrEnum):
    """Who does a step."""

    HOUSEHOLD = "household"
    COMMUNE = "commune"
    BOTH = "both"


WHO_WORDS: dict[str, str] = {
    Who.HOUSEHOLD: N_("Hộ"),
    Who.COMMUNE: N_("Xã"),
    Who.BOTH: N_("Hộ và xã cùng làm"),
}
