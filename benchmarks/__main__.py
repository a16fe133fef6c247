"""`make bench`: prints every figure beside its target; exit 1 if one is missed.

The demonstration world lives in build/bench and is made once (about a minute); later runs use it again.
"""

import logging
import subprocess
import sys
import time

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.demo.operations import seed_if_empty
from benchmarks import books, ledger, log, pages, photo, registry, rounds, trace
from benchmarks.search import speed
from config import ROOT, load

FOLDER = ROOT / "build" / "bench"


def application(kept_bytes: int) -> Flask:
    """The application over the bench's folder, with so many bytes for kept pages."""
    env = {"APP_MODE": "demo", "INSTANCE_DIR": str(FOLDER), "KEPT_PAGES_BYTES": str(kept_bytes)}
    return create_app(load(env))


def world() -> Flask:
    """The application over the demonstration world; it keeps no pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = application(0)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        started = time.process_time()
        if seed_if_empty():
            print(
                f"demonstration world made: {time.process_time() - started:.0f} s of CPU (target: under 60)"
            )
    return app


def main() -> int:
    """Run everything; the exit code."""
    rows = pages.measure(world(), application(8_000_000))
    print(pages.table(rows))
    line, passed = photo.measure()
    print(line)
    held = ledger.main() == 0
    held = speed.main() == 0 and held  # how all this grows with the goods
    held = books.main() == 0 and held
    held = trace.main() == 0 and held  # TRACE_EDGES=10000000 for the size of the issue
    held = log.main() == 0 and held
    alone = [sys.executable, "-m", registry.__name__]  # memory is counted from the start of a process
    held = (
        subprocess.run(alone, check=False).returncode == 0 and held
    )  # HOUSEHOLDS=28000000 for the size
    held = rounds.main() == 0 and held  # REVIEWS=1200000 for the size of the issue
    return 0 if held and passed and all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
