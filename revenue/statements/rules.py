"""Months and seasons of what a family delivered; what a statement's number looks like. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
