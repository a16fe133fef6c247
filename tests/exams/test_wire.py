"""The line to the database is cut in the middle of a commit, or stands still: what was acknowledged is there, once."""

import sqlite3
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import make_url

from tests.exams.stage import FULL, Server, Visitor, place, rounds, wait_for
from tests.exams.test_faults import RECOVERY_S, Poster, check_book, cooperative_in
from tests.exams.wire import AFTER, BEFORE, Wire

pytestmark = pytest.mark.slow
STALL_S = 30.0 if FULL else 3.0


@contextmanager
def wired(session_app, folder, request):
    """A place on PostgreSQL, the same place behind a wire, and the wire."""
    with place("postgresql", session_app, folder, lambda: request.getfixturevalue("pg_template")) as straight:
        url = make_url(straight.url)
        with Wire(f"{url.query['host']}/.s.PGSQL.{url.port or 5432}") as wire:
            over = url.set(host="127.0.0.1", port=wire.port, query={}).render_as_string(hide_password=False)
            yield straight, replace(straight, url=over), wire


@pytest.mark.postgres
@pytest.mark.parametrize("moment", [BEFORE, AFTER])
def test_a_line_cut_in_the_middle_of_a_commit_loses_and_doubles_nothing(
    session_app, tmp_path, request, moment
):
    with wired(session_app, tmp_path, request) as (straight, behind, wire):
        organisation_id = cooperative_in(straight, session_app)
        poster = Poster(behind, organisation_id)
        try:
            for number in range(1, rounds(3, 50) + 1):
                told = len(poster.acknowledged)
                wait_for(lambda told=told: len(poster.acknowledged) > told + 5)
                wire.cut_at = moment
                wait_for(lambda number=number: wire.cuts == number)
                cut, told = time.monotonic(), len(poster.acknowledged)
                wait_for(lambda told=told: len(poster.acknowledged) > told)
                assert time.monotonic() - cut <= RECOVERY_S
        finally:
            poster.kill()
        assert len(poster.refusals) >= wire.cuts, "a commit without an answer is not reported as done"
        assert all("OperationalError" in line for line in poster.refusals), poster.refusals[:3]
        check_book(straight, session_app, organisation_id, poster.acknowledged)


@pytest.mark.postgres
def test_a_line_that_stands_still_delays_entries_and_pages_and_loses_none(session_app, tmp_path, request):
    with wired(session_app, tmp_path, request) as (straight, behind, wire):
        organisation_id = cooperative_in(straight, session_app)
        shop, poster = Server(behind).start(), Poster(behind, organisation_id)
        try:
            visitor = Visitor(shop.port)
            assert visitor.get("/products").status == 200
            wait_for(lambda: len(poster.acknowledged) > 5)
            wire.flowing.clear()
            still, told = time.monotonic(), len(poster.acknowledged)
            assert visitor.get("/healthz").status == 200, "the process itself is alive"
            time.sleep(STALL_S - (time.monotonic() - still))
            assert len(poster.acknowledged) <= told + 1, (
                "nothing is acknowledged that the database did not hold"
            )
            wire.flowing.set()
            back = time.monotonic()
            wait_for(lambda: len(poster.acknowledged) > told + 1, RECOVERY_S)
            wait_for(lambda: visitor.get("/products?q=mien").status == 200, RECOVERY_S)
            assert time.monotonic() - back <= RECOVERY_S
        finally:
            shop.kill()
            poster.kill()
        check_book(straight, session_app, organisation_id, poster.acknowledged)


def test_a_file_that_somebody_holds_delays_or_refuses_clearly_and_loses_nothing(sqlite_place, session_app):
    """A stall: somebody holds the write lock. Past the busy timeout the writer is refused and asks again."""
    organisation_id = cooperative_in(sqlite_place, session_app)
    poster = Poster(sqlite_place, organisation_id)
    try:
        wait_for(lambda: len(poster.acknowledged) > 5)
        holder = sqlite3.connect(sqlite_place.folder / "exam.sqlite3", isolation_level=None, timeout=30)
        holder.execute("BEGIN IMMEDIATE")
        time.sleep(0.2)
        told = len(poster.acknowledged)
        time.sleep(STALL_S)
        assert len(poster.acknowledged) <= told + 1
        holder.execute("ROLLBACK")
        holder.close()
        back = time.monotonic()
        wait_for(lambda: len(poster.acknowledged) > told + 1, RECOVERY_S)
        assert time.monotonic() - back <= RECOVERY_S
    finally:
        poster.kill()
    assert all("locked" in line for line in poster.refusals), poster.refusals[:3]
    assert bool(poster.refusals) == FULL, "thirty seconds are more than the busy timeout, three are not"
    check_book(sqlite_place, session_app, organisation_id, poster.acknowledged)
