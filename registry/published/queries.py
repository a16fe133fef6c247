"""Reads of what was published. Nothing here can reach a declaration: `programme` and strangers read this alone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select

from core.db import db
from core.errors import NotFound
from core.i18n import N_
from registry.published.models import FigureRelease, FigureRow
from registry.published.rules import BASE, Table, tables
from registry.rules import HouseholdClass


@dataclass(frozen=True)
class PublicRow:
    """A published row. households and counts: None where hidden; counts by cell."""

    name: str
    province_code: str
    commune_code: str
    households: int | None
    counts: dict[str, int] | None


@dataclass(frozen=True)
class Release:
    """One round's public figures. indicators: codes of its standard, by spaces; hash: SHA-256 over its rows."""

    id: int
    year: int
    standard_id: str
    is_demo: bool
    basis: str
    indicators: str
    hash: str
    published_at: datetime


_RELEASE = select(*(getattr(FigureRelease, one.name) for one in fields(Release)))


def releases() -> list[Release]:
    """Every published round, newest first."""
    return [Release(*row) for row in db.session.execute(_RELEASE.order_by(FigureRelease.year.desc()))]


def release_of(year: int) -> Release | None:
    """A published round."""
    row = db.session.execute(_RELEASE.where(FigureRelease.year == year)).one_or_none()
    return Release(*row) if row else None


def tables_of(release: Release) -> dict[str, Table]:
    """The release's tables by name."""
    return {one.name: one for one in tables(release.indicators.split())}


def rows_of(release: Release, table: Table, province_code: str | None = None) -> list[PublicRow]:
    """A table's rows, the country first. province_code: that province and its communes alone."""
    query = select(FigureRow).where(FigureRow.release_id == release.id, FigureRow.sheet == table.name)
    if province_code is not None:
        query = query.where(FigureRow.province_code == province_code)
    found = db.session.execute(query.order_by(FigureRow.province_code, FigureRow.commune_code)).scalars()
    return [_row(one, table) for one in found]


def provinces_of(release: Release, table: Table) -> list[PublicRow]:
    """The country and its provinces."""
    query = select(FigureRow).where(
        FigureRow.release_id == release.id, FigureRow.sheet == table.name, FigureRow.commune_code == ""
    )
    return [_row(one, table) for one in db.session.execute(query.order_by(FigureRow.province_code)).scalars()]


def country_lines(release: Release) -> dict[str, PublicRow]:
    """The country's row of every table."""
    known = tables_of(release)
    query = select(FigureRow).where(FigureRow.release_id == release.id, FigureRow.province_code == "")
    return {one.sheet: _row(one, known[one.sheet]) for one in db.session.execute(query).scalars()}


def shares(rows: Iterable[PublicRow]) -> list[tuple[str, str, int | None, int | None]]:
    """(province's code, place, how many are poor, of how many) of rows of the base table; None where hidden."""
    poor = f"class/{HouseholdClass.POOR}"
    return [
        (row.province_code, row.name, row.counts[poor] if row.counts else None, row.households)
        for row in rows
    ]


def country_row(year: int, sheet: str, basis: str) -> tuple[int, ...] | None:
    """The country's published counts of a table, in order; None where there are none on that basis."""
    release = release_of(year)
    if release is None or release.basis != basis:
        return None
    row = country_lines(release).get(sheet)
    return tuple(row.counts.values()) if row is not None and row.counts is not None else None


def table_of(release: Release, name: str) -> Table:
    """A table of the fixed list. Raises NotFound."""
    found = tables_of(release).get(name)
    if found is None:
        raise NotFound(N_("Không có bảng này."), remedy=N_("Chọn trong danh sách."))
    return found


def _row(one: FigureRow, table: Table) -> PublicRow:
    counts = dict(zip(table.cells, json.loads(one.counts), strict=True)) if one.counts else None
    return PublicRow(one.name, one.province_code, one.commune_code, one.households, counts)


__all__ = ["BASE", "PublicRow", "country_lines", "country_row", "provinces_of", "release_of", "releases", "rows_of",
           "shares", "table_of", "tables_of"]  # fmt: skip
