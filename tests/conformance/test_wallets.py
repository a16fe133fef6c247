"""MoMo's, VNPay's and ZaloPay's signatures against the published vectors, and the answers that each reads."""

import json
from typing import Any

import pytest

from payments.providers import momo, vnpay, zalopay
from payments.providers.protocol import Forged, Link, Notice, Receipt, Standing
from tests.conftest import NOW, SHARED

FOLDER = SHARED / "payments"
MOMO, VNPAY, ZALOPAY = (
    json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in ("momo", "vnpay", "zalopay")
)
MOMO_KEYS = momo.Keys("MOMO", MOMO["keys"]["accessKey"], MOMO["keys"]["secretKey"])
ZALO_KEYS = zalopay.Keys(str(ZALOPAY["keys"]["app_id"]), ZALOPAY["keys"]["key1"], ZALOPAY["keys"]["key2"])


def _kind(vector: dict[str, Any]) -> str:
    return str(vector["kind"]).split(" ")[0]


def _zalo(kind: str) -> dict[str, Any]:
    return next(one for one in ZALOPAY["vectors"] if _kind(one) == kind)


@pytest.mark.parametrize("vector", MOMO["vectors"], ids=_kind)
def test_momo_signs_each_message_as_published(vector: dict[str, Any]) -> None:
    fields = dict(pair.split("=", 1) for pair in vector["raw"].split("&"))
    kind = {"ipn": "notice"}.get(_kind(vector), _kind(vector))
    assert momo.raw(kind, fields) == vector["raw"]
    assert momo.sign(kind, fields, MOMO_KEYS) == vector["signature"]


def test_momos_published_notification_is_proved_and_read() -> None:
    vector = next(one for one in MOMO["vectors"] if _kind(one) == "ipn")
    body = {**vector["fields"], "signature": vector["signature"]}
    told = momo.read_notice(body, MOMO_KEYS)
    assert (told.key, told.payment_ref) == ("ORD-1", "4088878653")
    assert told.seen is not None
    assert (told.seen.standing, told.seen.amount_vnd) == (Standing.PAID, 50_000)
    with pytest.raises(Forged):
        momo.read_notice({**body, "amount": "50001"}, MOMO_KEYS)


@pytest.mark.parametrize(
    "vector", VNPAY["vectors"], ids=lambda one: f"response-{one['params']['vnp_ResponseCode']}"
)
def test_vnpays_two_independent_signatures_are_reproduced(vector: dict[str, Any]) -> None:
    keys = vnpay.Keys(vector["params"]["vnp_TmnCode"], vector["secret"])
    assert vnpay.encoded(vector["params"]) == vector["signed_string"]
    assert vnpay.sign(vector["params"], keys) == vector["vnp_SecureHash"]


@pytest.mark.parametrize(
    "vector", VNPAY["vectors"], ids=lambda one: f"response-{one['params']['vnp_ResponseCode']}"
)
def test_vnpays_published_news_is_read_and_any_change_is_forged(vector: dict[str, Any]) -> None:
    keys = vnpay.Keys(vector["params"]["vnp_TmnCode"], vector["secret"])
    query = {**vector["params"], "vnp_SecureHash": vector["vnp_SecureHash"]}
    seen = vnpay.read_notice(query, keys).seen
    assert seen is not None
    assert seen.amount_vnd == 10_000
    paid = vector["params"]["vnp_ResponseCode"] == "00"
    assert seen.standing is (
        Standing.PAID if paid else Standing.PENDING
    )  # 99 says nothing: it is asked about
    for name in vector["params"]:
        with pytest.raises(Forged):
            vnpay.read_notice({**query, name: query[name] + "0"}, keys)


@pytest.mark.parametrize(("code", "words"), [pair for pair in VNPAY["ipn_reply"].items() if pair[0] != "97"])
def test_vnpay_reads_the_words_of_its_own_list(code: str, words: str) -> None:
    said = {dict(_vnpay_answer(one))["RspCode"]: dict(_vnpay_answer(one))["Message"] for one in Receipt}
    assert said[code] == words
    assert said["97"] in VNPAY["ipn_reply"]["97"]


def _vnpay_answer(receipt: Receipt) -> dict[str, str]:
    found: dict[str, str] = json.loads(
        vnpay.connect(Link({"tmn_code": "X"}, {"hash_secret": "x"}, "")).answer(receipt).body
    )
    return found


def test_zalopay_signs_each_call_as_published() -> None:
    for kind in ("create", "query", "refund"):
        vector = _zalo(kind)
        assert zalopay.mac(ZALO_KEYS.key1, vector["raw"]) == vector["mac"]
    query = _zalo("query")
    number = query["raw"].split("|")[1]
    assert zalopay.query_form(ZALO_KEYS, number)["mac"] == query["mac"]


def test_zalopays_published_callback_is_proved_over_the_text_as_it_came() -> None:
    vector = _zalo("callback")
    body = json.dumps({"data": vector["raw"], "mac": vector["mac"], "type": 1}).encode()
    told = zalopay.read_notice(body, ZALO_KEYS)
    assert (told.provider_ref, told.payment_ref) == ("261121_1", "261121000000389")
    assert told.seen is not None
    assert (told.seen.standing, told.seen.amount_vnd) == (Standing.PAID, 50_000)
    spaced = json.dumps({"data": vector["raw"].replace(":50000,", ": 50000,"), "mac": vector["mac"]}).encode()
    with pytest.raises(Forged):
        zalopay.read_notice(spaced, ZALO_KEYS)


def test_zalopays_callback_is_not_proved_by_the_key_of_calls() -> None:
    vector = _zalo("callback")
    body = json.dumps({"data": vector["raw"], "mac": zalopay.mac(ZALO_KEYS.key1, vector["raw"])}).encode()
    with pytest.raises(Forged):
        zalopay.read_notice(body, ZALO_KEYS)


def test_zalopay_reads_the_codes_of_its_own_list() -> None:
    rail = zalopay.connect(Link({"app_id": "2553"}, {"key1": "1", "key2": "2"}, ""))
    said = {one: json.loads(rail.answer(one).body)["return_code"] for one in Receipt}
    assert said[Receipt.APPLIED] == 1
    assert said[Receipt.AGAIN] == 2
    assert said[Receipt.FORGED] == -1
    assert said[Receipt.LATER] == 0
    assert set(map(str, said.values())) == set(ZALOPAY["callback_reply"])


def test_momo_is_answered_204_for_all_that_was_read() -> None:
    rail = momo.connect(Link({"partner_code": "MOMO"}, {"access_key": "a", "secret_key": "s"}, ""))
    read = (Receipt.APPLIED, Receipt.AGAIN, Receipt.UNKNOWN, Receipt.WRONG_AMOUNT)
    assert {rail.answer(one).status for one in read} == {204}
    assert all(rail.answer(one).body == "" for one in read)
    assert rail.answer(Receipt.FORGED).status == 400
    assert rail.answer(Receipt.LATER).status == 503


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"data": 1, "mac": "x"}', b"\xff", b'{"signature": ""}']
)
def test_a_body_that_proves_nothing_is_forged_for_momo_and_zalopay(body: bytes) -> None:
    notice = Notice("POST", {}, {}, body, NOW)
    for rail in (
        momo.connect(Link({"partner_code": "MOMO"}, {"access_key": "a", "secret_key": "s"}, "")),
        zalopay.connect(Link({"app_id": "2553"}, {"key1": "1", "key2": "2"}, "")),
        vnpay.connect(Link({"tmn_code": "X"}, {"hash_secret": "x"}, "")),
    ):
        with pytest.raises(Forged):
            rail.parse(notice)
