"""A round of the registry, full: submissions, a commune's page, the country rolled up, on SQLite and on PostgreSQL.

python -m benchmarks.rounds                60,000 reviews: a smaller world, made in seconds
REVIEWS=1200000 python -m benchmarks.rounds    the size to reach: some minutes to make, then kept under
                                           build/rounds-<engine>-<reviews> (PostgreSQL: the bench's own server); 2 GB
ROUNDS_ON=postgresql                       on one engine only
ROUNDS_SECONDS=600                         for how long submissions come in; fifteen seconds by default

Submissions come by the clock, two a second at moments drawn at random, whether the last one is done or not: what waits
in line has waited since it was due. One process takes them, where the shop has two.

Every commune of today has its share of households; the reviews, their results under two standards and their counts are
written past the verbs, people and the lacks of each result are left out. What is measured goes through the verbs.
"""

import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from accounts.operations import create_user, grant
from accounts.rules import SYSTEM, Actor, Role
from accounts.sessions.operations import begin
from app import create_app
from benchmarks.kept import kept_database
from benchmarks.verdicts import verdict
from config import load
from core import clock
from core.db import db, transaction
from households.operations import PersonFacts, create_household
from households.rules import Sex
from places import unitsfile
from places.operations import load_units
from places.queries import communes_of
from places.queries import provinces as provinces_of_today
from registry import operations as registry
from registry.figures.operations import home_of
from registry.figures.queries import of_unit, provinces, scope_of
from registry.figures.rules import ABSENT, AGES, CLASSES, UNKNOWN, Basis, words_of
from registry.questions import QUESTIONS
from registry.standards.files import shipped

REVIEWS = int(os.environ.get("REVIEWS", "60000"))
SECONDS = float(os.environ.get("ROUNDS_SECONDS", "15"))
FULL, A_SECOND, WARM, LOOKS = 1_200_000, 2, 3, 60
PAGE = "/registry/figures?basis=declared"  # of a commune: what was declared so far
ENGINES = (os.environ["ROUNDS_ON"],) if "ROUNDS_ON" in os.environ else ("sqlite", "postgresql")
YEAR, AT = 2026, datetime(2026, 11, 1, 3, tzinfo=UTC)
KINDS, VILLAGES = 40, 8


def _pour(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Many rows into a table, past SQLAlchemy."""
    names = columns.split()
    with db.engine.begin() as connection:
        raw: Any = connection.connection.driver_connection
        if db.engine.dialect.name == "sqlite":
            marks = ", ".join("?" * len(names))
            raw.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
            return
        with raw.cursor() as cursor:
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            if names[0] == "id":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )


def _kinds(codes: Sequence[str]) -> list[dict[str, Any]]:
    """Households of every kind, as counted rows have them."""
    draw = random.Random(7)
    return [
        {
            "outcome": draw.choices(CLASSES, (12, 8, 78, 2))[0],
            "lacking": " ".join(sorted(code for code in codes if draw.random() < 0.2)),
            "unjudged": "",
            "sex": draw.choice(("female", "male")),
            "age": draw.choice(AGES)[2],
            "ethnic": draw.choice(("kinh", "minority")),
            "people": draw.choice(("Kinh", "Tày", "Dao", "Nùng", "Hmông")),
            "traits": None,
            "departs": UNKNOWN,
            "before": ABSENT,
            "moved": "none",
            "is_demo": True,
            "household_id": 0,
            "year": YEAR,
        }
        for _n in range(KINDS)
    ]


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """On SQLite: a cache that holds all indexes, and no waiting for the disk. Afterwards connections are made anew."""

    def hurry(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1500000")

    if db.engine.dialect.name != "sqlite":
        yield
        return
    sa.event.listen(db.engine, "checkout", hurry)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "checkout", hurry)
        db.session.remove()
        db.engine.dispose()


def _fill(reviews: int) -> None:
    """The world: units, households, reviews with results, counted rows and counts."""
    db.create_all()
    with transaction():
        load_units(unitsfile.read(unitsfile.SHIPPED))
        user = create_user("+84912000001", "Người kê khai").id
    communes = [one.id for above in provinces_of_today() for one in communes_of(above.id)]
    db.session.rollback()
    standards = {one.id: tuple(code.code for code in one.indicators) for one in shipped().values()}
    draw, at = random.Random(11), AT.replace(tzinfo=None) if db.engine.dialect.name == "sqlite" else AT
    at_text = at.isoformat(" ") if db.engine.dialect.name == "sqlite" else at
    day = "2026-11-01" if db.engine.dialect.name == "sqlite" else date(2026, 11, 1)
    kinds = {name: _kinds(codes) for name, codes in standards.items()}
    words = {
        name: [words_of(home_of(kind, standards[name])) for kind in every] for name, every in kinds.items()
    }
    for start in range(0, reviews, 60_000):
        ids = range(start + 1, min(start + 60_000, reviews) + 1)
        place = {n: communes[n % len(communes)] for n in ids}
        village = {n: f"Thôn {n // len(communes) % VILLAGES + 1}" for n in ids}
        picked = {n: draw.randrange(KINDS) for n in ids}
        _pour("household", "id key commune_id village address_line created_at",
              [(n, f"b{n}", place[n], village[n], "", at_text) for n in ids])  # fmt: skip
        _pour("review", "id key household_id commune_id village region urban urban_source state answers_hash "
              "started_at started_by_user_id confirmed_how submitted_on version counted",
              [(n, f"b{n}", n, place[n], village[n], "mien_nui_phia_bac", False, "bench", "submitted", "", at_text,
                user, "self", day, 1, True) for n in ids])  # fmt: skip
        for order, name in enumerate(standards):
            _pour("review_result", "id review_id standard_id standard_hash outcome is_demo b2_low_points "
                  "b2_high_points scored_at",
                  [(2 * n + order, n, name, "bench", kinds[name][picked[n]]["outcome"], True, 0, 0, at_text)
                   for n in ids])  # fmt: skip
            said = "outcome lacking unjudged sex age ethnic people departs before moved"
            _pour("counted_home", f"year basis standard_id is_demo household_id commune_id village counted_at {said}",
                  [(YEAR, "declared", name, True, n, place[n], village[n], at_text,
                    *(kinds[name][picked[n]][one] for one in said.split())) for n in ids])  # fmt: skip
    _counts(reviews, communes, words)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _counts(reviews: int, communes: Sequence[int], words: dict[str, list[list[str]]]) -> None:
    """The counts of every commune, from the same draws."""
    draw, picked = random.Random(11), Counter[tuple[int, int]]()
    for n in range(1, reviews + 1):
        picked[n % len(communes), draw.randrange(KINDS)] += 1
    for name, every in words.items():
        found: Counter[tuple[int, str]] = Counter()
        for (at, kind), count in picked.items():
            for word in every[kind]:
                found[communes[at], word] += count
        rows = [(YEAR, "declared", name, place, word, count) for (place, word), count in found.items()]
        _pour("place_count", "year basis standard_id commune_id word household_count", rows)


def _cpu() -> float:
    """Seconds of CPU: ours, and those of the PostgreSQL process that serves us."""
    if db.engine.dialect.name != "postgresql":
        return time.process_time()
    connection: Any = db.session.connection().connection.driver_connection
    served = Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() + int(served) / 1e9


def _line(name: str, deeds: Sequence[Callable[[], object]], target_ms: float) -> bool:
    """Do each, one after another, and print what it took: by the clock, and the CPU of ours and the server's."""
    took, worked = [], []
    for deed in deeds:
        cpu, began = _cpu(), time.perf_counter()
        deed()
        took.append((time.perf_counter() - began) * 1000)
        worked.append((_cpu() - cpu) * 1000)
        db.session.rollback()
    return _said(name, took, worked, target_ms)


def _said(name: str, took: Sequence[float], worked: Sequence[float], target_ms: float) -> bool:
    at = min(len(took) * 95 // 100, len(took) - 1)
    p95, p95_cpu = sorted(took)[at], sorted(worked)[at]
    held, said = verdict(p95, p95_cpu, target_ms)
    print(f"{name:34} p50 {statistics.median(took):7.1f} ms (CPU {statistics.median(worked):.1f})  p95 {p95:7.1f} ms "
          f"(CPU {p95_cpu:.1f})  target p95 {target_ms:g} ms  {said}")  # fmt: skip
    return held


def _due(count: int, draw: random.Random) -> list[float]:
    """When each is due, in seconds from the beginning: `A_SECOND` on average, each by itself (a Poisson process)."""
    at, found = 0.0, []
    for _n in range(count):
        at += draw.expovariate(A_SECOND)
        found.append(at)
    return found


def _open_loop(name: str, deeds: Sequence[Callable[[], object]], target_ms: float) -> bool:
    """Do each when it is due, or as soon as those before it are done; what it took counts from when it was due."""
    took, worked, began = list[float](), list[float](), time.perf_counter()
    for deed, due in zip(deeds, _due(len(deeds), random.Random(3)), strict=True):
        time.sleep(max(0.0, began + due - time.perf_counter()))
        cpu = _cpu()
        deed()
        took.append((time.perf_counter() - began - due) * 1000)
        worked.append((_cpu() - cpu) * 1000)
        db.session.rollback()
    whole = time.perf_counter() - began
    return _said(f"{name}, {len(deeds)} in {whole:.0f} s", took, worked, target_ms)


def _drafts(communes: Sequence[int], count: int) -> list[tuple[Actor, str]]:
    """Households with a head, whose declaration is answered and not yet sent."""
    draw, made = random.Random(time.time_ns()), []
    answers = {one.id: str(one.low) if one.kind == "number" else one.options[0][0] for one in QUESTIONS} | {
        "people": "5"
    }
    for _n in range(count):
        with transaction():
            user_id = create_user(f"+8490{draw.randrange(10**7):07}", "Chủ hộ đo").id
            facts = PersonFacts(
                "Chủ hộ đo", birth_year=1980, sex=Sex.FEMALE, ethnic_code="09", user_id=user_id
            )
            create_household(SYSTEM, draw.choice(communes), "Thôn 1", facts)
            me = Actor(user_id=user_id, role=Role.BUYER, name="Chủ hộ đo")
            review = registry.start(me)
            registry._write_answers(
                review, {name: registry.check_answer(name, said) for name, said in answers.items()}
            )
            made.append((me, review.key))
    return made


def _send(me: Actor, key: str) -> None:
    with transaction():
        registry.finish(me, key)


def _measure(reviews: int, app: Any) -> list[bool]:
    asked = scope_of(YEAR, Basis.DECLARED)
    communes = [one.id for above in provinces_of_today() for one in communes_of(above.id)]
    top = provinces(asked).top
    small = "" if reviews >= FULL else f"; REVIEWS={FULL} is the size to reach"
    print(f"round of {top.households:,} reviews in {len(communes):,} communes, {db.engine.dialect.name}, "
          f"load {os.getloadavg()[0]:.1f}{small}")  # fmt: skip
    draw = random.Random(5)
    with transaction():
        officer = create_user(f"+8491{random.Random(time.time_ns()).randrange(10**7):07}", "Cán bộ đo")
        given = grant(SYSTEM, officer.id, Role.COMMUNE_OFFICER, None, communes[17], None)
        token, grant_id = begin(officer.id, "", second_step=True), given.id
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["grant"] = token, True, grant_id
    answer = client.get(PAGE)
    if answer.status_code != 200 or "hộ đã kê khai" not in answer.text:
        raise RuntimeError(f"the commune's page answered {answer.status_code}")
    sent = _drafts(communes, max(1, round(SECONDS * A_SECOND)) + WARM)
    for me, key in sent[:WARM]:  # statements are compiled once
        _send(me, key)
    return [
        _open_loop("submissions by the clock", [lambda one=one: _send(*one) for one in sent[WARM:]], 200),  # type: ignore[misc]
        _line(
            "each home of a commune's workbook", [lambda: of_unit(asked, draw.choice(communes))] * LOOKS, 200
        ),
        _line("commune's page, whole request", [lambda: client.get(PAGE)] * LOOKS, 50),
        _line("country rolled up by province", [lambda: provinces(asked)] * 5, 1000),
    ]


def main(reviews: int = REVIEWS, engines: Sequence[str] = ENGINES) -> int:
    """Print all figures of each engine; 1 when a target is missed."""
    held = []
    for engine in engines:
        with kept_database("rounds", engine, reviews) as (url, done):
            app = create_app(
                load({"APP_MODE": "test", "INSTANCE_DIR": str(done.parent), "DATABASE_URL": url})
            )
            with app.app_context(), clock.use(datetime(2026, 11, 22, 3, tzinfo=UTC)):
                if not done.exists():
                    began = time.perf_counter()
                    with _in_a_hurry():
                        _fill(reviews)
                    done.touch()
                    print(f"round made in {time.perf_counter() - began:.0f} s")
                held += _measure(reviews, app)
                db.session.remove()
                db.engine.dispose()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
