"""Stripe's webhook signature on the shared vector, and our calls held against Stripe's own OpenAPI description."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from payments.providers.protocol import Ask, Forged, Known, Link, Notice, RefundAsk, RefundStanding, Standing
from payments.providers.stripe import VERSION, Stripe, connect
from tests.conftest import NOW, SHARED
from tests.stripe_server.description import FILE
from tests.stripe_server.process import StripeServer

VECTOR = SHARED / "payments" / "stripe_webhook.json"
absent = pytest.mark.skipif(
    not VECTOR.exists(), reason="../shared/data is not here: Stripe's vector is read from it"
)
undescribed = pytest.mark.skipif(
    not FILE.exists(), reason="../shared/data is not here: Stripe's description is read from it"
)


def _provider(secret: str, **more: str) -> Stripe:
    return connect(
        Link({}, {"secret_key": "sk_test_x", "webhook_secret": secret} | more, "http://127.0.0.1:9")
    )


def _notice(vector: dict[str, Any], **changes: Any) -> Notice:
    told = {
        "body": vector["payload"].encode(),
        "at": datetime.fromtimestamp(vector["timestamp"], UTC),
    } | changes
    return Notice("POST", {}, {"stripe-signature": vector["header"]}, told["body"], told["at"])


@absent
def test_the_vector_is_proved_and_read() -> None:
    vector = json.loads(VECTOR.read_text())
    told = _provider(vector["secret"]).parse(_notice(vector))
    assert (told.event_ref, told.payment_ref, told.kind) == ("evt_1", "pi_1", "payment_intent.succeeded")
    header = stripe.WebhookSignature.generate_signature_header(
        vector["payload"], vector["secret"], vector["timestamp"]
    )
    assert header == vector["header"]


@absent
@pytest.mark.parametrize(
    "changes",
    [
        {"body": b"{}"},
        {"at": datetime.fromtimestamp(1_795_300_301, UTC)},
        {"at": datetime.fromtimestamp(0, UTC)},
    ],
)
def test_another_body_and_another_time_are_refused(changes: dict[str, Any]) -> None:
    vector = json.loads(VECTOR.read_text())
    with pytest.raises(Forged):
        _provider(vector["secret"]).parse(_notice(vector, **changes))


@absent
def test_the_secret_that_is_on_its_way_out_still_proves() -> None:
    vector = json.loads(VECTOR.read_text())
    assert (
        _provider("whsec_new", webhook_secret_before=vector["secret"]).parse(_notice(vector)).event_ref
        == "evt_1"
    )
    with pytest.raises(Forged):
        _provider("whsec_new").parse(_notice(vector))


@pytest.fixture(scope="module")
def bank() -> Iterator[StripeServer]:
    with StripeServer() as server:
        yield server.fresh(NOW)


@undescribed
def test_every_call_and_every_answer_fits_the_description(bank: StripeServer) -> None:
    account = connect(Link({}, {"secret_key": "sk_test_chophien", "webhook_secret": "whsec_test"}, bank.url))
    ask = Ask("a" * 24, 173_000, "Cho Phien CP222222", "https://cho.example/r", "https://cho.example/n", NOW,
              NOW + timedelta(hours=1))  # fmt: skip
    made = account.create(ask)
    known = Known(ask.key, ask.amount_vnd, NOW, made.provider_ref)
    assert account.query(known).standing is Standing.OPEN
    bank.order("buyer", number=made.provider_ref, how="success")
    seen = account.query(known)
    assert (seen.standing, seen.amount_vnd, seen.fee_vnd) == (
        Standing.PAID,
        173_000,
        173_000 * 340 // 10_000 + 5_000,
    )
    paid = Known(ask.key, ask.amount_vnd, NOW, made.provider_ref, seen.payment_ref, seen.paid_at)
    assert account.cancel(paid).standing is Standing.PAID
    back = RefundAsk("b" * 24, 73_000, paid, "hoan tien", NOW)
    done = account.refund(back)
    assert account.refund(back) == done, "the same key is the same refund"
    assert account.query_refund(back, done.refund_ref).standing is RefundStanding.DONE
    assert account.query_refund(back, "re_none").standing is RefundStanding.MISSING
    assert account.query(Known("c", 1, NOW, "cs_test_none")).standing is Standing.MISSING
    account.probe()
    assert [one.kind for one in account.movements(NOW - timedelta(days=1))] == ["payment", "refund"]
    bank.order("dispute", intent=seen.payment_ref, amount=50_000)
    bank.order("letters", at=int(NOW.timestamp()))
    found = bank.look()
    assert found["faults"] == []
    assert found["checked"]["requests"] >= 10
    assert found["checked"]["answers"] >= 10
    assert {call["version"] for call in found["calls"]} == {VERSION}


@undescribed
def test_the_check_itself_finds_what_the_description_does_not_know(bank: StripeServer) -> None:
    from tests.stripe_server.description import Description

    checks = Description()
    checks.request("POST", "/v1/refunds", "", "payment_intent=pi_1&amount=many&colour=red")
    checks.answer("GET", "/v1/balance", 200, {"object": "balance", "livemode": False, "available": []})
    checks.request("POST", "/v1/nowhere", "", "")
    assert len(checks.faults) >= 4
