"""The drawing as a page shows it."""

from dataclasses import dataclass

from places.outline.rules import dot_of, drawing


@dataclass(frozen=True, slots=True)
class MapView:
    """A country with one dot: the paths of land and islands, the dot's place, and the province it stands for."""

    land: str
    islands: str
    x: int
    y: int
    province: str


def map_of(province_code: str, province: str) -> MapView | None:
    """The map for a province of today; None where there is no point for it."""
    dot = dot_of(province_code)
    drawn = drawing()
    return MapView(drawn.land, drawn.islands, *dot, province) if dot else None
