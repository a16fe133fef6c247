"""Verbs: load a list of units, set shipping rates: the platform's own deeds, from the command line or a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from core.db import db
from places import unitsfile
from places.models import ShippingRate, Unit, UnitChange
from places.rules import Level, Zone
from places.unitsfile import Identity, UnitRow, UnitsFile

_ORDER = {Level.PROVINCE: 0, Level.DISTRICT: 1, Level.COMMUNE: 2}
_KEPT = ("kind", "name", "folded", "region", "urban", "valid_to")

# ILLUSTRATIVE: of the usual size of a parcel's price in 2026, and no carrier's list. zone: days, (up to g, đ).
_STEPS_G = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000)
ILLUSTRATIVE_RATES: dict[Zone, tuple[tuple[int, int], tuple[int, ...]]] = {
    Zone.SAME_PROVINCE: ((1, 2), (18_000, 20_000, 24_000, 36_000, 56_000, 96_000, 136_000)),
    Zone.SAME_REGION: ((2, 4), (24_000, 28_000, 34_000, 52_000, 82_000, 142_000, 202_000)),
    Zone.FAR: ((3, 6), (30_000, 35_000, 43_000, 70_000, 115_000, 205_000, 295_000)),
}
RATES_FROM = date(2025, 7, 1)


@dataclass(frozen=True)
class LoadReport:
    """What a load did, in rows."""

    opened: int
    closed: int
    corrected: int
    unchanged: int
    changes: int


def load_units(file: UnitsFile) -> LoadReport:
    """Bring the units to what a list says; loading the same list twice changes nothing.

    A row is known by level, code and first day. New ones are opened. A unit that stands open here and is no longer in
    the list is closed, on the first day of its successor of the same code if there is one, else on the list's day.
    """
    known = {
        (Level(row.level), row.code, row.valid_from): row
        for row in db.session.execute(select(*Unit.__table__.c))
    }
    ids: dict[Identity, int] = {key: row.id for key, row in known.items()}
    last = max(ids.values(), default=0)
    fresh, corrected = [], 0
    for row in sorted(file.units, key=lambda one: _ORDER[one.level]):
        if row.identity not in ids:
            last += 1
            ids[row.identity] = last
            fresh.append(_values(row, ids, file) | {"id": last})
        else:
            corrected += _correct(known[row.identity], _values(row, ids, file))
    closed = _close_missing(known, file)
    if fresh:
        db.session.execute(insert(Unit), fresh)
        _advance_sequence(last)
    changes = _load_changes(file, ids)
    return LoadReport(len(fresh), closed, corrected, len(file.units) - len(fresh) - corrected, changes)


def load_file(path: Path = unitsfile.SHIPPED) -> LoadReport:
    """Read a list from a file (the shipped one) and bring the units to what it says."""
    return load_units(unitsfile.read(path))


def _values(row: UnitRow, ids: dict[Identity, int], file: UnitsFile) -> dict[str, Any]:
    return {
        "code": row.code, "level": str(row.level), "kind": row.kind, "name": row.name, "folded": row.folded,
        "parent_id": ids[row.parent] if row.parent else None, "region": row.region, "urban": row.urban,
        "urban_source": file.urban_source if row.urban is not None else "",
        "urban_from": file.urban_from if row.urban is not None else None,
        "valid_from": row.valid_from, "valid_to": row.valid_to, "source": file.source,
    }  # fmt: skip


def _correct(stored: Any, values: dict[str, Any]) -> int:
    """Write what a newer list says of a unit we have; 1 if anything differed."""
    new = {name: values[name] for name in _KEPT if getattr(stored, name) != values[name]}
    if not new:
        return 0
    if "urban" in new:
        new |= {"urban_source": values["urban_source"], "urban_from": values["urban_from"]}
    db.session.execute(update(Unit).where(Unit.id == stored.id).values(**new, source=values["source"]))
    return 1


def _close_missing(known: dict[Identity, Any], file: UnitsFile) -> int:
    listed = {row.identity for row in file.units}
    successors = {(row.level, row.code): row.valid_from for row in file.units if row.valid_to is None}
    closed = 0
    for (level, code, valid_from), stored in known.items():
        if stored.valid_to is not None or (level, code, valid_from) in listed:
            continue
        ends = successors.get((level, code), file.valid_as_of)
        if ends > valid_from:  # an older list than ours says nothing about what came later
            db.session.execute(update(Unit).where(Unit.id == stored.id).values(valid_to=ends))
            closed += 1
    return closed


def _load_changes(file: UnitsFile, ids: dict[Identity, int]) -> int:
    stored = {
        (row.old_id, row.new_id, row.changed_on)
        for row in db.session.execute(select(*UnitChange.__table__.c))
    }
    fresh = [
        {
            "old_id": ids[row.old],
            "new_id": ids[row.new],
            "changed_on": row.changed_on,
            "share_note": row.share_note,
        }
        for row in file.changes
        if (ids[row.old], ids[row.new], row.changed_on) not in stored
    ]
    if fresh:
        db.session.execute(insert(UnitChange), fresh)
    return len(fresh)


def _advance_sequence(last: int) -> None:
    """Ids were given by us, so that parents are known before the insert; PostgreSQL's sequence must follow."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(select(func.setval(func.pg_get_serial_sequence("unit", "id"), last)))


def set_rates(rates: Sequence[dict[str, Any]], *, valid_from: date, source: str) -> int:
    """Put a price list in force from a day; the one before it ends there.

    rates: zone, up_to_g, price_vnd, days_min, days_max of each.

    A list for a day that has one already is left as it is. Returns how many rows were added.
    """
    if db.session.execute(select(ShippingRate.id).where(ShippingRate.valid_from == valid_from)).first():
        return 0
    db.session.execute(
        update(ShippingRate)
        .where(ShippingRate.valid_to.is_(None), ShippingRate.valid_from < valid_from)
        .values(valid_to=valid_from)
    )
    rows = [dict(rate, valid_from=valid_from, valid_to=None, source=source) for rate in rates]
    db.session.execute(insert(ShippingRate), rows)
    return len(rows)


def set_illustrative_rates() -> int:
    """The price list of the demonstration, marked as illustrative. Returns how many rows were added."""
    rates = [
        {
            "zone": str(zone),
            "up_to_g": up_to_g,
            "price_vnd": price_vnd,
            "days_min": days[0],
            "days_max": days[1],
        }
        for zone, (days, prices) in ILLUSTRATIVE_RATES.items()
        for up_to_g, price_vnd in zip(_STEPS_G, prices, strict=True)
    ]
    return set_rates(rates, valid_from=RATES_FROM, source="illustrative")
