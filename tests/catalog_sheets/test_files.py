"""Files from anybody: old encodings are read or named, hostile archives and workbooks are refused with a reason."""

import io
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.sheets import archives, texts, workbooks
from catalog.sheets.cells import NO_RESULT
from core.errors import Invalid
from tests.factories import sheets

ROWS = "Tên hàng;Lượng;Giá bán\nMiến dong;500 g;65.000\nMăng khô;1 kg;120.000\n"


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        b"\xef\xbb\xbf" + ROWS.encode(),
        ROWS.encode("utf-16"),
        b"\xfe\xff" + ROWS.encode("utf-16-be"),
        ROWS.encode("utf-16-le"),
        ROWS.replace(";", "\t").encode("utf-16"),
        ROWS.replace(";", "|").encode(),
        ("sep=;\n" + ROWS).encode(),
        ROWS.replace("\n", "\r\n").encode(),
    ],
)
def test_a_csv_is_read_in_every_encoding_and_with_every_separator(data) -> None:
    table = texts.best_table([texts.read_csv(data)])
    assert table.headings == ("Tên hàng", "Lượng", "Giá bán")
    assert [cells for _no, cells in table.rows] == [
        ("Miến dong", "500 g", "65.000"),
        ("Măng khô", "1 kg", "120.000"),
    ]


def test_windows_1258_is_read_and_says_so() -> None:
    import unicodedata

    parts = unicodedata.normalize("NFD", ROWS)
    for mark in "\u0302\u0306\u031b":  # its letters carry these, its tone marks stand apart
        for letter in "aeouAEOU":
            parts = parts.replace(letter + mark, unicodedata.normalize("NFC", letter + mark))
    sheet = texts.read_csv(parts.encode("cp1258", errors="ignore"))
    assert sheet.notes and texts.best_table([sheet]).headings[0] == "Tên hàng"


@pytest.mark.parametrize(
    ("first", "font"),
    [("Tªn hµng;Gi¸ b¸n;Lo¹i hµng", "TCVN3"), ("Teân haøng;Giaù baùn;Loaïi haøng", "VNI")],
)
def test_an_old_font_is_named_and_never_guessed_at(first, font) -> None:
    with pytest.raises(Invalid) as refusal:
        texts.read_csv((first + "\nMiÕn;65000;x").encode("latin-1"))
    assert font in str(refusal.value)
    with pytest.raises(Invalid) as refusal:
        texts.best_table(workbooks.read_workbook(sheets.workbook([first.split(";"), ["x", 1, "y"]])))
    assert font in str(refusal.value)


def test_a_quoted_cell_keeps_its_separator_and_lines() -> None:
    table = texts.best_table(
        [texts.read_csv('Tên hàng,Mô tả,Giá\n"Miến, dong","Hai\ndòng",65000\n'.encode())]
    )
    assert table.rows[0][1] == ("Miến, dong", "Hai\ndòng", "65000")


def test_more_than_five_thousand_rows_are_refused_and_blank_ones_do_not_count() -> None:
    blank = "\n" * 9_000
    rows = "".join(f"Món {n},{n}000\n" for n in range(1, 5001))
    assert len(texts.best_table([texts.read_csv(f"Tên hàng,Giá\n{blank}{rows}".encode())]).rows) == 5000
    with pytest.raises(Invalid, match="5\\.000"):
        texts.best_table([texts.read_csv(f"Tên hàng,Giá\n{rows}Thêm,1000\n".encode())])


# ---- workbooks ----


def book_of(fill) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_hidden_sheets_are_passed_over_and_named_and_titles_above_do_not_matter() -> None:
    def fill(book):
        sheet = book.active
        for row in (["HTX"], [], ["Tên hàng", "Giá bán"], ["Miến", 65_000], [], ["Măng", 1]):
            sheet.append(row)
        sheet.merge_cells("A1:B1")
        hidden = book.create_sheet("Giá vốn")
        hidden.append(["Tên hàng", "Giá bán", "Quy cách"])
        hidden.sheet_state = "hidden"

    table = texts.best_table(workbooks.read_workbook(book_of(fill)))
    assert table.heading_no == 3 and table.rows == ((4, ("Miến", 65_000)), (6, ("Măng", 1)))
    assert table.sheet.notes[0][1] == {"names": "Giá vốn"}


def test_a_merged_name_stands_for_each_of_its_rows() -> None:
    def fill(book):
        for row in (["Tên hàng", "Lượng", "Giá"], ["Miến", "500 g", 65_000], [None, "1 kg", 120_000]):
            book.active.append(row)
        book.active.merge_cells("A2:A3")

    assert texts.best_table(workbooks.read_workbook(book_of(fill))).rows[1] == (3, ("Miến", "1 kg", 120_000))


def test_a_formula_gives_its_last_result_and_one_never_worked_out_says_so() -> None:
    def fill(book):
        for row in (["Tên hàng", "Giá bán"], ["Miến", "=65*1000"]):
            book.active.append(row)

    raw = book_of(fill)
    assert texts.best_table(workbooks.read_workbook(raw)).rows == ((2, ("Miến", NO_RESULT)),)
    worked = rewritten(
        raw,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v />", b"<v>65000</v>").replace(b"<v></v>", b"<v>65000</v>"),
    )
    assert texts.best_table(workbooks.read_workbook(worked)).rows == ((2, ("Miến", 65_000)),)


def test_days_come_as_people_write_them() -> None:
    import datetime

    data = sheets.workbook([["Tên hàng", "Ngày sản xuất"], ["Miến", datetime.date(2026, 11, 22)]])
    assert texts.best_table(workbooks.read_workbook(data)).rows[0][1] == ("Miến", "22/11/2026")


def rewritten(data: bytes, path: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == path else old.read(name))
    return out.getvalue()


def zipped(files: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as new:
        for name, content in files.items():
            new.writestr(name, content)
    return out.getvalue()


PLAIN = sheets.workbook([["Tên hàng", "Giá bán"], ["Miến", 1]])
BILLION = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"
 t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"
 t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (rewritten(PLAIN, "xl/worksheets/sheet1.xml", lambda _xml: BILLION), "hỏng"),
        (rewritten(PLAIN, "xl/worksheets/sheet1.xml", lambda _xml: OUTSIDE), "hỏng"),
        (rewritten(PLAIN, "xl/worksheets/sheet1.xml", lambda _xml: b"<a>" * 9), "hỏng"),
        (rewritten(PLAIN, "xl/worksheets/sheet1.xml", lambda _xml: b" " * 9_000_000), "nén chặt"),
        (zipped({"[Content_Types].xml": b"macroEnabled", "xl/workbook.xml": b""}), "macro"),
        (zipped({"[Content_Types].xml": b"", "xl/vbaProject.bin": b"x"}), "macro"),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b"x"}), "không phải bảng"),
        (zipped({"mimetype": b"x", "content.xml": b"x"}), "OpenDocument"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "Excel cũ"),
        (PLAIN[:900], "hỏng"),
        (b"%PDF-1.7 x", "không phải bảng"),
        (b"<html><table><tr><td>Ten hang", "không phải bảng"),
        (b"\xff\xd8\xff\xe0", "là ảnh"),
        (b"  ", "trống"),
    ],
)
def test_a_workbook_that_is_none_or_does_harm_is_refused(data, why) -> None:
    with pytest.raises(Invalid) as refusal:
        kind = workbooks.kind_of(data)
        texts.best_table(workbooks.read_workbook(data) if kind == "xlsx" else [texts.read_csv(data)])
    assert why in str(refusal.value)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=40))
def test_a_broken_workbook_never_breaks_the_reader(place, noise) -> None:
    try:
        broken = PLAIN[:place] + noise + PLAIN[place + len(noise) :]
        if workbooks.kind_of(broken) == "xlsx":
            texts.best_table(workbooks.read_workbook(broken))
    except Invalid as refusal:
        assert refusal.message


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_csv_reader(data) -> None:
    try:
        texts.best_table([texts.read_csv(data)])
    except Invalid as refusal:
        assert refusal.message


# ---- archives ----


def locked() -> bytes:
    data = bytearray(zipped({"a.jpg": b"x" * 50}, zipfile.ZIP_STORED))
    struct.pack_into("<H", data, 6, 1)
    place = data.rindex(b"PK\x01\x02")
    struct.pack_into("<H", data, place + 8, 1)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped({"../a.jpg": b"x"}), "tên tệp lạ"),
        (zipped({"/etc/a.jpg": b"x"}), "tên tệp lạ"),
        (zipped({"c:\\a.jpg": b"x"}), "tên tệp lạ"),
        (zipped({"anh/trong.zip": b"x"}), "tệp nén khác"),
        (zipped({"a.jpg": bytes(2_000_000)}), "nén chặt"),
        (zipped({f"{n}.jpg": b"x" for n in range(1001)}), "1001 tệp"),
        (zipped({"x/A.jpg": b"x", "y/a.JPG": b"y"}), "cùng tên"),
        (locked(), "mật khẩu"),
        (b"PK\x03\x04" + bytes(90), "hỏng"),
    ],
)
def test_a_hostile_archive_is_refused_and_says_why(data, why) -> None:
    with pytest.raises(Invalid) as refusal:
        archives.open_archive(data)
    assert why in str(refusal.value)


def test_pictures_are_found_by_code_or_name_and_rubbish_is_passed_over() -> None:
    names = [
        "ảnh/SP01.jpg",
        "ảnh/SP01-2.JPG",
        "Miến dong_1.png",
        "sp010.jpg",
        "__MACOSX/._SP01.jpg",
        "Thumbs.db",
        "đọc.txt",
    ]
    archive = archives.open_archive(zipped(dict.fromkeys(names, b"x")))
    assert archives.pictures_for(archive, ["SP01", "Miến dong"]) == [
        "mien dong_1.png",
        "sp01-2.jpg",
        "sp01.jpg",
    ]
