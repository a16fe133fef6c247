"""The Alkire–Foster measures, worked out in whole numbers and fractions. Pure.

A person is poor where the weights of its deprivations reach the cut-off. H: share of poor persons. A: mean share of
the weights among them. M0 = H × A. An indicator's contribution: the part of M0 that comes from it, among the poor
alone. Source: Alkire and Foster, Counting and multidimensional poverty measurement, Journal of Public Economics 95
(2011). No share is given without its denominator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.lines import Refused, read

ROWS_MAX, NAMES_MAX, WEIGHT_MAX = 100_000, 100, 1_000_000_000


@dataclass(frozen=True)
class Measures:
    """persons, poor: sums of sizes. Shares are None where what they divide by is zero."""

    persons: int
    poor: int
    h: Fraction | None
    a: Fraction | None
    m0: Fraction | None
    uncensored: tuple[Fraction | None, ...]
    censored: tuple[Fraction | None, ...]
    contributions: tuple[Fraction | None, ...]


def measure(
    rows: Sequence[Sequence[bool | int]], sizes: Sequence[int], weights: Sequence[int], cutoff: int
) -> Measures:
    """rows: per household, deprived or not in each indicator. sizes: persons in each. cutoff: in units of weight.

    The worked example of Alkire and Foster (four persons, four indicators of equal weight, cut-off two):

    >>> found = measure([(0, 0, 0, 0), (0, 1, 0, 1), (1, 1, 1, 1), (0, 1, 0, 0)], [1] * 4, [1] * 4, 2)
    >>> found.h, found.a, found.m0
    (Fraction(1, 2), Fraction(3, 4), Fraction(3, 8))
    """
    whole = sum(weights)
    persons = poor = depth = 0
    lacking, censored = [0] * len(weights), [0] * len(weights)
    for row, size in zip(rows, sizes, strict=True):
        reached = sum(weight for weight, lacks in zip(weights, row, strict=True) if lacks)
        is_poor = reached >= cutoff
        persons += size
        poor += size * is_poor
        depth += size * reached * is_poor
        for place, lacks in enumerate(row):
            if lacks:
                lacking[place] += size
                censored[place] += size * is_poor
    m0 = _share(depth, persons * whole)
    return Measures(
        persons=persons,
        poor=poor,
        h=_share(poor, persons),
        a=_share(depth, poor * whole),
        m0=m0,
        uncensored=tuple(_share(count, persons) for count in lacking),
        censored=tuple(_share(count, persons) for count in censored),
        contributions=tuple(
            _share(weight * count, depth) for weight, count in zip(weights, censored, strict=True)
        ),
    )


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def measure_line(line: bytes) -> dict[str, Any]:
    """{"rows": [[0, 1, …], …], "k", "weights"?, "sizes"?, "names"?} → H, A, M0 and what each indicator adds.

    Weights are whole numbers in any unit and `k` is in the same unit; one each without them. Raises Refused.
    """
    asked = read(line)
    rows = _rows(asked.get("rows"))
    width = len(rows[0])
    names = asked.get("names", [f"d{place + 1}" for place in range(width)])
    if (
        not isinstance(names, list)
        or len(names) != width
        or len({*map(str, names)}) != width
        or not all(isinstance(name, str) for name in names)
    ):
        raise Refused(f"names is no list of {width} different texts")
    weights = _whole_list(asked.get("weights", [1] * width), width, "weights", least=1)
    sizes = _whole_list(asked.get("sizes", [1] * len(rows)), len(rows), "sizes", least=0)
    (cutoff,) = _whole_list([asked.get("k")], 1, "k", least=1)
    if cutoff > sum(weights):
        raise Refused("k is above the sum of the weights: nobody could be poor")
    return spoken(measure(rows, sizes, weights, cutoff), names)


def _rows(given: object) -> list[list[int]]:
    if not isinstance(given, list) or not given or len(given) > ROWS_MAX:
        raise Refused(f"rows is no list of 1 to {ROWS_MAX} lists")
    width = len(given[0]) if isinstance(given[0], list) else 0
    if not 1 <= width <= NAMES_MAX:
        raise Refused(f"a row holds 1 to {NAMES_MAX} indicators")
    for place, row in enumerate(given):
        if not isinstance(row, list) or len(row) != width:
            raise Refused(f"row {place + 1} is no list of {width}")
        if any(isinstance(one, bool) or one not in (0, 1) for one in row):
            raise Refused(f"row {place + 1} holds something other than 0 and 1")
    return given


def _whole_list(given: object, length: int, name: str, *, least: int) -> list[int]:
    if not isinstance(given, list) or len(given) != length:
        raise Refused(f"{name} is no list of {length} whole numbers")
    for one in given:
        if isinstance(one, bool) or not isinstance(one, int) or not least <= one <= WEIGHT_MAX:
            raise Refused(f"{name} holds what is no whole number from {least} to {WEIGHT_MAX}")
    return given


def spoken(found: Measures, names: Sequence[str]) -> dict[str, Any]:
    """Measures as one line of JSON says them: decimals, and the exact fractions of the three."""
    return {
        "persons": found.persons,
        "poor": found.poor,
        "H": _decimal(found.h),
        "A": _decimal(found.a),
        "M0": _decimal(found.m0),
        "exact": {
            name: str(one) if one is not None else None
            for name, one in (("H", found.h), ("A", found.a), ("M0", found.m0))
        },
        "headcounts": {name: _decimal(one) for name, one in zip(names, found.uncensored, strict=True)},
        "censored": {name: _decimal(one) for name, one in zip(names, found.censored, strict=True)},
        "contributions": {name: _decimal(one) for name, one in zip(names, found.contributions, strict=True)},
    }


def _decimal(share: Fraction | None) -> float | None:
    return None if share is None else float(share)
