"""The database stands still: a page says so within its time, nothing is lost, and the same form again counts once."""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from core import patience
from core.db import db, tune
from revenue.models import Payout
from tests.conftest import over
from tests.exams.wire import Wire
from tests.factories.accounts import sign_in
from tests.factories.cooperatives import manager_of
from tests.factories.revenue import delivered
from tests.revenue.stories import a_world

SAID = "Máy chủ đang bận"
FIELDS = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _short(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "DATABASE_WAIT_S", 0.5)
    monkeypatch.setattr(patience, "_until", 0.0)
    monkeypatch.setattr(patience, "PAUSE_S", 0.3)


def _world(app: Flask, client: FlaskClient) -> str:
    """The page that pays a producer of a cooperative with a delivered sale, as its manager."""
    with app.app_context():
        world = a_world(grams=(40_000, 20_000), advances=(1_000,))
        delivered(world.bought())
        manager, producer_id = manager_of(world.coop), world.producers[0].id
        db.session.remove()
    sign_in(client, manager)
    return f"/manage/money/producers/{producer_id}"


def _form(page: Any, **more: str) -> dict[str, str]:
    found = re.findall(r'name="(csrf_token|key)"[^>]*value="([^"]+)"', page.text)
    return dict(found) | {"amount_vnd": "5.000", "method": "cash"} | more


def _held(page: Any) -> dict[str, str]:
    """What the page offers to send again."""
    return dict(FIELDS.findall(page.text))


def _payouts(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Payout).count()


def test_somebody_holds_the_file_and_the_form_comes_back_to_be_sent_again(
    app: Flask, client: FlaskClient
) -> None:
    address = _world(app, client)
    form = _form(client.get(address))
    with app.app_context():
        line = os.open(f"{db.engine.url.database}-turn", os.O_WRONLY | os.O_CREAT)
    fcntl.flock(line, fcntl.LOCK_EX)
    try:
        asked = time.monotonic()
        busy = client.post(address, data=form)
        assert time.monotonic() - asked < 3
    finally:
        os.close(line)
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "10")
    assert SAID in busy.text
    assert "gửi hai lần vẫn chỉ tính một lần" in busy.text
    again = _held(busy)
    assert again["key"] == form["key"]
    assert [client.post(address, data=again).status_code for _twice in range(2)] == [302, 302]
    assert _payouts(app) == 1


def test_the_file_is_locked_from_outside_the_line(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = _world(app, client)
    form = _form(client.get(address))
    with app.app_context():
        path = str(db.engine.url.database)
        db.session.execute(sa.text("PRAGMA busy_timeout=200"))
        db.session.remove()
    import sqlite3

    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        busy = client.post(address, data=form)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert busy.status_code == 503
    assert SAID in busy.text
    assert client.post(address, data=_held(busy)).status_code == 302


@pytest.fixture
def wired(app: Flask, pg_app: Flask) -> Iterator[Wire]:
    """The application over PostgreSQL, behind a wire that can stand still."""
    with app.app_context():
        url = db.engine.url
    with Wire(f"{url.query['host']}/.s.PGSQL.{url.port or 5432}") as wire:
        near = url.set(host="127.0.0.1", port=wire.port, query={}).render_as_string(hide_password=False)
        with over(app, near):
            with app.app_context():
                tune(db.engine)
            yield wire


@pytest.mark.postgres
def test_a_line_that_stands_still_is_said_within_the_time_and_loses_nothing(
    app: Flask, wired: Wire, client: FlaskClient
) -> None:
    address = _world(app, client)
    form = _form(client.get(address))
    wired.flowing.clear()
    asked = time.monotonic()
    busy = client.post(address, data=form)
    assert time.monotonic() - asked < 5
    assert (busy.status_code, SAID in busy.text) == (503, True)
    asked = time.monotonic()
    assert client.get("/products?q=mien").status_code == 503
    assert time.monotonic() - asked < 1, "the next one is told at once"
    wired.flowing.set()
    time.sleep(0.4)
    again = client.post(address, data=_form(client.get(address), key=form["key"]))
    assert again.status_code == 302
    assert _payouts(app) == 1


@pytest.mark.postgres
def test_the_server_gives_up_a_statement_that_takes_too_long(app: Flask, wired: Wire) -> None:
    with app.test_request_context("/"), pytest.raises(sa.exc.OperationalError) as refused:
        db.session.execute(sa.text("SELECT pg_sleep(5)"))
    assert patience.is_silence(refused.value)
    with app.app_context():
        db.session.execute(sa.text("SELECT pg_sleep(0.8)"))  # the worker has all the time it needs
        db.session.remove()


@pytest.mark.parametrize(
    ("words", "yes"),
    [("database is locked", True), ("disk I/O error", False), ("no such table: slip", False)],
)
def test_silence_is_told_from_a_mistake(words: str, yes: bool) -> None:
    error = sa.exc.OperationalError("SELECT 1", {}, Exception(words))
    assert patience.is_silence(error) is yes
