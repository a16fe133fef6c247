"""A partner's card page: our own PaymentIntent, made before the order is promised, asked about, ended; each once."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from core.db import transaction
from core.errors import Invalid
from orders.rules import Method
from payments import operations as payments
from payments.attempts import operations
from payments.attempts.changes import change_method
from payments.attempts.reconciliation import reconcile
from payments.attempts.rules import State
from payments.providers.protocol import Receipt
from payments.queries import payment_of
from payments.rails.operations import set_rail
from tests.factories.payments import staff_of
from tests.payments.scene import shelf
from tests.rails.scene import (
    KEYS,
    all_is_well,
    attempt_of,
    card_orders,
    collector,
    opened,
    owed,
    reread,
    tell,
)
from tests.stripe_server.process import StripeServer

PAGE = "https://partner.example/card"


def test_the_intent_is_there_before_the_order_is_promised_and_the_buyer_is_sent_to_the_page(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector(card_page=PAGE)
    coop, pack = shelf()
    order = card_orders((pack, 2))[0]
    assert (order.state, bank.rows("payment_intent")) == ("awaiting_provider", [])

    found = opened(order)

    intent = bank.rows("payment_intent")[0]
    assert reread(order).state == "awaiting_payment"
    assert (intent["amount"], intent["currency"], found.provider_ref) == (
        order.total_vnd,
        "vnd",
        intent["id"],
    )
    assert found.pay_url.startswith(f"{PAGE}#"), "the secret stands behind the #, which no server is told"
    told = parse_qs(urlsplit(found.pay_url).fragment)
    assert told["client_secret"] == [intent["client_secret"]]
    assert told["return_url"][0].endswith(f"/orders/{order.token}/paid")
    assert bank.rows("checkout.session") == []

    bank.order("card_page", number=found.provider_ref, how="success")
    assert set(tell(bank, who.account)) == {200}
    assert reread(order).state == "to_pack"
    assert operations.look(found.id) is Receipt.APPLIED, "the fee is known"
    assert attempt_of(order).pay_url == ""
    assert owed(who, coop)[0] == order.total_vnd - (attempt_of(order).fee_vnd or 0)
    all_is_well()


def test_3_d_secure_is_finished_where_stripe_says_and_a_failed_proof_leads_back_to_the_page(
    ctx: Flask, bank: StripeServer
) -> None:
    collector(card_page=PAGE)
    order = card_orders((shelf()[1], 1))[0]
    number = opened(order).provider_ref
    for how, state, begins in (
        ("decline", State.OPEN, f"{PAGE}#"),
        ("3ds", State.PENDING, "https://hooks.stripe.com/redirect/"),
        ("3ds_fail", State.OPEN, f"{PAGE}#"),
        ("3ds", State.PENDING, "https://hooks.stripe.com/redirect/"),
    ):
        bank.order("card_page", number=number, how=how)
        operations.look(attempt_of(order).id)
        assert (attempt_of(order).state, attempt_of(order).pay_url.startswith(begins)) == (state, True), how
    bank.order("card_page", number=number, how="3ds_ok")
    operations.look(attempt_of(order).id)
    assert (attempt_of(order).state, reread(order).state) == (State.PAID, "to_pack")
    all_is_well()


def test_news_alone_leads_back_to_the_banks_question_and_after_a_refusal_to_the_page(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector(card_page=PAGE)
    order = card_orders((shelf()[1], 1))[0]
    number, asked = opened(order).provider_ref, len(bank.look()["calls"])
    for how, begins in (
        ("3ds", "https://hooks.stripe.com/redirect/"),
        ("3ds_fail", f"{PAGE}#payment_intent={number}&"),
    ):
        since = len(bank.look()["events"])
        bank.order("card_page", number=number, how=how)
        assert set(tell(bank, who.account, since=since)) == {200}
        assert attempt_of(order).pay_url.startswith(begins), how
    assert len(bank.look()["calls"]) == asked, "nobody asked Stripe in between"


def test_a_lost_answer_makes_one_intent_and_shuffled_news_pays_once(ctx: Flask, bank: StripeServer) -> None:
    who = collector(card_page=PAGE)
    order = card_orders((shelf()[1], 1))[0]
    bank.order("weather", mode="drop", count=2)
    assert operations.open_attempt(attempt_of(order).id) is State.ASKED
    tell(bank, who.account)  # its creation is told before our call hears of it: that promises nothing
    assert reread(order).state == "awaiting_provider"
    found = opened(order)
    assert len(bank.rows("payment_intent")) == 1
    bank.order("card_page", number=found.provider_ref, how="success")
    tell(bank, who.account, repeat=3, shuffle=7)
    assert len(bank.rows("charge")) == 1
    assert reread(order).state == "to_pack"
    all_is_well()


def test_another_way_to_pay_ends_the_intent_and_money_that_was_faster_counts(
    ctx: Flask, bank: StripeServer
) -> None:
    collector(card_page=PAGE)
    pack = shelf()[1]
    first, second = card_orders((pack, 1))[0], card_orders((pack, 1))[0]
    opened(first)
    assert change_method(first.token, Method.COD).method == Method.COD
    assert [one["status"] for one in bank.rows("payment_intent")] == ["canceled"]
    bank.order("card_page", number=opened(second).provider_ref, how="success")
    assert change_method(second.token, Method.COD).method == Method.CARD
    assert reread(second).state == "to_pack"
    all_is_well()


def test_what_an_intent_brought_goes_back_over_it(ctx: Flask, bank: StripeServer) -> None:
    collector(card_page=PAGE)
    order = card_orders((shelf()[1], 1))[0]
    bank.order("card_page", number=opened(order).provider_ref, how="success")
    operations.look(attempt_of(order).id)
    with transaction():
        payments.cancel(staff_of(order), order.id, "khách đổi ý")
    reconcile("stripe", everything=True)
    assert payment_of(order.id).state == "refunded"
    assert [one["amount"] for one in bank.rows("refund")] == [order.total_vnd]
    all_is_well()


def test_buyers_are_sent_to_no_page_without_a_lock(ctx: Flask) -> None:
    who = collector()
    for page in ("http://partner.example/card", "partner.example", "https://partner.example/?a=1"):
        with pytest.raises(Invalid, match="https"), transaction():
            set_rail(who.manager, "stripe", KEYS | {"card_page": page}, enabled=True)
