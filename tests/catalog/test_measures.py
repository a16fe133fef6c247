"""Amounts, shelf lives and seasons as people say them."""

import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.measures.rules import (
    ALL_YEAR,
    CONTAINERS,
    WORDS,
    in_season,
    mask_of,
    month_spans,
    months_of,
    read_measure,
    read_shelf_life,
    say_shelf_life,
    season_changes_on,
)
from catalog.rules import Unit, unit_price
from core.errors import Invalid
from core.text import fold

G, ML, PIECE = Unit.GRAM, Unit.MILLILITRE, Unit.PIECE

SAID = [
    ("2 lạng", 200, G), ("hai lạng", 200, G), ("2 lạng rưỡi", 250, G), ("lạng rưỡi", 150, G), ("nửa lạng", 50, G),
    ("nửa cân", 500, G), ("1 cân", 1_000, G), ("cân", 1_000, G), ("cân rưỡi", 1_500, G), ("1,5 cân", 1_500, G),
    ("1.5 kg", 1_500, G), ("1 cân 2", 1_200, G), ("1 cân 2 lạng", 1_200, G), ("1 kg 250 g", 1_250, G),
    ("ba cân", 3_000, G), ("yến", 10_000, G), ("yến rưỡi", 15_000, G), ("nửa yến", 5_000, G), ("2 yến", 20_000, G),
    ("tạ", 100_000, G), ("nửa tạ", 50_000, G), ("tạ rưỡi", 150_000, G), ("500", 500, G), ("500g", 500, G),
    ("500 gam", 500, G), ("500 gr.", 500, G), ("1.500 g", 1_500, G), ("0,25 kg", 250, G), ("1/2 kg", 500, G),
    ("1 ký", 1_000, G), ("2 ki-lô-gam", 2_000, G), ("ba trăm gam", 300, G), ("750 ml", 750, ML), ("1 lít", 1_000, ML),
    ("nửa lít", 500, ML), ("lít rưỡi", 1_500, ML), ("1,5 l", 1_500, ML), ("10ml", 10, ML), ("chục", 10, PIECE),
    ("2 chục", 20, PIECE), ("nửa chục", 5, PIECE), ("chục rưỡi", 15, PIECE), ("chục 12", 12, PIECE),
    ("chục mười hai", 12, PIECE), ("chục trứng", 10, PIECE), ("chục 12 quả", 12, PIECE), ("bó", 1, PIECE),
    ("1 bó", 1, PIECE), ("2 bó", 2, PIECE), ("một cái", 1, PIECE), ("6 quả", 6, PIECE), ("hộp 20 túi", 20, PIECE),
    ("chai 750 ml", 750, ML), ("lọ 2 lạng", 200, G), ("một gói nửa cân", 500, G), ("hũ 1/2 lít", 500, ML),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "quantity", "unit"), SAID)
@pytest.mark.parametrize("written", [
    str, fold, str.upper, lambda text: unicodedata.normalize("NFD", text), lambda text: f"  {text} ",
], ids=["marked", "unmarked", "capitals", "NFD", "spaces"])  # fmt: skip
def test_an_amount_is_read_as_people_say_it_with_and_without_marks(written, typed, quantity, unit):
    found = read_measure(written(typed), "g")
    assert (found.quantity, found.unit) == (quantity, unit)


@pytest.mark.parametrize(("typed", "label"), [
    ("2 lạng", "200 g"), ("cân rưỡi", "1,5 kg"), ("chai 750 ml", "Chai 750 ml"), ("lọ 2 lạng", "Lọ 200 g"),
    ("hộp 20 túi", "Hộp 20 túi"), ("bó", "Bó"), ("chục", "10 cái"), ("chục trứng", "10 trứng"), ("yến", "10 kg"),
    ("1 lít", "1 lít"), ("tạ rưỡi", "150 kg"), ("2 bó", "2 bó"), ("chục 12 quả", "12 quả"),
])  # fmt: skip
def test_the_label_says_the_amount_in_legal_units(typed, label):
    assert read_measure(typed).label == label


@pytest.mark.parametrize(("number", "chosen", "quantity", "unit", "label"), [
    ("5", "lạng", 500, G, "500 g"), ("nửa", "kg", 500, G, "500 g"), ("2", "yến", 20_000, G, "20 kg"),
    ("3", "bó", 3, PIECE, "3 bó"), ("1", "chai", 1, PIECE, "Chai"), ("2", "chục", 20, PIECE, "20 cái"),
    ("1,5", "lít", 1_500, ML, "1,5 lít"),
])  # fmt: skip
def test_a_bare_number_is_meant_in_the_unit_chosen_beside_it(number, chosen, quantity, unit, label):
    found = read_measure(number, chosen)
    assert (found.quantity, found.unit, found.label) == (quantity, unit, label)


def test_a_unit_in_the_text_wins_over_the_one_beside_it():
    assert read_measure("2 lạng", "ml").quantity == 200


@pytest.mark.parametrize(
    "typed", ["", "500", "một ít", "lạng lạng", "2 3 kg", "-5 kg", "kg 2 kg", "1e3 g", "½", "5 sào"]
)
def test_what_cannot_be_read_is_answered_with_an_example(typed):
    with pytest.raises(Invalid) as refused:
        read_measure(typed)
    assert refused.value.field == "net_quantity"
    assert "ví dụ" in str(refused.value)


@pytest.mark.parametrize("typed", ["0 g", "0", "11 tạ", "1/0 kg", "0,3 g", "1/3 cái"])
def test_an_amount_that_cannot_be_is_refused_by_name(typed):
    with pytest.raises(Invalid) as refused:
        read_measure(typed, "g")
    assert refused.value.field == "net_quantity"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(typed):
    try:
        assert read_measure(typed, "g").quantity > 0
    except Invalid as refused:
        assert refused.field == "net_quantity"


@given(st.integers(1, 99), st.sampled_from(WORDS), st.sampled_from(["", *CONTAINERS]))
def test_a_label_is_read_back_as_the_amount_it_says(many, word, container):
    assume(many * word.size <= 1_000_000)
    found = read_measure(f"{container} {many} {word.text}")
    again = read_measure(found.label)
    assert (again.quantity, again.unit, again.wrapped) == (found.quantity, found.unit, found.wrapped)


def test_the_unit_price_follows_from_what_was_said():
    found = read_measure("2 lạng")
    assert unit_price(26_000, found.quantity, found.unit).amount_vnd == 130_000


@pytest.mark.parametrize(("typed", "days"), [
    ("365", 365), ("12 tháng", 365), ("18 tháng", 545), ("6 thang", 180), ("1 năm", 365), ("nam ruoi", 545),
    ("2 năm", 730), ("nửa năm", 180), ("2 tuần", 14), ("7 ngày", 7), ("ba ngày", 3), ("24 tháng", 730), ("tháng", 30),
    ("tháng rưỡi", 45), ("6 months", 180),
])  # fmt: skip
def test_a_shelf_life_is_read_as_people_say_it_and_never_lengthened(typed, days):
    assert read_shelf_life(typed) == days


@pytest.mark.parametrize("typed", ["lâu", "0", "200 năm", "0 ngày", "-3 ngày"])
def test_a_shelf_life_that_cannot_be_read_is_refused_with_an_example(typed):
    with pytest.raises(Invalid, match="6 tháng"):
        read_shelf_life(typed)


def test_nothing_said_about_shelf_life_is_nothing():
    assert read_shelf_life("  ") is None


@given(st.integers(1, 3_000))
def test_a_shelf_life_is_said_so_that_it_reads_back(days):
    number, word = say_shelf_life(days)
    assert read_shelf_life(f"{number} {word}") == days


def test_goods_are_in_season_in_their_months_alone():
    mask = mask_of([11, 12, 1])
    assert [month for month in range(1, 13) if in_season(mask, date(2026, month, 15))] == [1, 11, 12]
    assert not any(in_season(0, date(2026, month, 1)) for month in range(1, 13))


def test_months_over_the_new_year_are_one_span():
    assert month_spans(mask_of([11, 12, 1, 2])) == [(11, 2)]
    assert month_spans(mask_of([3, 4, 9])) == [(3, 4), (9, 9)]
    assert month_spans(ALL_YEAR) == [(1, 12)]


@given(st.sets(st.integers(1, 12)), st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_a_season_changes_on_the_day_it_says_and_on_none_before(months, day):
    mask = mask_of(sorted(months))
    assert months_of(mask) == sorted(months)
    turn = season_changes_on(mask, day)
    if turn is None:
        assert mask in (0, ALL_YEAR)
    else:
        assert turn.day == 1 and in_season(mask, turn) != in_season(mask, day)
        assert in_season(mask, date.fromordinal(turn.toordinal() - 1)) == in_season(mask, day)


def test_a_month_that_is_none_is_refused():
    with pytest.raises(Invalid):
        mask_of([13])
