"""A seller's template comes back as it was, with the goods in it; what is missing is told pack by pack."""

import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.marketplaces.columns import ORDERS, TEMPLATE
from channels.marketplaces.filling import plan
from channels.marketplaces.goods import Good, Picture
from channels.marketplaces.matching import layout_of, meaning, read_layout
from channels.marketplaces.rules import Site, Status
from channels.marketplaces.sites import FOLDER, facts
from channels.marketplaces.workbooks import fill, open_template
from core.errors import Invalid
from core.headings import heading_key, named
from core.text import fold
from tests.marketplaces.books import VIETNAMESE, opened, saved, shopee, simple

WORDS = [(column.key, name.strip()) for column in TEMPLATE for name in column.known_as.split(",")]


def good(pack_id: int = 7, **more: object) -> Good:
    said: dict[str, object] = {
        "pack_id": pack_id, "product_id": 3, "name": "Miến dong Côn Minh", "label": "500 g", "siblings": 1,
        "price_vnd": 70_000, "stock": 12, "weight_g": 560, "gtin": "8934567890120", "brand": "HTX Ta", "category_id": 4,
        "category": "Miến, bún", "description": "Củ dong trồng trên nương.", "origin": "xã Côn Minh, Thái Nguyên",
        "ingredients": "Củ dong", "shelf_life_days": 365, "pictures": (Picture("https://x.vn/a.jpg", 900),),
    }  # fmt: skip
    return Good(**(said | more))  # type: ignore[arg-type]


def test_a_template_is_filled_and_nothing_else_in_it_changes():
    data = shopee()
    layout = read_layout(open_template(data), set())
    assert (layout.sheet.name, layout.heading_no, layout.first_no) == ("Bản đăng tải", 3, 6)
    goods = [good(7, siblings=2), good(8, siblings=2, label="1 kg", price_vnd=130_000), good(9, weighed=True)]
    made = plan(goods, layout, facts(Site.SHOPEE), {4: "100629"})
    back = fill(data, layout.sheet, made.cells)
    sheet = opened(back)["Bản đăng tải"]
    assert [sheet.cell(6, column).value for column in range(1, 15)] == [
        "100629", "Miến dong Côn Minh", "Củ dong trồng trên nương.", "CP-P3", "CP-P3", "Quy cách", "500 g", 70_000, 12,
        "CP-7", "8934567890120", "https://x.vn/a.jpg", None, 0.56,
    ]  # fmt: skip
    assert sheet.cell(7, 10).value == "CP-8" and sheet.cell(8, 10).value is None
    assert sheet.cell(6, 8).number_format == "#,##0", "a new price looks as the column does"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(back)) as new:
        assert old.namelist() == new.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
        assert changed == [layout.sheet.path]
        before, after = old.read(layout.sheet.path), new.read(layout.sheet.path)
    assert after.startswith(before[: before.index(b'<row r="6"')]), (
        "keys, headings and widths are byte for byte"
    )
    assert after.endswith(before[before.index(b"</sheetData>") :]), "lists behind cells, merged cells too"
    assert made.packs[2].row_no is None and made.told == {7: (70_000, 12), 8: (130_000, 12)}


def test_what_is_missing_is_told_for_each_pack_with_its_unverified_source():
    layout = read_layout(open_template(shopee()), set())
    bare = good(5, name="X", label="1", pictures=(), price_vnd=500)
    notes = plan([bare], layout, facts(Site.SHOPEE), {}).packs[0].notes
    told = [note.text % note.params for note in notes]
    assert "Giá 500 đ, sàn nhận từ 1000 đ" in told and "Tên có 4 chữ cái, sàn cần ít nhất 10" in told
    assert {note.source for note in notes if "sàn nhận" in note.text} <= set(facts(Site.SHOPEE).sources)


def test_a_file_with_goods_in_it_gets_price_and_stock_alone():
    rows = [(1, "Miến dong", 60_000, 3, "CP-7"), (2, "Lạ", 1, 1, "ABC")]
    data = simple(("STT", "Tên sản phẩm", "Giá bán", "Tồn kho", "Mã SKU"), rows)
    layout = read_layout(open_template(data), {"cp-7", "cp-8"})
    made = plan([good(7), good(8)], layout, facts(Site.VOSO), {})
    assert made.renewing and made.told == {7: (70_000, 12)}
    sheet = opened(fill(data, layout.sheet, made.cells)).active
    assert [cell.value for cell in sheet[3]] == [1, "Miến dong", 70_000, 12, "CP-7"]
    assert [cell.value for cell in sheet[4]] == [2, "Lạ", 1, 1, "ABC"]


def test_empty_cells_and_rows_that_only_look_keep_their_looks():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Tên sản phẩm", "Giá bán", "Tồn kho", "Mã SKU", "Ghi chú", "Thêm"])
    for row in (2, 3):  # formatted beforehand, as sites do: cells and rows without anything in them
        for column in (2, 5, 6):
            sheet.cell(row, column).number_format = "#,##0"
        sheet.row_dimensions[row].height = 30
    sheet.row_dimensions[4].height = 40
    layout = read_layout(open_template(saved(book)), set())
    made = plan([good(7), good(8), good(9)], layout, facts(Site.VOSO), {})
    back = opened(fill(saved(book), layout.sheet, made.cells)).active
    assert [[cell.value for cell in row[:4]] for row in back.iter_rows(min_row=2, max_row=4)] == [
        ["Miến dong Côn Minh, 500 g", 70_000, 12, f"CP-{n}"] for n in (7, 8, 9)
    ]
    assert [back.cell(row, column).number_format for row in (2, 3) for column in (2, 5, 6)] == ["#,##0"] * 6
    assert [back.row_dimensions[row].height for row in (2, 3, 4)] == [30, 30, 40]


def test_texts_never_become_formulas_and_worked_out_cells_are_left_alone():
    data = simple(("Tên sản phẩm", "Giá bán", "Tồn kho", "Mã SKU"), [("", "=2*3", "", "")])
    layout = read_layout(open_template(data), set())
    evil = good(7, name="=HYPERLINK(1)", label="+x")
    cells = {3: {0: evil.name, 1: 5, 2: 1, 3: "a<b&c\x07"}}
    sheet = opened(fill(data, layout.sheet, cells)).active
    assert [sheet.cell(3, n).value for n in (1, 2, 3, 4)] == ["'=HYPERLINK(1)", "=2*3", 1, "a<b&c"]
    assert sheet.cell(3, 1).data_type == "s"


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 broken", b"ten,gia\n1,2\n", b"\xd0\xcf\x11\xe0 old", simple(("A", "B"))],
    ids=range(5),
)
def test_what_is_no_template_is_refused_in_words(data):
    with pytest.raises(Invalid) as told:
        read_layout(open_template(data), set())
    assert told.value.remedy


def test_a_document_type_in_a_workbook_is_never_read():
    plain = simple(("Tên sản phẩm", "Giá bán", "Mã SKU"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            xml = old.read(name)
            if name.startswith("xl/worksheets/"):
                xml = b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml[xml.index(b"<worksheet") :]
            new.writestr(name, xml)
    with pytest.raises(Invalid):
        open_template(out.getvalue())


def test_what_a_person_said_goes_before_what_a_heading_says():
    sheet = open_template(shopee())[1]
    said = {heading_key("Nhanh"): ("constant", "Mở"), heading_key("GTIN"): ("", "")}
    layout = layout_of(sheet, set(), said, 9)
    by_heading = {one.heading: one for one in layout.fields}
    assert (by_heading["Nhanh"].key, by_heading["Nhanh"].constant, by_heading["GTIN"].key) == (
        "constant",
        "Mở",
        "",
    )
    assert layout.first_no == 9
    assert plan([good()], layout, facts(Site.SHOPEE), {}).cells[9][14] == "Mở"


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(WORDS), st.sampled_from(("{}", "* {}", "{}*", "  {} ", "{} (bắt buộc)")), st.booleans()
)
def test_every_heading_that_we_know_is_found_whatever_its_dress(word, dress, upper):
    key, name = word
    text = dress.format(name.upper() if upper else name)
    expected = named(heading_key(name), TEMPLATE)
    assert meaning(text) == expected == key or expected != key, "a name of two columns means the first"


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(len(VIETNAMESE))), st.booleans())
def test_columns_are_found_in_any_order_with_and_without_marks(order, bare):
    headings = [fold(VIETNAMESE[n]) if bare else VIETNAMESE[n] for n in order]
    layout = read_layout(open_template(shopee(headings, [""] * len(order))), set())
    straight = read_layout(open_template(shopee(keys=[""] * len(order))), set())
    found = {one.heading.strip("*").casefold(): one.key for one in layout.fields}
    for one in straight.fields:
        name = one.heading.strip("*").casefold()
        assert found[fold(name) if bare else name] == one.key


def test_hidden_keys_name_columns_whose_headings_say_nothing():
    foreign = [f"ข้อ {n}" for n in range(15)]
    layout = read_layout(open_template(shopee(foreign)), set())
    assert {one.key for one in layout.fields} >= {"name", "price", "stock", "sku", "weight", "image_cover"}


def test_facts_of_sites_are_dated_sourced_and_never_called_verified():
    for site in Site:
        known = facts(site)
        assert (
            not known.verified
            and known.as_of == "2026-11-22"
            and json.loads((FOLDER / f"{site}.json").read_text())
        )
        assert {source for _value, source in known.limits.values()} <= set(known.sources)
        assert set(known.statuses.values()) == set(Status)
    keys = [column.key for column in ORDERS]
    assert len(keys) == len(set(keys))
