"""Why a result is what it is, for the family: how far from each line, by which answers, what was left out.

Pure: codes and numbers. The sentences are the pages'.
"""

from dataclasses import dataclass
from enum import StrEnum

from registry.rules import Answers, Area, Result, known
from registry.standards.rules import Standard, asked_by, named_by


class Side(StrEnum):
    """Where points lie from a line. AT: they surely reach it; UNSURE: unknown answers leave both sides open."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Distance:
    """How far from a line. gap: what is surely between them, in the line's own unit; 0 at the line and where unsure."""

    side: Side
    gap: int
    line: int


def distance(span: tuple[int, int], line: int, *, deciding: int) -> Distance:
    """Where a range of points lies from a line. deciding: the end of the range that must reach it for it to count.

    >>> distance((100, 100), 140, deciding=100)
    Distance(side=<Side.BELOW: 'below'>, gap=40, line=140)
    >>> distance((130, 140), 140, deciding=140).side, distance((130, 150), 140, deciding=150).side
    (<Side.AT: 'at'>, <Side.UNSURE: 'unsure'>)
    """
    low, high = span
    if deciding == line:
        return Distance(Side.AT, 0, line)
    if high < line:
        return Distance(Side.BELOW, line - high, line)
    if low > line:
        return Distance(Side.ABOVE, low - line, line)
    return Distance(Side.UNSURE, 0, line)


def from_income_line(result: Result) -> Distance | None:
    """B1 from its limit, in points; None where the standard has no limit or no points."""
    if result.b1 is None or result.b1_limit is None:
        return None
    return distance(result.b1, result.b1_limit, deciding=result.b1[1])


def from_lacks_line(result: Result, standard: Standard) -> Distance:
    """Lacks from the line of the poor, in things: four lacks are one above a line of three."""
    each = standard.points_per_indicator
    low, high = result.b2
    return distance((low // each, high // each), -(-standard.poor_from_b2 // each), deciding=low // each)


def questions_of_items(standard: Standard) -> dict[str, list[str]]:
    """Which answers give the points of each item."""
    items = standard.b1_table.items if standard.b1_table else ()
    return {item.code: [item.question, *([item.per] if item.per else [])] for item in items}


def questions_of_lacks(standard: Standard) -> dict[str, list[str]]:
    """Which answers decide each lack."""
    return {one.code: named_by(one.rule) for one in standard.indicators}


def most_of_items(standard: Standard, area: Area) -> dict[str, int]:
    """The most points that each item can give where the household lives."""
    table = standard.b1_table
    if table is None:
        return {}
    column = table.columns.index(area.column)
    return {item.code: max(points[column] for points in item.options.values()) for item in table.items}


def not_counted(standard: Standard, answers: Answers) -> list[str]:
    """Questions that were answered and that this standard does not use."""
    used = set(asked_by(standard))
    return [question for question in answers if question not in used and known(answers, question) is not None]
