"""Storms of news and refunds at once: whatever arrives, however often and from wherever, the books say it once."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from catalog.models import Pack
from cooperatives.models import Cooperative
from core.db import db, transaction
from orders.queries import lines
from payments.attempts import operations
from payments.attempts.models import Attempt, RailRefund
from payments.attempts.reconciliation import reconcile
from payments.models import Refund
from revenue.audit.queries import faults
from revenue.models import Entry, Ledger
from tests.exams.processes import Child
from tests.exams.stage import Server, rounds
from tests.factories.payments import shipped, staff_of
from tests.payments.scene import shelf
from tests.rails.scene import attempt_of, card_orders, collector, in_book, owed, reread
from tests.stripe_server.process import StripeServer

pytestmark = pytest.mark.slow
PROCESSES = 4


@pytest.fixture
def bank(where, session_app, monkeypatch):
    """The Stripe-like server at the real hour; the place's processes and this one speak to it."""
    with StripeServer() as server:
        monkeypatch.setenv("STRIPE_API_BASE", server.url)
        before = dict(session_app.config["RAIL_BASES"])
        session_app.config["RAIL_BASES"]["STRIPE_API_BASE"] = server.url
        yield server.fresh(datetime.now(UTC))
        session_app.config["RAIL_BASES"].update(before)
        assert server.look()["faults"] == []


def ledgers() -> list[tuple[int, str, str]]:
    """Every entry of every book: (organisation, key, what it says)."""
    db.session.rollback()
    rows = db.session.execute(
        select(Ledger.organisation_id, Entry.key, Entry.body_hash).join(Entry, Entry.ledger_id == Ledger.id)
    )
    return sorted(tuple(row) for row in rows)


def test_storms_of_news_change_nothing_twice(where, session_app, bank):
    count = rounds(6, 60)
    with where.inside(session_app):
        who = collector()
        coop, pack = shelf(quantity=count)
        account_id, coop_id = who.account.id, coop.id
        orders = [card_orders((pack, 1))[0].id for _one in range(count)]
        for attempt in list(db.session.query(Attempt)):
            operations.open_attempt(attempt.id)
        for attempt in list(db.session.query(Attempt)):
            bank.order("buyer", number=attempt.provider_ref, how="decline")
            bank.order("buyer", number=attempt.provider_ref, how="success")
    for number, intent in enumerate(bank.rows("payment_intent")):
        if number % 3 == 0:
            made = bank.order("dispute", intent=intent["id"], amount=None)
            bank.order("close_dispute", number=made["id"], how="won" if number % 2 else "lost")
    server = Server(where).start()
    address = f"http://127.0.0.1:{server.port}/webhooks/stripe/{account_id}"
    at = int(datetime.now(UTC).timestamp())
    chance = random.Random(4)

    def storm(**plan):
        with ThreadPoolExecutor(4) as threads:
            told = [
                {"url": address, "at": at, "shuffle": chance.randrange(10**6)} | plan for _one in range(4)
            ]
            return {
                status
                for found in threads.map(lambda one: bank.order("deliver", **one), told)
                for status in found
            }

    try:
        assert storm(forge="secret") == {400}
        with where.inside(session_app):
            before = ledgers()
        assert 0 not in (first := storm(repeat=5)), first
        assert first <= {200, 503}, "503: news that came before what it stands on, to be sent again"
        assert storm(repeat=1) == {200}
        with where.inside(session_app):
            once = ledgers()
            assert once != before
            assert {attempt_of(_order(one)).state for one in orders} == {"paid"}
        assert storm(repeat=5) == {200}
        assert storm(forge="body") == {400}
        late = at - 2 * 86_400
        assert storm(at=late) == {400}, "an old signature proves nothing"
        with where.inside(session_app):
            assert ledgers() == once
            assert list(faults()) == []
            assert "dispute_held" not in in_book(who.organisation_id)
            owed(who, db.session.get_one(Cooperative, coop_id))
    finally:
        server.kill()


def _order(order_id):
    from orders.queries import order

    return order(order_id)


def test_refunds_at_once_give_back_each_piece_once(where, session_app, bank):
    pieces = 3
    with where.inside(session_app):
        who = collector()
        coop_id, pack_id = (one.id for one in shelf(quantity=100))
    for _round in range(rounds(1, 20)):
        with where.inside(session_app):
            pack = db.session.get_one(Pack, pack_id)
            order = card_orders((pack, pieces))[0]
            operations.open_attempt(attempt_of(order).id)
            bank.order("buyer", number=attempt_of(order).provider_ref, how="success")
            operations.look(attempt_of(order).id)
            order = shipped(reread(order))
            staff = staff_of(order)
            with transaction():
                from revenue.operations import deliver

                deliver(staff, order.id)
            line_id, total = lines(order.id)[0].id, lines(order.id)[0].total_vnd
            order_id = order.id
        words = [order_id, line_id, staff.organisation_id, staff.user_id, pieces]
        crowd = [Child("refunders", *words, env=where.env(LOG_LEVEL="error")) for _one in range(PROCESSES)]
        assert [one.stdout.readline().strip() for one in crowd] == ["ready"] * PROCESSES
        for one in crowd:
            one.stdin.write("\n")
            one.stdin.flush()
        accepted = 0
        for one in crowd:
            accepted += json.loads(one.stdout.readline())
            one.end(60)
            one.close()
        assert accepted == pieces
        with where.inside(session_app):
            reconcile("stripe", everything=True)
            mine = select(Refund.id).where(Refund.order_id == order_id)
            sent = list(
                db.session.execute(select(RailRefund).where(RailRefund.refund_id.in_(mine))).scalars()
            )
            assert [one.state for one in sent] == ["done"] * pieces
            intent = attempt_of(_order(order_id)).payment_ref
            there = [one for one in bank.rows("refund") if one["payment_intent"] == intent]
            assert len(there) == pieces
            assert sum(one["amount"] for one in there) == total
            assert list(faults()) == []
            coop = db.session.get_one(Cooperative, coop_id)
            owed(who, coop)
            assert "refund_due" not in in_book(coop.organisation_id)
