"""The log at a million leaves: append, proof, and a fresh process's first proof.

python -m benchmarks.log        targets: append ≤ 0.5 ms, proof ≤ 1 ms, restart to first proof ≤ 50 ms
"""

import hashlib
import random
import statistics
import sys
import tempfile
import time

from sqlalchemy import insert, update

from app import create_app
from config import load
from core import clock
from core.db import db, transaction
from traceability.log.models import TREE, LogHead, LogLeaf
from traceability.log.operations import append, fill_tiles
from traceability.log.queries import inclusion, tree_head
from traceability.log.rules import Edge, appended, leaf_hash

LEAVES, APPENDS, PROOFS, RESTARTS = 1_000_000, 2_000, 1_000, 5
TARGETS = {"append": 0.5, "proof": 1.0, "restart": 50.0}


def plant(count: int) -> list[bytes]:
    """Write so many leaves at once, without the work of `append`; their hashes. The caller holds the transaction."""
    edge: Edge = ()
    made, rows, now = [], [], clock.now()
    for seq in range(count):
        entry = hashlib.sha256(seq.to_bytes(8, "big")).digest()
        leaf = leaf_hash(entry)
        edge = appended(edge, seq, leaf)
        made.append(leaf)
        rows.append({"seq": seq, "salt": "0" * 64, "leaf_hash": leaf.hex(), "commitment": entry.hex(),
                     "subject": f"bench:{seq}", "at": now})  # fmt: skip
        if len(rows) == 20_000 or seq == count - 1:
            db.session.execute(insert(LogLeaf), rows)
            rows = []
    values = {"leaf_count": count, "edge": " ".join(one.hex() for one in edge)}
    if not db.session.execute(update(LogHead).where(LogHead.name == TREE).values(**values)).rowcount:  # type: ignore[attr-defined]
        db.session.execute(insert(LogHead).values(name=TREE, **values))
    return made


def _appends() -> float:
    """Milliseconds for one append within a transaction of 100; the median over the transactions."""
    took = []
    for _block in range(APPENDS // 100):
        with transaction():
            started = time.perf_counter()
            for number in range(100):
                append(b'{"bench":%d}' % number, subject="bench")
            took.append((time.perf_counter() - started) * 10)
    return statistics.median(took)


def _proofs(size: int) -> float:
    """Milliseconds for the proof of a random leaf; the median."""
    chance, took = random.Random(7), []
    for _number in range(PROOFS):
        index = chance.randrange(size)
        started = time.perf_counter()
        inclusion(index, size)
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def _restart(size: int) -> float:
    """Milliseconds from no connection at all to the first proof; the median of a few."""
    took = []
    for number in range(RESTARTS):
        db.session.remove()
        db.engine.dispose()
        started = time.perf_counter()
        assert tree_head()[0] >= size
        inclusion(size // 2 + number, size)
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def main() -> int:
    """Print the three figures beside their targets; 1 when one is missed."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({"APP_MODE": "test", "INSTANCE_DIR": folder}))
        with app.app_context():
            db.create_all()
            with transaction():
                plant(LEAVES)
            with transaction():
                fill_tiles(LEAVES)
            figures = {"append": _appends(), "proof": _proofs(LEAVES), "restart": _restart(LEAVES)}
            db.session.remove()
            db.engine.dispose()
    for name, took in figures.items():
        verdict = "pass" if took <= TARGETS[name] else "FAIL"
        print(f"log of {LEAVES:,} leaves, {name}: {took:.2f} ms (target ≤ {TARGETS[name]} ms) {verdict}")
    return 0 if all(took <= TARGETS[name] for name, took in figures.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
