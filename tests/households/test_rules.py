"""Rules and lists of the shared record."""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from households import reference, rules
from households.rules import Purpose

TODAY = date(2026, 11, 22)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def test_the_examples_in_the_rules_hold() -> None:
    assert doctest.testmod(rules).failed == 0


def test_a_birth_year_may_be_all_that_is_known() -> None:
    assert rules.check_birth(None, 1984, TODAY) == 1984
    assert rules.check_birth(date(1984, 3, 2), None, TODAY) == 1984
    assert rules.check_birth(None, None, TODAY) is None


@pytest.mark.parametrize(
    ("on", "year"), [(None, 84), (None, 2027), (date(2026, 12, 1), None), (date(1984, 3, 2), 1985)]
)
def test_an_impossible_birth_is_refused(on: date | None, year: int | None) -> None:
    with pytest.raises(Invalid):
        rules.check_birth(on, year, TODAY)


@given(days, days, days)
def test_a_dated_row_holds_from_its_first_day_until_before_its_last(
    start: date, end: date, day: date
) -> None:
    assert rules.holds_on(start, end, day) == (start <= day < end)
    assert rules.holds_on(start, None, day) == (start <= day)


def test_the_list_has_54_groups_each_with_list_code_and_name() -> None:
    groups = reference.ethnic_groups()
    assert len(groups) == 56  # 54, foreigners and "not known"
    assert len({group.code for group in groups}) == 56
    assert {group.list for group in groups} == {"gso-121-1979"}
    assert reference.ethnic_group("09").name == "Dao"


def test_a_code_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(Invalid):
        reference.ethnic_group("77")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_has_words_in_two_languages_that_name_who_is_allowed(purpose: Purpose) -> None:
    words = reference.current_wording(purpose)
    for text in (words.text, words.text_en):
        assert "HTX Thử" in text % {"organisation": "HTX Thử"}
    assert words.title
    assert words.title_en


def test_an_abbreviated_name_keeps_only_the_given_name() -> None:
    assert rules.initials("Lý Thị Mẫu") == "L. T. Mẫu"
