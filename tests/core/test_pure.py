"""The floor's pure parts: money that adds up, text as people type it, days of Việt Nam."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import Invalid
from core.money import check_price, largest_remainder, parse_vnd, share_bp
from core.text import clean, fold, has_marks, slugify

WEIGHTS = st.dictionaries(st.integers(0, 1000), st.integers(0, 10**6), min_size=1, max_size=12).filter(
    lambda weights: sum(weights.values()) > 0
)


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_parts_always_add_up_and_never_change_sign(total: int, weights: dict[int, int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts.values()) == total
    assert all(part * total >= 0 for part in parts.values())


@given(st.integers(0, 10**12), WEIGHTS)
def test_no_part_is_a_whole_dong_off_its_exact_share(total: int, weights: dict[int, int]) -> None:
    whole = sum(weights.values())
    for key, part in largest_remainder(total, weights).items():
        assert abs(part * whole - total * weights[key]) < whole


@given(st.integers(0, 10**9), WEIGHTS)
def test_the_order_in_which_weights_are_named_does_not_matter(total: int, weights: dict[int, int]) -> None:
    assert largest_remainder(total, weights) == largest_remainder(total, dict(reversed(weights.items())))


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1, "b": 2}])
def test_nothing_can_be_divided_by_nothing(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        largest_remainder(100, weights)


@pytest.mark.parametrize(
    ("typed", "vnd"),
    [
        ("65000", 65_000),
        ("65.000", 65_000),
        ("65,000 đ", 65_000),
        ("1.234.567₫", 1_234_567),
        ("65k", 65_000),
        ("65 nghìn", 65_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, vnd: int) -> None:
    assert parse_vnd(typed) == vnd


@pytest.mark.parametrize("typed", ["", "abc", "-5", "6.50", "1e9", "65.00", "9" * 16])
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_vnd(typed)
    assert "65.000" in refused.value.remedy


@pytest.mark.parametrize("price", [0, -1, 10**12])
def test_a_price_is_more_than_nothing_and_at_most_a_billion(price: int) -> None:
    with pytest.raises(Invalid):
        check_price(price)
    assert check_price(1) == 1


def test_a_rate_is_rounded_down() -> None:
    assert share_bp(999, 5_000) == 499


@given(st.text())
def test_folding_is_done_once_and_for_all(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_cleaning_leaves_no_control_or_direction_marks(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not set(cleaned) & set("\u202e\u200b\x00\n\r\t")


def test_text_of_an_iphone_is_the_same_text() -> None:
    assert clean("Tinh dâ\u0300u quê\u0301") == "Tinh dầu quế"
    assert fold("TINH DÂ\u0300U QUÊ\u0301 Đắk") == "tinh dau que dak"
    assert has_marks("quế") and not has_marks("que") and has_marks("đ")


def test_a_slug_is_short_plain_and_never_empty() -> None:
    assert slugify("Tinh dầu sả chanh, 10 ml") == "tinh-dau-sa-chanh-10-ml"
    assert len(slugify("miến " * 100)) <= 80
    assert slugify("🍯") == "muc"


def test_a_day_begins_at_midnight_in_hanoi() -> None:
    assert clock.day_of(datetime(2026, 11, 21, 16, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert clock.day_of(datetime(2026, 11, 21, 17, 0, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.start_of(date(2026, 11, 22)) == datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
