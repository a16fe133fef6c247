"""When sales and a declaration contradict each other, and who sees that first. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from core.i18n import N_
from registry.rules import HouseholdClass, sales_band

FIRST_DAYS = 10  # working days for which the family alone sees the question; our promise, not law
TEXT_MAX = 600
LOW = (HouseholdClass.POOR, HouseholdClass.NEAR_POOR)


class Standing(StrEnum):
    """Where a year of sales stands."""

    QUIET = "quiet"  # evidence, nothing asked
    SHOWN = "shown"  # a contradiction; the family sees it first
    SENT = "sent"  # the family answered, or its days are over: the commune asks again
    CLOSED = "closed"


STANDING_WORDS: dict[str, str] = {
    Standing.QUIET: N_("Không có gì phải hỏi"),
    Standing.SHOWN: N_("Chờ nhà mình xem trước"),
    Standing.SENT: N_("Chờ xã xem lại"),
    Standing.CLOSED: N_("Đã xem lại"),
}


def head_days(stays: list[tuple[date, date | None]], year: int) -> int:
    """Days that people spent in a household in a year, added up. stays: (from, the day after the last).

    >>> head_days([(date(2020, 1, 1), None), (date(2025, 7, 2), date(2025, 7, 12))], 2025)
    375
    """
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return sum(
        max(0, (min(end or after, after) - max(start, first)) // timedelta(days=1)) for start, end in stays
    )


def band_per_head(total_vnd: int, days: int, declared: int, year: int) -> tuple[int, int | None]:
    """The band of a year's sales for each person of the household, đồng.

    days: from `head_days`. declared: people by the declaration, which counts whoever the roster does not
    know; the larger household is taken, or sales would look larger than they are.

    >>> band_per_head(36_500_000, 2 * 365, 0, 2025), band_per_head(36_500_000, 365, 5, 2025)
    ((10000000, 20000000), (5000000, 10000000))
    """
    whole = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    people = max(days, declared * whole, whole)
    return sales_band(total_vnd * whole // people)


def contradicts(outcome: str, low_vnd: int, line_vnd: int) -> bool:
    """Whether the least that a person sold for in the year is above the income line of that year, and the declaration
    says poor or near-poor. Sales are not income (feed and seed are paid from them), so it is a question, never a class.

    >>> contradicts("poor", 20_000_000, 1_500_000), contradicts("poor", 10_000_000, 1_500_000)
    (True, False)
    """
    return outcome in LOW and low_vnd >= 12 * line_vnd
