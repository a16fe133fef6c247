"""The log at a million leaves: append, proof, and a fresh process's first proof.

python -m benchmarks.log        targets: append ≤ 0.5 ms, proof ≤ 1 ms, restart to first proof ≤ 50 ms
"""

import hashlib
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from sqlalchemy import insert, update

from app import create_app
from benchmarks.kept import tables
from benchmarks.verdicts import verdict
from config import ROOT, load
from core import clock
from core.db import db, transaction
from traceability.log.models import TREE, LogHead, LogLeaf
from traceability.log.operations import append, fill_tiles
from traceability.log.queries import inclusion, tree_head
from traceability.log.rules import appended, leaf_hash
from traceability.log.tiles import forget

LEAVES, APPENDS, PROOFS, RESTARTS = 1_000_000, 2_000, 1_000, 7
TARGETS = {"append": 0.5, "proof": 1.0, "restart": 50.0}


def plant(count: int) -> list[bytes]:
    """Write so many leaves at once after those that are there, without the work of `append`; their hashes. The caller
    holds the transaction."""
    grown = db.session.get(LogHead, TREE)
    start, edge = (grown.leaf_count, tuple(map(bytes.fromhex, grown.edge.split()))) if grown else (0, ())
    made, rows, now = [], [], clock.now()
    for seq in range(start, start + count):
        entry = hashlib.sha256(seq.to_bytes(8, "big")).digest()
        leaf = leaf_hash(entry)
        edge = appended(edge, seq, leaf)
        made.append(leaf)
        rows.append({"seq": seq, "salt": "0" * 64, "leaf_hash": leaf.hex(), "commitment": entry.hex(),
                     "subject": f"bench:{seq}", "at": now})  # fmt: skip
        if len(rows) == 20_000 or seq == start + count - 1:
            db.session.execute(insert(LogLeaf), rows)
            rows = []
    values = {"leaf_count": start + count, "edge": " ".join(one.hex() for one in edge)}
    if not db.session.execute(update(LogHead).where(LogHead.name == TREE).values(**values)).rowcount:  # type: ignore[attr-defined]
        db.session.execute(insert(LogHead).values(name=TREE, **values))
    return made


Took = tuple[float, float]  # milliseconds by the clock, and of CPU


def _timed(deed: Callable[[], object]) -> Took:
    cpu, began = time.process_time(), time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000


def _median(took: list[Took]) -> Took:
    return statistics.median(one[0] for one in took), statistics.median(one[1] for one in took)


def _hundred() -> None:
    for number in range(100):
        append(b'{"bench":%d}' % number, subject="bench")


def _appends() -> Took:
    """One append within a transaction of 100; the median over the transactions."""
    took = []
    for _block in range(APPENDS // 100):
        with transaction():
            took.append(_timed(_hundred))
    wall, cpu = _median(took)
    return wall / 100, cpu / 100


def _proofs(size: int) -> Took:
    """The proof of a random leaf; the median."""
    chance = random.Random(7)
    return _median([_timed(partial(inclusion, chance.randrange(size), size)) for _number in range(PROOFS)])


def _restart(size: int) -> Took:
    """From no connection and nothing remembered to the first proof; the median of a few."""

    def first(index: int) -> None:
        assert tree_head()[0] >= size
        inclusion(index, size)

    took = []
    for number in range(RESTARTS):
        db.session.remove()
        db.engine.dispose()
        forget()
        took.append(_timed(partial(first, size // 2 + number)))
    return _median(took)


def main() -> int:
    """Print the three figures beside their targets; 1 when one is missed. The leaves are planted once, then kept."""
    folder = ROOT / "build" / f"log-{LEAVES}"
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(load({"APP_MODE": "test", "INSTANCE_DIR": str(folder)}))
    with app.app_context():
        done = folder / f"whole-{tables()}"
        if not done.exists():
            db.drop_all()
            db.create_all()
            with transaction():
                plant(LEAVES)
            with transaction():
                fill_tiles(LEAVES)
            done.touch()
        figures = {"append": _appends(), "proof": _proofs(LEAVES), "restart": _restart(LEAVES)}
        db.session.remove()
        db.engine.dispose()
    held = []
    for name, (wall, cpu) in figures.items():
        good, said = verdict(wall, cpu, TARGETS[name])
        held.append(good)
        print(
            f"log of {LEAVES:,} leaves, {name}: {wall:.2f} ms (CPU {cpu:.2f}; target ≤ {TARGETS[name]} ms) {said}"
        )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
