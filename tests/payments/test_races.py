"""Two at once on PostgreSQL, where writers do not wait for each other unless they are made to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from accounts.rules import SYSTEM
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from core.once import allow_attempt
from orders.operations import Wanted
from orders.rules import COD_OPEN_MAX, Method
from payments.operations import check_out
from revenue.audit.queries import faults
from revenue.models import Payout
from revenue.operations import pay_producer
from tests.conftest import NOW
from tests.factories.payments import PHONE, buyer, place_order
from tests.factories.revenue import delivered
from tests.payments.scene import shelf
from tests.revenue.stories import a_world

pytestmark = pytest.mark.postgres
AT_ONCE = 8


def race(app: Flask, deed: Callable[[int], Any]) -> list[Any]:
    """Carry out a deed from several connections at the same instant: its results, or its refusals."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        with app.app_context(), clock.use(NOW):
            start.wait(30)
            try:
                with transaction():
                    return deed(number)
            except DomainError as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


def passed(results: list[Any]) -> list[Any]:
    """Those that were not refused."""
    return [one for one in results if not isinstance(one, DomainError)]


def test_one_number_never_has_more_open_orders_to_pay_on_delivery_than_allowed(pg_app: Flask) -> None:
    with pg_app.app_context():
        pack = shelf(100)[1]
        place_order([(pack, 1)], "cod")
        pack_id, who = pack.id, buyer(PHONE)
        db.session.remove()
    results = race(pg_app, lambda n: check_out(f"at-once-{n}", who, [Wanted(pack_id, 1)], Method.COD).token)
    assert len(passed(results)) == COD_OPEN_MAX - 1


def test_a_double_tap_on_the_payout_pays_once_and_both_see_the_same_receipt(pg_app: Flask) -> None:
    with pg_app.app_context():
        world = a_world(grams=(40_000,))
        delivered(world.bought())
        who, owed = world.producers[0].id, world.owed(world.producers[0])
        db.session.remove()
    results = race(pg_app, lambda _n: pay_producer(SYSTEM, who, owed, "cash", "tap-tap-tap").id)
    assert len(set(results)) == 1 and isinstance(results[0], int)


def test_two_treasurers_never_pay_more_than_is_owed(pg_app: Flask) -> None:
    with pg_app.app_context():
        world = a_world(grams=(40_000,))
        delivered(world.bought())
        who, owed = world.producers[0].id, world.owed(world.producers[0])
        db.session.remove()
    results = race(pg_app, lambda n: pay_producer(SYSTEM, who, owed, "cash", f"treasurer-{n}").id)
    assert len(passed(results)) == 1
    with pg_app.app_context():
        assert [one.amount_vnd for one in db.session.query(Payout).all()] == [owed]
        assert list(faults()) == []


def test_a_limit_on_attempts_holds_for_attempts_at_the_same_instant(pg_app: Flask) -> None:
    results = race(pg_app, lambda _n: allow_attempt("look-up", PHONE, most=3, within=timedelta(hours=1)))
    assert len(passed(results)) == 3
