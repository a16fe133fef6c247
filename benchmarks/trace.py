"""Walks over a graph of a million edges, of ten million when asked: forward, backward, dossier, and the worst blend.

python -m benchmarks.trace          one million edges on SQLite and on PostgreSQL (a minute or two to make, then kept)
TRACE_EDGES=10000000 python -m benchmarks.trace     the size to reach: ten minutes to make, some gigabytes of disk
TRACE_ON=postgresql                 on one engine only

`benchmarks.graph` says what the graph looks like. Both engines: CPU is ours and the server process's.
"""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app import create_app
from benchmarks.graph import LATER, LATER_SALES, fill, lines_of
from benchmarks.kept import kept_database
from benchmarks.verdicts import verdict
from config import load
from core.db import db
from office.tracing import dossiers
from office.tracing.closures.operations import keep
from office.tracing.closures.queries import path
from office.tracing.queries import by_kept, inputs_behind, orders_forward, slips_behind
from office.tracing.rules import Kind, Start
from orders.models import Allocation
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


def _worst(edges: int, url: str) -> bool:
    """Everything reached at once: water that went into every batch is bad. Asked by a process that never asked before.

    The file is kept as of before the last thousand blends and their sales, which are read beside it.
    """
    raw, lines = edges * 3 // 100, lines_of(edges)
    cpu, began = _cpu(), time.perf_counter()
    kept = keep((raw * 2, lines))
    took, worked = time.perf_counter() - began, _cpu() - cpu
    print(f"graph kept in {took:.1f} s (CPU {worked:.1f}): {path().stat().st_size / 1e6:.1f} MB for "
          f"{len(kept.into):,} mixings and {len(kept.sold):,} sales; {LATER:,} batches and {LATER_SALES:,} sales "
          "came after")  # fmt: skip
    env = {**os.environ, "TRACE_FIRST": str(path().parent.parent), "DATABASE_URL": url}
    asked = [sys.executable, "-m", "benchmarks.trace"]
    found = json.loads(subprocess.run(asked, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout)
    wanted = (raw * 2 + LATER, (lines + LATER_SALES) // 4 + 1)
    if (found["lots"], found["orders"]) != wanted:
        raise SystemExit(
            f"the kept graph reached {found['lots']} lots and {found['orders']} orders, not {wanted}"
        )
    (first, first_cpu), (again, again_cpu) = found["first"], max(found["again"])
    good, said = verdict(first, first_cpu, 1)
    print(f"worst blend, the first question of a process {first * 1000:.0f} ms (CPU {first_cpu * 1000:.0f}), the "
          f"slowest of {REPEATS} more {again * 1000:.0f} ms (CPU {again_cpu * 1000:.0f}): {found['lots']:,} lots, "
          f"{found['orders']:,} orders; the process holds {found['before_mb']:.0f} MB of its own before and "
          f"{found['after_mb']:.0f} after   target 1 s   {said}")  # fmt: skip
    return good


def _first() -> int:
    """What a fresh process finds in the whole graph: seconds, CPU and memory, as one JSON line."""
    env = {
        "APP_MODE": "test",
        "INSTANCE_DIR": os.environ["TRACE_FIRST"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
    }
    with create_app(load(env)).app_context():
        db.session.connection()
        before, took = _private_mb(), []
        for _time in range(REPEATS + 1):
            cpu, began = _cpu(), time.perf_counter()
            found = by_kept(Start(Kind.MATERIAL, 0, "nước", 1))
            took.append((time.perf_counter() - began, _cpu() - cpu))
            assert found is not None
            lots, orders = len(found.lots), len(found.orders)
            del found
        print(json.dumps({"first": took[0], "again": took[1:], "lots": lots, "orders": orders, "before_mb": before,
                          "after_mb": _private_mb()}))  # fmt: skip
    return 0


def _private_mb() -> float:
    """What this process alone holds: pages of a mapped file are not its own."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


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
                held += _measure(edges, url)
                db.session.remove()
                db.engine.dispose()
    return 0 if all(held) else 1


def _measure(edges: int, url: str) -> list[bool]:
    raw, draw = edges * 3 // 100, random.Random(7)
    count = sum(db.session.query(one).count() for one in (BatchInput, Lot, Allocation))
    print(f"trace graph of {count:,} edges, {db.engine.dialect.name}, load {os.getloadavg()[0]:.1f}")
    cpu = _cpu()
    raws = [draw.randint(1, raw) for _n in range(SAMPLES)]
    blends = [draw.randint(raw + 1, raw * 2) for _n in range(SAMPLES)]
    orders = [draw.randint(1, lines_of(edges) // 4) for _n in range(SAMPLES)]
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
        _worst(edges, url),
    ]  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"CPU {_cpu() - cpu:.1f} s, load {os.getloadavg()[0]:.1f}, peak memory {peak:.0f} MB")
    return held


if __name__ == "__main__":
    sys.exit(_first() if "TRACE_FIRST" in os.environ else main())
