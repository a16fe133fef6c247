"""`make bench`: prints every figure beside its target; exit 1 if one is missed.

The demonstration world lives in build/bench and is made once (about a minute); later runs use it again.
"""

import subprocess
import sys

from benchmarks import books, ledger, log, pages, photo, recalls, registry, rounds, scans, trace
from benchmarks.demonstration import application, world
from benchmarks.search import speed


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
    held = recalls.main() == 0 and held
    held = scans.main() == 0 and held  # EVENTS=10000000 for the size of the issue
    alone = [sys.executable, "-m", registry.__name__]  # memory is counted from the start of a process
    held = (
        subprocess.run(alone, check=False).returncode == 0 and held
    )  # HOUSEHOLDS=28000000 for the size
    held = rounds.main() == 0 and held  # REVIEWS=1200000 for the size of the issue
    return 0 if held and passed and all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
