"""Our VietQR against the published vectors."""

import json
from typing import Any

import pytest

from core.errors import Invalid
from payments.providers import vietqr
from tests.conftest import SHARED

DATA = json.loads((SHARED / "payments" / "vietqr.json").read_text(encoding="utf-8"))
NOT_OF_THE_FAMILY = {
    "personal_vnpay_unicode",
    "airpay",
}  # other wallets' own formats: right checksum, not ours to read
VALID = [vector for vector in DATA["vectors"] if vector["valid"]]


def _name(vector: dict[str, Any]) -> str:
    return str(vector["name"])


@pytest.mark.parametrize(("text", "crc"), DATA["check"].items())
def test_the_checksum_is_that_of_the_standard(text: str, crc: str) -> None:
    assert vietqr.crc16(text) == crc


@pytest.mark.parametrize("vector", VALID, ids=_name)
def test_every_valid_payload_has_a_right_checksum_in_utf8(vector: dict[str, Any]) -> None:
    assert vietqr.checksum_holds(vector["payload"])


@pytest.mark.parametrize("vector", [v for v in VALID if v["name"] not in NOT_OF_THE_FAMILY], ids=_name)
def test_every_field_is_read(vector: dict[str, Any]) -> None:
    read, wanted = vietqr.decode(vector["payload"]), vector["fields"]
    seen = {
        "method": read.method, "bin": read.bank_bin, "account": read.account_number, "service": read.service,
        "amount": str(read.amount_vnd), "purpose": read.purpose, "provider": read.provider,
        "merchant_id": read.merchant_id,
        "guid": vietqr.NAPAS if "38" in read.fields else vietqr.VNPAY, "field80": read.fields.get("80"),
        "currency": read.fields.get("53"), "country": read.fields.get("58"),
    }  # fmt: skip
    assert {name: seen[name] for name in wanted} == wanted


@pytest.mark.parametrize("vector", [v for v in VALID if v["name"].startswith("vietqr_")], ids=_name)
def test_the_same_fields_write_the_same_payload(vector: dict[str, Any]) -> None:
    read = vietqr.decode(vector["payload"])
    again = vietqr.build(
        read.bank_bin,
        read.account_number,
        amount_vnd=read.amount_vnd,
        purpose=read.purpose,
        service=read.service,
    )
    assert again == vector["payload"]


@pytest.mark.parametrize(
    "vector", [v for v in DATA["vectors"] if not v["valid"] or v["name"] in NOT_OF_THE_FAMILY], ids=_name
)
def test_what_is_broken_or_of_another_family_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        vietqr.decode(vector["payload"])


@pytest.mark.parametrize("vector", DATA["vectors"], ids=_name)
def test_any_emv_code_is_ok_when_its_form_and_checksum_are(vector: dict[str, Any]) -> None:
    said = vietqr.inspect(vector["payload"])
    assert said.ok is vector["valid"]
    assert said.ok or said.faults
    wanted = vector.get("fields", {})
    napas = wanted.get("bin")
    if said.ok:
        assert said.bin == napas
        assert said.account == wanted.get("account")
        assert said.purpose == wanted.get("purpose", said.purpose)
        assert said.amount_vnd == (int(wanted["amount"]) if "amount" in wanted else None)
