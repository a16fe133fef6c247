"""Buying from two cooperatives by each wallet, over real HTTP on both sides; and all that can go wrong on the way."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.rules import Role
from catalog.models import Pack
from core.db import db, transaction
from orders import operations as orders
from orders import queries as order_queries
from orders.operations import Pick
from orders.rules import Method
from payments.attempts import changes
from payments.attempts import operations as attempts
from payments.attempts import queries as attempt_queries
from payments.attempts.reconciliation import reconcile
from payments.models import Refund
from payments.operations import expire_unpaid
from payments.providers.words import UNKNOWN, sentence
from payments.rails.queries import offers
from payments.refunds.operations import cancel, refund
from revenue.ledger import queries as ledger
from tests.conftest import NOW
from tests.factories.payments import pay, place_order, staff_of
from tests.wallets.process import Sandbox
from tests.wallets.shop import Shop, open_shop

RAILS = ("momo", "vnpay", "zalopay")
CONTENT: dict[str, Any] = {  # how each provider reads that all is well, and that it told us before
    "momo": ([204, ""], [204, ""]),
    "vnpay": (
        [200, json.dumps({"RspCode": "00", "Message": "Confirm Success"})],
        [200, json.dumps({"RspCode": "02", "Message": "Order already confirmed"})],
    ),
    "zalopay": (
        [200, json.dumps({"return_code": 1, "return_message": "success"})],
        [200, json.dumps({"return_code": 2, "return_message": "duplicate"})],
    ),
}
FORGED = {"momo": (400, ""), "vnpay": (200, '"97"'), "zalopay": (200, "-1")}


@pytest.fixture(scope="module")
def desks() -> Iterator[dict[str, Sandbox]]:
    made = {rail: Sandbox(rail) for rail in RAILS}
    for one in made.values():
        one.__enter__()
    yield made
    for one in made.values():
        one.__exit__(None, None, None)


@pytest.fixture(params=RAILS)
def shop(request: pytest.FixtureRequest, app: Flask, desks: dict[str, Sandbox]) -> Iterator[Shop]:
    with open_shop(app, request.param, desks[request.param]) as found:
        yield found
    assert found.desk.look()["complaints"] == []


def _books(app: Flask) -> dict[int, dict[str, int]]:
    """Every book, account by account."""
    from revenue.models import Ledger

    with app.app_context():
        ids = [row.organisation_id for row in db.session.query(Ledger).all()]
        found = {one: {str(kind): vnd for kind, vnd in ledger.balances(one).items() if vnd} for one in ids}
        db.session.remove()
    return found


def test_two_cooperatives_are_paid_at_once_and_owed_to_the_dong(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    before = shop.look(order_ids, attempt_id)
    assert before["orders"] == ["awaiting_payment"] * 2
    assert "nhận đủ" not in sentence(shop.rail, before["raw"])  # an opened page is no money
    assert sentence(shop.rail, before["raw"]) != UNKNOWN
    assert shop.desk.pay(shop.ref(attempt_id)) == [CONTENT[shop.rail][0]]
    seen = shop.look(order_ids, attempt_id)
    assert seen["orders"] == ["to_pack"] * 2
    assert seen["payments"] == ["paid"] * 2
    assert seen["received"] == seen["totals"] == seen["owed"]
    assert (seen["attempt"], seen["raw"]) == (
        "paid",
        {"momo": "0", "vnpay": "00", "zalopay": "paid"}[shop.rail],
    )


def test_news_five_times_shuffled_late_and_among_forged_leaves_the_books_as_told_once(shop: Shop) -> None:
    first, second = shop.order(), shop.order(1)
    refs = [shop.ref(first[1]), shop.ref(second[1])]
    for ref in refs:
        shop.desk.pay(ref, hold=True)
    shop.desk.order("release", times=1, seed=1)
    told_once = _books(shop.app)
    for ref in refs:
        shop.desk.notify(ref, hold=True, times=5)
        shop.desk.notify(ref, hold=True, times=2, change={"forge": True})
    with shop.at(NOW + timedelta(days=2)):
        said = shop.desk.order("release", times=1, seed=7)
    assert len(said) == 14
    assert sum(one == CONTENT[shop.rail][1] for one in said) == 10
    assert _books(shop.app) == told_once


def test_the_same_news_eight_times_at_once_is_one_payment(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref, lose=True)
    said = shop.desk.notify(ref, times=8, at_once=True)
    assert sorted(said) == sorted([CONTENT[shop.rail][0]] + [CONTENT[shop.rail][1]] * 7)
    seen = shop.look(order_ids, attempt_id)
    assert seen["received"] == seen["totals"] == seen["owed"]


@pytest.mark.parametrize("left", [20, 1])
def test_news_two_days_late_holds_the_goods_again_or_owes_the_money_back(shop: Shop, left: int) -> None:
    order_ids, attempt_id = shop.order(1, quantity=left)
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref, lose=True)
    shop.desk.control(faults={"status": 503})  # and nobody could be asked all the while
    with shop.at(NOW + timedelta(days=2)):
        with shop.app.app_context():
            expire_unpaid()
            if left == 1:
                line = order_queries.lines(order_ids[0])[0]
                pack = db.session.get_one(Pack, line.pack_id)
                place_order([(pack, 1)], "cod", phone="+84912345679")
            db.session.remove()
        shop.desk.control(faults={})
        assert shop.look(order_ids, attempt_id)["orders"] == ["expired"]
        assert shop.desk.notify(ref) == [CONTENT[shop.rail][0]]
        seen = shop.look(order_ids, attempt_id)
        assert seen["attempt"] == "paid"
        if left == 20:
            assert (seen["orders"], seen["received"]) == (["to_pack"], seen["totals"])
            return
        assert (seen["orders"], seen["received"]) == (["expired"], [0])
        _settle(shop)
        assert list(shop.desk.look()["refunds"].values()) == [["done", seen["totals"][0], ref]]
        assert shop.look(order_ids, attempt_id)["owed"] == [0]


@pytest.mark.parametrize(
    "change", [{"forge": True}, {"merchant": "1234"}, {"amount_vnd": 1_000}, {"ref": "nobody"}], ids=str
)
def test_forged_news_a_wrong_sum_another_merchant_and_an_unknown_order_pay_nothing(
    shop: Shop, change: dict[str, Any]
) -> None:
    order_ids, attempt_id = shop.order()
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref, lose=True)
    before = _books(shop.app)
    said = shop.desk.notify(ref, change=change, times=2)
    assert said[0] == said[1]  # what was refused once is refused again
    status, body = said[0]
    assert _books(shop.app) == before
    assert shop.look(order_ids, attempt_id)["orders"] == ["awaiting_payment"] * 2
    if "forge" in change or "merchant" in change:
        assert status == FORGED[shop.rail][0]
        assert FORGED[shop.rail][1] in body
    elif shop.rail == "vnpay":
        assert json.loads(body)["RspCode"] == ("04" if "amount_vnd" in change else "01")
    elif shop.rail == "zalopay":
        assert json.loads(body)["return_code"] == -1
    else:
        assert (status, body) == (204, "")
    assert shop.desk.notify(ref) == [
        CONTENT[shop.rail][0]
    ]  # the true news is not taken for the false one's repeat
    assert shop.look(order_ids, attempt_id)["orders"] == ["to_pack"] * 2


def test_money_whose_news_was_lost_is_found_by_asking(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    shop.desk.pay(shop.ref(attempt_id), lose=True)
    runner = shop.app.test_cli_runner()
    said = json.loads(runner.invoke(args=["payments", "reconcile", "--provider", shop.rail]).stdout)
    assert (said["provider"], said["changed"], said["unfinished"]) == (shop.rail, 1, 0)
    assert shop.look(order_ids, attempt_id)["orders"] == ["to_pack"] * 2
    again = json.loads(runner.invoke(args=["payments", "reconcile", "--provider", shop.rail]).stdout)
    assert again["changed"] == 0
    assert shop.desk.notify(shop.ref(attempt_id)) == [CONTENT[shop.rail][1]]


def test_paying_again_while_the_news_is_lost_shows_the_same_payment_and_charges_once(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref, lose=True)
    with shop.app.app_context():
        token = order_queries.order(order_ids[0]).token
        changes.pay_again(token)
        latest = attempt_queries.latest(order_ids[0])
        assert latest is not None
        assert latest.id == attempt_id
        db.session.remove()
    assert shop.desk.order("pay", ref=ref) == {"state": "paid", "sent": []}
    with shop.app.app_context():
        assert changes.ask_now(token).state == "to_pack"
        db.session.remove()
    seen = shop.look(order_ids, attempt_id)
    assert seen["received"] == seen["totals"]


def test_a_declined_payment_says_why_and_the_next_try_is_another_payment(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref, state="failed", code={"momo": "1001", "vnpay": "51", "zalopay": ""}[shop.rail])
    with shop.app.app_context():
        reconcile(shop.rail, everything=True)
        db.session.remove()
    seen = shop.look(order_ids, attempt_id)
    assert (seen["attempt"], seen["orders"]) == ("failed", ["awaiting_payment"] * 2)
    with shop.app.app_context():
        token = order_queries.order(order_ids[0]).token
        changes.pay_again(token)
        latest = attempt_queries.latest(order_ids[0])
        assert latest is not None
        second = latest.id
        db.session.remove()
    assert second != attempt_id
    assert shop.desk.pay(shop.ref(second)) == [CONTENT[shop.rail][0]]
    assert shop.look(order_ids, second)["orders"] == ["to_pack"] * 2


def test_both_of_two_payments_paid_the_second_goes_back_the_way_it_came(shop: Shop) -> None:
    order_ids, attempt_id = shop.order(1)
    with shop.app.app_context():
        one = attempt_queries.attempt(attempt_id)
        with transaction():
            second = attempts.begin(one.purchase_id, Method(shop.rail), {order_ids[0]: one.amount_vnd}).id
        attempts.open_attempt(second)
        db.session.remove()
    refs = [shop.ref(attempt_id), shop.ref(second)]
    for ref in refs:
        assert shop.desk.pay(ref) == [CONTENT[shop.rail][0]]
    seen = shop.look(order_ids, second)
    assert seen["received"] == seen["totals"]
    assert seen["owed"] == [2 * seen["totals"][0]]
    _settle(shop)
    assert shop.look(order_ids, second)["owed"] == seen["totals"]
    back = shop.desk.look()["refunds"]
    assert [[state, vnd, ref] for state, vnd, ref in back.values()] == [["done", seen["totals"][0], refs[1]]]


def _settle(shop: Shop) -> None:
    """The worker's rounds until the refund is done at the provider and known to us."""
    with shop.app.app_context():
        reconcile(shop.rail, everything=True)
        shop.desk.order("settle")
        reconcile(shop.rail, everything=True)
        db.session.remove()


def test_an_order_cancelled_after_paying_goes_back_whole_and_the_other_stays(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref)
    with shop.app.app_context():
        first = order_queries.order(order_ids[0])
        with transaction():
            cancel(first.token, first.id, "đổi ý")
        total_vnd = first.total_vnd
        db.session.remove()
    _settle(shop)
    seen = shop.look(order_ids, attempt_id)
    assert seen["orders"] == ["cancelled", "to_pack"]
    assert seen["payments"] == ["refunded", "paid"]
    assert seen["owed"] == [0, seen["totals"][1]]
    assert list(shop.desk.look()["refunds"].values()) == [["done", total_vnd, ref]]


def test_a_part_is_given_back_through_the_common_refund_page_and_counts_once(shop: Shop) -> None:
    order_ids, attempt_id = shop.order(1)
    ref = shop.ref(attempt_id)
    shop.desk.pay(ref)
    with shop.app.app_context():
        order = order_queries.order(order_ids[0])
        manager = staff_of(order, Role.MANAGER)
        with transaction():
            held = order_queries.allocations(order.id)
            orders.pack(
                manager, order.id, [Pick(one.order_line_id, one.lot_id, one.quantity) for one in held]
            )
        with transaction():
            made = refund(manager, order.id, {}, "giao chậm", 5_000, key="k" * 22).id
        db.session.remove()
    shop.desk.control(faults={"drop": "after", "calls": 1})
    _settle(shop)  # the answer to the first is lost
    _settle(shop)
    with shop.app.app_context():
        owed = db.session.get_one(Refund, made)
        assert (owed.state, owed.sent_how, owed.amount_vnd) == ("sent", "rail", 5_000)
        db.session.remove()
    assert list(shop.desk.look()["refunds"].values()) == [["done", 5_000, ref]]
    seen = shop.look(order_ids, attempt_id)
    assert seen["owed"] == [seen["totals"][0] - 5_000]


def test_a_rail_that_is_down_is_not_offered_and_comes_back_by_itself(shop: Shop) -> None:
    order_ids, attempt_id = shop.order()
    shop.desk.control(faults={"status": 503})
    with shop.app.app_context():
        for _time in range(4):
            reconcile(shop.rail, everything=True)
        assert [one.up for one in offers()] == [False]
        assert changes.choices(order_ids[0])[0].value == "vietqr"
        db.session.remove()
    shop.desk.control(faults={})
    with shop.at(NOW + timedelta(minutes=11)), shop.app.app_context():
        reconcile(shop.rail)
        assert [one.up for one in offers()] == [True]
        db.session.remove()
    assert shop.look(order_ids, attempt_id)["attempt"] == "open"


def test_an_unpaid_order_is_paid_by_transfer_instead_and_late_wallet_money_goes_back(shop: Shop) -> None:
    order_ids, attempt_id = shop.order(1)
    ref = shop.ref(attempt_id)
    with shop.app.app_context():
        token = order_queries.order(order_ids[0]).token
        assert changes.change_method(token, Method.VIETQR).method == "vietqr"
        db.session.remove()
    with shop.app.app_context():
        pay(order_queries.order(order_ids[0]))
        db.session.remove()
    assert shop.desk.pay(ref) == [CONTENT[shop.rail][0]]
    _settle(shop)
    seen = shop.look(order_ids, attempt_id)
    assert seen["received"] == seen["totals"]
    assert seen["owed"] == [0]
    assert list(shop.desk.look()["refunds"].values()) == [["done", seen["totals"][0], ref]]
