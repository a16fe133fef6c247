"""What a voucher takes off: the arithmetic alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from orders.vouchers.rules import OWN_MOST_BP, SUBSIDY_MOST_BP, Refused, Terms, divided, read_code, reduction
from revenue.split.rules import line_parts

VND = st.integers(1, 50_000_000)
GOODS = st.dictionaries(st.integers(1, 9), VND, min_size=1, max_size=6)
TERMS = st.one_of(
    st.builds(Terms, st.integers(1, 9_000), st.none(), st.none() | VND, st.just(0), st.booleans()),
    st.builds(Terms, st.none(), VND, st.none() | VND, st.just(0), st.booleans()),
)


@given(TERMS, GOODS)
def test_the_parts_of_the_orders_add_up_to_the_reduction(terms, goods):
    parts = divided(terms, goods)
    assert sum(parts.values()) == reduction(terms, sum(goods.values()))
    assert all(0 < part <= goods[seller] for seller, part in parts.items())


@given(TERMS, VND)
def test_a_voucher_never_takes_more_than_its_bounds(terms, goods):
    off = reduction(terms, goods)
    most = SUBSIDY_MOST_BP if terms.subsidised else OWN_MOST_BP
    assert 0 <= off <= goods * most // 10_000
    assert terms.most_vnd is None or off <= terms.most_vnd


@given(
    st.dictionaries(st.integers(1, 30), VND, min_size=1, max_size=8),
    st.integers(0, 10_000), st.integers(0, 10_000),
)  # fmt: skip
def test_what_buyer_and_programme_pay_of_the_lines_adds_up_to_the_order(totals, discount_bp, subsidy_bp):
    goods = sum(totals.values())
    discount = goods * discount_bp // 10_000
    subsidy = (goods - discount) * subsidy_bp // 10_000
    parts = line_parts(totals, discount, subsidy)
    assert sum(mine for mine, _theirs in parts.values()) == goods - discount - subsidy
    assert sum(theirs for _mine, theirs in parts.values()) == subsidy
    assert all(mine >= 0 and theirs >= 0 for mine, theirs in parts.values())


def test_by_example():
    assert reduction(Terms(1_000, None), 130_000) == 13_000
    assert reduction(Terms(None, 30_000), 130_000) == 30_000
    assert reduction(Terms(None, 30_000), 40_000) == 20_000, "half at most"
    assert reduction(Terms(None, 30_000, subsidised=True), 30_000) == 27_000
    assert divided(Terms(1_000, None), {1: 65_000, 2: 35_005}) == {1: 6_500, 2: 3_500}


def test_below_the_minimum_it_says_how_much_is_missing():
    with pytest.raises(Refused) as refused:
        divided(Terms(1_000, None, None, 200_000), {1: 150_000})
    assert "200.000" in str(refused.value) and "50.000" in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "code"), [("tet-2027", "TET2027"), (" Tet 2027 ", "TET2027"), ("abcd", "ABCD")]
)
def test_a_code_is_read_however_it_is_typed(typed, code):
    assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "ab", "tết2027", "x" * 17, "a'b;drop"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(Invalid):
        read_code(typed)
