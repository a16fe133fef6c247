"""The scan page of lots that were sold, in a database of a million events, of ten million when asked.

python -m benchmarks.scans                  a million events (a minute or two to make, then kept); target: p95 ≤ 5 ms
EVENTS=10000000 python -m benchmarks.scans  the size to reach: twenty minutes to make, some gigabytes of disk

The demonstration world on SQLite; beside it lots with ten events each, whole as the journal writes them: the document
of a real event, its leaf in the log, its lots. The pages asked for are those of all lots that were sold.
"""

import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from benchmarks.demonstration import world
from benchmarks.log import plant
from benchmarks.pages import caller, quiet
from benchmarks.verdicts import verdict
from catalog.models import Pack
from config import ROOT
from core.db import db, transaction
from traceability.epcis.models import EpcisEvent, EventLot
from traceability.log.models import LogLeaf
from traceability.log.operations import fill_tiles, sign_checkpoint
from traceability.models import Lot, Movement

EVENTS = int(os.environ.get("EVENTS", "1000000"))
EVENTS_PER_LOT, AT_ONCE, LEAVES_AT_ONCE = 10, 50_000, 500_000
TARGET_MS, LOOKS, WARM = 5.0, 8, 2


def _like(model: type, **named: object) -> dict[str, Any]:
    """All columns of one stored row of a model but its id, as another row of its kind would have them."""
    table = model.__table__
    row = db.session.execute(select(table).order_by(table.c.id).limit(1)).mappings().one()
    return {name: value for name, value in row.items() if name != "id"} | named


def _lots(count: int) -> list[int]:
    """Ids of so many new lots."""
    one = _like(Lot, batch_id=None)
    first = db.session.execute(select(Lot.id).order_by(Lot.id.desc()).limit(1)).scalar_one() + 1
    for start in range(0, count, AT_ONCE):
        rows = [one | {"code": f"X{number:09}"} for number in range(start, min(start + AT_ONCE, count))]
        db.session.execute(insert(Lot), rows)
    return list(range(first, first + count))


def _events(lots: list[int], leaves: range) -> None:
    """An event for each leaf, ten to a lot."""
    one = _like(EpcisEvent)
    event_id = db.session.execute(select(EpcisEvent.id).order_by(EpcisEvent.id.desc()).limit(1)).scalar_one()
    document = json.dumps(one["document"])
    held: Any = db.session.connection().connection.cursor()
    columns = [column.name for column in EpcisEvent.__table__.columns]
    stored = db.session.execute(
        EpcisEvent.__table__.select().with_only_columns(EpcisEvent.__table__.c.at.cast(db.String)).limit(1)
    ).scalar_one()
    event = f"INSERT INTO epcis_event ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for start in range(0, len(leaves), AT_ONCE):
        made, speaking = [], []
        for number in range(start, min(start + AT_ONCE, len(leaves))):
            event_id += 1
            values = one | {"id": event_id, "event_id": f"urn:uuid:{uuid.uuid4()}", "at": stored,
                            "document": document, "leaf_id": leaves[number], "subject": f"bench:{number}"}  # fmt: skip
            made.append([values[name] for name in columns])
            speaking.append((event_id, lots[number // EVENTS_PER_LOT]))
        held.executemany(event, made)
        held.executemany("INSERT INTO event_lot (event_id, lot_id) VALUES (?, ?)", speaking)


def _plant(app: Flask, count: int) -> None:
    """So many events more, in the log too, and a checkpoint over all of them."""
    with app.app_context():
        with transaction():
            lots = _lots(-(-count // EVENTS_PER_LOT))
        for start in range(0, count, LEAVES_AT_ONCE):
            part = min(LEAVES_AT_ONCE, count - start)
            with transaction():
                last = db.session.execute(
                    select(LogLeaf.id).order_by(LogLeaf.id.desc()).limit(1)
                ).scalar_one()
                size = plant(part) and last + part
                _events(lots[start // EVENTS_PER_LOT :], range(last + 1, size + 1))
        with transaction():
            fill_tiles(_size())
            sign_checkpoint()
        db.session.execute(db.text("ANALYZE"))
        db.session.commit()


def _size() -> int:
    return int(db.session.execute(select(LogLeaf.seq).order_by(LogLeaf.seq.desc()).limit(1)).scalar_one()) + 1


def _addresses() -> list[str]:
    """The scan pages of all lots of which something was sold."""
    sold = (
        select(Pack.gtin, Lot.code).select_from(Movement).join(Lot, Lot.id == Movement.lot_id)
        .join(Pack, Pack.id == Movement.pack_id).where(Movement.kind == "sold").distinct().order_by(Lot.code)
    )  # fmt: skip
    return [f"/01/{gtin}/10/{code}" for gtin, code in db.session.execute(sold)]


def _took(call: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the clock and of CPU."""
    cpu, began = time.process_time(), time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000


def main() -> int:
    """Print the figure beside its target; 1 when it is missed."""
    folder = ROOT / "build" / f"scans-{EVENTS}"
    app = world(folder)
    done = folder / "whole"
    if not done.exists():
        began = time.perf_counter()
        _plant(app, EVENTS)
        done.touch()
        print(f"events planted in {time.perf_counter() - began:.0f} s")
    with app.app_context():
        pages, events = _addresses(), db.session.query(EventLot.event_id).count()
    quiet(app)
    looks = [caller(app, page) for page in pages]
    for call in looks * WARM:
        call()
    took = [_took(call) for _ in range(LOOKS) for call in looks]
    wall, cpu = (sorted(one[at] for one in took) for at in (0, 1))
    p95 = len(took) * 95 // 100
    held, said = verdict(wall[p95], cpu[p95], TARGET_MS)
    print(f"scan pages of {len(pages)} lots at {events:,} events: p50 {statistics.median(wall):.2f} ms  "
          f"p95 {wall[p95]:.2f} ms (CPU {cpu[p95]:.2f})  worst {wall[-1]:.1f} ms  "
          f"target p95 {TARGET_MS:g} ms  {said}")  # fmt: skip
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
