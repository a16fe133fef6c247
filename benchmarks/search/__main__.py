"""`judge` prints nDCG@10; `speed` prints how the shop's cost grows to 200,000 products on each engine."""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from app import create_app
from config import load
from core.db import db


def judge() -> None:
    """Seed a demonstration world of its own, make its list of words, and print the verdicts."""
    from app.demo import operations as demo
    from benchmarks.search.judging import judge, table
    from catalog.search.spelling import operations as spelling

    with tempfile.TemporaryDirectory() as folder:
        with create_app(_settings(Path(folder))).app_context():
            db.create_all()
            demo.seed()
            spelling.rebuild()
            print(table(judge()))


def _settings(folder: Path):  # type: ignore[no-untyped-def]
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    settings = load(
        {"APP_MODE": "demo", "INSTANCE_DIR": str(folder), "DATABASE_URL": url, "BASE_URL": "http://localhost"}
    )
    return replace(settings, message_gateway="memory")


def main() -> int:
    """Read the command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("judge", help="nDCG@10 over the judged queries")
    speed = commands.add_parser("speed", help="times at so many products, on each engine")
    speed.add_argument("--products", type=int, nargs="+", default=[1_000, 10_000, 200_000])
    speed.add_argument(
        "--engine", choices=["sqlite", "postgresql"], nargs="+", default=["sqlite", "postgresql"]
    )
    whoosh = commands.add_parser("whoosh", help="what Whoosh would cost as the index of products")
    whoosh.add_argument("--products", type=int, nargs="+", default=[10_000])
    asked = parser.parse_args()
    if asked.command == "judge":
        judge()
    elif asked.command == "whoosh":
        from benchmarks.search.whoosh import measure as try_whoosh

        for count in asked.products:
            print(try_whoosh(count))
    else:
        from benchmarks.search import speed as grown

        return grown.main(asked.products, asked.engine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
