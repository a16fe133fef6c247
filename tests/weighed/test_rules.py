"""The price of what is weighed at packing, and who gets the difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.weighed.rules import Band, check_band, packed_price, priced
from core.errors import Invalid
from orders.weighed.rules import check_weights, difference, part_of
from traceability.rules import OutOfStock, Reserved
from traceability.stock.rules import fill

CHICKEN = Band(120_000, 1_200, 1_600, "con")
RATES = st.integers(1_000, 5_000_000)
GRAMS = st.integers(1, 50_000)

TABLE = [  # đồng a kilogram, prepaid, grams → đồng
    (120_000, 192_000, 1_600, 192_000),
    (120_000, 192_000, 1_350, 162_000),
    (120_000, 192_000, 1_201, 144_120),
    (99_999, 159_998, 1_234, 123_398),  # 123 398,766: down
    (35_000, 70_000, 1_999, 69_965),
    (
        99_999,
        319_996,
        3_200,
        319_996,
    ),  # two pieces prepaid 159 998 each; 319 996,8 is rounded down, never above
]


@pytest.mark.parametrize(("rate", "prepaid", "grams", "price"), TABLE)
def test_the_packed_price_is_grams_times_the_price_of_a_kilogram_rounded_down(rate, prepaid, grams, price):
    assert packed_price(rate, grams, prepaid) == price


@given(RATES, st.integers(50, 50_000), st.integers(1, 20), st.data())
def test_no_line_costs_more_than_was_prepaid_and_none_is_a_dong_off(rate, top, count, data):
    weights = data.draw(st.lists(st.integers(1, top), min_size=count, max_size=count))
    prepaid = count * priced(rate, top)
    cost = packed_price(rate, sum(weights), prepaid)
    assert 0 <= cost <= prepaid
    exact = rate * sum(weights)
    assert exact - 1000 * count < cost * 1000 <= exact, (
        "at most a đồng a piece below the exact price, never above"
    )


@given(RATES, GRAMS, GRAMS)
def test_a_heavier_line_never_costs_less(rate, one, other):
    light, heavy = sorted((one, other))
    prepaid = priced(rate, 50_000)
    assert packed_price(rate, light, prepaid) <= packed_price(rate, heavy, prepaid)


@given(st.data())
def test_the_difference_goes_to_the_buyer_first_and_nothing_is_lost(data):
    own = data.draw(st.integers(0, 10**7))
    theirs, discount = data.draw(st.integers(0, 10**7)), data.draw(st.integers(0, 10**7))
    prepaid = own + theirs + discount
    packed = data.draw(st.integers(0, prepaid))
    found = difference(prepaid, packed, own, theirs)
    assert 0 <= found.back_vnd <= own and 0 <= found.subsidy_back_vnd <= theirs
    kept_discount = packed - (own - found.back_vnd) - (theirs - found.subsidy_back_vnd)
    assert 0 <= kept_discount <= discount, "the seller's discount is the last to shrink"
    assert found.subsidy_back_vnd == 0 or found.back_vnd == own


@given(st.integers(1, 10**6), st.integers(1, 30))
def test_the_grams_of_pieces_add_up_to_the_line(grams, pieces):
    assert sum(part_of(grams, pieces, gone, 1) for gone in range(pieces)) == grams
    assert part_of(grams, pieces, 0, pieces) == grams


@given(st.lists(st.integers(0, 20_000), max_size=5), st.integers(1, 12), st.integers(50, 5_000))
def test_a_reservation_in_grams_never_takes_more_than_a_lot_holds(lots, wanted, piece_g):
    free = [Reserved(number, grams) for number, grams in enumerate(lots)]
    enough = sum(grams // piece_g for grams in lots)
    if enough < wanted:
        with pytest.raises(OutOfStock) as refused:
            fill(free, wanted, piece_g)
        assert refused.value.left == enough
        return
    parts = fill(free, wanted, piece_g)
    assert sum(part.quantity for part in parts) == wanted
    assert all(part.quantity * piece_g <= lots[part.lot_id] for part in parts)


@pytest.mark.parametrize(
    ("band", "field"),
    [
        (Band(0, 1_200, 1_600, "con"), "price_per_kg_vnd"),
        (Band(120_000, 0, 1_600, "con"), "piece_min_g"),
        (Band(120_000, 1_600, 1_200, "con"), "piece_max_g"),
        (Band(120_000, 700, 1_600, "con"), "piece_max_g"),
        (Band(120_000, 1_200, 60_000, "con"), "piece_max_g"),
        (Band(120_000, 1_200, 1_600, "thùng"), "piece_word"),
        (Band(900_000_000, 1_200, 1_600, "con"), "price_per_kg_vnd"),
    ],
)
def test_a_band_that_cannot_be_sold_by_is_refused_beside_its_field(band, field):
    with pytest.raises(Invalid) as refused:
        check_band(band)
    assert refused.value.field == field


def _check(*weights: int, count: int = 2, reason: str = "") -> int:
    return check_weights("Gà", CHICKEN, count, weights, reason, field="line-1")


def test_pieces_are_weighed_one_by_one_and_together_stay_below_what_was_prepaid():
    assert _check(1_650, 1_500) == 3_150, "one above the band is balanced by the other"
    for weights in [(1_300,), (1_300, 1_300, 1_300), (1_300, 0)]:
        with pytest.raises(Invalid, match="cân đủ"):
            _check(*weights)
    with pytest.raises(Invalid) as refused:
        _check(1_650, 1_600)
    assert refused.value.params["most"] == "3,2" and "Đổi" in str(refused.value.remedy)


def test_a_piece_lighter_than_promised_needs_a_reason():
    with pytest.raises(Invalid) as refused:
        _check(1_100, 1_300)
    assert refused.value.field == "reason-line-1"
    assert _check(1_100, 1_300, reason="đã gọi, khách đồng ý") == 2_400
