"""Rules of slips, batches, lots and stock, as sentences and as properties."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, FormErrors, Invalid
from tests.conftest import NOW
from traceability.batches import rules as batches
from traceability.batches.rules import Input, MadeOf
from traceability.lots import rules as lots
from traceability.rules import TRANSITIONS, LotEvent, LotState, OutOfStock, Reserved, lot_after
from traceability.slips import rules as slips
from traceability.stock import rules as stock


def check(**changes):
    good = {"gross_g": 43_600, "tare_g": 800, "grade": "1", "price_vnd_per_kg": 3_500, "advance_vnd": 0,
            "weighed_at": NOW, "now": NOW}  # fmt: skip
    return slips.check_slip(**(good | changes))


def test_net_is_gross_less_tare():
    assert check() == 42_800


@pytest.mark.parametrize(("changes", "field"), [
    ({"gross_g": 0}, "gross_g"), ({"gross_g": -5}, "gross_g"), ({"tare_g": -1}, "tare_g"),
    ({"tare_g": 43_600}, "tare_g"), ({"gross_g": 5_000_801}, "gross_g"), ({"grade": "4"}, "grade"),
    ({"price_vnd_per_kg": -1}, "price_vnd_per_kg"), ({"advance_vnd": 10**12}, "advance_vnd"),
    ({"weighed_at": NOW + timedelta(minutes=3)}, "weighed_at"),
    ({"weighed_at": NOW - timedelta(days=31)}, "weighed_at"),
])  # fmt: skip
def test_a_slip_that_cannot_be_is_refused_beside_its_field(changes, field):
    with pytest.raises(FormErrors) as refused:
        check(**changes)
    assert [error.field for error in refused.value.errors] == [field]


def test_everything_wrong_is_said_at_once():
    with pytest.raises(FormErrors) as refused:
        check(tare_g=-1, grade="x", advance_vnd=-1)
    assert len(refused.value.errors) == 3


def test_five_tonnes_and_thirty_days_are_just_allowed():
    assert check(gross_g=5_000_800) == 5_000_000
    assert check(weighed_at=NOW - timedelta(days=30))


def test_output_heavier_than_input_says_both_weights():
    with pytest.raises(Invalid) as refused:
        batches.check_balance(10_000, 12_000)
    assert str(refused.value) == "Đầu ra 12 kg nặng hơn đầu vào 10 kg. Cân lại, hoặc thêm nguyên liệu vào mẻ."


def test_a_batch_needs_input_and_output():
    for weights in ((0, 1), (1, 0), (0, 0)):
        with pytest.raises(Invalid):
            batches.check_balance(*weights)


def test_a_yield_outside_the_band_needs_a_reason():
    with pytest.raises(Invalid, match="thường ra từ 20 đến 30 kg"):
        batches.check_yield(100_000, 10_000, 2_000, 3_000, "")
    batches.check_yield(100_000, 10_000, 2_000, 3_000, "máy sấy hỏng")
    batches.check_yield(100_000, 20_000, 2_000, 3_000, "")
    batches.check_yield(100_000, 30_000, 2_000, 3_000, "")


def test_a_lot_of_two_slips_has_their_grams():
    graph = {1: MadeOf(30, 30, [Input(60, slip_id=7), Input(40, slip_id=8)])}
    assert batches.shares_of(1, graph) == {7: 60, 8: 40}


def test_every_output_inherits_the_proportions_of_the_batch():
    inputs = [Input(60, slip_id=7), Input(40, slip_id=8), Input(50)]
    first = batches.shares_of(1, {1: MadeOf(20, 50, inputs)})
    second = batches.shares_of(2, {2: MadeOf(30, 50, inputs)})
    assert first == {7: 24, 8: 16}
    assert second == {7: 36, 8: 24}


def test_a_lot_made_of_lots_reaches_through_to_the_slips():
    graph = {
        1: MadeOf(50, 50, [Input(100, slip_id=7)]),
        2: MadeOf(20, 20, [Input(30, slip_id=8), Input(10, slip_id=7)]),
        3: MadeOf(40, 40, [Input(25, lot_id=1), Input(20, lot_id=2), Input(5)]),
    }
    assert batches.shares_of(3, graph) == {7: 60, 8: 30}


def test_a_lot_from_nowhere_has_no_slips():
    assert batches.shares_of(1, {}) == {}
    assert batches.whole_grams({}) == {}


def test_a_long_chain_of_lots_is_walked():
    graph = {0: MadeOf(10, 10, [Input(10, slip_id=1)])}
    graph |= {n: MadeOf(10, 10, [Input(10, lot_id=n - 1)]) for n in range(1, 3000)}
    assert batches.shares_of(2999, graph) == {1: 10}


WEIGHT = st.integers(1, 100_000)


@given(st.lists(WEIGHT, min_size=1, max_size=8), st.lists(WEIGHT, min_size=1, max_size=5))
def test_outputs_together_hold_all_the_slips_grams(inputs, outputs):
    rows = [Input(grams, slip_id=n) for n, grams in enumerate(inputs)]
    whole = sum(outputs)
    held: dict[int, Fraction] = {}
    for output in outputs:
        for slip_id, grams in batches.shares_of(1, {1: MadeOf(output, whole, rows)}).items():
            held[slip_id] = held.get(slip_id, Fraction(0)) + grams
    assert held == dict(enumerate(inputs))


@given(st.lists(WEIGHT, min_size=1, max_size=8), WEIGHT, WEIGHT)
def test_whole_grams_add_up_and_stay_within_a_gram_and_a_half(inputs, part, rest):
    rows = [Input(grams, slip_id=n) for n, grams in enumerate(inputs)]
    exact = batches.shares_of(1, {1: MadeOf(part, part + rest, rows)})
    grams = batches.whole_grams(exact)
    assert sum(grams.values()) == round(sum(exact.values()))
    assert all(abs(grams.get(slip_id, 0) - share) < Fraction(3, 2) for slip_id, share in exact.items())


@given(st.text(min_size=1, max_size=60), st.dates(date(2020, 1, 1), date(2099, 1, 1)), st.integers(1, 99_999))
def test_every_lot_code_fits_gs1(name, day, count):
    assert lots.CODE.fullmatch(lots.lot_code(lots.code_prefix(name), day, count))


def test_packs_in_millilitres_weigh_by_density_rounded_up():
    assert lots.pack_mass_g(10, "ml", 895) == 9
    assert lots.pack_mass_g(1, "piece", 895) is None
    assert lots.check_mass(5, None, 0) == 0


def test_packing_says_how_many_packs_the_bulk_is_enough_for():
    with pytest.raises(Invalid, match="Lô còn 5,4 kg chưa đóng, chỉ đủ 10 gói"):
        lots.check_mass(11, 500, 5_400)
    assert lots.check_mass(10, 500, 5_400) == 5_000


def test_expiry_follows_the_shelf_life_unless_stated():
    made = date(2026, 11, 22)
    assert lots.expiry(made, None, 365) == date(2027, 11, 22)
    assert lots.expiry(made, None, None) is None
    assert lots.expiry(made, date(2026, 12, 1), 365) == date(2026, 12, 1)
    with pytest.raises(Invalid):
        lots.expiry(made, date(2026, 11, 21), None)


@pytest.mark.parametrize("state", LotState)
@pytest.mark.parametrize("event", LotEvent)
def test_every_pair_of_state_and_event_is_decided(state, event):
    after = lot_after(state, event)
    if (state, event) in TRANSITIONS:
        assert lots.next_state("A", state, event) == after
    else:
        assert after is None
        with pytest.raises(Invalid):
            lots.next_state("A", state, event)


def test_nothing_leads_out_of_a_recall():
    assert not any(state is LotState.RECALLED for state, _event in TRANSITIONS)


def test_goods_are_sold_through_their_last_day():
    last = date(2026, 11, 22)
    assert stock.is_sellable("open", last, last)
    assert not stock.is_sellable("open", last, last + timedelta(days=1))
    assert not stock.is_sellable("recalled", None, last)
    with pytest.raises(Conflict, match="hết hạn ngày 22/11/2026"):
        stock.check_sellable("A", "open", last, last + timedelta(days=1))


@given(st.lists(st.integers(0, 20), max_size=8), st.integers(1, 60))
def test_a_line_is_filled_in_order_and_exactly_or_not_at_all(free, wanted):
    lots_free = [Reserved(n, quantity) for n, quantity in enumerate(free)]
    if sum(free) < wanted:
        with pytest.raises(OutOfStock) as refused:
            stock.fill(lots_free, wanted)
        assert refused.value.left == sum(free)
        return
    parts = stock.fill(lots_free, wanted)
    assert sum(part.quantity for part in parts) == wanted
    assert all(0 < part.quantity <= free[part.lot_id] for part in parts)
    assert [part.lot_id for part in parts] == sorted(part.lot_id for part in parts)
    assert all(part.quantity == free[part.lot_id] for part in parts[:-1])


@pytest.mark.parametrize("quantity", [0, -1, 100_001])
def test_quantities_are_whole_packs(quantity):
    with pytest.raises(Invalid):
        stock.check_quantity(quantity)
