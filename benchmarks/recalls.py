"""A recall of thousands of lots at once: the walk from all of them, and the whole recall with every lot stopped.

python -m benchmarks.recalls                2,000 lots, half of them blends of the other half; LOTS=… for more

A copy of the demonstration world on SQLite, thrown away afterwards: nothing that is kept is recalled.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from accounts.rules import Actor, Role
from benchmarks.demonstration import FOLDER, application, world
from benchmarks.verdicts import verdict
from cooperatives.models import Cooperative
from core.db import db, transaction
from office.operations import all_reached, recall_lots
from traceability.models import Batch, BatchInput, Lot

LOTS = int(os.environ.get("LOTS", "2000"))
WALK_MS = 1_000.0  # the issue: a cooperative recalls a lot to the last buyer in a second


def _like(model: Any, **named: object) -> dict[str, Any]:
    """A stored row's columns but its id."""
    table = model.__table__
    row = db.session.execute(select(table).order_by(table.c.id).limit(1)).mappings().one()
    return {name: value for name, value in row.items() if name != "id"} | named


def _plant(cooperative_id: int, half: int) -> list[int]:
    """Half as many lots without a batch, and as many that blend each with its neighbour; ids of the first half."""
    lot, batch = (
        _like(Lot, cooperative_id=cooperative_id, batch_id=None, state="open", kind="real"),
        _like(Batch),
    )
    batch["cooperative_id"] = cooperative_id
    put = _like(BatchInput, slip_id=None, material_name="", buying="", weight_g=1_000)
    first_lot, first_batch = (
        int(db.session.execute(select(func.max(one.id))).scalar_one()) + 1 for one in (Lot, Batch)
    )
    numbers = range(half)
    db.session.execute(insert(Lot), [lot | {"code": f"T{n:07}"} for n in numbers])
    db.session.execute(
        insert(Batch),
        [batch | {"id": first_batch + n, "key": f"bench-{n}", "code": f"T{n}"} for n in numbers],
    )
    made = [lot | {"code": f"P{n:07}", "batch_id": first_batch + n} for n in numbers]
    db.session.execute(insert(Lot), made)
    mixed = [(n, from_lot) for n in numbers for from_lot in {n, max(n - 1, 0)}]
    db.session.execute(
        insert(BatchInput), [put | {"batch_id": first_batch + n, "lot_id": first_lot + m} for n, m in mixed]
    )
    return [first_lot + n for n in numbers]


def _took(deed: Callable[[], Any]) -> tuple[float, float, Any]:
    cpu, began = time.process_time(), time.perf_counter()
    found = deed()
    return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000, found


def main(count: int = LOTS) -> int:
    """Print what the walk and the recall took; 1 when the walk misses its target."""
    world()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
        with application(0, Path(folder)).app_context():
            cooperative_id, own = db.session.execute(
                select(Cooperative.id, Cooperative.organisation_id).order_by(Cooperative.id).limit(1)
            ).one()
            with transaction():
                starts = _plant(cooperative_id, count // 2)
            wall, cpu, lots = _took(lambda: all_reached(starts))
            db.session.rollback()
            manager = Actor(None, Role.MANAGER, own)
            with transaction():
                whole, whole_cpu, done = _took(
                    lambda: recall_lots(manager, cooperative_id, starts, "Diễn tập đo máy", "bench")
                )
            db.session.remove()
            db.engine.dispose()
    held, said = verdict(wall, cpu, WALK_MS)
    print(f"recall from {len(starts):,} lots at once: {len(lots):,} found in {wall:.0f} ms (CPU {cpu:.0f})   target "
          f"{WALK_MS:g} ms   {said}; all {len(done.lots):,} stopped, told and written down in {whole / 1000:.1f} s "
          f"(CPU {whole_cpu / 1000:.1f})")  # fmt: skip
    return 0 if held and len(done.lots) == len(lots) else 1


if __name__ == "__main__":
    sys.exit(main())
