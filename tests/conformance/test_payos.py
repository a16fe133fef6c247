"""payOS's signature against the published example."""

import json

from payments.providers import payos
from tests.conftest import SHARED

EXAMPLE = json.loads((SHARED / "payments" / "payos.json").read_text(encoding="utf-8"))


def test_what_is_signed_is_the_published_text() -> None:
    assert payos.raw(EXAMPLE["data"]) == EXAMPLE["raw"]


def test_the_signature_is_the_published_one_in_either_case() -> None:
    assert payos.sign(EXAMPLE["data"], EXAMPLE["key"]) == EXAMPLE["signature"]
    for signature in (EXAMPLE["signature"], EXAMPLE["signature"].upper()):
        assert payos.proves({"data": EXAMPLE["data"], "signature": signature}, EXAMPLE["key"])


def test_the_order_of_members_does_not_matter_and_a_null_is_an_empty_text() -> None:
    shuffled = dict(reversed(EXAMPLE["data"].items())) | {"counterAccountName": None}
    assert payos.sign(shuffled, EXAMPLE["key"]) == EXAMPLE["signature"]


def test_the_published_example_is_read() -> None:
    told = payos.parse({"data": EXAMPLE["data"]})
    assert told is not None
    assert (told.amount_vnd, told.content, told.account_number) == (3_000, "VQRIO123", "12345678")
    assert f"{told.at:%H:%M %d/%m/%Y}" == "11:25 04/02/2023"
    assert payos.is_example(told)
