"""ZaloPay: what is sent passes a desk that verifies it, and what comes back means what ZaloPay's pages say."""

import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.errors import Invalid
from payments.providers import zalopay, zalopay_codes
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

NUMBER = f"261122_{KEY}"


@pytest.fixture(scope="module")
def process() -> Iterator[Sandbox]:
    with Sandbox("zalopay") as found:
        yield found


@pytest.fixture
def desk(process: Sandbox) -> Sandbox:
    return process.reset(NOW)


# --- numbers and times


@pytest.mark.parametrize(
    ("instant", "day"),
    [(datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), "261122"), (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "261123"),
     (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "270101")],
)  # fmt: skip
def test_our_number_begins_with_the_day_in_vietnam(instant: datetime, day: str) -> None:
    assert zalopay.trans_id(KEY, instant) == f"{day}_{KEY}"
    assert len(zalopay.trans_id(KEY, instant)) <= 40


@pytest.mark.parametrize(
    "number", ["", "261122_", f"261122_{KEY}0", f"26112_{KEY}", f"261122-{KEY}", f"261122_{'G' * 24}"]
)
def test_a_number_that_is_not_ours_has_no_key(number: str) -> None:
    assert zalopay.key_in(number) == ""
    assert zalopay.key_in(NUMBER) == KEY


# --- opening


def test_a_payment_is_opened_and_says_how_long_it_lasts(desk: Sandbox) -> None:
    opened = connect("zalopay", desk).create(ask())
    assert (opened.provider_ref, opened.pay_url) == (NUMBER, f"{desk.url}/pay/{NUMBER}")
    look = desk.look()
    assert (look["payments"], look["complaints"]) == ({NUMBER: ["open", 95_000, 0]}, [])
    form = dict(urllib.parse.parse_qsl(look["calls"][0]["body"]))
    assert form["expire_duration_seconds"] == "2700"
    assert form["app_time"] == str(int(NOW.timestamp() * 1000))
    assert "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz" not in look["calls"][0]["body"]


def test_a_payment_whose_page_was_lost_is_opened_again_under_a_number_that_news_is_known_by(
    desk: Sandbox,
) -> None:
    rail = connect("zalopay", desk)
    desk.control(faults={"drop": "after", "calls": 1})
    with pytest.raises(ProviderDown):
        rail.create(ask())
    again = rail.create(ask())
    assert again.provider_ref == f"{NUMBER}x"
    assert zalopay.key_in(again.provider_ref) == KEY
    assert rail.query(replace(known(), provider_ref=again.provider_ref)).standing is Standing.OPEN
    assert desk.refs() == [NUMBER, f"{NUMBER}x"]


def test_a_number_of_another_day_would_be_seen(desk: Sandbox) -> None:
    desk.control(NOW + timedelta(days=1))
    with pytest.raises(ProviderRefused):
        connect("zalopay", desk).create(ask())
    assert desk.look()["complaints"] == ["app_trans_id is not of today in Vietnam"]


def test_a_wrong_key_is_refused_and_the_probe_says_so(desk: Sandbox) -> None:
    connect("zalopay", desk).probe()
    rail = connect("zalopay", desk, key1="another")
    for call in (rail.probe, lambda: rail.create(ask())):
        with pytest.raises(ProviderRefused) as error:
            call()
        assert error.value.code in zalopay_codes.WORDS


# --- asking


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("open", Standing.OPEN),
        ("processing", Standing.PENDING),
        ("paid", Standing.PAID),
        ("failed", Standing.FAILED),
    ],
)
def test_a_question_is_answered_with_where_the_payment_stands(
    desk: Sandbox, state: str, standing: Standing
) -> None:
    rail = connect("zalopay", desk)
    rail.create(ask())
    if state != "open":
        desk.pay(NUMBER, state=state, lose=True)
    seen = rail.query(known())
    assert seen.standing is standing
    assert seen.raw_state in zalopay_codes.WORDS
    if standing is Standing.PAID:
        assert (seen.amount_vnd, bool(seen.payment_ref), seen.paid_at) == (95_000, True, NOW)


def test_a_payment_whose_time_is_over_has_expired(desk: Sandbox) -> None:
    rail = connect("zalopay", desk)
    rail.create(ask())
    desk.control(NOW + timedelta(minutes=46))
    assert rail.query(known()).standing is Standing.EXPIRED


def test_after_two_days_zalopay_says_nothing_more_and_nothing_is_concluded(desk: Sandbox) -> None:
    rail = connect("zalopay", desk)
    rail.create(ask())
    desk.pay(NUMBER, lose=True)
    later = NOW + timedelta(hours=49)
    desk.control(later)
    with clock.use(later):
        seen = rail.query(known())
    assert seen.standing is Standing.PENDING
    assert "48 giờ" in zalopay_codes.WORDS[seen.raw_state]


@pytest.mark.parametrize(
    "faults",
    [{"drop": "before"}, {"drop": "after"}, {"status": 500}, {"delay_s": 2}, {"answer": "ok"}, {"answer": "{}"},
     {"answer": '{"return_code": 1}'}, {"answer": '{"return_code": 2, "sub_return_code": -500}'}],
    ids=str,
)  # fmt: skip
def test_no_answer_or_a_broken_one_is_unknown_and_called_once(desk: Sandbox, faults: dict[str, Any]) -> None:
    desk.control(faults=faults)
    rail = connect("zalopay", desk, timeout_s=0.5)
    with pytest.raises(ProviderDown):
        rail.create(ask())
    with pytest.raises(ProviderDown):
        rail.query(known())
    assert len(desk.look()["calls"]) <= 2


# --- refunds


def _paid(desk: Sandbox) -> tuple[Any, Any]:
    rail = connect("zalopay", desk)
    rail.create(ask())
    desk.pay(NUMBER, lose=True)
    return rail, known(payment_ref=rail.query(known()).payment_ref)


def test_a_part_and_then_the_rest_are_given_back_and_never_more(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    first = rail.refund(back(paid, 30_000))
    assert first.standing is RefundStanding.PENDING  # 1 only acknowledges
    assert rail.query_refund(back(paid, 30_000), first.refund_ref).standing is RefundStanding.PENDING
    desk.order("settle")
    assert rail.query_refund(back(paid, 30_000), first.refund_ref).standing is RefundStanding.DONE
    rail.refund(back(paid, 65_000, OTHER))
    with pytest.raises(ProviderRefused):
        rail.refund(back(paid, 1, "e" * 24))
    look = desk.look()
    assert [one[1] for one in look["refunds"].values()] == [30_000, 65_000]
    assert look["complaints"] == []


def test_the_same_refund_again_is_the_same_refund_on_any_day(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    desk.control(faults={"drop": "after", "calls": 1})
    with pytest.raises(ProviderDown):
        rail.refund(back(paid, 30_000))
    later = NOW + timedelta(days=1)
    desk.control(later)
    with clock.use(later):
        assert rail.refund(back(paid, 30_000)).standing is RefundStanding.PENDING
    assert list(desk.look()["refunds"]) == [f"261122_2553_{REFUND_KEY}"]


def test_a_refund_that_failed_is_told_from_one_that_never_arrived(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    wanted = back(paid, 30_000)
    assert rail.query_refund(wanted, "").standing is RefundStanding.MISSING
    acknowledged = rail.refund(wanted).refund_ref
    desk.order("settle", state="failed")
    assert rail.query_refund(wanted, acknowledged).standing is RefundStanding.FAILED


# --- news


def _news(change: dict[str, Any], key: str = "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz") -> Notice:
    """A callback under ZaloPay's own signature, made by the sandbox's road."""
    from tests.wallets.zalopay import sha256

    told: dict[str, Any] = {
        "app_id": 2553, "app_trans_id": NUMBER, "app_time": 1_795_316_400_000, "app_user": "chophien", "amount": 95_000,
        "embed_data": "{}", "item": "[]", "zp_trans_id": 261_122_000_000_389, "server_time": 1_795_316_490_000,
        "channel": 38, "merchant_user_id": "x", "user_fee_amount": 0, "discount_amount": 0,
    } | change  # fmt: skip
    data = json.dumps(told, ensure_ascii=False)
    return Notice(
        "POST", {}, {}, json.dumps({"data": data, "mac": sha256(key, data), "type": 1}).encode(), NOW
    )


def test_news_of_a_payment_is_read(desk: Sandbox) -> None:
    told = connect("zalopay", desk).parse(_news({"merchant_user_id": "Đỗ Minh Mẫu"}))
    assert (told.key, told.provider_ref, told.payment_ref) == (KEY, NUMBER, "261122000000389")
    assert told.seen is not None
    assert (told.seen.standing, told.seen.amount_vnd) == (Standing.PAID, 95_000)
    assert told.seen.paid_at == datetime(2026, 11, 22, 3, 1, 30, tzinfo=UTC)


def test_news_of_a_payment_that_is_not_ours_names_none(desk: Sandbox) -> None:
    assert connect("zalopay", desk).parse(_news({"app_trans_id": "261122_1"})).key == ""


def test_news_under_the_key_of_calls_is_forged(desk: Sandbox) -> None:
    with pytest.raises(Forged):
        connect("zalopay", desk).parse(_news({}, key="PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL"))


def test_news_of_another_application_is_refused_even_under_a_right_signature(desk: Sandbox) -> None:
    with pytest.raises(Forged) as error:
        connect("zalopay", desk).parse(_news({"app_id": 9}))
    assert error.value.why == "merchant"


@pytest.mark.parametrize(
    "change", [{"amount": "95000"}, {"amount": True}, {"zp_trans_id": None}, {"app_trans_id": 1}]
)
def test_a_proved_body_of_another_shape_cannot_be_read(desk: Sandbox, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        connect("zalopay", desk).parse(_news(change))
