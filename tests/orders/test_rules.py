"""The way of an order, its code, quantities."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, Invalid
from orders import rules
from orders.rules import ALPHABET, CODES, TRANSITIONS, Event, State


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_pair_of_state_and_event_is_in_the_table_or_refused(state, event):
    if (state, event) in TRANSITIONS:
        assert rules.after(state, event) is TRANSITIONS[state, event]
        assert rules.allowed(state, event)
    else:
        assert not rules.allowed(state, event)
        with pytest.raises(Conflict):
            rules.after(state, event)


def test_a_closed_order_only_ever_comes_back_from_a_lapsed_hold():
    leaving = {(state, event) for state, event in TRANSITIONS if state in rules.CLOSED}
    assert leaving == {(State.EXPIRED, Event.REVIVE)}


def test_every_state_can_be_reached_from_the_start():
    reached = set(rules.FIRST_STATE.values())
    for _round in State:
        reached |= {target for (state, _event), target in TRANSITIONS.items() if state in reached}
    assert reached == set(State)


def test_a_buyer_cancels_until_packing_and_never_after():
    assert {state for state in State if rules.buyer_may_cancel(state)} == rules.BEFORE_PACKING
    assert State.PACKED not in rules.BEFORE_PACKING


@given(st.integers(0, CODES - 1))
def test_a_code_is_eight_signs_begins_with_cp_and_carries_its_check(number):
    code = rules.code_of(number)
    assert len(code) == 8
    assert code.startswith("CP")
    assert rules.is_code(code)
    assert rules.read_code(f" {code[:2].lower()}-{code[2:5]} {code[5:].lower()} ") == code


@given(st.integers(0, CODES - 1), st.integers(2, 7), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(number, place, sign):
    code = rules.code_of(number)
    wrong = code[:place] + sign + code[place + 1 :]
    assert rules.is_code(wrong) == (wrong == code)


@given(st.integers(0, CODES - 1), st.integers(2, 6))
def test_two_neighbours_swapped_are_noticed(number, place):
    code = rules.code_of(number)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert rules.is_code(wrong) == (wrong == code)


@given(st.integers(0, CODES - 1))
def test_a_code_is_found_in_what_banks_make_of_it(number):
    code = rules.code_of(number)
    assert rules.codes_in(f"MBVCB.123.{code.lower()} do minh mau chuyen") == [code]
    assert rules.codes_in(f"CT tu 0123 {code[:4]} {code[4:]}-{code}") == [code]


def test_codes_have_no_signs_that_look_alike():
    assert not set(ALPHABET) & set("0O1IL")
    assert len(ALPHABET) == len(set(ALPHABET)) == 31


@pytest.mark.parametrize("typed", ["-1", "1.5", "hai", "1000", "99999", "", "+3", "1e3", "²", "٣", "1;2"])
def test_nonsense_quantities_are_refused(typed):
    with pytest.raises(Invalid):
        rules.parse_quantity(typed)


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("1", 1), (" 7 ", 7), ("999", 999), ("007", 7)])
def test_plain_quantities_are_read(typed, number):
    assert rules.parse_quantity(typed) == number


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("md-2610-19", "MD-2610-19"),
        ("HTTPS://CHO.VN/01/02000000000008/10/MD-2610-19", "MD-2610-19"),
        ("https://cho.vn/01/02000000000008/10/MD-2610-19/21/5", "MD-2610-19"),
        (" MD 1 ", "MD 1"),
    ],
)
def test_a_lot_is_read_from_a_label_or_from_fingers(scanned, code):
    assert rules.lot_code_of(scanned) == code


def test_what_is_shown_without_the_link_names_nobody():
    assert rules.mask_phone("+84912345678") == "0912 *** 678"
    assert rules.mask_name("Đỗ Minh Mẫu") == "… Mẫu"


def test_a_carrier_link_takes_only_plain_numbers():
    assert rules.carrier_link("GHN", "GAB123") == "https://donhang.ghn.vn/?order_code=GAB123"
    assert rules.carrier_link("GHN", 'x" onload=') == ""
    assert rules.carrier_link("Nhà xe Hùng", "123456") == ""
