"""Planning a run, its states, and the words by which a bank's line finds its way back."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, Invalid
from payments.payruns import rules
from payments.payruns.rules import LineEvent, LineState, Owed, RunEvent, RunState, Why
from revenue.payouts.rules import Credit, check_pin, first_paid, needs_second, unpaid_part
from tests.conftest import NOW

MONEY = st.integers(0, 10**10)
OWED = st.lists(
    st.builds(
        Owed,
        producer_id=st.integers(1, 10**6),
        owed_vnd=st.integers(1, 10**9),
        paid_at=st.one_of(st.none(), st.integers(0, 1000).map(lambda d: NOW - timedelta(days=d))),
        account=st.booleans(),
        held=st.booleans(),
        in_run=st.booleans(),
    ),
    unique_by=lambda one: one.producer_id,
    max_size=12,
)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(RunState, RunEvent)))
def test_a_run_moves_only_by_its_table(state: RunState, event: RunEvent) -> None:
    if (state, event) in rules.RUN_TRANSITIONS:
        assert rules.next_run(state, event) in RunState
    else:
        with pytest.raises(Conflict):
            rules.next_run(state, event)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(LineState, LineEvent)))
def test_a_line_moves_only_by_its_table(state: LineState, event: LineEvent) -> None:
    if (state, event) in rules.LINE_TRANSITIONS:
        assert rules.next_line(state, event) in LineState
    else:
        with pytest.raises(Conflict):
            rules.next_line(state, event)


@given(OWED, MONEY, MONEY, st.integers(0, 10**6), st.one_of(st.none(), MONEY))
def test_a_run_never_pays_more_than_there_is_is_owed_or_was_allowed(
    owed: list[Owed], bank: int, cash: int, least: int, most: int | None
) -> None:
    plan = rules.plan(owed, bank, cash, least_vnd=least, most_vnd=most)
    by_id = {one.producer_id: one for one in owed}
    assert plan.of("bank") <= bank and plan.of("cash") <= cash
    assert most is None or plan.total_vnd <= most
    for line in plan.lines:
        whom = by_id[line.producer_id]
        assert max(1, least) <= line.amount_vnd <= whom.owed_vnd
        assert not whom.held and not whom.in_run
        assert line.method == ("bank" if whom.account else "cash")
    named = [one.producer_id for one in (*plan.lines, *plan.left)]
    assert sorted(named) == sorted(by_id)


@given(OWED)
def test_everybody_who_may_be_paid_is_when_money_does_not_lack(owed: list[Owed]) -> None:
    plan = rules.plan(owed, 10**12, 10**12)
    wanted = {one.producer_id: one.owed_vnd for one in owed if not one.held and not one.in_run}
    assert {one.producer_id: one.amount_vnd for one in plan.lines} == wanted


def test_who_waited_longest_comes_first_and_the_last_gets_what_is_left() -> None:
    owed = [Owed(1, 50, NOW), Owed(2, 50, None), Owed(3, 50, NOW - timedelta(days=9)), Owed(4, 50, held=True)]
    plan = rules.plan(owed, 120, 0)
    assert [(one.producer_id, one.amount_vnd) for one in plan.lines] == [(2, 50), (3, 50), (1, 20)]
    assert [(one.producer_id, one.why) for one in plan.left] == [(4, Why.HELD)]


@given(
    st.integers(1, 10**12 - 1),
    st.sampled_from(["MBVCB.9 {} GD 12", "{}", "ck tra 014-{}.ft26", "TRA 014 {}"]),
)
def test_a_lines_code_is_found_however_the_bank_writes_it(line_id: int, words: str) -> None:
    code = rules.code_of(line_id)
    assert rules.lines_in(words.format(code)) == [line_id]
    assert rules.lines_in(words.format(" ".join(code)).lower()) == [line_id]


@given(st.integers(1, 10**9), st.integers(0, 9), st.integers(0, 20))
def test_a_code_with_one_wrong_digit_is_nobodys(line_id: int, digit: int, at: int) -> None:
    code = rules.code_of(line_id)
    places = [place for place, sign in enumerate(code) if sign.isdigit()]
    place = places[at % len(places)]
    if code[place] != str(digit):
        assert line_id not in rules.lines_in(code[:place] + str(digit) + code[place + 1 :])


def test_an_order_code_is_never_read_out_of_what_a_payout_says() -> None:
    from orders.rules import codes_in

    assert all(codes_in(rules.purpose(f"{n:03}", n)) == [] for n in range(1, 3000))


@given(st.lists(st.integers(1, 10**6), max_size=20), st.integers(0, 10**7))
def test_the_unpaid_part_adds_up_to_what_is_owed_as_far_as_credits_reach(
    amounts: list[int], owed: int
) -> None:
    credits = [Credit(place, amount) for place, amount in enumerate(amounts)]
    parts = unpaid_part(credits, owed)
    assert sum(one.amount_vnd for one in parts) == min(owed, sum(amounts))
    assert all(one.amount_vnd <= amounts[one.entry_id] for one in parts)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20), st.data())
def test_a_payment_settles_the_oldest_first(amounts: list[int], data: st.DataObject) -> None:
    newest_first = [Credit(place, amount) for place, amount in enumerate(amounts)]
    paid = data.draw(st.integers(1, sum(amounts)))
    parts = first_paid(newest_first, paid)
    assert sum(one.amount_vnd for one in parts) == paid
    assert parts[-1].entry_id == len(amounts) - 1


def test_a_second_person_is_needed_only_past_the_limit() -> None:
    assert not needs_second(10, 0, 10)
    assert needs_second(1, 10, 10)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "111111", "123456", "654321", "abcdef"])
def test_a_pin_that_others_would_guess_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        check_pin(typed)


def test_a_pin_is_six_digits_however_they_are_spaced() -> None:
    assert check_pin("48 20 17") == "482017"
