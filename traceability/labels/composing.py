"""Where each bar and each line of words stands on a label, in millimetres from its upper left corner. Pure.

One composition is drawn twice, as PDF for the printer and as SVG for the screen, so that the preview is true. Widths of
letters are the font's own (core/fonts/widths.json, made by scripts/subset_fonts.py), so no font is opened here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WIDTHS = Path(__file__).resolve().parents[2] / "core" / "fonts" / "widths.json"
POINT_MM = 25.4 / 72
SMALLEST_POINT = 4.4
LINE, PARAGRAPH = 1.25, 1.22  # height of a line by the size of its letters


class Unfit(ValueError):
    """Words that do not fit on this size of label even at the smallest print; args[0]: their field."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A dark rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words from x on the baseline y; width as the font sets it."""

    text: str
    x: float
    y: float
    points: float
    bold: bool
    width: float


Mark = Bar | Words


@cache
def _widths(bold: bool) -> dict[str, int]:
    found = json.loads(WIDTHS.read_text(encoding="utf-8"))["bold" if bold else "regular"]
    return {str(sign): int(width) for sign, width in found.items()}


def width_mm(text: str, points: float, *, bold: bool = False) -> float:
    """How wide a text is set, in millimetres. A sign that the font lacks counts as wide as a capital M."""
    widths = _widths(bold)
    return sum(widths.get(sign, widths["M"]) for sign in text) / 1000 * points * POINT_MM


def wrapped(text: str, width: float, points: float, *, bold: bool = False) -> list[str]:
    """The lines of a paragraph. A word wider than the line is broken within."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_mm(longer, points, bold=bold) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for sign in word:
            if width_mm(lines[-1] + sign, points, bold=bold) > width and lines[-1]:
                lines.append("")
            lines[-1] += sign
    return lines


class Sheet:
    """Collects the marks of one label."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []

    def bars(self, runs: Iterable[tuple[int, int]], module: float, box: tuple[float, float, float],
             longer: frozenset[int] = frozenset(), more: float = 0.0) -> None:  # fmt: skip
        """Runs of dark modules from (x, y), as high as the third; those that begin in `longer` by `more`."""
        x, y, height = box
        for first, wide in runs:
            self.marks.append(
                Bar(x + first * module, y, wide * module, height + (more if first in longer else 0.0))
            )

    def square(self, rows: Iterable[Iterable[tuple[int, int]]], module: float, x: float, y: float) -> None:
        """The rows of a QR symbol, its quiet zone not counted."""
        for number, runs in enumerate(rows):
            self.bars(runs, module, (x, y + number * module, module))

    def line(self, text: str, points: float, box: tuple[float, float, float], *, bold: bool = False,
             align: str = "left", field: str = "") -> float:  # fmt: skip
        """One line from (x, y) within a width; smaller in steps where it does not fit. Gives its size in points.

        A line that the law asks for (`field`) raises Unfit where it must not shrink further; others lose their end.
        """
        x, y, width = box
        while points > SMALLEST_POINT and width_mm(text, points, bold=bold) > width:
            points -= 0.2
        if width_mm(text, points, bold=bold) > width:
            if field:
                raise Unfit(field)
            while text and width_mm(text + "…", points, bold=bold) > width:
                text = text[:-1].rstrip()
            text = text and text + "…"
        wide = width_mm(text, points, bold=bold)
        start = {"left": x, "centre": x + (width - wide) / 2, "right": x + width - wide}[align]
        if text:
            baseline = y + (LINE / 2 + 0.3) * points * POINT_MM
            self.marks.append(Words(text, start, baseline, points, bold, wide))
        return points

    def paragraph(self, said: list[tuple[str, str]], points: float, box: tuple[float, float, float, float], *,
                  bold: bool = False, least: float = SMALLEST_POINT) -> float:  # fmt: skip
        """Sentences in a box, (field, text) each; smaller in steps where they must. Gives the height they take.

        least: the smallest size in points. Raises Unfit with the longest's field.
        """
        text = " ".join(sentence for _field, sentence in said)
        x, y, width, height = box
        lines = wrapped(text, width, points, bold=bold)
        while len(lines) * points * POINT_MM * PARAGRAPH > height and points > least:
            points -= 0.2
            lines = wrapped(text, width, points, bold=bold)
        step = points * POINT_MM * PARAGRAPH
        if len(lines) * step > height:
            raise Unfit(max(said, key=lambda one: len(one[1]))[0])
        for number, line in enumerate(lines):
            baseline = y + number * step + (PARAGRAPH / 2 + 0.3) * points * POINT_MM
            self.marks.append(Words(line, x, baseline, points, bold, width_mm(line, points, bold=bold)))
        return len(lines) * step
