"""A few real units, so that addresses and prices work in tests: Thái Nguyên, Hà Nội and Lâm Đồng, whole."""

from dataclasses import replace
from functools import cache

from sqlalchemy import select

from core.db import db, transaction
from places import unitsfile
from places.models import Unit
from places.operations import load_units, set_illustrative_rates
from places.rules import Level
from places.unitsfile import Identity, UnitRow, UnitsFile

PROVINCES = ("19", "01", "68")  # Thái Nguyên (with Bắc Kạn), Hà Nội, Lâm Đồng (with Đắk Nông and Bình Thuận)


@cache
def small_file() -> UnitsFile:
    """The shipped list, cut down to PROVINCES: every province of today, and communes and history of these three."""
    whole = unitsfile.read()
    by_id: dict[Identity, UnitRow] = {row.identity: row for row in whole.units}

    def province(row: UnitRow) -> UnitRow:
        while row.parent is not None:
            row = by_id[row.parent]
        return row

    keep = {row.identity for row in whole.units if row.level is Level.PROVINCE and row.valid_to is None}
    keep |= {row.identity for row in whole.units if row.valid_to is None and province(row).code in PROVINCES}
    changes = [
        change for change in whole.changes if change.new in keep and change.old[0] is not Level.PROVINCE
    ]
    for change in changes:
        row: UnitRow | None = by_id[change.old]
        while row is not None:
            keep.add(row.identity)
            row = by_id[row.parent] if row.parent else None
    units = [row for row in whole.units if row.identity in keep]
    return replace(whole, units=units, changes=[c for c in whole.changes if c.old in keep and c.new in keep])


def seed_reference() -> None:
    """Units and illustrative shipping rates."""
    with transaction():
        load_units(small_file())
        set_illustrative_rates()


def commune(name: str = "Côn Minh") -> Unit:
    """A commune of today by its name, e.g. 'Côn Minh' (Thái Nguyên), 'Ba Đình' (Hà Nội)."""
    where = (Unit.level == Level.COMMUNE, Unit.name == name, Unit.valid_to.is_(None))
    found = db.session.execute(select(Unit).where(*where).order_by(Unit.id)).scalars().first()
    if found is None:
        seed_reference()
        found = db.session.execute(select(Unit).where(*where).order_by(Unit.id)).scalars().first()
    assert found is not None, f"no commune named {name} in the test's list"
    return found
