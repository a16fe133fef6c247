"""MoMo: what is sent passes a desk that verifies it, and what comes back means what MoMo's pages say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from payments.providers import momo, momo_codes
from payments.providers.protocol import (
    Forged,
    Notice,
    ProviderDown,
    ProviderRefused,
    RefundStanding,
    Standing,
)
from tests.conftest import NOW
from tests.payments.wallet_scene import KEY, OTHER, REFUND_KEY, ask, back, connect, known
from tests.wallets.process import Sandbox


@pytest.fixture(scope="module")
def process() -> Iterator[Sandbox]:
    with Sandbox("momo") as found:
        yield found


@pytest.fixture
def desk(process: Sandbox) -> Sandbox:
    return process.reset(NOW)


def test_a_payment_is_opened_once_however_often_it_is_asked_for(desk: Sandbox) -> None:
    rail = connect("momo", desk)
    first = rail.create(ask())
    assert first == rail.create(ask())
    assert first.pay_url == f"{desk.url}/pay/{KEY}"
    look = desk.look()
    assert look["payments"] == {KEY: ["open", 95_000, 0]}
    assert look["complaints"] == []


def test_the_keys_of_the_merchant_never_travel(desk: Sandbox) -> None:
    connect("momo", desk).create(ask())
    sent = desk.look()["calls"][0]["body"]
    assert "K951B6PE1waDMi640xX08PD3vg6EkVlz" not in sent
    assert "F8BBA842ECF85" not in sent


@pytest.mark.parametrize("amount_vnd", [0, 999, 50_000_001])
def test_an_amount_that_momo_does_not_take_is_refused_before_it_is_sent(
    desk: Sandbox, amount_vnd: int
) -> None:
    with pytest.raises(ProviderRefused) as error:
        connect("momo", desk).create(ask(amount_vnd=amount_vnd))
    assert error.value.code == "22"
    assert desk.look()["calls"] == []


def test_a_wrong_key_is_refused_and_the_probe_says_so(desk: Sandbox) -> None:
    rail = connect("momo", desk, secret_key="another")
    with pytest.raises(ProviderRefused) as error:
        rail.create(ask())
    assert error.value.code == "13"
    with pytest.raises(ProviderRefused):
        rail.probe()
    assert desk.look()["complaints"] == ["signature", "signature"]


def test_the_probe_is_content_when_momo_lives_and_knows_us(desk: Sandbox) -> None:
    connect("momo", desk).probe()
    assert desk.look()["complaints"] == []


@pytest.mark.parametrize(
    ("state", "code", "standing"),
    [("open", "", Standing.OPEN), ("processing", "7002", Standing.PENDING), ("paid", "", Standing.PAID),
     ("failed", "1001", Standing.FAILED), ("failed", "1006", Standing.CANCELLED), ("failed", "1005", Standing.EXPIRED),
     ("processing", "9000", Standing.PENDING)],
)  # fmt: skip
def test_a_question_is_answered_with_where_the_payment_stands(
    desk: Sandbox, state: str, code: str, standing: Standing
) -> None:
    rail = connect("momo", desk)
    rail.create(ask())
    if state != "open":
        desk.pay(KEY, state=state, code=code, lose=True)
    seen = rail.query(known())
    assert seen.standing is standing
    assert seen.raw_state in momo_codes.WORDS
    if standing is Standing.PAID:
        assert (seen.amount_vnd, bool(seen.payment_ref)) == (95_000, True)


def test_a_payment_that_momo_never_had_is_missing(desk: Sandbox) -> None:
    assert connect("momo", desk).query(known(OTHER)).standing is Standing.MISSING


def test_a_code_of_a_payment_that_nobody_listed_leaves_it_undecided() -> None:
    body = {"resultCode": 12_345, "orderId": KEY, "amount": 95_000, "transId": 1}
    assert momo.read_query(body, KEY).standing is Standing.PENDING


@pytest.mark.parametrize("code", [10, 11, 13, 20, 99])
def test_a_code_that_says_nothing_of_the_payment_is_asked_again_and_is_never_money(code: int) -> None:
    with pytest.raises(ProviderDown):
        momo.read_query({"resultCode": code, "orderId": KEY, "amount": 95_000, "transId": 1}, KEY)


@pytest.mark.parametrize(
    "body",
    [{"resultCode": 0, "orderId": OTHER, "amount": 95_000, "transId": 1}, {"resultCode": 0, "orderId": KEY},
     {"resultCode": 0, "orderId": KEY, "amount": "95000", "transId": 1}, {"resultCode": "0"}, {}],
)  # fmt: skip
def test_an_answer_of_another_shape_or_order_is_not_believed(body: dict[str, Any]) -> None:
    with pytest.raises(ProviderDown):
        momo.read_query(body, KEY)


@pytest.mark.parametrize(
    "faults",
    [{"drop": "before"}, {"drop": "after"}, {"status": 500}, {"status": 503}, {"delay_s": 2}, {"answer": "<html>"},
     {"answer": "[1]"}, {"answer": "{}"}, {"trickle_s": 0.05}],
    ids=str,
)  # fmt: skip
def test_no_answer_a_broken_one_or_a_slow_one_is_unknown_and_called_once(
    desk: Sandbox, faults: dict[str, Any]
) -> None:
    desk.control(faults=faults)
    with pytest.raises(ProviderDown):
        connect("momo", desk, timeout_s=0.5).create(ask())
    assert len(desk.look()["calls"]) <= 1


def test_a_lost_answer_is_found_by_asking_again_and_makes_no_second_payment(desk: Sandbox) -> None:
    rail = connect("momo", desk)
    desk.control(faults={"drop": "after", "calls": 1})
    with pytest.raises(ProviderDown):
        rail.create(ask())
    assert rail.query(known()).standing is Standing.OPEN
    assert rail.create(ask()).pay_url
    assert desk.refs() == [KEY]


def test_the_same_key_with_another_sum_is_not_a_new_payment(desk: Sandbox) -> None:
    rail = connect("momo", desk)
    rail.create(ask())
    with pytest.raises(ProviderDown):
        rail.create(ask(amount_vnd=96_000))
    assert desk.look()["payments"][KEY][1] == 95_000


# --- refunds


def _paid(desk: Sandbox) -> tuple[Any, Any]:
    rail = connect("momo", desk)
    rail.create(ask())
    desk.pay(KEY, lose=True)
    return rail, known(payment_ref=rail.query(known()).payment_ref)


def test_a_part_and_then_the_rest_are_given_back_and_never_more(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    first = rail.refund(back(paid, 30_000))
    assert first.standing is RefundStanding.DONE
    assert rail.refund(back(paid, 65_000, OTHER)).standing is RefundStanding.DONE
    with pytest.raises(ProviderRefused) as error:
        rail.refund(back(paid, 1_000, "e" * 24))
    assert error.value.code == "1081"
    assert error.value.code in momo_codes.REFUND_WORDS


def test_the_same_refund_again_is_the_same_refund(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    assert rail.refund(back(paid, 30_000)) == rail.refund(back(paid, 30_000))
    assert rail.query_refund(back(paid, 30_000), "").standing is RefundStanding.DONE
    assert list(desk.look()["refunds"]) == [REFUND_KEY]


def test_a_refund_whose_answer_was_lost_is_found_by_asking(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    assert rail.query_refund(back(paid, 30_000), "").standing is RefundStanding.MISSING
    desk.control(faults={"drop": "after", "calls": 1}, settings={"refund_state": "processing"})
    with pytest.raises(ProviderDown):
        rail.refund(back(paid, 30_000))
    assert rail.query_refund(back(paid, 30_000), "").standing is RefundStanding.PENDING
    desk.order("settle")
    assert rail.query_refund(back(paid, 30_000), "").standing is RefundStanding.DONE


def test_a_refund_below_the_least_that_momo_takes_is_refused_before_it_is_sent(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    with pytest.raises(ProviderRefused):
        rail.refund(back(paid, 999))
    assert desk.look()["refunds"] == {}


# --- news


def _news(change: dict[str, Any]) -> Notice:
    """News under MoMo's own signature, made by the sandbox's road."""
    from tests.wallets.momo import signature

    told: dict[str, Any] = {
        "partnerCode": "MOMO", "orderId": KEY, "requestId": KEY, "amount": 95_000, "orderInfo": "Cho Phien",
        "orderType": "momo_wallet", "transId": 4_088_878_653, "resultCode": 0, "message": "Thành công & cảm ơn.",
        "payType": "qr", "responseTime": 1_795_316_400_000, "extraData": "",
    } | change  # fmt: skip
    return Notice("POST", {}, {}, json.dumps(told | {"signature": signature(told)}).encode(), NOW)


@pytest.mark.parametrize(("code", "standing"), [(code, one[0]) for code, one in momo_codes.STATES.items()])
def test_every_code_of_news_has_its_standing_and_its_sentence(
    desk: Sandbox, code: int, standing: Standing
) -> None:
    told = connect("momo", desk).parse(_news({"resultCode": code}))
    assert told.seen is not None
    assert told.seen.standing is standing
    assert (told.key, bool(told.payment_ref)) == (KEY, standing is Standing.PAID)
    assert momo_codes.WORDS[told.seen.raw_state].endswith(".")


def test_a_code_nobody_listed_leaves_the_payment_undecided(desk: Sandbox) -> None:
    seen = connect("momo", desk).parse(_news({"resultCode": 31_415})).seen
    assert seen is not None
    assert seen.standing is Standing.PENDING


def test_news_of_another_merchant_is_refused_even_under_a_right_signature(desk: Sandbox) -> None:
    with pytest.raises(Forged) as error:
        connect("momo", desk).parse(_news({"partnerCode": "OTHER"}))
    assert error.value.why == "merchant"


@pytest.mark.parametrize(
    "name", ["amount", "orderId", "resultCode", "transId", "partnerCode", "signature", "message"]
)
def test_any_changed_field_makes_news_forged(desk: Sandbox, name: str) -> None:
    body = json.loads(_news({}).body)
    body[name] = f"{body[name]}0"
    with pytest.raises(Forged):
        connect("momo", desk).parse(Notice("POST", {}, {}, json.dumps(body).encode(), NOW))


def test_the_moment_of_payment_is_read_as_an_instant(desk: Sandbox) -> None:
    seen = connect("momo", desk).parse(_news({"responseTime": 1_721_720_663_942})).seen
    assert seen is not None
    assert seen.paid_at is not None
    assert f"{seen.paid_at:%Y-%m-%d %H:%M:%S}" == "2024-07-23 07:44:23"
