"""News of payments: proved by the account's secret, noted once, in any order, with a key on its way out."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db
from payments.attempts.models import RailNews
from payments.attempts.rules import State
from payments.rails.operations import set_rail
from revenue.models import Entry
from tests.payments.scene import shelf
from tests.rails.scene import (
    KEYS,
    all_is_well,
    attempt_of,
    card_orders,
    collector,
    hear,
    opened,
    owed,
    paid,
    reread,
    tell,
)
from tests.stripe_server.process import StripeServer


def _entries() -> int:
    return int(db.session.execute(select(func.count()).select_from(Entry)).scalar_one())


def test_news_five_times_and_shuffled_is_one_payment(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    before = _entries()
    assert set(tell(bank, who.account, repeat=5, shuffle=7)) == {200}
    assert _entries() == before
    assert owed(who, coop)[0] == order.total_vnd
    all_is_well()


@pytest.mark.parametrize("forge", ["secret", "body"])
def test_forged_news_is_refused_and_changes_nothing(ctx: Flask, bank: StripeServer, forge: str) -> None:
    who = collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("buyer", number=opened(order).provider_ref, how="success")
    before = _entries()
    assert set(tell(bank, who.account, forge=forge)) == {400}
    assert _entries() == before
    assert reread(order).state == "awaiting_payment"
    assert db.session.execute(select(func.count()).select_from(RailNews)).scalar_one() == 0


def test_old_news_is_refused_but_the_same_signed_anew_two_days_later_is_taken(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("buyer", number=opened(order).provider_ref, how="success")
    sent_at = int(clock.now().timestamp())
    with clock.use(clock.now() + timedelta(days=2)):
        assert set(tell(bank, who.account, at=sent_at)) == {400}
        assert reread(order).state == "awaiting_payment"
        assert set(tell(bank, who.account)) == {200}
        assert reread(order).state == "to_pack"
    assert owed(who, coop)[0] == order.total_vnd


def test_while_a_key_rolls_both_secrets_are_good_and_afterwards_one(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    _coop, pack = shelf()
    from core.db import transaction

    with transaction():
        set_rail(who.manager, "stripe", {"webhook_secret": "whsec_new", "webhook_secret_before": "whsec_test"},
                 enabled=True)  # fmt: skip
    order = card_orders((pack, 1))[0]
    bank.order("buyer", number=opened(order).provider_ref, how="success")
    assert set(tell(bank, who.account)) == {200}, "still signed with the old one"
    assert set(tell(bank, who.account, secrets=["whsec_new"])) == {200}
    assert set(tell(bank, who.account, secrets=["whsec_other", "whsec_new"])) == {200}, (
        "one of two marks fits"
    )
    with transaction():
        set_rail(who.manager, "stripe", {"webhook_secret_before": "-"}, enabled=True)
    assert set(tell(bank, who.account)) == {400}


def test_news_of_the_end_first_and_of_the_beginning_last_ends_paid(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    bank.order("buyer", number=found.provider_ref, how="decline")
    bank.order("buyer", number=found.provider_ref, how="3ds")
    bank.order("buyer", number=found.provider_ref, how="success")
    letters = bank.order("letters", at=int(clock.now().timestamp()))
    for body, signature in reversed(letters):
        assert hear(who.account, body, signature).status == 200
    assert attempt_of(order).state == State.PAID
    assert owed(who, coop)[0] == order.total_vnd


def test_news_with_another_amount_pays_nothing_and_asks_for_a_person(ctx: Flask, bank: StripeServer) -> None:
    from tests.stripe_server.__main__ import signed

    who = collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("buyer", number=opened(order).provider_ref, how="success")
    event = next(one for one in bank.look()["events"] if one["type"] == "payment_intent.succeeded")
    event["data"]["object"]["amount_received"] = 1
    body = json.dumps(event)
    at = int(clock.now().timestamp())
    assert hear(who.account, body, signed(body, ["whsec_test"], at)).status == 200
    assert reread(order).state == "awaiting_payment"
    assert attempt_of(order).problem == "amount"


def test_news_for_another_account_is_not_proved_by_our_secret(ctx: Flask, bank: StripeServer) -> None:
    who, other = collector(), collector("Bên thu hộ Hai", webhook_secret="whsec_theirs")
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("buyer", number=opened(order).provider_ref, how="success")
    assert set(tell(bank, other.account)) == {400}
    assert set(tell(bank, other.account, secrets=["whsec_theirs"])) == {200}, (
        "proved, and of no payment of that account"
    )
    assert reread(order).state == "awaiting_payment"
    tell(bank, who.account)
    assert owed(who, coop)[0] == order.total_vnd


def test_the_door_answers_over_http_without_a_session(app: Flask, bank: StripeServer) -> None:
    with app.app_context():
        account_id = collector().account.id
    client = app.test_client()
    answer = client.post(
        f"/webhooks/stripe/{account_id}", data=b"{}", headers={"Stripe-Signature": "t=1,v1=00"}
    )
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers
    assert client.post("/webhooks/stripe/999", data=b"{}").status_code == 404
    assert client.post(f"/webhooks/momo/{account_id}", data=b"{}").status_code == 404
    assert KEYS["webhook_secret"] not in answer.text
