"""Two at once on PostgreSQL, where writers do not wait for each other unless they are made to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from accounts.rules import SYSTEM, Role
from cooperatives.queries import active_account_id
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from core.once import allow_attempt
from messages.conversations.operations import begin
from orders.operations import Wanted
from orders.rules import COD_OPEN_MAX, Method
from payments.attempts.reconciliation import _note
from payments.carriers import operations as carriers
from payments.carriers.models import CarrierLayout
from payments.feeds.models import BankFeed
from payments.feeds.operations import set_payos_key
from payments.operations import check_out
from payments.providers.protocol import Movement
from payments.rails.models import RailAccount
from payments.rails.operations import set_rail
from payments.transfers.operations import enter_transfer
from revenue.audit.queries import faults
from revenue.collector.operations import open_collector
from revenue.models import Payout
from revenue.operations import pay_producer
from revenue.statements.models import Paper
from revenue.statements.operations import issue
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import create_producer, manager_of
from tests.factories.payments import PHONE, buyer, place_order
from tests.factories.revenue import delivered
from tests.payments.scene import shelf
from tests.rails.scene import collector
from tests.revenue.stories import a_world
from tests.revenue.test_papers import drawn

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


def test_what_two_people_write_for_the_first_time_at_the_same_instant_is_written_once(pg_app: Flask) -> None:
    """Read, then insert: each would find nothing, and the second insert would break on the unique key."""
    with pg_app.app_context():
        coop = shelf()[0]
        member = create_producer(coop)
        staff, account_id, own = manager_of(coop), active_account_id(coop.id, NOW), coop.organisation_id or 0
        rows = [(1, ["Cột A", "Cột B", "Cột C"]), (2, ["CP1", 150_000, "x"])]
        with transaction():
            files = [
                carriers.send_file(staff, f"file-{n}", "Bưu điện", "bang ke.csv", f"x/aa/{n}.csv", rows).id
                for n in range(AT_ONCE)
            ]
            collector_id = open_collector("Bên thu hộ Thử").id
        desk = actor_for(Role.MANAGER, organisation_id=collector_id)
        paper, keys = drawn(own, member.id), {"partner_code": "A", "access_key": "B", "secret_key": "C"}
        member_id = member.id
        db.session.remove()
    deeds = [
        lambda n: carriers.set_file_columns(staff, files[n], ["tracking", "collected", ""]).carrier,
        lambda _n: set_rail(desk, "momo", keys, enabled=True).id,
        lambda n: set_payos_key(staff, account_id, f"checksum-key-number-{n}"),
        lambda _n: issue(staff, member_id, "one-tap-one-paper", paper).id,
        lambda _n: begin("one-conversation", "x:1", "staff", None, "Chào bà con").id,
        lambda _n: enter_transfer(staff, "one-form-once", account_id, 50_000, "tien", NOW, "FT1").id,
    ]
    for deed in deeds:
        results = race(pg_app, deed)
        assert len(set(results)) == 1, results
        assert not isinstance(results[0], DomainError)
    with pg_app.app_context():
        assert [db.session.query(one).count() for one in (CarrierLayout, RailAccount, BankFeed, Paper)] == [
            1
        ] * 4
        assert list(faults()) == []


def test_the_worker_and_a_command_that_compare_one_book_note_a_difference_once(pg_app: Flask) -> None:
    with pg_app.app_context():
        account_id = collector("Bên thu hộ Sổ").account.id
        db.session.remove()
    line = Movement("txn_1", "payment", "pi_1", 50_000, 0, "VND", NOW - timedelta(days=1), "charge")
    assert sum(race(pg_app, lambda _n: _note(account_id, [line]))) == 1
