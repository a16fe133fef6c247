"""Cards by the real SDK against our own Stripe: opened, paid, refused, ended; each once, whatever is repeated."""

from flask import Flask
from sqlalchemy import func, select

from core.db import db
from orders.queries import orders_of
from orders.rules import Method
from payments.attempts import operations
from payments.attempts.models import Attempt
from payments.attempts.rules import State
from payments.providers.protocol import Receipt
from payments.rails.operations import probe_rails
from payments.rails.queries import offer_for, offers
from tests.payments.scene import shelf
from tests.rails.scene import (
    all_is_well,
    attempt_of,
    card_orders,
    collector,
    in_book,
    later,
    opened,
    owed,
    reread,
    state_of,
    tell,
)
from tests.stripe_server.process import StripeServer


def test_an_order_is_promised_once_the_provider_has_the_payment(ctx: Flask, bank: StripeServer) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 2))[0]
    assert order.state == "awaiting_provider"
    assert order.hold_until is not None

    found = opened(order)

    assert reread(order).state == "awaiting_payment"
    assert found.pay_url.startswith(bank.url)
    session = bank.rows("checkout.session")[0]
    assert (session["amount_total"], session["currency"]) == (order.total_vnd, "vnd")
    assert bank.calls("/v1/checkout/sessions")[0]["version"] == "2026-08-26.dahlia"


def test_one_payment_pays_orders_of_several_cooperatives_and_each_is_owed_its_own(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    one, pack = shelf(name="HTX Một")
    other, more = shelf(name="HTX Hai", price_vnd=40_000)
    orders = card_orders((pack, 1), (more, 3))
    found = opened(orders[0])
    assert found.amount_vnd == sum(order.total_vnd for order in orders)

    bank.order("buyer", number=found.provider_ref, how="success")
    assert tell(bank, who.account) == [200, 200, 200]

    assert {reread(order).state for order in orders} == {"to_pack"}
    by_seller = {order.cooperative_id: order.total_vnd for order in orders}
    assert owed(who, one)[0] == by_seller[one.id]
    assert owed(who, other)[0] == by_seller[other.id]
    all_is_well()


def test_the_fee_is_divided_over_the_orders_by_largest_remainder(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    one, pack = shelf(name="HTX Một")
    other, more = shelf(name="HTX Hai", price_vnd=33_333)
    orders = card_orders((pack, 1), (more, 1))
    found = opened(orders[0])
    bank.order("buyer", number=found.provider_ref, how="success")

    assert operations.look(found.id) is Receipt.APPLIED

    fee = found.amount_vnd * 340 // 10_000 + 5_000
    assert attempt_of(orders[0]).fee_vnd == fee
    assert owed(who, one)[0] + owed(who, other)[0] == found.amount_vnd - fee
    assert in_book(who.organisation_id)["rail_clearing"] == found.amount_vnd - fee
    assert (
        in_book(one.organisation_id)["provider_fee"] + in_book(other.organisation_id)["provider_fee"] == fee
    )
    all_is_well()


def test_a_lost_answer_is_asked_for_again_under_the_same_key_and_makes_one_session(
    ctx: Flask, bank: StripeServer
) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("weather", mode="drop", count=2)
    assert operations.open_attempt(attempt_of(order).id) is State.ASKED
    assert reread(order).state == "awaiting_provider"

    opened(order)

    assert len(bank.rows("checkout.session")) == 1
    assert {call["key"] for call in bank.calls("/v1/checkout/sessions")} == {attempt_of(order).key}


def test_the_worker_opens_what_a_killed_request_left(ctx: Flask, bank: StripeServer) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    assert operations.look(attempt_of(order).id) is Receipt.APPLIED
    assert reread(order).state == "awaiting_payment"


def test_a_declined_card_leaves_the_order_waiting_and_another_card_pays_it(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    bank.order("buyer", number=found.provider_ref, how="decline")
    tell(bank, who.account)
    assert attempt_of(order).state == State.OPEN
    assert "card_declined" in attempt_of(order).raw_state
    assert reread(order).state == "awaiting_payment"

    bank.order("buyer", number=found.provider_ref, how="success")
    tell(bank, who.account)
    assert reread(order).state == "to_pack"
    assert owed(who, coop)[0] == order.total_vnd


def test_three_d_secure_is_pending_until_the_bank_has_said_yes(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    bank.order("buyer", number=found.provider_ref, how="3ds")
    tell(bank, who.account)
    assert attempt_of(order).state == State.PENDING
    bank.order("buyer", number=found.provider_ref, how="3ds_fail")
    assert operations.look(found.id) is Receipt.APPLIED
    assert attempt_of(order).state == State.OPEN
    bank.order("buyer", number=found.provider_ref, how="3ds_ok")
    operations.look(found.id)
    assert attempt_of(order).state == State.PAID
    assert reread(order).state == "to_pack"


def test_an_attempt_that_ended_lets_go_of_its_order_and_not_before(ctx: Flask, bank: StripeServer) -> None:
    from payments.operations import expire_unpaid

    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    with later(61):
        assert expire_unpaid() == 0, "the provider has not said how it ended"
        assert operations.look(found.id) is Receipt.APPLIED
        assert attempt_of(order).state == State.EXPIRED
        assert expire_unpaid() == 1
    assert reread(order).state == "expired"
    assert bank.rows("checkout.session")[0]["status"] == "expired"


def test_a_rail_that_is_down_is_not_offered_and_comes_back_by_itself(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("weather", mode="500", count=100)
    for _time in range(3):
        assert operations.open_attempt(attempt_of(order).id) is State.ASKED
    assert [one.up for one in offers()] == [False]
    assert offer_for(Method.CARD) is None
    assert state_of(who.account).failed_why.startswith("APIError")

    calls = len(bank.look()["calls"])
    assert probe_rails() == 0
    assert len(bank.look()["calls"]) == calls, "the next try is not due yet"
    with later(1):
        assert probe_rails() == 0
    bank.order("weather", mode="", count=0)
    with later(5):
        assert probe_rails() == 1
        assert offer_for(Method.CARD) is not None


def test_a_card_cannot_be_chosen_where_no_rail_answers(ctx: Flask) -> None:
    import pytest

    from core.errors import Invalid

    _coop, pack = shelf()
    with pytest.raises(Invalid, match="Cách trả này đang không dùng được"):
        card_orders((pack, 1))
    assert db.session.execute(select(func.count()).select_from(Attempt)).scalar_one() == 0
    assert orders_of(1) == []
