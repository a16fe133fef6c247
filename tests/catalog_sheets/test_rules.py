"""Cells and headings as people type them, each read or refused with a sentence; and the states of a table."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sheets import cells, rules
from catalog.sheets.lines import Layout, Lookups, category_words, read_line
from catalog.sheets.plans import Goods, PackThere, ProductThere, plan_all
from catalog.sheets.rules import TRANSITIONS, Event, How, Outcome, State, heading_row, named, recognise
from core.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("65.000", 65_000),
        ("65,000 đ", 65_000),
        ("65000đ/gói", 65_000),
        ("65k", 65_000),
        ("65 nghìn", 65_000),
        (65000.0, 65_000),
        ("1,2 triệu", 1_200_000),
        ("65.000,00", 65_000),
        ("65,000.00", 65_000),
        ("1.250.000 VNĐ", 1_250_000),
        (1, 1),
    ],
)
def test_a_price_is_read_as_people_write_it(typed, amount) -> None:
    assert cells.price(typed) == amount


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (0, "giá 0 đồng"),
        ("0 đ", "giá 0 đồng"),
        ("-5.000", "giá âm"),
        (65000.5, "phần lẻ"),
        ("liên hệ", "chưa đọc được"),
        ("#N/A", "Excel báo lỗi"),
        (cells.NO_RESULT, "công thức chưa có kết quả"),
        (2e9, "trên 1 tỷ"),
    ],
)
def test_a_price_that_is_none_says_why(typed, why) -> None:
    with pytest.raises(Invalid) as refusal:
        cells.price(typed)
    assert why in str(refusal.value)


def test_a_price_in_thousands_is_one_where_the_heading_says_so() -> None:
    assert cells.price(65, thousands=True) == 65_000
    assert cells.price("65,5", thousands=True) == 65_500
    assert cells.price("65.000", thousands=True) == 65_000


@pytest.mark.parametrize(
    ("typed", "unit", "heading", "found"),
    [
        ("1,5 kg", "", "", (1500, "g")),
        ("500", "g", "", (500, "g")),
        (0.5, "", "kg", (500, "g")),
        ("2 lạng", "", "", (200, "g")),
        (1, "chai", "", (1, "piece")),
        ("10 ml", "Lọ", "", (10, "ml")),
        ("1.500 g", "", "", (1500, "g")),
        (250, "", "ml", (250, "ml")),
    ],
)
def test_an_amount_takes_its_unit_from_the_cell_the_row_or_the_heading(typed, unit, heading, found) -> None:
    assert cells.measure(typed, unit, heading_unit=heading)[:2] == found


def test_an_amount_without_a_unit_asks_for_one() -> None:
    with pytest.raises(Invalid, match="chưa có đơn vị"):
        cells.measure("500")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31/12/2027", date(2027, 12, 31)),
        ("1-2-27", date(2027, 2, 1)),
        ("2027-12-31", date(2027, 12, 31)),
        (46387, date(2026, 12, 31)),
        ("31/2/2026", None),
        (365, None),
        ("12 tháng", None),
    ],
)
def test_a_day_is_day_month_year_or_a_spreadsheet_number(typed, day) -> None:
    assert cells.day(typed) == day


def test_a_barcode_that_excel_rounded_is_not_guessed() -> None:
    assert cells.barcode(8936012345674.0) == "8936012345674"
    with pytest.raises(Invalid, match="rút gọn"):
        cells.barcode("8,93E+12")


@given(
    st.one_of(
        st.none(),
        st.integers(-(10**20), 10**20),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=60),
    )
)
def test_no_cell_breaks_a_reader(value) -> None:
    for read in (
        cells.price,
        cells.measure,
        cells.days,
        cells.must_be_day,
        cells.barcode,
        cells.stars,
        cells.months,
        cells.grams,
    ):
        try:
            read(value)
        except Invalid as refusal:
            assert refusal.message


# ---- headings ----


@pytest.mark.parametrize(
    ("heading", "key", "unit"),
    [
        ("TÊN SẢN PHẨM *", "name", ""),
        ("Giá bán lẻ (VNĐ)", "price", ""),
        ("Giá (nghìn đồng)", "price", "thousand"),
        ("Khối lượng tịnh (kg)", "quantity", "kg"),
        ("ĐVT", "unit", ""),
        ("HSD", "shelf_life", ""),
        ("Ảnh 2", "photos", ""),
        (unicodedata.normalize("NFD", "Tên hàng hóa"), "name", ""),
        ("Product name", "name", ""),
        ("STT", "", ""),
    ],
)
def test_a_heading_is_known_by_its_words(heading, key, unit) -> None:
    guess = named(heading)
    assert guess is not None and (guess.key, guess.unit) == (key, unit)


def test_what_a_cooperative_paid_is_never_taken_for_the_price() -> None:
    assert recognise(["Giá nhập", "Tên hàng"], [["50.000", "40.000"], ["Miến"]], {})[0].key == ""


def test_the_headings_are_found_below_titles_and_blank_lines() -> None:
    rows = [
        ["HTX Bản Vàng"],
        ["Bảng giá tháng 11"],
        [None],
        ["STT", "Tên hàng", "Giá bán"],
        [1, "Miến", 65_000],
    ]
    assert heading_row(rows) == 3


def test_a_column_is_known_by_what_stands_in_it_and_a_memory_beats_everything() -> None:
    found = recognise(
        ["Mặt hàng", "A", "B", "Bán"],
        [["Miến"], ["8936012345674"], ["500 g", "1 kg"], ["x"]],
        {"ban": "price"},
    )
    assert [(guess.key, guess.how) for guess in found] == [
        ("name", How.NAMED),
        ("gtin", How.SEEN),
        ("quantity", How.SEEN),
        ("price", How.REMEMBERED),
    ]


def test_one_kind_of_column_stands_once_and_the_surest_has_it() -> None:
    found = recognise(["Tên hàng theo hóa đơn", "Tên hàng"], [["x"], ["y"]], {})
    assert [guess.key for guess in found] == ["", "name"]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_step_of_a_table_is_allowed_or_refused(state, event) -> None:
    if (state, event) in TRANSITIONS:
        assert rules.next_state(state, event) in State
    else:
        with pytest.raises(Invalid):
            rules.next_state(state, event)


# ---- rows ----

LOOKUPS = Lookups(
    category_words([(7, "mien-bun", "Miến, bún", "Noodles")]),
    ("Miến, bún",),
    {("con minh", "xa", "thai nguyen"): 3, ("con minh", "", "thai nguyen"): 3},
    "thai nguyen",
)
COLUMNS = [
    ("name", ""),
    ("category", ""),
    ("quantity", ""),
    ("price", ""),
    ("origin", ""),
    ("shelf_life", ""),
    ("made_on", ""),
]


def read(*row, columns=COLUMNS, number=17):
    return read_line(number, row, Layout(columns), LOOKUPS)


def test_every_fault_of_a_row_names_its_cell() -> None:
    line = read("Miến", "Xe máy", "vài nắm", 0, "Xã Không Có", "lâu")
    assert [fault.cell for fault in line.faults] == ["D17", "B17", "E17", "C17", "F17"]


def test_words_for_kinds_and_places_are_found_however_they_are_written() -> None:
    line = read(
        unicodedata.normalize("NFD", "Miến dong"),
        "BÚN",
        "500g",
        "65k",
        "X. Côn Minh, Thái Nguyên",
        "12 tháng",
    )
    assert not line.faults
    assert line.values == {
        "name": "Miến dong",
        "category_id": 7,
        "net": [500, "g"],
        "said": "500 g",
        "price_vnd": 65_000,
        "origin_commune_id": 3,
        "shelf_life_days": 365,
    }


def test_a_best_before_day_counts_from_the_day_of_making_and_needs_it() -> None:
    assert read("Miến", None, None, None, None, "31/12/2026", "1/12/2026").values["shelf_life_days"] == 30
    assert read("Miến", None, None, None, None, 46387, 46357).values["shelf_life_days"] == 30
    assert [fault.cell for fault in read("Miến", None, None, None, None, "31/12/2026").faults] == ["F17"]


def test_a_price_that_lost_its_thousands_is_doubted_and_not_refused() -> None:
    line = read("Miến", None, "500 g", 65)
    assert not line.faults and [doubt.cell for doubt in line.doubts] == ["D17"]


def test_an_empty_cell_says_nothing() -> None:
    assert read("Miến", "", None, "  ").values == {"name": "Miến"}


# ---- plans ----

PACK = PackThere(11, 1, "Gói 500 g", 500, "g", 65_000, 600, "02000000000015", False)
FIELDS = dict.fromkeys(
    ("story", "ingredients", "usage", "storage", "warning", "notification_number", "allergens"), ""
) | {
    "name": "Miến dong",
    "category_id": 7,
    "shelf_life_days": 365,
    "origin_commune_id": 3,
    "ocop_stars": None,
    "harvest_months": 0,
}
GOODS = Goods((ProductThere(1, FIELDS, (PACK,)),))


def plan(*rows, goods=GOODS, columns=COLUMNS):
    lines = [read(*row, columns=columns, number=place) for place, row in enumerate(rows, 2)]
    return plan_all(lines, goods, Layout(columns))


def test_a_known_name_changes_the_price_and_shows_before_and_after() -> None:
    (one,) = plan(("MIEN DONG", None, "500 g", 70_000))
    assert (one.outcome, one.product_id, one.pack_id) == (Outcome.CHANGE, 1, 11)
    assert ("price_vnd", 65_000, 70_000) in one.changes and ("name", "Miến dong", "MIEN DONG") in one.changes


def test_the_same_again_changes_nothing() -> None:
    (one,) = plan(("Miến dong", "Miến, bún", "0,5 kg", "65.000", "Côn Minh", "12 tháng"))
    assert one.outcome == Outcome.SAME and not one.changes


def test_another_amount_of_a_known_product_is_another_pack() -> None:
    (one,) = plan(("Miến dong", None, "1 kg", 120_000))
    assert (one.outcome, one.product_id, one.pack_id) == (Outcome.PACK, 1, None)


def test_rows_of_one_new_name_are_one_product_with_its_packs() -> None:
    first, second = plan(("Nấm", None, "100 g", 50_000), ("nấm", None, "200 g", 90_000))
    assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.NEW)
    assert first.group == second.group == 2


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([("Nấm", None, "100 g", 50_000), ("Nấm", None, "100 g", 60_000)], "A3"),
        ([("Nấm", None, "100 g", None)], "D2"),
        ([("Nấm", None, None, 50_000)], "C2"),
        ([(None, None, "100 g", 50_000)], "A2"),
        ([("Nấm", "Miến", "100 g", 5000, None, 30), ("Nấm", None, "1 kg", 9000, None, 40)], "F3"),
        ([("Miến dong", None, "500 g", 1000), ("Miến dong", None, "500 g", 2000)], "C3"),
        ([("Miến dong", None, "2 kg", None)], "D2"),
    ],
)
def test_what_cannot_be_told_is_a_fault_by_cell(rows, cell) -> None:
    planned = plan(*rows)
    assert [fault.cell for one in planned for fault in one.line.faults] == [cell]
    assert planned[-1].outcome == Outcome.FAULTY


def test_a_barcode_finds_its_pack_whatever_the_name_says() -> None:
    columns = [("gtin", ""), ("name", ""), ("price", "")]
    (one,) = plan(("2000000000015", "Miến dong Côn Minh", 66_000), columns=columns)
    assert one.pack_id == 11 and ("name", "Miến dong", "Miến dong Côn Minh") in one.changes
    (strange,) = plan(("2000000000022", "Nấm", 66_000), columns=columns)
    assert [fault.cell for fault in strange.line.faults] == ["A2", "2"]
