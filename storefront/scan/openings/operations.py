"""Noting an opening, and storing what was noted."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from core import clock, spool
from core.db import db
from storefront.scan.openings.models import ScanDay
from storefront.scan.openings.rules import is_serial
from traceability.labels.queries import printed_serials
from traceability.models import Lot

KIND = "scan"


def note(lot_id: int, serial: str) -> None:
    """Note one opening of a lot's page, in a file: which code and which day, nothing of who."""
    named = {"serial": serial} if is_serial(serial) else {}
    spool.append(KIND, {"lot": lot_id, "on": clock.today().isoformat(), **named})


def store_scans(entries: Sequence[dict[str, Any]]) -> None:
    """Add noted openings to their days; entries of another shape are left out. Called inside the spool's transaction.

    A serial is counted by itself when it was printed here: codes that somebody invents cannot fill the table.
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
    printed = printed_serials((lot_id, serial) for lot_id, serial, _day in counted if serial)
    for (lot_id, serial, day), scans in sorted(counted.items()):
        if (lot_id, serial) in printed or (not serial and lot_id in known):
            _add(lot_id, serial, date.fromisoformat(day), scans)


def _add(lot_id: int, serial: str, day: date, scans: int) -> None:
    changed = db.session.execute(
        update(ScanDay).where(ScanDay.lot_id == lot_id, ScanDay.serial == serial, ScanDay.on_day == day)
        .values(scan_count=ScanDay.scan_count + scans)
    )  # fmt: skip
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        row = {"lot_id": lot_id, "serial": serial, "on_day": day, "scan_count": scans}
        db.session.execute(insert(ScanDay).values(row))
