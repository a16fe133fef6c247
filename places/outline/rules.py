"""Where a place stands on the drawing. Pure functions over places/data/outline.json.

A plain projection: degrees times sixteen, longitudes shortened by the cosine of 16° N, the middle of the country.
"""

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any

SCALE, WEST, NORTH = 16, 101.8, 23.7
WIDTH, HEIGHT = 208, 248
_SHORT = cos(radians(16))
_DATA = Path(__file__).resolve().parents[1] / "data" / "outline.json"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The paths of an SVG 208 wide and 248 high: the land, the small islands, and the two archipelagos."""

    land: str
    islands: str


def spot(longitude: float, latitude: float) -> tuple[int, int]:
    """Degrees as whole units of the drawing.

    >>> spot(105.7, 21.0)
    (60, 43)
    """
    return round((longitude - WEST) * SCALE * _SHORT), round((NORTH - latitude) * SCALE)


def _relative(points: list[tuple[int, int]]) -> str:
    """A closed path, short in bytes."""
    steps = [f"M{points[0][0]} {points[0][1]}l"]
    for (x, y), (to_x, to_y) in pairwise(points):
        if (x, y) != (to_x, to_y):
            steps.append(f"{to_x - x} {to_y - y} ")
    return "".join(steps).rstrip() + "z"


@cache
def _data() -> dict[str, Any]:
    return json.loads(_DATA.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def drawing() -> Drawing:
    """The country, the same for every page."""
    data = _data()
    islands = [*data["islands"], *data["hoang_sa"], *data["truong_sa"]]
    dots = "".join(f"M{x} {y}h2v2h-2z" for x, y in (spot(*one) for one in islands))
    return Drawing(_relative([spot(*one) for one in data["land"]]), dots)


def dot_of(province_code: str) -> tuple[int, int] | None:
    """Where a province of today (statistics office code) stands; None for one that we have no point for."""
    point = _data()["provinces"].get(province_code)
    return spot(*point) if point else None
