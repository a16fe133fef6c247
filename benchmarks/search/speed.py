"""Times of searching and suggesting at several sizes of the shop, on each engine, in this process.

`search()` is everything a list needs: hits, ranking, twenty cards, facets with counts. CPU is this process's (on
SQLite the database's too); wall time includes PostgreSQL's. The machine is shared: compare rows of one run.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from benchmarks.search import catalogue
from catalog.models import Product
from catalog.reference import load_categories
from catalog.search.builds import operations as builds
from catalog.search.operations import reindex
from catalog.search.queries import search
from catalog.search.rules import Asked, Filters, Sort, read_query
from catalog.search.spelling import operations as spelling
from catalog.search.suggestions import operations as suggestions
from catalog.search.suggestions.queries import suggest
from core.db import db, transaction
from places import unitsfile
from places.operations import load_units

SEARCHES, WARM = 400, 40
FILTERS = (Filters(category=("mien-bun",)),
           Filters(ethnic_group=("Tày",), ocop=3), Filters(in_stock=True, in_season=True),
           Filters(min_price_vnd=60_000, max_price_vnd=150_000))  # fmt: skip


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str | None]:
    """The address of an empty database; None for SQLite's file."""
    if engine == "sqlite":
        yield None
        return
    from tests.servers import fresh_database

    with fresh_database() as url:
        yield url


def _fill(count: int) -> list[tuple[str, float]]:
    """Make the shop and everything the search keeps; seconds of each step."""
    db.create_all()
    with transaction():
        load_units(unitsfile.read(unitsfile.SHIPPED))
        load_categories()
    catalogue.make(count)
    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("index built, s", builds.rebuild), ("words, s", spelling.rebuild), ("suggestions, s", suggestions.rebuild),
    )  # fmt: skip
    taken = []
    for name, step in steps:
        started = time.perf_counter()
        step()
        db.session.rollback()
        taken.append((name, time.perf_counter() - started))
    builds.take_statistics()
    return taken


def _timed(calls: Sequence[Callable[[], Any]]) -> str:
    """Median and 99th percentile of each call: wall, and CPU of this process, in milliseconds."""
    wall, cpu = [], []
    for call in calls:
        started, used = time.perf_counter(), time.process_time()
        call()
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - used) * 1000)
        db.session.rollback()
    p99_wall, p99_cpu = (statistics.quantiles(values, n=100)[98] for values in (wall, cpu))
    return f"{statistics.median(wall):>9.2f}{p99_wall:>9.2f}{statistics.median(cpu):>9.2f}{p99_cpu:>9.2f}"


def _rows(count: int) -> Iterator[tuple[str, str]]:
    typed = [read_query(text) for text in catalogue.queries(SEARCHES)]
    for query in typed[:WARM]:
        search(Asked(query))
        db.session.rollback()
    yield "search, first 20", _timed([lambda q=query: search(Asked(q)) for query in typed])
    asked = [Asked(query, filters) for query in typed[:100] for filters in FILTERS]
    yield "search with filters", _timed([lambda a=one: search(a) for one in asked[:SEARCHES]])
    lists = [
        Asked(filters=filters, sort=sort)
        for filters in (Filters(), *FILTERS)
        for sort in (Sort.NEWEST, Sort.PRICE)
    ]
    yield "list, no words", _timed([lambda a=one: search(a) for one in lists * 10])
    keys = [query.typed[: 1 + place % 9] for place, query in enumerate(typed)]
    yield "suggestions", _timed([lambda k=key: suggest(k) for key in keys])
    misspelt = [f"{text}q" for text in ("miên dongg", "tinhh dau", "nam huonng", "mat onng", "ca phhe")] * 8
    yield "nothing as typed", _timed([lambda t=text: search(Asked(read_query(t))) for text in misspelt])
    ids = list(db.session.execute(sa.select(Product.id).order_by(Product.id).limit(40)).scalars())

    def publish(product_id: int) -> None:
        with transaction():
            reindex(product_id)

    yield "index one product", _timed([lambda i=one: publish(i) for one in ids])


def measure(sizes: Sequence[int], engines: Sequence[str], settings: Callable[[Path], Any]) -> None:
    """Print the table."""
    for engine in engines:
        for count in sizes:
            with tempfile.TemporaryDirectory() as name, _database(engine, Path(name)) as url:
                base = settings(Path(name))
                app: Flask = create_app(replace(base, database_url=url) if url else base)
                with app.app_context():
                    taken = _fill(count)
                    print(
                        f"\n{engine}, {count:,} products: "
                        + ", ".join(f"{step} {s:.1f}" for step, s in taken)
                    )
                    print(f"{'milliseconds':<22}{'wall p50':>9}{'p99':>9}{'CPU p50':>9}{'p99':>9}")
                    for row, figures in _rows(count):
                        print(f"{row:<22}{figures}", flush=True)
                    db.session.remove()
                    db.engine.dispose()
