"""SePay's news of transfers: read, and refused when something is wrong."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from payments.providers import sepay
from tests.conftest import SHARED

BODY = json.loads((SHARED / "payments" / "sepay.json").read_text(encoding="utf-8"))["payload"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)


def test_the_published_example_is_read() -> None:
    notice = sepay.parse(BODY)
    assert (notice.provider_id, notice.account_number, notice.amount_vnd) == (
        "92704",
        "0123499999",
        2_277_000,
    )
    assert notice.content == "chuyen tien mua iphone"
    assert notice.reference == "MBVCB.3278907687"
    assert notice.at == datetime(2023, 3, 25, 7, 2, 37, tzinfo=UTC)
    assert notice.incoming


def test_money_that_left_the_account_is_told_apart() -> None:
    assert not sepay.parse(BODY | {"transferType": "out"}).incoming


@pytest.mark.parametrize(
    ("member", "value"),
    [("id", None), ("id", "1"), ("id", True), ("id", -1), ("transferAmount", 0), ("transferAmount", 10.5),
     ("transferAmount", "5"), ("transferAmount", 2**60), ("transferType", "sideways"), ("transferType", None),
     ("transactionDate", "25/03/2023"), ("transactionDate", None), ("content", ["x"])],
)  # fmt: skip
def test_a_missing_or_wrong_member_is_named(member: str, value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        sepay.parse(BODY | {member: value})
    assert refusal.value.params["name"] == member or member == "transferType"


@given(JSON)
def test_no_json_makes_the_reader_crash(body: object) -> None:
    with pytest.raises(Invalid):
        sepay.parse(body)


@given(st.dictionaries(st.sampled_from(sorted(BODY)), JSON))
def test_no_wrong_member_makes_the_reader_crash(changes: dict[str, object]) -> None:
    try:
        assert sepay.parse(BODY | changes).amount_vnd > 0
    except Invalid as error:
        assert error.message


@pytest.mark.parametrize(
    ("header", "key"),
    [("Apikey abc", "abc"), ("APIKEY  abc ", "abc"), ("Bearer abc", ""), ("abc", ""), ("", ""), (None, "")],
)
def test_the_key_is_taken_from_its_own_scheme_only(header: str | None, key: str) -> None:
    assert sepay.bearer(header) == key


def test_a_key_fits_only_its_own_stored_hash() -> None:
    assert sepay.key_fits("a" * 64, "a" * 64)
    assert not sepay.key_fits("b" * 64, "a" * 64)
    assert not sepay.key_fits("0" * 64, None)
    assert not sepay.key_fits("", "")
