"""How the shop's cost grows with its goods: pages, searches, suggestions, facets, at several sizes on each engine.

Each figure is CPU of one answer in milliseconds, of this process (with SQLite inside it) and of PostgreSQL's own
process for our connection, as the kernel counts them: steadier than wall time on a shared machine. `search()` is
everything that a list needs: hits, ranking, twenty cards, facets with counts. Pages are whole answers, made anew. `make
bench` prints this beside the targets.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks.pages import caller, quiet
from benchmarks.search import catalogue, worlds
from benchmarks.search.exactness import check
from catalog.models import Product
from catalog.search.operations import reindex
from catalog.search.queries import search
from catalog.search.rules import Asked, Filters, Sort, read_query
from catalog.search.suggestions.queries import suggest
from core.db import db, transaction

SIZES, ENGINES = (1_000, 10_000, 200_000), ("sqlite", "postgresql")
SEARCHES, WARM, PAGES = 400, 40, 60
FILTERS = (Filters(category=("mien-bun",)),
           Filters(ethnic_group=("Tày",), ocop=3), Filters(in_stock=True, in_season=True),
           Filters(min_price_vnd=60_000, max_price_vnd=150_000))  # fmt: skip
MISSPELT = ("miên dongg", "tinhh dau", "nam huonng", "mat onng", "ca phhe")
Call = Callable[[], Any]


@dataclass(frozen=True)
class Target:
    """At which size (0: every one) p50 or p99 must not exceed how many milliseconds on an engine."""

    size: int
    quantile: str
    most_ms: dict[str, float]


PAGE = Target(1_000, "p50", {"sqlite": 2.5})  # quality's table: 1,000 products, everything in one process
TARGETS = {
    "list page": PAGE, "search page": PAGE, "product page": PAGE,
    "search, first 20": Target(200_000, "p99", {"sqlite": 25.0, "postgresql": 60.0}),
    "suggestion": Target(0, "p99", {"sqlite": 2.0, "postgresql": 2.0}),
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """What one job cost at one size: CPU of an answer, and how much of it was the database server's."""

    engine: str
    size: int
    name: str
    p50: float
    p99: float
    server_p50: float

    @property
    def verdict(self) -> str:
        """'pass' or 'FAIL' where there is a target for this size, else nothing."""
        target = TARGETS.get(self.name)
        most = target.most_ms.get(self.engine) if target and target.size in (0, self.size) else None
        if target is None or most is None:
            return ""
        return "pass" if getattr(self, target.quantile) <= most else "FAIL"


class Clock:
    """CPU so far, in milliseconds: of this process, and of the database server's processes that serve it."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        if db.engine.dialect.name == "postgresql":
            wanted = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            pids = db.session.execute(sa.text(wanted)).scalars().all()
            db.session.rollback()
            self.files = [Path(f"/proc/{pid}/schedstat") for pid in pids]

    def read(self) -> tuple[float, float]:
        """Ours, the server's."""
        served = sum(int(one.read_text().split()[0]) for one in self.files if one.exists())
        return time.process_time() * 1000, served / 1_000_000


def timed(name: str, size: int, calls: Sequence[Call]) -> Figure:
    """Median and 99th percentile of the calls, each made once."""
    clock, whole, served = Clock(), [], []
    for call in calls:
        before = clock.read()
        call()
        after = clock.read()
        whole.append(sum(after) - sum(before))
        served.append(after[1] - before[1])
        db.session.rollback()
    p99 = statistics.quantiles(whole, n=100, method="inclusive")[98]
    return Figure(
        db.engine.dialect.name, size, name, statistics.median(whole), p99, statistics.median(served)
    )


def _pages(app: Flask, size: int) -> Iterator[Figure]:
    """Whole answers to different addresses; each kind is warmed by its first ten."""
    slugs = db.session.execute(
        sa.select(Product.slug).order_by(Product.id.desc()).limit(PAGES + 10)
    ).scalars()
    typed = [text.replace(" ", "+") for text in catalogue.queries(PAGES + 10)]
    filtered = [f"/products?category={kind['category']}&sort={sort}" for sort in ("newest", "price")
                for kind in catalogue.KINDS]  # fmt: skip
    jobs = {
        "home page": ["/"] * 20,
        "list page": ["/products"] * PAGES,
        "list page, filter and order": filtered * 3,
        "search page": [f"/products?q={text}" for text in typed],
        "product page": [f"/products/{slug}" for slug in slugs],
    }
    db.session.rollback()
    visitor = app.test_client(use_cookies=False)
    for name, paths in jobs.items():
        calls = [caller(app, path) for path in paths]
        for path in paths[:10]:
            answer = visitor.get(path)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
        yield timed(name, size, calls[10:])


def _searches(size: int) -> Iterator[Figure]:
    typed = [read_query(text) for text in catalogue.queries(SEARCHES)]
    for query in typed[:WARM]:
        search(Asked(query))
        db.session.rollback()
    yield timed("search, first 20", size, [lambda q=query: search(Asked(q)) for query in typed])
    narrowed = [Asked(query, filters) for query in typed[:60] for filters in FILTERS]
    yield timed("search with filters", size, [lambda a=one: search(a) for one in narrowed])
    priced = [Asked(query, sort=Sort.PRICE) for query in typed[:100]]
    yield timed("search by price", size, [lambda a=one: search(a) for one in priced])
    misspelt = [read_query(f"{text}q") for text in MISSPELT] * 8
    yield timed("nothing as typed", size, [lambda q=one: search(Asked(q)) for one in misspelt])
    keys = [query.typed[: 1 + place % 9] for place, query in enumerate(typed)]
    yield timed("suggestion", size, [lambda k=key: suggest(k) for key in keys])
    ids = list(db.session.execute(sa.select(Product.id).order_by(Product.id).limit(40)).scalars())
    db.session.rollback()

    def publish(product_id: int) -> None:
        with transaction():
            reindex(product_id)

    yield timed("publish one", size, [lambda i=one: publish(i) for one in ids])


def measured(engine: str, size: int) -> tuple[list[Figure], str]:
    """Every figure of one size on one engine, and what became of the facets that were recounted."""
    with worlds.shop(engine, size) as app:
        quiet(app)
        with app.app_context():
            figures = [*_pages(app, size), *_searches(size)]
            exact = check([read_query(text) for text in catalogue.queries(60)])
        return figures, exact


def table(figures: Sequence[Figure]) -> str:
    """A line for each job, a pair of columns for each size: how it grows, and whether the targets hold."""
    sizes = sorted({one.size for one in figures})
    names = list(dict.fromkeys(one.name for one in figures))
    heads = "".join(f"{f'{size:,}':>10}{'p99':>8}" for size in sizes)
    lines = [f"{figures[0].engine + ', CPU ms, p50':<30}{heads}  target"]
    for name in names:
        row = {one.size: one for one in figures if one.name == name}
        cells = "".join(f"{row[size].p50:>10.2f}{row[size].p99:>8.2f}" for size in sizes)
        lines.append(f"{name:<30}{cells}  {_verdicts(name, list(row.values()))}")
    served = [one for one in figures if one.name == "search, first 20" and one.server_p50]
    if served:
        part = ", ".join(f"{one.size:,}: {one.server_p50:.2f}" for one in served)
        lines.append(f"of a search, PostgreSQL's own at p50: {part}")
    return "\n".join(lines)


def _verdicts(name: str, row: Sequence[Figure]) -> str:
    found = [one for one in row if one.verdict]
    if not found:
        return ""
    target = TARGETS[name]
    where = f" at {target.size:,}" if target.size else ""
    worst = "FAIL" if any(one.verdict == "FAIL" for one in found) else "pass"
    return f"{target.quantile} ≤ {target.most_ms[found[0].engine]:g}{where} {worst}"


def main(sizes: Sequence[int] = SIZES, engines: Sequence[str] = ENGINES) -> int:
    """Print the tables; 0 where every target was met and every facet was exact."""
    held = True
    for engine in engines:
        figures: list[Figure] = []
        for size in sizes:
            found, exact = measured(engine, size)
            figures += found
            held &= "FAIL" not in exact
            print(f"{engine}, {size:,} products: {exact}; load {os.getloadavg()[0]:.1f}", flush=True)
        print(table(figures), flush=True)
        held &= all(one.verdict != "FAIL" for one in figures)
    return 0 if held else 1
