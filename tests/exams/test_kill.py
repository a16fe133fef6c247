"""kill -9 of the server while guests check out: nothing acknowledged is lost, nothing half done stays."""

import http.client
import random
import threading
import time
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from core.db import db
from orders.models import Order, Purchase
from revenue.audit.queries import faults
from tests.exams.stage import Server, Visitor, rounds, up_to_review
from tests.factories.orders import stocked
from traceability.stock.queries import differences

pytestmark = pytest.mark.slow
GUESTS = 3
BROKEN = (OSError, http.client.HTTPException, AssertionError, ValueError)


def token_of(location: str) -> str:
    """The order's token in the address that the shop leads to."""
    return location.split("/orders/")[1].split("/")[0].split("?")[0]


@dataclass
class Log:
    """What the guests were told, and what they sent without an answer."""

    acknowledged: list[str] = field(default_factory=list)
    unanswered: list[tuple[Visitor, dict[str, str]]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


def shop_until_it_dies(port: int, pack_id: int, log: Log, dead: threading.Event) -> None:
    """One guest after another buys, until the server is gone."""
    while not dead.is_set():
        visitor = Visitor(port)
        try:
            fields = up_to_review(visitor, pack_id)
        except BROKEN:
            if dead.is_set():
                return
            raise
        try:
            answer = visitor.post("/checkout/review", fields)
        except BROKEN:
            log.unanswered.append((visitor, fields))
            return
        if answer.status == 303 and "/orders/" in answer.location:
            log.acknowledged.append(token_of(answer.location))
        else:
            log.refused.append(answer.status)


def kill_during_checkout(server: Server, pack_id: int, log: Log, chance: random.Random) -> None:
    """Guests shop; when the first of this round has been told of an order, the server dies a moment later."""
    dead, told = threading.Event(), len(log.acknowledged)
    guests = [
        threading.Thread(target=shop_until_it_dies, args=(server.port, pack_id, log, dead))
        for _ in range(GUESTS)
    ]
    for guest in guests:
        guest.start()
    deadline = time.monotonic() + 20
    while len(log.acknowledged) == told and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.4))
    dead.set()
    server.kill()
    for guest in guests:
        guest.join(timeout=60)
        assert not guest.is_alive()


def retry(log: Log) -> None:
    """Whoever got no answer sends the same form again, twice: one order, the same both times."""
    for visitor, fields in log.unanswered:
        first, second = (visitor.post("/checkout/review", fields) for _ in range(2))
        assert (first.status, second.status) == (303, 303), (first, second)
        assert token_of(first.location) == token_of(second.location)
        log.acknowledged.append(token_of(first.location))
    log.unanswered.clear()


def check_everything(app, where, log: Log) -> None:
    """Every acknowledged order is there, no other one is, books and stock hold."""
    with where.inside(app):
        tokens = set(db.session.execute(select(Order.token)).scalars())
        purchases = db.session.execute(select(func.count()).select_from(Purchase)).scalar_one()
        assert set(log.acknowledged) == tokens
        assert len(log.acknowledged) == len(tokens) == purchases
        assert differences() == []
        assert list(faults()) == []


def test_no_order_is_lost_when_the_server_is_killed(where, session_app):
    with where.inside(session_app):
        pack_id = stocked(20_000 if rounds(0, 1) else 500).id
    log, chance = Log(), random.Random(7)
    server = Server(where).start()
    try:
        for _kill in range(rounds(5, 200)):
            kill_during_checkout(server, pack_id, log, chance)
            server.start()
            retry(log)
            check_everything(session_app, where, log)
    finally:
        server.kill()
    assert len(log.acknowledged) >= rounds(5, 200)
    assert log.refused == []
    for words in (("stock", "verify"), ("revenue", "verify")):
        done = where.flask(*words)
        assert done.returncode == 0, done.stdout + done.stderr
