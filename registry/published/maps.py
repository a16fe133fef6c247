"""Shares as shades: provinces as dots on the country's outline, other places as tiles. Pure.

We hold no borders: a dot stands near the middle of its province (about 10 km off), a tile has no place at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from places.outline.rules import dot_of

BANDS = ((1, 0, 5), (2, 5, 10), (3, 10, 20), (4, 20, None))  # per cent, from and below
RADII = {0: 4, 1: 4, 2: 6, 3: 8, 4: 10}
WIDTH, GAP, FEW = 360, 4, 24


def band(part: int | None, whole: int | None) -> int:
    """Which shade a share has, 1 to 4; 0 where nothing is said or nobody is there. Compared without rounding.

    >>> band(5, 100), band(4, 100), band(20, 100), band(None, None), band(0, 0)
    (2, 1, 4, 0, 0)
    """
    if part is None or not whole:
        return 0
    return next(shade for shade, _low, below in BANDS if below is None or 100 * part < below * whole)


@dataclass(frozen=True)
class Shade:
    """A place as it is drawn. part of whole: None where it is not shown."""

    name: str
    part: int | None
    whole: int | None
    x: int
    y: int
    size: int

    @property
    def band(self) -> int:
        """Its shade."""
        return band(self.part, self.whole)


@dataclass(frozen=True)
class Tiles:
    """Places side by side on a canvas 360 wide. named: whether there is room for names in them."""

    width: int
    height: int
    high: int
    named: bool
    shades: tuple[Shade, ...]


def dots(rows: Iterable[tuple[str, str, int | None, int | None]]) -> tuple[Shade, ...]:
    """(province's code, name, part, whole) → dots on the outline; a province without a point is left to the table."""
    found = []
    for code, name, part, whole in rows:
        spot = dot_of(code)
        if spot is not None:
            found.append(Shade(name, part, whole, *spot, RADII[band(part, whole)]))
    return tuple(sorted(found, key=lambda one: -one.size))  # small ones on top


def tiles(rows: Iterable[tuple[str, int | None, int | None]]) -> Tiles:
    """(name, part, whole) → tiles in the order given: three to a line with names, or nine where there are many."""
    every = list(rows)
    named = len(every) <= FEW
    across, high = (3, 52) if named else (9, 36)
    wide = (WIDTH - GAP * (across - 1)) // across
    shades = tuple(
        Shade(name, part, whole, place % across * (wide + GAP), place // across * (high + GAP), wide)
        for place, (name, part, whole) in enumerate(every)
    )
    lines = -(-len(every) // across)
    return Tiles(WIDTH, max(lines * (high + GAP) - GAP, 0), high, named, shades)
