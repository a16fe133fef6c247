"""VNPay: what is sent passes a desk that verifies it, and what comes back means what VNPay's pages say."""

import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import Invalid
from payments.providers import vnpay, vnpay_codes
from payments.providers.protocol import (
    Forged,
    Known,
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
    with Sandbox("vnpay") as found:
        yield found


@pytest.fixture
def desk(process: Sandbox) -> Sandbox:
    return process.reset(NOW, ipn_url=f"{process.url}/nobody")


def _open(rail: Any, **more: Any) -> str:
    """The buyer's browser goes to the address; the page's text."""
    url = rail.create(ask(**more)).pay_url
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


# --- amounts, times, words


@pytest.mark.parametrize(
    ("instant", "written"),
    [(datetime(2026, 11, 22, 3, 0, tzinfo=UTC), "20261122100000"),
     (datetime(2026, 12, 31, 17, 0, 1, tzinfo=UTC), "20270101000001"),
     (datetime(2026, 2, 28, 16, 59, 59, tzinfo=UTC), "20260228235959")],
)  # fmt: skip
def test_times_are_vietnams_and_read_back(instant: datetime, written: str) -> None:
    assert vnpay.stamp(instant) == written
    assert vnpay.instant(written) == instant


@pytest.mark.parametrize("text", ["", "2026112210000", "20261332100000", "tomorrow", None, 1.5])
def test_what_is_no_time_is_none(text: object) -> None:
    assert vnpay.instant(text) is None


@given(st.integers(1, vnpay.AMOUNT_MAX_VND))
def test_amounts_go_out_a_hundredfold_and_come_back(amount_vnd: int) -> None:
    assert vnpay.in_dong(vnpay.times_100(amount_vnd)) == amount_vnd


@pytest.mark.parametrize("text", ["", "-100", "150", "1e5", "100.00", None])
def test_what_is_no_whole_number_of_dong_is_none(text: object) -> None:
    assert vnpay.in_dong(text) is None


@pytest.mark.parametrize("amount_vnd", [0, -1, 10_000_000_000])
def test_an_amount_beyond_twelve_digits_is_refused(amount_vnd: int) -> None:
    with pytest.raises(ProviderRefused):
        vnpay.times_100(amount_vnd)


def test_words_lose_their_marks_and_signs() -> None:
    assert vnpay.plain("Đơn CPABCDE2: 2 gói & tinh dầu sả") == "Don CPABCDE2 2 goi  tinh dau sa"
    assert vnpay.plain("✂") == "don hang"


@given(
    st.dictionaries(
        st.from_regex(r"vnp_[A-Z][A-Za-z]{1,9}", fullmatch=True), st.text(min_size=1, max_size=30)
    )
)
def test_what_is_signed_reads_back_as_it_was_whatever_stands_in_it(params: dict[str, str]) -> None:
    told = {name: value for name, value in params.items() if name not in vnpay.UNSIGNED}
    assert dict(urllib.parse.parse_qsl(vnpay.encoded(params), strict_parsing=bool(told))) == told


# --- opening


def test_the_address_is_verified_by_the_gateway_and_says_all(desk: Sandbox) -> None:
    assert "ok" in _open(connect("vnpay", desk))
    look = desk.look()
    assert (look["payments"], look["complaints"]) == ({KEY: ["open", 95_000, 0]}, [])
    params = dict(urllib.parse.parse_qsl(look["calls"][0]["query"]))
    assert params["vnp_Amount"] == "9500000"
    assert (params["vnp_CreateDate"], params["vnp_ExpireDate"]) == ("20261122100000", "20261122104500")
    assert params["vnp_TxnRef"] == KEY


def test_the_buyers_own_address_goes_along(desk: Sandbox) -> None:
    _open(connect("vnpay", desk), ip="203.0.113.7")
    assert dict(urllib.parse.parse_qsl(desk.look()["calls"][0]["query"]))["vnp_IpAddr"] == "203.0.113.7"


def test_the_same_key_gives_the_same_address_and_one_payment(desk: Sandbox) -> None:
    rail = connect("vnpay", desk)
    with clock.use(NOW + timedelta(minutes=9)):
        assert rail.create(ask()) == connect("vnpay", desk).create(ask())
    assert _open(rail) == _open(rail)
    assert desk.refs() == [KEY]


@pytest.mark.parametrize(
    "name", ["vnp_Amount", "vnp_TxnRef", "vnp_TmnCode", "vnp_ReturnUrl", "vnp_ExpireDate"]
)
def test_an_address_that_somebody_changed_is_refused_by_the_gateway(desk: Sandbox, name: str) -> None:
    url = connect("vnpay", desk).create(ask()).pay_url
    with urllib.request.urlopen(url.replace(f"{name}=", f"{name}=1"), timeout=20) as answer:
        assert "signature" in answer.read().decode()
    assert desk.refs() == []


def test_a_wrong_clock_would_be_seen(desk: Sandbox) -> None:
    desk.control(NOW + timedelta(hours=7))  # as if UTC had been written where Vietnam's clock is wanted
    assert "time" in _open(connect("vnpay", desk))


# --- asking


@pytest.mark.parametrize(
    ("state", "code", "standing"),
    [("open", "", Standing.OPEN), ("paid", "", Standing.PAID), ("failed", "", Standing.FAILED),
     ("processing", "04", Standing.PENDING), ("processing", "07", Standing.PENDING)],
)  # fmt: skip
def test_a_question_is_answered_with_where_the_payment_stands(
    desk: Sandbox, state: str, code: str, standing: Standing
) -> None:
    rail = connect("vnpay", desk)
    _open(rail)
    if state != "open":
        desk.pay(KEY, state=state, code=code, lose=True)
    seen = rail.query(known())
    assert seen.standing is standing
    assert seen.raw_state in vnpay_codes.WORDS
    if standing is Standing.PAID:
        assert (seen.amount_vnd, bool(seen.payment_ref), seen.paid_at) == (95_000, True, NOW)


def test_an_address_that_nobody_has_visited_is_still_open(desk: Sandbox) -> None:
    seen = connect("vnpay", desk).query(known(OTHER))
    assert seen.standing is Standing.OPEN
    assert seen.raw_state in vnpay_codes.WORDS


def test_a_question_names_the_moment_of_the_payment(desk: Sandbox) -> None:
    rail = connect("vnpay", desk)
    _open(rail)
    another = Known(KEY, 95_000, NOW - timedelta(seconds=1))
    desk.pay(KEY, lose=True)
    assert rail.query(another).standing is Standing.OPEN
    assert rail.query(known()).standing is Standing.PAID


def test_an_answer_that_vnpay_did_not_sign_is_not_believed(desk: Sandbox) -> None:
    rail = connect("vnpay", desk)
    _open(rail)
    desk.pay(KEY, lose=True)
    desk.control(settings={"forge_answers": "yes"})
    with pytest.raises(ProviderDown) as error:
        rail.query(known())
    assert error.value.why == "signature"


def test_a_wrong_key_is_refused_and_the_probe_says_so(desk: Sandbox) -> None:
    connect("vnpay", desk).probe()
    with pytest.raises(ProviderRefused) as error:
        connect("vnpay", desk, hash_secret="another").probe()
    assert error.value.code == "error 97"
    assert error.value.code in vnpay_codes.WORDS


@pytest.mark.parametrize(
    "faults",
    [{"drop": "before"}, {"drop": "after"}, {"status": 502}, {"delay_s": 2}, {"answer": "{}"}],
    ids=str,
)
def test_no_answer_or_a_broken_one_is_unknown_and_called_once(desk: Sandbox, faults: dict[str, Any]) -> None:
    desk.control(faults=faults)
    with pytest.raises(ProviderDown):
        connect("vnpay", desk, timeout_s=0.5).query(known())
    assert len(desk.look()["calls"]) <= 1


# --- refunds


def _paid(desk: Sandbox) -> tuple[Any, Known]:
    rail = connect("vnpay", desk)
    _open(rail)
    desk.pay(KEY, lose=True)
    return rail, known(payment_ref=rail.query(known()).payment_ref)


@pytest.mark.parametrize(("amount_vnd", "kind"), [(95_000, "02"), (30_000, "03")])
def test_a_refund_says_whether_it_is_whole_or_a_part_and_is_done_when_vnpay_says_so(
    desk: Sandbox, amount_vnd: int, kind: str
) -> None:
    rail, paid = _paid(desk)
    wanted = back(paid, amount_vnd)
    assert rail.query_refund(wanted, "").standing is RefundStanding.MISSING
    assert rail.refund(wanted).standing is RefundStanding.PENDING
    assert rail.query_refund(wanted, "").standing is RefundStanding.PENDING
    desk.order("settle")
    assert rail.query_refund(wanted, "").standing is RefundStanding.DONE
    look = desk.look()
    assert look["complaints"] == []
    assert look["refunds"] == {REFUND_KEY: ["done", amount_vnd, KEY]}
    assert f'"vnp_TransactionType":"{kind}"' in look["calls"][3]["body"]


def test_a_refund_that_the_bank_refuses_has_failed(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    rail.refund(back(paid, 95_000))
    desk.order("settle", state="failed")
    seen = rail.query_refund(back(paid, 95_000), "")
    assert seen.standing is RefundStanding.FAILED
    assert seen.raw_state in vnpay_codes.REFUND_WORDS


def test_the_same_refund_again_on_the_same_day_is_seen_as_the_same(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    desk.control(faults={"drop": "after", "calls": 1})
    with pytest.raises(ProviderDown):
        rail.refund(back(paid, 95_000))
    assert rail.refund(back(paid, 95_000)).standing is RefundStanding.PENDING
    assert len(desk.look()["refunds"]) == 1


def test_the_same_refund_on_a_later_day_is_asked_about_and_not_sent_again(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    rail.refund(back(paid, 95_000))
    later = NOW + timedelta(days=1)
    desk.control(later)
    with clock.use(later):
        assert rail.refund(back(paid, 95_000)).standing is RefundStanding.PENDING
    assert len(desk.look()["refunds"]) == 1


def test_a_refund_that_never_arrived_goes_out_on_a_later_day(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    later = NOW + timedelta(days=1)
    desk.control(later)
    with clock.use(later):
        assert rail.refund(back(paid, 95_000)).standing is RefundStanding.PENDING
    assert len(desk.look()["refunds"]) == 1


def test_what_another_refund_of_the_payment_did_is_not_taken_for_this_ones(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    rail.refund(back(paid, 30_000))
    desk.order("settle")
    seen = rail.query_refund(back(paid, 20_000, OTHER), "")
    assert (seen.standing, seen.raw_state) == (RefundStanding.PENDING, "another refund")
    number = rail.query_refund(back(paid, 30_000), "").refund_ref
    assert rail.query_refund(back(paid, 30_000), number).standing is RefundStanding.DONE
    assert rail.query_refund(back(paid, 30_000, OTHER), "1").standing is RefundStanding.PENDING


def test_more_than_was_paid_is_refused(desk: Sandbox) -> None:
    rail, paid = _paid(desk)
    rail.refund(back(paid, 90_000))
    with pytest.raises(ProviderRefused) as error:
        rail.refund(back(paid, 6_000, OTHER))
    assert error.value.code == "error 95"


# --- news


def _news(change: dict[str, str]) -> Notice:
    """News under VNPay's own signature, made by the sandbox's road."""
    from tests.wallets.vnpay import sha512

    told = {
        "vnp_Amount": "9500000", "vnp_BankCode": "NCB", "vnp_OrderInfo": "Cho Phien CPABCDE2",
        "vnp_PayDate": "20261122100130", "vnp_ResponseCode": "00", "vnp_TmnCode": "CHOPHIEN",
        "vnp_TransactionNo": "14422574", "vnp_TransactionStatus": "00", "vnp_TxnRef": KEY,
    } | change  # fmt: skip
    signed = urllib.parse.urlencode(sorted(told.items()))
    return Notice("GET", told | {"vnp_SecureHash": sha512(signed)}, {}, b"", NOW)


@pytest.mark.parametrize(
    ("code", "standing"), [(code, one[0]) for code, one in vnpay_codes.RESPONSES.items()]
)
def test_every_code_of_news_has_its_standing_and_its_sentence(
    desk: Sandbox, code: str, standing: Standing
) -> None:
    told = connect("vnpay", desk).parse(_news({"vnp_ResponseCode": code}))
    assert told.seen is not None
    assert (told.key, told.seen.standing, told.seen.amount_vnd) == (KEY, standing, 95_000)
    assert vnpay_codes.WORDS[told.seen.raw_state].endswith(".")


@pytest.mark.parametrize("status", ["01", "02", "04", "07", "77"])
def test_news_is_money_only_where_both_codes_say_so(desk: Sandbox, status: str) -> None:
    seen = connect("vnpay", desk).parse(_news({"vnp_TransactionStatus": status})).seen
    assert seen is not None
    assert seen.standing is not Standing.PAID
    assert seen.payment_ref == ""


def test_the_moment_of_payment_is_read_in_vietnams_time(desk: Sandbox) -> None:
    seen = connect("vnpay", desk).parse(_news({})).seen
    assert seen is not None
    assert seen.paid_at == datetime(2026, 11, 22, 3, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["vnp_Amount", "vnp_TxnRef", "vnp_ResponseCode", "vnp_TmnCode", "vnp_SecureHash"]
)
def test_any_changed_parameter_makes_news_forged(desk: Sandbox, name: str) -> None:
    query = dict(_news({}).query)
    with pytest.raises(Forged):
        connect("vnpay", desk).parse(Notice("GET", query | {name: query[name] + "0"}, {}, b"", NOW))


def test_news_of_another_website_is_refused_even_under_a_right_signature(desk: Sandbox) -> None:
    with pytest.raises(Forged) as error:
        connect("vnpay", desk).parse(_news({"vnp_TmnCode": "OTHERTMN"}))
    assert error.value.why == "merchant"


def test_a_proved_amount_that_is_no_number_of_dong_cannot_be_read(desk: Sandbox) -> None:
    with pytest.raises(Invalid):
        connect("vnpay", desk).parse(_news({"vnp_Amount": "9500050"}))
