"""`flask payments vietqr`: one JSON line for each line, and readings that an operator can trust."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core.lines import answers
from payments.providers import bank_apps, emvco, vietqr
from payments.transfers.cli import decoded, encoded

STATIC = "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F"
KEYS = {"ok", "bin", "account", "service", "amount_vnd", "purpose", "faults"}


def sealed(body: str, *, lower: bool = False) -> str:
    """A body with its right checksum behind it."""
    crc = vietqr.crc16(body + "6304")
    return f"{body}6304{crc.lower() if lower else crc}"


def seen(payload: str) -> dict[str, Any]:
    return decoded(payload.encode())


def account(inner: str) -> str:
    return emvco.item("38", inner)


HEAD, TAIL = "000201010212", "53037045802VN"
MINE = account("0010A0000007270123000697041601092576788590208QRIBFTTA")


def test_what_is_not_napas_is_null_and_well_formed_all_the_same() -> None:
    theirs = emvco.item("00", "A000000775") + emvco.item("01", "0108799042")
    said = seen(sealed(HEAD + account(theirs) + "5303704" + emvco.item("54", "1000") + "5802VN"))
    assert said["ok"]
    assert (said["bin"], said["account"], said["service"], said["amount_vnd"]) == (None, None, None, 1000)


def test_the_checksum_counts_in_either_case() -> None:
    for lower in (False, True):
        assert seen(sealed(HEAD + MINE + TAIL, lower=lower))["ok"]
    assert not seen(STATIC[:-1] + "0")["ok"]


def test_the_order_of_tags_does_not_matter_between_first_and_last() -> None:
    said = seen(sealed("000201" + "5802VN" + "540510000" + "5303704" + MINE + "010212"))
    assert (said["ok"], said["bin"], said["amount_vnd"]) == (True, "970416", 10_000)


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (STATIC[:-8], "checksum (tag 63) missing"),
        (STATIC + "9903abc", "is not last"),
        (sealed(HEAD + MINE + TAIL + "6304AAAA"), "stands twice"),
        (sealed(HEAD + MINE + "5303704" + TAIL), "tag 53 stands twice"),
        (sealed(HEAD + MINE + TAIL + "5999short"), "past the end"),
        (sealed(HEAD + MINE + TAIL + emvco.item("62", "081255")), "inside tag 62: length of tag 08"),
        (sealed(HEAD + MINE + TAIL + emvco.item("62", "0899short")), "inside tag 62"),
        (
            sealed(HEAD + account(emvco.item("00", "A000000727") + emvco.item("01", "00069704")) + TAIL),
            "inside tag 3801",
        ),
        (sealed("010212" + MINE + TAIL), "tag 00 is not first"),
        (sealed("000202" + MINE + TAIL), "tag 00 is not first"),
        (STATIC[:-4] + "GHIJ", "four hex digits"),
        (STATIC + " ", "no tag and length"),
        ("00٠٢01", "no tag and length"),
        ("", "blank"),
        ("   ", "blank"),
    ],
)
def test_a_broken_form_is_not_ok_and_says_where(payload: str, fault: str) -> None:
    said = seen(payload)
    assert not said["ok"]
    assert set(said) >= KEYS
    assert fault in said["error"] == "; ".join(said["faults"])


DONG = {"53": "704", "58": "VN"}


@pytest.mark.parametrize(
    ("objects", "amount", "fault"),
    [
        ({"54": "10000"}, 10_000, None),
        ({"54": "10000.00"}, 10_000, None),
        ({"54": "10000."}, 10_000, None),
        ({"54": "0010000"}, 10_000, None),
        ({"54": "9999999999999"}, 9_999_999_999_999, None),
        ({"54": "5000.50"}, None, "amount is not whole đồng"),
        ({"54": "10,000"}, None, "amount is not whole đồng"),
        ({"54": "-10000"}, None, "amount is not whole đồng"),
        ({"54": " 10000"}, None, "amount is not whole đồng"),
        ({"54": "1e4"}, None, "amount is not whole đồng"),
        ({"54": "12٣4"}, None, "amount is not whole đồng"),
        ({"54": "99999999999990"}, None, "amount is not whole đồng"),
        ({"54": ""}, None, "tag 54 is empty"),
        ({"54": "0"}, 0, "amount is 0"),
        ({"53": "840", "54": "10000"}, None, "currency 840"),
        ({"54": "10000", "55": "01"}, 10_000, None),
        ({"54": "10000", "55": "02", "56": "5000"}, 10_000, None),
        ({"54": "10000", "55": "03", "57": "10"}, 10_000, None),
        ({"54": "10000", "55": "02"}, 10_000, "tags 55 and 56"),
        ({"54": "10000", "57": "10"}, 10_000, "tags 55 and 57"),
        ({"54": "10000", "55": "04"}, 10_000, "tag 55"),
    ],
)
def test_amount_currency_and_tip(objects: dict[str, str], amount: int | None, fault: str | None) -> None:
    body = "".join(emvco.item(tag, value) for tag, value in (DONG | objects).items())
    said = seen(sealed(HEAD + MINE + body))
    assert said["ok"]
    assert said["amount_vnd"] == amount
    assert any(fault in one for one in said["faults"]) if fault else not said["faults"]


def test_marks_in_any_field_count_as_characters() -> None:
    said = seen(
        sealed(
            HEAD
            + MINE
            + TAIL
            + emvco.item("59", "HTX Bản Mây")
            + emvco.item("62", emvco.item("08", "trả tiền ☂"))
        )
    )
    assert said["ok"]
    assert said["purpose"] == "trả tiền ☂"


@given(st.binary(max_size=200))
def test_no_line_is_left_without_an_answer(line: bytes) -> None:
    line = line.replace(b"\n", b"")
    for verb in (decoded, encoded):
        (said,) = answers([line], verb)
        assert "\n" not in said
        assert said.isascii()
        read = json.loads(said)
        assert read["ok"] is False or verb is decoded


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True), st.from_regex(r"[A-Za-z0-9]{1,19}", fullmatch=True),
    st.one_of(st.none(), st.integers(1, vietqr.AMOUNT_MAX_VND)), st.from_regex(r"[!-~]{0,25}", fullmatch=True),
)  # fmt: skip
def test_what_is_encoded_is_decoded(bin_: str, number: str, amount: int | None, purpose: str) -> None:
    asked = {"bin": bin_, "account": number, "amount_vnd": amount, "purpose": purpose}
    said = seen(encoded(json.dumps(asked).encode())["payload"])
    assert said == {"ok": True, "bin": bin_, "account": number, "service": "QRIBFTTA", "amount_vnd": amount,
                    "purpose": purpose or None, "faults": ()}  # fmt: skip


@given(st.lists(st.tuples(st.integers(2, 99).filter(lambda n: n != 63 and not 26 <= n <= 51 and n not in (62, 64)),
                          st.text(max_size=99)), max_size=5, unique_by=lambda one: one[0]))  # fmt: skip
def test_any_well_formed_list_of_tags_is_ok(objects: list[tuple[int, str]]) -> None:
    try:
        body = "000201" + "".join(emvco.item(f"{tag:02d}", value) for tag, value in objects)
        sealed(body).encode()
    except UnicodeEncodeError:
        return
    assert vietqr.inspect(sealed(body)).ok


@pytest.mark.parametrize("line", ["{}", "[1]", "7", "null", '{"bin": 970416, "account": "1"}', '{"bin": "970416"}',
    '{"bin": "970416", "account": "1", "amount_vnd": "1"}', '{"bin": "970416", "account": "1", "amount_vnd": 1.5}',
    '{"bin": "970416", "account": "1", "amount_vnd": true}', '{"bin": "970416", "account": "1", "amount_vnd": 0}',
    '{"bin": "970416", "account": "1", "amount_vnd": -1}', '{"bin": "970416", "account": "1", "purpose": 1}',
    '{"bin": "970416", "account": "1", "purpose": "12345678901234567890123456"}', "[" * 5_000,
    '{"bin": "970416", "account": "1", "amount_vnd": 10000000000000}'])  # fmt: skip
def test_a_line_that_cannot_be_encoded_says_why(line: str) -> None:
    (said,) = answers([line.encode()], encoded)
    assert json.loads(said)["ok"] is False
    assert json.loads(said)["error"]


def test_a_purpose_of_25_after_folding_is_taken() -> None:
    said = encoded(
        json.dumps({"bin": "970416", "account": "1", "amount_vnd": None, "purpose": "Đ" * 25}).encode()
    )
    assert seen(said["payload"])["purpose"] == "D" * 25


def test_the_commands_need_no_database(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["payments", "vietqr", "decode"], input=b"\n" + STATIC.encode() + b"\r\nx"
    )
    assert result.exit_code == 0
    assert [json.loads(line)["ok"] for line in result.output.splitlines()] == [False, True, False]


def test_links_open_an_app_with_account_sum_and_code() -> None:
    urls = {link.name: link.url for link in bank_apps.links("970416", "257", "HTX MẪU", 5_000, "CP222222")}
    assert urls["MB"] == "https://dl.vietqr.io/pay?app=mb&ba=257%40acb&am=5000&tn=CP222222&bn=HTX+MAU"
    assert bank_apps.links("999999", "257", "X", 1, "Y") == ()
