"""Counting without exposing anybody: months, medians, and which cells of a published row stay hidden.

Domain rules: a ratio without its denominator is not printed; cells under 5 are hidden, with the secondary cells that
would reveal them by subtraction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LEAST = 5  # households or persons; a cell of fewer is hidden
MEDIAN_STEP_VND = 100_000  # an exact median is one family's exact sum, so it is rounded


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def code(self) -> str:
        """As in addresses: 2026-11."""
        return f"{self.year}-{self.month:02}"

    @property
    def text(self) -> str:
        """As people write it: 11/2026."""
        return f"{self.month:02}/{self.year}"

    def plus(self, months: int) -> "Month":
        """So many months later, or earlier when negative."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return Month(day.year, day.month)


def read_month(text: str, latest: Month) -> Month:
    """The month written as 2026-11; `latest` for anything else and for what is still to come.

    >>> read_month("2026-03", Month(2026, 11)), read_month("soon", Month(2026, 11))
    (Month(year=2026, month=3), Month(year=2026, month=11))
    """
    year, _, month = text.partition("-")
    if not (len(year) == 4 and year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        return latest
    if int(year) < 2000 or len(month) > 2 or not 1 <= int(month) <= 12:
        return latest
    return min(Month(int(year), int(month)), latest)


def months_until(last: Month, count: int = 12) -> list[Month]:
    """So many months, oldest first, ending with `last`."""
    return [last.plus(i - count + 1) for i in range(count)]


def median(values: Sequence[int]) -> int:
    """The middle value; of an even count the mean of the two in the middle, rounded down.

    >>> median([5, 1, 9]), median([1, 2, 3, 10])
    (5, 2)

    Raises ValueError for no values.
    """
    if not values:
        raise ValueError("a median needs at least one value")
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2


def round_to(value: int, step: int) -> int:
    """The nearest multiple of `step`, halves upwards.

    >>> round_to(1_249_999, 100_000), round_to(1_250_000, 100_000)
    (1200000, 1300000)
    """
    return (value + step // 2) // step * step


def is_shown(count: int, least: int = LEAST) -> bool:
    """Whether a lone figure about so many families may be printed: nobody is in it, or enough are."""
    return count == 0 or count >= least


def _safe(hidden: Sequence[int], least: int) -> bool:
    """Whether whoever knows the sum of the hidden cells, and that none is empty, learns nothing under `least`.

    A cell may then be anything from 1 to sum − (others): that range must hold 1 … least − 1.
    """
    return not hidden or (len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= least - 1)


def hidden(counts: Sequence[int], least: int = LEAST) -> frozenset[int]:
    """Which cells of a row stay hidden when the row's total is printed.

    Primary: every cell from 1 to least − 1. Secondary: then the smallest others, until no hidden cell can be had by
    subtraction. Empty cells are shown: nobody is in them. Where nothing is left to hide behind, all cells are hidden,
    and `may_print_total` says the total must go too.

    >>> sorted(hidden([40, 3, 12])), sorted(hidden([40, 6, 12])), sorted(hidden([40, 0, 12]))
    ([1, 2], [], [])
    """
    chosen = {i for i, count in enumerate(counts) if 0 < count < least}
    others = sorted((i for i, count in enumerate(counts) if count >= least), key=lambda i: (counts[i], i))
    while not _safe([counts[i] for i in chosen], least) and others:
        chosen.add(others.pop(0))
    return frozenset(chosen)


def may_print_total(counts: Sequence[int], least: int = LEAST) -> bool:
    """Whether the total may stand beside the row: not when even hiding every cell would not protect one."""
    return _safe([counts[i] for i in hidden(counts, least)], least)


@dataclass(frozen=True)
class Cell:
    """One group of a published row. count: None when hidden."""

    name: str
    count: int | None


@dataclass(frozen=True)
class Split:
    """A total and its groups, made safe to print. total: None when even the total would expose somebody."""

    total: int | None
    cells: tuple[Cell, ...]

    @property
    def hides(self) -> bool:
        """Whether some cell is hidden."""
        return any(cell.count is None for cell in self.cells)

    def count(self, name: str) -> int | None:
        """The count of one group; None when hidden."""
        return next((cell.count for cell in self.cells if cell.name == name), 0)


def split(groups: Sequence[tuple[str, int]], least: int = LEAST) -> Split:
    """Groups of one whole, with the cells hidden that must be."""
    counts = [count for _name, count in groups]
    gone = hidden(counts, least)
    cells = tuple(Cell(name, None if i in gone else count) for i, (name, count) in enumerate(groups))
    return Split(sum(counts) if may_print_total(counts, least) else None, cells)
