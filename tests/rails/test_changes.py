"""What a buyer does: another way to pay, once more, coming back; and what a person's own words of a state are."""

import pytest
from flask import Flask

from core.db import transaction
from core.errors import Conflict, Invalid
from orders.holds.operations import HOLD_MOST, switch
from orders.models import Order
from orders.operations import confirm
from orders.rules import COD_OPEN_MAX, Method
from payments import operations as payments
from payments.attempts import operations
from payments.attempts.changes import ask_now, change_method, choices, pay_again
from payments.attempts.reconciliation import reconcile
from payments.attempts.rules import State
from payments.providers import stripe_codes
from payments.providers.words import sentence
from payments.queries import payment_of
from tests.factories.payments import pay, place_order, staff_of
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
    tell,
)
from tests.stripe_server.process import StripeServer


def test_another_way_closes_the_card_payment_first(ctx: Flask, bank: StripeServer) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    opened(order)
    assert choices(order.id) == [Method.VIETQR, Method.COD]
    assert change_method(order.token, Method.VIETQR).state == "awaiting_payment"
    assert bank.rows("checkout.session")[0]["status"] == "expired"
    assert payment_of(order.id).bank_account_id is not None
    pay(reread(order))
    assert reread(order).state == "to_pack"
    all_is_well()


def test_a_transfer_order_may_be_paid_by_card_instead(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    order = place_order([(pack, 1)])[0]
    change_method(order.token, Method.CARD)
    assert attempt_of(order).state == State.OPEN
    bank.order("buyer", number=attempt_of(order).provider_ref, how="success")
    tell(bank, who.account)
    assert reread(order).state == "to_pack"
    assert owed(who, coop)[0] == order.total_vnd


def _confirm(order: Order) -> Order:
    with transaction():
        return confirm(staff_of(order), order.id, "call")


def test_cash_on_delivery_instead_of_a_card_and_a_card_again(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    opened(order)
    moved = change_method(order.token, Method.COD)
    assert (moved.state, moved.hold_until) == ("to_confirm", None)
    assert payment_of(order.id).state == "to_collect"
    assert bank.rows("checkout.session")[0]["status"] == "expired"
    with later(90):
        assert payments.expire_unpaid() == 0, "goods to be paid at the door wait for no money"
        assert choices(order.id) == [Method.VIETQR, Method.CARD]
        assert change_method(order.token, Method.CARD).state == "awaiting_payment"
        assert payment_of(order.id).state == "awaiting"
        bank.order("buyer", number=attempt_of(order).provider_ref, how="success")
        tell(bank, who.account)
    assert reread(order).state == "to_pack"
    assert owed(who, coop)[0] == order.total_vnd
    all_is_well()


def test_a_transfer_that_comes_after_the_change_to_cash_on_delivery_is_held_for_a_person(
    ctx: Flask, bank: StripeServer
) -> None:
    coop, pack = shelf()
    order = place_order([(pack, 1)])[0]
    change_method(order.token, Method.COD)
    came = pay(reread(order))
    assert (came.outcome, came.state) == ("unknown", "suspense")
    assert reread(order).state == "to_confirm"
    assert in_book(coop.organisation_id)["suspense"] == -order.total_vnd
    all_is_well()


def test_card_money_that_was_under_way_goes_back_when_cash_was_chosen(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    bank.order("weather", mode="500", count=2)
    change_method(order.token, Method.COD)
    bank.order("buyer", number=found.provider_ref, how="success")
    tell(bank, who.account)
    reconcile("stripe", everything=True)
    assert [one["amount"] for one in bank.rows("refund")] == [order.total_vnd]
    assert reread(order).state == "to_confirm"
    assert "refund_due" not in in_book(coop.organisation_id)
    all_is_well()


def test_a_number_has_few_orders_open_to_pay_on_delivery_by_this_door_too(
    ctx: Flask, bank: StripeServer
) -> None:
    _coop, pack = shelf()
    cash = [place_order([(pack, 1)], "cod")[0] for _one in range(COD_OPEN_MAX - 1)]
    first, second = place_order([(pack, 1)])[0], place_order([(pack, 1)])[0]
    assert Method.COD in choices(first.id)
    change_method(first.token, Method.COD)
    assert Method.COD not in choices(second.id)
    with pytest.raises(Invalid):
        change_method(second.token, Method.COD)
    with pytest.raises(Invalid), transaction():
        switch(reread(second), Method.COD)
    change_method(cash[0].token, Method.VIETQR)
    assert Method.COD in choices(second.id)


def test_money_that_came_in_part_and_a_confirmed_order_stay_as_they_are(
    ctx: Flask, bank: StripeServer
) -> None:
    _coop, pack = shelf()
    part, sure = place_order([(pack, 1)])[0], place_order([(pack, 1)], "cod")[0]
    pay(part, part.total_vnd - 10_000)
    assert choices(part.id) == []
    _confirm(sure)
    assert choices(sure.id) == []
    with pytest.raises(Conflict):
        change_method(sure.token, Method.VIETQR)
    assert reread(sure).method == Method.COD


def test_back_from_cash_there_is_an_hour_again_but_goods_wait_no_longer_than_three(
    ctx: Flask, bank: StripeServer
) -> None:
    _coop, pack = shelf()
    order = place_order([(pack, 1)], "cod")[0]
    with later(179):
        assert choices(order.id) == [Method.VIETQR]
        moved = change_method(order.token, Method.VIETQR)
        assert moved.hold_until == moved.placed_at + HOLD_MOST
        change_method(order.token, Method.COD)
    with later(181):
        assert choices(order.id) == []
    pay(reread(order), reread(order).total_vnd)
    assert reread(order).state == "to_confirm"


def test_money_by_both_ways_pays_once_and_the_second_goes_back(ctx: Flask, bank: StripeServer) -> None:
    """The provider did not answer when the way was changed, so that the old page could still be paid."""
    who = collector()
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    bank.order("weather", mode="500", count=2)
    change_method(order.token, Method.VIETQR)
    assert attempt_of(order).state == State.OPEN
    pay(reread(order))
    bank.order("buyer", number=found.provider_ref, how="success")
    tell(bank, who.account)
    assert reread(order).state == "to_pack"
    reconcile("stripe", everything=True)
    assert [one["amount"] for one in bank.rows("refund")] == [order.total_vnd]
    assert in_book(coop.organisation_id)["bank"] == order.total_vnd
    assert "refund_due" not in in_book(coop.organisation_id)
    all_is_well()


def test_money_that_was_faster_than_the_change_pays_the_order(ctx: Flask, bank: StripeServer) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("buyer", number=opened(order).provider_ref, how="success")
    assert change_method(order.token, Method.VIETQR).state == "to_pack"
    assert reread(order).method == Method.CARD
    with pytest.raises(Conflict):
        change_method(order.token, Method.VIETQR)


def test_trying_again_is_the_same_payment_while_it_lives_and_a_new_one_afterwards(
    ctx: Flask, bank: StripeServer
) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    first = opened(order).key
    pay_again(order.token)
    pay_again(order.token)
    assert attempt_of(order).key == first
    assert len(bank.rows("checkout.session")) == 1
    bank.order("expire", number=attempt_of(order).provider_ref)
    operations.look(attempt_of(order).id)
    with later(20):
        pay_again(order.token)
    assert attempt_of(order).key != first
    assert reread(order).state == "awaiting_payment"
    assert len(bank.rows("checkout.session")) == 2


def test_a_rail_without_an_answer_costs_nothing_and_the_buyer_may_leave_it(
    ctx: Flask, bank: StripeServer
) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("weather", mode="500", count=4)
    assert operations.open_attempt(attempt_of(order).id) is State.ASKED
    assert reread(order).state == "awaiting_provider"
    assert change_method(order.token, Method.VIETQR).state == "awaiting_payment"
    reconcile("stripe", everything=True)
    assert bank.rows("charge") == []


def test_coming_back_asks_the_provider_and_believes_nothing_else(ctx: Flask, bank: StripeServer) -> None:
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    assert ask_now(order.token).state == "awaiting_payment"
    bank.order("buyer", number=found.provider_ref, how="success")
    assert ask_now(order.token).state == "to_pack"


def test_one_of_two_orders_cancelled_leaves_a_payment_for_the_other(ctx: Flask, bank: StripeServer) -> None:
    collector()
    one, pack = shelf(name="HTX Một")
    _other, more = shelf(name="HTX Hai")
    orders = card_orders((pack, 1), (more, 1))
    opened(orders[0])
    with transaction():
        payments.cancel(orders[0].token, orders[0].id, "đổi ý")
    pay_again(orders[1].token)
    sessions = bank.rows("checkout.session")
    assert [row["status"] for row in sessions] == ["expired", "open"]
    assert sessions[1]["amount_total"] == orders[1].total_vnd
    assert one.id != orders[1].cooperative_id


@pytest.mark.parametrize(
    ("raw", "why"),
    [("open/requires_payment_method:insufficient_funds", "insufficient_funds"), ("expired/unpaid", "expired"),
     ("open/requires_action", "requires_action"), ("requires_payment_method:card_declined", "card_declined"),
     ("open/unpaid", "open"), ("", "")],
)  # fmt: skip
def test_the_words_of_a_state_are_found(raw: str, why: str) -> None:
    assert stripe_codes.reason(raw) == why
    assert (sentence("stripe", raw) != "") == (why in stripe_codes.WORDS)
