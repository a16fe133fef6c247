"""The geometry of charts: ticks, bars and lines as numbers, so that templates print and never reckon."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.format import number
from core.i18n import language

STEPS = (1, 2, 5, 10)


def ticks(most: int, about: int = 4) -> list[int]:
    """Round values from 0 up to at least `most`, about `about` steps apart: [0, 100, 200, 300, 400]."""
    raw = max(1, most) / about
    power = 1
    while power * 10 <= raw:
        power *= 10
    step = next(power * s for s in STEPS if power * s >= raw)
    count = -(-max(1, most) // step)
    return [step * i for i in range(count + 1)]


def widths(values: Sequence[int], full: float = 100.0) -> list[float]:
    """The length of each bar, the longest being `full`; nothing and less than nothing have none."""
    most = max([*values, 0])
    return [round(full * max(0, value) / most, 2) if most else 0.0 for value in values]


def short(value: int) -> str:
    """An axis label in at most five signs: 950, 12k, 3,4tr, 1,2tỷ (thousand, million, thousand million)."""
    names = ("B", "M", "k") if language() == "en" else ("tỷ", "tr", "k")
    for size, name in zip((1_000_000_000, 1_000_000, 1_000), names, strict=True):
        if value >= size:
            return number(value // size if value % size == 0 else round(value / size, 1)) + name
    return str(value)


@dataclass(frozen=True)
class Line:
    """One line: its path, the path closed down to the axis, and its last point."""

    path: str
    area: str
    x: float
    y: float


@dataclass(frozen=True)
class Plot:
    """A drawn chart: lines, horizontal grid as (y, label), and names under the axis as (x, text)."""

    lines: list[Line]
    grid: list[tuple[float, str]]
    names: list[tuple[float, str]]
    left: float
    right: float
    bottom: float


def _line(values: Sequence[int], xs: Sequence[float], ys: Sequence[float], bottom: float) -> Line:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in zip(xs, ys, strict=True))
    return Line(path, f"{path}L{xs[-1]:g} {bottom:g}L{xs[0]:g} {bottom:g}z", xs[-1], ys[-1])


def plot(
    names: Sequence[str],
    series: Sequence[Sequence[int]],
    width: float = 360,
    height: float = 208,
    shown: int = 6,
) -> Plot:
    """Lay out lines over named points (one or more); each series has a whole number, 0 or more, for each name."""
    left, right, top, bottom = 44.0, width - 12, 16.0, height - 28
    marks = ticks(max([value for values in series for value in values] + [0]))
    gap = (right - left) / max(1, len(names) - 1)
    xs = [round(left + gap * i, 1) for i in range(len(names))]

    def y(value: int) -> float:
        return round(bottom - (bottom - top) * value / marks[-1], 1)

    room = max(1, int((right - left) // (8 * max(map(len, names)) + 12)))
    every = -(-len(names) // min(shown, room))
    last = len(names) - 1
    return Plot(
        lines=[_line(values, xs, [y(value) for value in values], bottom) for values in series],
        grid=[(y(mark), short(mark)) for mark in marks],
        names=[(xs[i], name) for i, name in enumerate(names) if (last - i) % every == 0],
        left=left, right=right, bottom=bottom,
    )  # fmt: skip
