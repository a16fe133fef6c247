"""Noting an opening, and storing what was noted."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from core import clock, spool
from core.db import db
from storefront.scan.openings.models import ScanDay
from storefront.scan.openings.rules import SERIALS_OF_A_LOT, is_serial
from traceability.models import Lot

KIND = "scan"


def note(lot_id: int, serial: str) -> None:
    """Note one opening of a lot's page, in a file: which code and which day, nothing of who."""
    named = {"serial": serial} if is_serial(serial) else {}
    spool.append(KIND, {"lot": lot_id, "on": clock.today().isoformat(), **named})


def store_scans(entries: Sequence[dict[str, Any]]) -> None:
    """Add noted openings to their days; entries of another shape are left out. Called inside the spool's transaction.

    A lot keeps at most 20,000 serials: codes that somebody invents cannot fill the table.
    """
    counted: Counter[tuple[int, str, str]] = Counter()
    for one in entries:
        lot_id, day, serial = one.get("lot"), one.get("on"), one.get("serial", "")
        if isinstance(lot_id, int) and isinstance(day, str):
            counted[(lot_id, "", day)] += 1
            if isinstance(serial, str) and is_serial(serial):
                counted[(lot_id, serial, day)] += 1
    asked = {lot_id for lot_id, _serial, _day in counted}
    known = set(db.session.execute(select(Lot.id).where(Lot.id.in_(asked))).scalars())
    for (lot_id, serial, day), scans in sorted(counted.items()):
        if lot_id in known:
            _add(lot_id, serial, date.fromisoformat(day), scans)


def _add(lot_id: int, serial: str, day: date, scans: int) -> None:
    changed = db.session.execute(
        update(ScanDay).where(ScanDay.lot_id == lot_id, ScanDay.serial == serial, ScanDay.on_day == day)
        .values(scan_count=ScanDay.scan_count + scans)
    )  # fmt: skip
    if changed.rowcount == 0 and (not serial or _has_room(lot_id, serial)):  # type: ignore[attr-defined]
        row = {"lot_id": lot_id, "serial": serial, "on_day": day, "scan_count": scans}
        db.session.execute(insert(ScanDay).values(row))


def _has_room(lot_id: int, serial: str) -> bool:
    of_lot = ScanDay.lot_id == lot_id
    if db.session.execute(select(ScanDay.lot_id).where(of_lot, ScanDay.serial == serial).limit(1)).first():
        return True
    kept = select(func.count(ScanDay.serial.distinct())).where(of_lot)
    return int(db.session.execute(kept).scalar_one()) <= SERIALS_OF_A_LOT
