"""The pure rules of payment."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from payments import rules
from payments.rules import Event, LineLeft, Outcome, State


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_state_and_event_moves_by_the_table_or_is_refused(state: State, event: Event) -> None:
    if (state, event) in rules.TRANSITIONS:
        assert rules.next_state(state, event) is rules.TRANSITIONS[state, event]
    else:
        with pytest.raises(Conflict):
            rules.next_state(state, event)


def test_every_state_can_be_reached() -> None:
    reached, before = {State.AWAITING, State.TO_COLLECT}, set()
    while reached != before:
        before = set(reached)
        reached |= {after for (state, _event), after in rules.TRANSITIONS.items() if state in before}
    assert reached == set(State)


def test_money_is_never_taken_for_a_payment_that_is_settled() -> None:
    for state in (
        State.PAID,
        State.REFUND_DUE,
        State.REFUNDED,
        State.COLLECTED,
        State.REMITTED,
    ):
        assert rules.judge(5, total_vnd=5, received_vnd=0, state=state).outcome is Outcome.DUPLICATE


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(0, 10**9), st.sampled_from(State))
def test_no_dong_of_a_transfer_is_lost_or_made(amount: int, total: int, received: int, state: State) -> None:
    received = min(received, total - 1)
    judged = rules.judge(amount, total_vnd=total, received_vnd=received, state=state)
    assert judged.to_order_vnd >= 0
    assert judged.surplus_vnd >= 0
    assert judged.to_order_vnd + received <= total
    if judged.to_order_vnd:
        assert judged.to_order_vnd + judged.surplus_vnd == amount


@pytest.mark.parametrize(
    ("amount", "received", "outcome", "surplus"),
    [(200_000, 0, Outcome.EXACT, 0), (199_999, 0, Outcome.SHORT, 0), (1, 199_999, Outcome.EXACT, 0),
     (200_001, 0, Outcome.OVER, 1), (150_000, 100_000, Outcome.OVER, 50_000)],
)  # fmt: skip
def test_a_transfer_is_exact_short_or_over(
    amount: int, received: int, outcome: Outcome, surplus: int
) -> None:
    state = State.PARTLY if received else State.AWAITING
    judged = rules.judge(amount, total_vnd=200_000, received_vnd=received, state=state)
    assert (judged.outcome, judged.surplus_vnd) == (outcome, surplus)


CODE = "CP7K2M9X"


@pytest.mark.parametrize(
    "content",
    ["CP7K2M9X", "cp7k2m9x", "MBVCB.3278907687.CP7K2M9X.CT tu 0011 DO MINH MAU toi 0022", "CP 7K2M 9X",
     "C P 7 K 2 M 9 X",
     "tra tien don CP7K2M9X cam on", "DOMINHMAU CHUYENTIENCP7K2M9XFT26326", "Ck-CP-7K2M-9X", "CP7K2M9X CP7K2M9X",
     "CPCP7K2M9X",
     "thanh toán đơn cp7k2m9x"],
)  # fmt: skip
def test_the_order_code_is_found_however_the_bank_writes_it(content: str) -> None:
    assert rules.codes_in(content, lambda code: code == CODE) == (CODE,)


def test_an_accident_without_a_right_check_character_is_no_code() -> None:
    assert rules.codes_in("CPABCDEF CP7K2M9X", lambda code: code == CODE) == (CODE,)
    assert rules.codes_in("chuyen tien mua iphone", lambda _code: True) == ()
    assert rules.codes_in("CP7K2M", lambda _code: True) == ()


def test_two_codes_are_both_told() -> None:
    assert len(rules.codes_in("CP7K2M9X CP7K2M9Y", lambda code: code.startswith("CP7K"))) == 2


@given(st.text(max_size=300))
def test_no_content_makes_the_search_crash(content: str) -> None:
    assert all(len(code) == 8 for code in rules.codes_in(content, lambda _code: True))


@given(st.integers(0, 10**9), st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_the_parts_of_a_line_add_up_to_the_line_whatever_the_steps(total: int, steps: list[int]) -> None:
    quantity, given_back, done = sum(steps), 0, 0
    for step in steps:
        amount = rules.line_amount(LineLeft(1, quantity, done, total), step)
        assert amount >= 0
        given_back, done = given_back + amount, done + step
    assert given_back == total


@pytest.mark.parametrize("wanted", [{2: 1}, {1: 0}, {1: -1}, {1: 3}])
def test_more_than_is_left_or_a_foreign_line_is_refused(wanted: dict[int, int]) -> None:
    with pytest.raises(Conflict):
        rules.check_quantities({1: LineLeft(1, 3, 1, 99_000)}, wanted)
