"""The state table pair by pair, working days with holidays, quorum, and what departs from a score."""

from datetime import date
from itertools import product

import pytest

from registry.procedure.daysoff import works
from registry.procedure.rules import (
    BEFORE_DECISION,
    DURATIONS,
    ENDED,
    NEXT_WORDS,
    OVER,
    PATH,
    STATE_WORDS,
    TRANSITIONS,
    CaseEvent,
    CaseState,
    after_working_days,
    departs,
    duration,
    is_late,
    quorate,
    round_ends,
)


def test_nothing_leaves_a_case_that_ended_and_all_others_go_on() -> None:
    leaving = {state for state, _event in TRANSITIONS}
    assert leaving == set(CaseState) - set(ENDED)


def test_every_state_is_reached_and_every_event_used() -> None:
    assert set(TRANSITIONS.values()) == set(CaseState) - {CaseState.REQUESTED, CaseState.LISTED}
    assert {event for _state, event in TRANSITIONS} == set(CaseEvent)


def test_recognition_has_one_way_in_and_the_family_may_withdraw_until_then() -> None:
    ways = [pair for pair, after in TRANSITIONS.items() if after is CaseState.RECOGNISED]
    assert ways == [(CaseState.PROPOSED, CaseEvent.APPROVE)]
    for state, event in product(CaseState, [CaseEvent.WITHDRAW]):
        assert ((state, event) in TRANSITIONS) == (state in BEFORE_DECISION)


def test_no_case_is_proposed_without_having_been_posted() -> None:
    before = {state for (state, event), _after in TRANSITIONS.items() if event is CaseEvent.PROPOSE}
    assert before == {CaseState.POSTED}


def test_every_state_has_words_and_the_familys_way_holds_each_once() -> None:
    assert set(STATE_WORDS) == set(NEXT_WORDS) == {*CaseState, OVER}
    on_the_way = [state for states in PATH for state in states]
    assert sorted(on_the_way) == sorted({*CaseState, OVER} - {CaseState.CLOSED, CaseState.WITHDRAWN})


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a weekend between
        (date(2026, 11, 22), 3, date(2026, 11, 26)),  # Vietnam Cultural Day on the 24th
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # Tết
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # a Saturday worked for a Monday off
        (date(2026, 8, 28), 1, date(2026, 9, 3)),  # that Monday, and the National Day's two
    ],
)
def test_clocks_run_in_working_days(start: date, days: int, last: date) -> None:
    assert after_working_days(start, days, works) == last


def test_every_duration_says_that_it_was_not_read_in_law() -> None:
    assert {row.step for row in DURATIONS} == {"request", "posting", "recheck"}
    assert not any(row.verified for row in DURATIONS) and all(row.source for row in DURATIONS)
    assert duration("posting", date(2026, 11, 22)).working_days == 3


def test_half_of_the_listed_households_are_enough() -> None:
    assert quorate(1, 2) and quorate(5, 9) and not quorate(4, 9) and not quorate(0, 0)


def test_a_class_departs_from_another_and_from_a_score_that_cannot_be_said() -> None:
    assert departs("poor", "near_poor") and departs("unsaid", "poor") and not departs("poor", "poor")


def test_a_case_is_late_after_its_last_day_or_its_rechecks() -> None:
    due = round_ends(2026)
    assert not is_late("listed", due, None, due) and is_late("listed", due, None, date(2026, 12, 15))
    assert is_late("objected", due, date(2026, 11, 25), date(2026, 11, 26))
    assert not is_late("posted", due, date(2026, 11, 25), date(2026, 11, 26))
    assert not is_late("recognised", due, None, date(2027, 1, 1))
