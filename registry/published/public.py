"""A published round as any page shows it. `programme` reads this and nothing else of the registry."""

from dataclasses import dataclass

from registry.figures.rules import CLASSES, Basis
from registry.figures.words import class_name, indicator_name
from registry.published import maps, queries
from registry.published.rules import BASE


@dataclass(frozen=True)
class Place:
    """A province. households: the denominator; counts by class, in the order of `class_names`; None: hidden."""

    code: str
    name: str
    households: int | None
    counts: tuple[int, ...] | None


@dataclass(frozen=True)
class PublishedRound:
    """What was published of a round about the country and its provinces, ready to be shown."""

    year: int
    years: tuple[int, ...]
    recognised: bool
    is_demo: bool
    class_names: tuple[str, ...]
    country: Place
    provinces: tuple[Place, ...]
    lacks: tuple[tuple[str, int | None, int | None], ...]
    dots: tuple[maps.Shade, ...]


def round_of(year: int | None = None) -> PublishedRound | None:
    """A published round, the newest without a year; None where it is not out."""
    every = queries.releases()
    release = next((one for one in every if year in (None, one.year)), None)
    if release is None:
        return None
    rows = queries.provinces_of(release, BASE)
    basis = Basis(release.basis)
    return PublishedRound(
        release.year,
        tuple(one.year for one in every),
        basis is Basis.RECOGNISED,
        release.is_demo,
        tuple(class_name(one, basis) for one in CLASSES),
        _place(rows[0]),
        tuple(_place(row) for row in rows[1:]),
        tuple(lacks(release, "")),
        maps.dots(queries.shares(rows[1:])),
    )


def _place(row: queries.PublicRow) -> Place:
    counts = tuple(row.counts.values()) if row.counts else None
    return Place(row.province_code, row.name, row.households, counts)


def lacks(release: queries.Release, code: str) -> list[tuple[str, int | None, int | None]]:
    """(name, how many lack it, of how many) of the country or a province, most first; None where hidden."""
    found: list[tuple[str, int | None, int | None]] = []
    for indicator in release.indicators.split():
        table = queries.table_of(release, f"lack-{indicator}")
        row = queries.rows_of(release, table, code)[0]
        yes = row.counts[table.cells[0]] if row.counts else None
        found.append((indicator_name(indicator), yes, row.households))
    return sorted(found, key=lambda one: (-(one[1] or 0), one[0]))
