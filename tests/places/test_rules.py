"""Reading addresses, zones and weight steps."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from places import rules
from places.rules import Level, Zone


def test_the_examples_in_the_rules_hold() -> None:
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize(
    ("typed", "name", "kind"),
    [
        ("xã Côn Minh", "con minh", "xa"),
        ("P. Trúc Bạch", "truc bach", "phuong"),
        ("TT Yến Lạc", "yen lac", "thi tran"),
        ("H.Na Rì", "na ri", "huyen"),
        ("TP. Bắc Kạn", "bac kan", "thanh pho"),
        ("Thị xã Nghĩa Lộ", "nghia lo", "thi xa"),
        ("đặc khu Lý Sơn", "ly son", "dac khu"),
        ("P12", "12", "phuong"),
        ("Phường 01", "1", "phuong"),
    ],
)
def test_a_kind_is_told_from_a_name_however_it_is_shortened(typed: str, name: str, kind: str) -> None:
    assert rules.readings(typed)[0] == rules.Reading(name, kind)


def test_a_name_that_begins_like_a_kind_can_still_be_read_whole() -> None:
    assert rules.Reading("xa ho") in rules.readings("Xà Hồ")


def test_a_commune_word_does_not_name_a_province() -> None:
    reading = rules.readings("xã Tân Thành")[0]
    assert reading.may_be(Level.COMMUNE)
    assert not reading.may_be(Level.PROVINCE)


def test_the_country_at_the_end_is_dropped() -> None:
    assert rules.split_parts("Côn Minh, Thái Nguyên, Việt Nam") == ["Côn Minh", "Thái Nguyên"]


def test_a_province_is_found_at_the_end_and_the_longer_name_wins() -> None:
    names = ["giang", "ha giang"]
    assert rules.take_suffix("dong van ha giang", names) == ("dong van", "ha giang")
    assert rules.take_suffix("ha giang", ["ha giang"]) is None


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    for part in rules.split_parts(text):
        assert all(reading.name for reading in rules.readings(part))
        assert "".join(rules.split_at_kinds(part)) is not None


@pytest.mark.parametrize(
    ("provinces", "regions", "zone"),
    [
        ((1, 1), ("north", "north"), Zone.SAME_PROVINCE),
        ((1, 2), ("north", "north"), Zone.SAME_REGION),
        ((1, 2), ("north", "south"), Zone.FAR),
        ((1, 2), (None, None), Zone.FAR),
    ],
)
def test_the_zone_follows_province_then_region(
    provinces: tuple[int, int], regions: tuple[str | None, str | None], zone: Zone
) -> None:
    assert rules.zone_between(*provinces, *regions) is zone


@given(st.integers(1, 30_000))
def test_a_parcel_pays_the_smallest_step_that_holds_it(weight_g: int) -> None:
    steps = [500, 1_000, 2_000, 5_000, 30_000]
    step = rules.step_for(weight_g, steps)
    assert step >= weight_g
    assert not [other for other in steps if weight_g <= other < step]


@pytest.mark.parametrize("weight_g", [0, -1, 30_001])
def test_no_weight_and_too_much_weight_have_no_price(weight_g: int) -> None:
    with pytest.raises(Invalid):
        rules.step_for(weight_g, [500, 30_000])
