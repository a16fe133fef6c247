"""A bank's statement: any shape of it is read, and what cannot be read names its cell."""

import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import HANOI
from core.errors import Invalid
from payments.bank_statements import rules
from payments.bank_statements.columns import COLUMNS
from payments.bank_statements.rules import Balanced
from payments.tables import cells
from payments.tables.columns import Headings, find_headings, letter, named
from payments.tables.files import read_rows
from tests.conftest import NOW

TODAY = date(2026, 11, 22)


def csv_of(*rows: str, head: str = "Ngày giao dịch;Ghi nợ;Ghi có;Số dư;Nội dung;Số tham chiếu") -> bytes:
    """A statement as text."""
    return "\r\n".join([head, *rows]).encode()


def workbook(*rows: list[Any]) -> bytes:
    """A statement as a workbook."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lines_of(data: bytes, layout: dict[str, str] | None = None) -> tuple[rules.Line, ...]:
    rows = read_rows(data, COLUMNS)
    headings = find_headings([row for _no, row in rows], COLUMNS, layout or {})
    assert headings is not None
    return rules.read_lines(rows, headings, TODAY)


# --- cells


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("200000", 200_000), ("200.000", 200_000), ("1,000,000.00", 1_000_000), ("1.000.000,00", 1_000_000),
     ("(5.000)", -5_000), ("-200.000 VND", -200_000), ("200,000-", -200_000), ("+ 1 000 000 đ", 1_000_000),
     (65000, 65_000), (65000.0, 65_000), ("", 0), (None, 0), ("-", 0), ("0.00", 0)],
)  # fmt: skip
def test_amounts_are_read_as_banks_write_them(cell: Any, amount: int) -> None:
    assert cells.amount(cell) == amount


@pytest.mark.parametrize(
    "cell", ["12.50", "1,5", 10.5, "100 USD", "$20", "abc", "1.2.3", "٣٠٠", float("nan"), 10**15, "1e5"]
)
def test_fractions_foreign_money_and_words_are_refused(cell: Any) -> None:
    with pytest.raises(Invalid):
        cells.amount(cell)


@pytest.mark.parametrize(
    ("cell", "on", "hour"),
    [("22/11/2026", TODAY, None), ("22-11-26", TODAY, None), ("22.11.2026 10:05:09", TODAY, time(10, 5, 9)),
     ("2026-11-22T10:05", TODAY, time(10, 5)), ("20261122", TODAY, None), ("22 Nov 2026", TODAY, None),
     ("22-NOV-2026 02:05 PM", TODAY, time(14, 5)), ("22/11/2026\n10:05:09", TODAY, time(10, 5, 9)),
     (46348, TODAY, None), (46348.5, TODAY, time(12)), ("22/11/2026 00:00:00", TODAY, None)],
)  # fmt: skip
def test_days_are_read_in_any_shape(cell: Any, on: date, hour: time | None) -> None:
    found = cells.when(cell)
    assert (found.on, found.hour) == (on, hour)


def test_a_column_with_the_month_first_is_recognised_as_a_whole() -> None:
    assert cells.month_first(["11/02/2026", "11/22/2026"])
    assert not cells.month_first(["11/02/2026", "22/11/2026", "11/22/2026"])
    assert cells.when("11/02/2026", american=True).on == date(2026, 11, 2)


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none()))
def test_no_cell_makes_the_readers_crash(cell: Any) -> None:
    for read in (cells.amount, cells.when):
        try:
            assert read(cell) is not None
        except Invalid as error:
            assert error.message


# --- headings


@pytest.mark.parametrize(
    ("heading", "key"),
    [("Ngày giao dịch/\nTransaction Date", "date"), ("NGÀY HIỆU LỰC", "date"), ("Số tiền ghi có (VND)", "credit"),
     ("Credit Amount", "credit"), ("Phát sinh nợ", "debit"), ("Withdrawal", "debit"), ("Số tiền", "amount"),
     ("Diễn giải", "content"), ("Transaction Details", "content"), ("Mã giao dịch", "reference"),
     ("Số CT", "reference"), ("Số dư (VND)", "balance"), ("Loại tiền", "currency"),
     ("Tên đối tác", "name"), ("STT", ""), ("Chi nhánh", "")],
)  # fmt: skip
def test_headings_are_known_in_both_languages(heading: str, key: str) -> None:
    assert named(heading, COLUMNS) == key


def test_the_headings_may_stand_below_a_letterhead() -> None:
    data = workbook(
        ["NGÂN HÀNG MẪU"], [], ["Số tài khoản:", "0123499999"], ["Từ ngày 01/11/2026 đến ngày 22/11/2026"], [],
        ["STT", "Ngày GD", "Ghi nợ", "Ghi có", "Diễn giải"], [None, None, None, None, None],
        ["Số dư đầu kỳ", None, None, 5_000_000, None],
        [1, "21/11/2026", None, 90000, "CP222222 tien mien"], [2, TODAY, 50000, None, "phi"],
        ["Cộng phát sinh", None, 50000, 90000, None],
    )  # fmt: skip
    found = lines_of(data)
    assert [(line.row_no, line.amount_vnd, line.fault) for line in found] == [
        (9, 90_000, None),
        (10, -50_000, None),
    ]


def test_what_was_remembered_goes_before_what_a_heading_says() -> None:
    head = "Cột A;Cột B;Cột C"
    data = csv_of("21/11/2026;90.000;tien mien", head=head)
    assert find_headings([row for _no, row in read_rows(data, COLUMNS)], COLUMNS, {}) is None
    layout = {"cot a": "date", "cot b": "credit", "cot c": "content"}
    assert [line.amount_vnd for line in lines_of(data, layout)] == [90_000]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_separators_are_told_apart(encoding: str, sign: str) -> None:
    content = "chuyển tiền" if encoding != "cp1258" else "chuyen tien"
    data = sign.join(["Ngay", "Ghi co", "Noi dung"]) + "\r\n" + sign.join(["21/11/2026", "90000", content])
    (line,) = lines_of(data.encode(encoding))
    assert (line.amount_vnd, line.content) == (90_000, content)


def test_one_column_with_a_sign_or_a_word_tells_the_way() -> None:
    data = csv_of("21/11/2026;+90.000;C;a", "21/11/2026;50.000;Nợ;b", "21/11/2026;50.000;?;c",
                  head="Ngày;Số tiền;Nợ/Có;Nội dung")  # fmt: skip
    found = lines_of(data)
    assert [line.amount_vnd for line in found] == [90_000, -50_000, 0]
    assert found[2].fault is not None
    assert found[2].fault.cell == "C4"


@pytest.mark.parametrize(
    ("row", "cell"),
    [("31/02/2026;;90000;;x;1", "A2"), ("23/11/2026;;90000;;x;1", "A2"), ("22/11/1999;;90000;;x;1", "A2"),
     (";;90000;;x;1", "A2"), ("21/11/2026;;chín chục;;x;1", "C2"), ("21/11/2026;;12,5;;x;1", "C2"),
     ("21/11/2026;5;90000;;x;1", "C2"), ("21/11/2026;;90 USD;;x;1", "C2")],
)  # fmt: skip
def test_a_fault_names_its_cell_and_the_other_rows_are_read(row: str, cell: str) -> None:
    faulty, good = lines_of(csv_of(row, "21/11/2026;;65.000;;CP;2"))
    assert faulty.fault is not None
    assert faulty.fault.cell == cell
    assert good.amount_vnd == 65_000


def test_foreign_money_is_never_booked_as_dong() -> None:
    data = csv_of("21/11/2026;100;USD;x", "21/11/2026;100;VND;y", head="Ngày;Ghi có;Loại tiền;Nội dung")
    foreign, dong = lines_of(data)
    assert foreign.fault is not None
    assert foreign.fault.cell == "C2"
    assert dong.amount_vnd == 100
    assert all(line.fault for line in lines_of(csv_of("21/11/2026;100;x", head="Ngày;Ghi có (USD);Nội dung")))


def test_a_balance_that_does_not_follow_is_told_either_way_round() -> None:
    forward = [Balanced(2, 100, 1_100), Balanced(3, -50, 1_050), Balanced(5, 30, 1_200)]
    assert rules.gaps(forward) == (5,)
    assert rules.gaps([Balanced(2, 30, 1_080), Balanced(3, -50, 1_050), Balanced(4, 100, 1_100)]) == ()
    assert rules.gaps([Balanced(2, 30, None)]) == ()


def test_two_equal_lines_are_two_whatever_file_they_stand_in() -> None:
    one, two = lines_of(csv_of("21/11/2026;;90.000;;Tiền miến;1", "21/11/2026;;90.000;;TIEN MIEN.;2"))
    (alone,) = lines_of(csv_of("21/11/2026 10:00;;90000;;tien mien;9"))
    assert one.fingerprint == alone.fingerprint != two.fingerprint


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats()), max_size=8),
        max_size=12,
    )
)
def test_no_table_makes_the_reader_crash(table: list[list[Any]]) -> None:
    rows = tuple((n + 2, tuple(row)) for n, row in enumerate(table))
    texts = ("Ngày", "Ghi nợ", "Ghi có", "Số tiền", "Loại", "Nội dung", "Số dư", "Loại tiền")
    keys = ("date", "debit", "credit", "amount", "sign", "content", "balance", "currency")
    for line in rules.read_lines(((1, texts), *rows), Headings(0, texts, keys), TODAY):
        assert line.fault or (line.when and line.amount_vnd)


def test_the_hour_of_the_file_is_the_hour_of_the_money() -> None:
    (line,) = lines_of(csv_of("21/11/2026;08:30;90000;x", head="Ngày;Giờ;Ghi có;Nội dung"))
    assert line.when is not None
    assert line.when.at == datetime(2026, 11, 21, 8, 30, tzinfo=HANOI).astimezone(UTC)
    assert cells.When(TODAY).at - NOW == timedelta(hours=2)
