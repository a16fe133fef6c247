"""States, numbers, names and shares."""

import doctest
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives import rules
from cooperatives.bank.rules import BANKS, bank
from cooperatives.rules import AccountEvent, AccountState, Event, State, Terms
from core.errors import Conflict, FormErrors, Invalid

TODAY = date(2026, 11, 22)


def test_the_examples_in_the_rules_hold() -> None:
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", list(Event))
def test_every_pair_of_state_and_decision_is_allowed_or_refused(state: State, event: Event) -> None:
    if (state, event) in rules.TRANSITIONS:
        assert rules.next_state(state, event) is rules.TRANSITIONS[state, event]
    else:
        with pytest.raises(Conflict):
            rules.next_state(state, event)


@pytest.mark.parametrize("state", list(AccountState))
@pytest.mark.parametrize("event", list(AccountEvent))
def test_every_pair_of_account_state_and_event_is_allowed_or_refused(
    state: AccountState, event: AccountEvent
) -> None:
    if (state, event) in rules.ACCOUNT_TRANSITIONS:
        assert rules.next_account_state(state, event) is rules.ACCOUNT_TRANSITIONS[state, event]
    else:
        with pytest.raises(Conflict):
            rules.next_account_state(state, event)


def test_an_account_is_never_used_before_it_was_approved() -> None:
    ways_in = {
        state for (state, _event), after in rules.ACCOUNT_TRANSITIONS.items() if after is AccountState.ACTIVE
    }
    assert ways_in == {AccountState.WAITING}


def test_a_first_account_opens_at_once_and_a_change_waits_two_days() -> None:
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert rules.effective_at(at, first=True) == at
    assert rules.effective_at(at, first=False) == at + timedelta(hours=48)


@pytest.mark.parametrize(
    ("typed", "stored"), [("4700 123 456", "4700123456"), ("13b.7.00012", "13B.7.00012")]
)
def test_a_registration_number_is_stored_bare(typed: str, stored: str) -> None:
    assert rules.check_registration_number(typed) == stored


@pytest.mark.parametrize("typed", ["", "abc", "số không biết", "1", "<b>4700123456</b>", "4" * 40])
def test_what_is_no_registration_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        rules.check_registration_number(typed)


@pytest.mark.parametrize(
    ("typed", "stored"), [("8500 2050 12345", "8500205012345"), ("1903.0000.0011", "190300000011")]
)
def test_an_account_number_is_stored_bare(typed: str, stored: str) -> None:
    assert rules.check_account_number(typed) == stored


@pytest.mark.parametrize("typed", ["", "12", "1" * 20, "abc!12345", "số tài khoản"])
def test_what_is_no_account_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        rules.check_account_number(typed)


@given(st.text(max_size=80))
def test_a_holder_is_capitals_without_marks_or_refused(typed: str) -> None:
    try:
        name = rules.holder_name(typed)
    except Invalid:
        return
    assert name.isascii()
    assert name == name.upper()
    assert 3 <= len(name) <= 70


@pytest.mark.parametrize(("typed", "stored"), [("", None), ("8938 5012", "89385012")])
def test_a_gs1_prefix_may_be_missing(typed: str, stored: str | None) -> None:
    assert rules.gs1_prefix(typed) == stored


def test_a_gs1_prefix_of_another_length_is_refused() -> None:
    with pytest.raises(Invalid):
        rules.gs1_prefix("893")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_shares_that_make_a_whole_are_accepted_and_no_others(producers: int, processing: int) -> None:
    fund = 10_000 - producers - processing
    if fund >= 0:
        rules.check_terms(Terms(TODAY, producers, processing, fund), TODAY)
        fund += 1
    with pytest.raises(FormErrors):
        rules.check_terms(Terms(TODAY, producers, processing, fund), TODAY)


def test_all_that_is_wrong_with_terms_is_said_at_once() -> None:
    wrong = Terms(TODAY - timedelta(days=1), 7_000, 2_000, 2_000, {"1": 7_000, "2": 8_000, "3": 9_000})
    with pytest.raises(FormErrors) as refused:
        rules.check_terms(wrong, TODAY)
    assert [error.field for error in refused.value.errors] == ["producers", "from_on", "grade_1"]
    assert "110 %" in str(refused.value.errors[0])


@pytest.mark.parametrize(
    ("rate", "text"), [(8_500, "85"), (1_250, "12,5"), (1_205, "12,05"), (0, "0"), (10_000, "100")]
)
def test_a_rate_is_written_as_people_do(rate: int, text: str) -> None:
    assert rules.percent_text(rate) == text


def test_banks_have_six_digit_numbers_each_its_own() -> None:
    assert len(BANKS) >= 20
    assert len({one.bin for one in BANKS}) == len(BANKS)
    assert all(len(one.bin) == 6 and one.bin.isdecimal() for one in BANKS)
    assert bank("970405").short == "Agribank"
    with pytest.raises(Invalid):
        bank("123456")


@pytest.mark.parametrize(
    ("head", "suffix"),
    [(b"%PDF-1.7", ".pdf"), (b"\xff\xd8\xff\xe0", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"),
     (b"RIFF\x00\x00\x00\x00WEBP", ".webp"),
     (b"\x00\x00\x00\x18ftypheic", ".heic")],
)  # fmt: skip
def test_a_paper_is_told_by_its_first_bytes(head: bytes, suffix: str) -> None:
    assert rules.document_suffix(head) == suffix


@pytest.mark.parametrize("head", [b"", b"<html>", b"MZ\x90", b"PK\x03\x04", b"<svg xmlns"])
def test_anything_else_is_refused_whatever_its_name(head: bytes) -> None:
    with pytest.raises(Invalid):
        rules.document_suffix(head)
