"""Walks over a graph of a million edges, of ten million when asked: forward, backward, dossier, and the worst blend.

python -m benchmarks.trace          one million edges on SQLite and on PostgreSQL (a minute or two to make, then kept)
TRACE_EDGES=10000000 python -m benchmarks.trace     the size to reach: ten minutes to make, some gigabytes of disk
TRACE_ON=postgresql                 on one engine only

`benchmarks.graph` says what the graph looks like. Both engines: CPU is ours and the server process's.
"""

import os
import random
import resource
import statistics
import sys
import time
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app import create_app
from benchmarks.graph import fill
from benchmarks.kept import kept_database
from benchmarks.verdicts import verdict
from config import load
from core.db import db
from office.tracing import dossiers
from office.tracing.queries import inputs_behind, orders_forward, slips_behind
from office.tracing.rules import Bundles, Kind, Start, closure, ends, marked
from traceability.models import BatchInput, Lot

SIZE = int(os.environ.get("TRACE_EDGES", "1000000"))
ENGINES = (os.environ["TRACE_ON"],) if "TRACE_ON" in os.environ else ("sqlite", "postgresql")
SAMPLES, REPEATS = 400, 5


def _line(name: str, deed: Callable[[int], object], starts: list[int], target_ms: float) -> bool:
    """Call for each start and print what it took: by the clock, and the CPU of ours and the server's beside it."""
    took, worked = [], []
    for one in starts:
        cpu, began = _cpu(), time.perf_counter()
        deed(one)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((_cpu() - cpu) * 1000)
    at = len(took) * 95 // 100
    p95, p95_cpu = sorted(took)[at], sorted(worked)[at]
    held, said = verdict(p95, p95_cpu, target_ms)
    print(f"{name:30} p50 {statistics.median(took):7.2f} ms (CPU {statistics.median(worked):.2f})  p95 {p95:7.2f} ms "
          f"(CPU {p95_cpu:.2f})  worst {max(took):7.1f} ms (CPU {max(worked):.1f})  target p95 {target_ms:g} ms  "
          f"{said}")  # fmt: skip
    return held


def _cpu() -> float:
    """Seconds of CPU: ours, and those of the PostgreSQL process that serves us."""
    if db.engine.dialect.name != "postgresql":
        return time.process_time()
    connection: Any = db.session.connection().connection.driver_connection
    served = Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() + int(served) / 1e9


def _worst(raw: int) -> bool:
    """Everything reached at once: what was bought for every batch is bad. The graph is loaded first, then walked."""
    cpu, began = _cpu(), time.perf_counter()
    lots, batches = _pairs("SELECT id, batch_id FROM lot WHERE batch_id IS NOT NULL")
    batch_of = array("q", bytes(8 * (max(lots) + 1)))
    for lot, batch in zip(lots, batches, strict=True):
        batch_of[lot] = batch
    used, into = _pairs("SELECT lot_id, batch_id FROM batch_input WHERE lot_id IS NOT NULL")
    graph = Bundles(array("q", map(batch_of.__getitem__, used)), into, raw * 2 + 1)
    lines, orders = _pairs("SELECT id, order_id FROM order_line")
    order_of = array("q", bytes(8 * (max(lines) + 1)))
    for line, order in zip(lines, orders, strict=True):
        order_of[line] = order
    sold, parts = _pairs("SELECT lot_id, order_line_id FROM allocation")
    leaves = Bundles(array("q", map(batch_of.__getitem__, sold)), array("q", map(order_of.__getitem__, parts)),
                     raw * 2 + 1)  # fmt: skip
    loaded, worked = time.perf_counter() - began, _cpu() - cpu
    held = []
    for _again in range(REPEATS):
        cpu, began = time.process_time(), time.perf_counter()
        seen = closure(graph, range(1, raw + 1))
        found = marked(ends(leaves, seen))
        held.append((time.perf_counter() - began, time.process_time() - cpu))
    took, cpu = max(held)
    good, said = verdict(took, cpu, 1)
    print(f"worst blend, in memory: the slowest of {REPEATS} {took * 1000:.0f} ms (CPU {cpu * 1000:.0f}) for "
          f"{sum(seen):,} batches, {len(leaves):,} lines, {len(found):,} orders; loading before it {loaded:.1f} s "
          f"(CPU {worked:.1f})   target 1 s   {said}")  # fmt: skip
    return good


def _pairs(statement: str) -> "tuple[array[int], array[int]]":
    """Two columns of a table as arrays, past SQLAlchemy."""
    left, right = array("q"), array("q")
    cursor = db.session.connection().connection.cursor()
    cursor.execute(statement)
    while rows := cursor.fetchmany(50_000):
        some, others = zip(*rows, strict=True)
        left.extend(some)
        right.extend(others)
    return left, right


def main(edges: int = SIZE, engines: Sequence[str] = ENGINES) -> int:
    """Print all figures of each engine; 1 when a target is missed."""
    held = []
    for engine in engines:
        with kept_database("trace", engine, edges) as (url, done):
            env = {"APP_MODE": "test", "INSTANCE_DIR": str(done.parent), "DATABASE_URL": url}
            with create_app(load(env)).app_context():
                if not done.exists():
                    db.create_all()
                    db.session.remove()
                    began = time.perf_counter()
                    fill(db.engine, edges)
                    done.touch()
                    print(f"graph made in {time.perf_counter() - began:.0f} s")
                held += _measure(edges)
                db.session.remove()
                db.engine.dispose()
    return 0 if all(held) else 1


def _measure(edges: int) -> list[bool]:
    raw, draw = edges * 3 // 100, random.Random(7)
    count = db.session.query(BatchInput).count() + db.session.query(Lot).count() + edges - raw * 14
    print(f"trace graph of {count:,} edges, {db.engine.dialect.name}, load {os.getloadavg()[0]:.1f}")
    cpu = _cpu()
    raws = [draw.randint(1, raw) for _n in range(SAMPLES)]
    blends = [draw.randint(raw + 1, raw * 2) for _n in range(SAMPLES)]
    orders = [draw.randint(1, (edges - raw * 14) // 4) for _n in range(SAMPLES)]
    slips = [draw.randint(1, raw * 10) for _n in range(SAMPLES)]
    for one in raws[:5]:  # statements are compiled once
        orders_forward(Start(Kind.LOT, one, "", 1))
        orders_forward(Start(Kind.SLIP, one, "", 1))
        inputs_behind(Start(Kind.LOT, one, "", 1))
        inputs_behind(Start(Kind.ORDER, one, "", 1))
    held = [
        _line("forward, lot to orders", lambda n: orders_forward(Start(Kind.LOT, n, "", 1)), raws, 10),
        _line("forward, slip to orders", lambda n: orders_forward(Start(Kind.SLIP, n, "", 1)), slips, 10),
        _line("backward, lot to slips", lambda n: slips_behind(Start(Kind.LOT, n, "", 1)), blends, 5),
        _line("backward, order to slips", lambda n: slips_behind(Start(Kind.ORDER, n, "", 1)), orders, 5),
        _line("whole dossier of a lot", lambda n: dossiers.forward(Start(Kind.LOT, n, "", 1)), raws[:60], 1000),
        _worst(raw),
    ]  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"CPU {_cpu() - cpu:.1f} s, load {os.getloadavg()[0]:.1f}, peak memory {peak:.0f} MB")
    return held


if __name__ == "__main__":
    sys.exit(main())
