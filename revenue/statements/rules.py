"""Months and seasons of what a family delivered; what a statement's number looks like. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Conflict
from core.i18n import N_

GAP_MONTHS = 2  # a crop's season ends when nothing came for more than so many months


@dataclass(frozen=True)
class MonthOfCrop:
    """Grams of one crop delivered in one month (its first day)."""

    month: date
    crop: str
    net_g: int


@dataclass(frozen=True)
class Season:
    """A crop's present season: grams since its first month, and the newest price a kilogram, đồng (0: none yet)."""

    crop: str
    since: date
    net_g: int
    price_vnd_per_kg: int


def months(days: Iterable[tuple[str, date, int]]) -> list[MonthOfCrop]:
    """Day sums (crop, day, grams) as months, the newest first, crops by name."""
    grams: dict[tuple[date, str], int] = {}
    for crop, day, net_g in days:
        key = (day.replace(day=1), crop)
        grams[key] = grams.get(key, 0) + net_g
    ordered = sorted(grams.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    return [MonthOfCrop(month, crop, net_g) for (month, crop), net_g in ordered]


def _between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def seasons(newest_first: Iterable[MonthOfCrop], today: date, prices: Mapping[str, int]) -> list[Season]:
    """The present season of each crop: back from today, month by month, until more than two months were empty.

    A crop whose last month lies further back has no present season. The heaviest comes first.

    >>> rows = [MonthOfCrop(date(2026, 11, 1), "dong", 5), MonthOfCrop(date(2026, 9, 1), "dong", 4),
    ...         MonthOfCrop(date(2026, 5, 1), "dong", 3)]
    >>> seasons(rows, date(2026, 11, 22), {"dong": 3500})
    [Season(crop='dong', since=datetime.date(2026, 9, 1), net_g=9, price_vnd_per_kg=3500)]
    """
    last: dict[str, date] = {}
    grams: dict[str, int] = {}
    over: set[str] = set()
    for one in newest_first:
        before = last.get(one.crop, today.replace(day=1))
        if one.crop in over or _between(one.month, before) > GAP_MONTHS + 1:
            over.add(one.crop)
            continue
        last[one.crop] = one.month
        grams[one.crop] = grams.get(one.crop, 0) + one.net_g
    found = [Season(crop, last[crop], net_g, prices.get(crop, 0)) for crop, net_g in grams.items()]
    return sorted(found, key=lambda one: (-one.net_g, one.crop))


class PaperState(StrEnum):
    """Whether a statement that was given out still counts."""

    VALID = "valid"
    VOID = "void"
    REPLACED = "replaced"


class PaperEvent(StrEnum):
    """What happens to a statement that was given out."""

    VOID = "void"
    REPLACE = "replace"


PAPER_TRANSITIONS: dict[tuple[PaperState, PaperEvent], PaperState] = {
    (PaperState.VALID, PaperEvent.VOID): PaperState.VOID,
    (PaperState.VALID, PaperEvent.REPLACE): PaperState.REPLACED,
}
PAPER_TEXT: dict[str, str] = {
    PaperState.VALID: N_("Còn giá trị"),
    PaperState.VOID: N_("Đã huỷ"),
    PaperState.REPLACED: N_("Đã thay bằng bảng kê khác"),
}
DIGITS = 16


def next_paper(state: str, event: PaperEvent) -> PaperState:
    """The state of a paper after an event. Raises Conflict where there is no such step."""
    found = PAPER_TRANSITIONS.get((PaperState(state), event))
    if found is None:
        raise Conflict(N_("Bảng kê này không còn giá trị."), remedy=N_("Cấp bảng kê mới nếu cần."))
    return found


def luhn(digits: str) -> str:
    """The check digit (ISO/IEC 7812, Luhn) that belongs behind some digits.

    >>> luhn("7992739871")
    '3'
    """
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def number_from(random_digits: str) -> str:
    """A paper's number: 15 random digits and their check digit."""
    return random_digits + luhn(random_digits)


def grouped(number: str) -> str:
    """A number as it is read and printed.

    >>> grouped("1234567890123456")
    '1234 5678 9012 3456'
    """
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def read_number(typed: str) -> str | None:
    """A number as a person types it, or None when it cannot be one (a slip in typing fails the check digit)."""
    bare = re.sub(r"[\s.\-]", "", typed)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", bare) or luhn(bare[:-1]) != bare[-1]:
        return None
    return bare
