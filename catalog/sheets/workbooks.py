"""Workbooks (.xlsx): values as Excel last worked them out, visible sheets alone; nothing in them is ever run. Pure.

XML is read through defusedxml, which openpyxl uses where it is installed: without it this module does not load.
"""

import math
import re
import warnings
import zipfile
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from catalog.sheets.archives import BROKEN, checked
from catalog.sheets.cells import NO_RESULT, Cell
from catalog.sheets.rules import COLUMNS_MAX, HEADING_ROWS, ROWS_MAX
from catalog.sheets.texts import TEXT_MAX_CHARS, Sheet, keep, too_long
from core.errors import Invalid
from core.i18n import N_

if not openpyxl.DEFUSEDXML:
    raise ImportError("openpyxl must read XML through defusedxml")

SHEETS_MAX = 20
ROWS_SEEN_MAX = 4 * ROWS_MAX  # with blank ones between
_FAILS = (
    *BROKEN,
    DefusedXmlException,
    InvalidFileException,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    StopIteration,
    RecursionError,
    OverflowError,
    AssertionError,
    MemoryError,
)
SAVE_AS_XLSX = N_("Mở bằng Excel, chọn Lưu thành → Excel Workbook (.xlsx), rồi gửi lại.")
_MERGED = re.compile(rb'<(?:\w{1,9}:)?mergeCell\s[^>]{0,99}?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_UNWORKED = re.compile(
    rb'<(?:\w{1,9}:)?c\s[^>]{0,99}?r="([A-Z]{1,3})(\d{1,7})"[^>]{0,99}>\s{0,9}'
    rb"<(?:\w{1,9}:)?f[^>]{0,99}?(?:/>|>[^<]{0,9000}</(?:\w{1,9}:)?f>)\s{0,9}"
    rb"(?:<(?:\w{1,9}:)?v\s?/>|<(?:\w{1,9}:)?v></(?:\w{1,9}:)?v>)?\s{0,9}</(?:\w{1,9}:)?c>"
)


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes: 'xlsx', 'zip' (any other archive) or 'csv'.

    Raises Invalid for old and locked workbooks, macros, OpenDocument, PDF, web pages and pictures.
    """
    if not data.strip():
        raise Invalid(N_("Tệp trống."), remedy=N_("Chọn lại tệp bảng."), field="sheet")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            N_("Tệp này là Excel cũ (.xls), hoặc Excel có mật khẩu."), remedy=SAVE_AS_XLSX, field="sheet"
        )
    if data.startswith(b"PK"):
        return _kind_of_archive(data)
    head = data[:500].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"%pdf", b"{\\rtf")):
        raise Invalid(N_("Tệp này không phải bảng Excel hay CSV."), remedy=SAVE_AS_XLSX, field="sheet")
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")):
        raise Invalid(
            N_("Tệp này là ảnh, không phải bảng."),
            remedy=N_("Ảnh gửi ở ô Ảnh, nén thành một tệp ZIP."),
            field="sheet",
        )
    return "csv"


def _kind_of_archive(data: bytes) -> str:
    with checked(data, "photos") as opened:
        names = set(opened.namelist())
        if "[Content_Types].xml" not in names:
            if "mimetype" in names and "content.xml" in names:
                raise Invalid(N_("Tệp này là OpenDocument (.ods)."), remedy=SAVE_AS_XLSX, field="sheet")
            return "zip"
    with checked(data) as opened:
        try:
            types = opened.read("[Content_Types].xml")
        except BROKEN as error:
            raise _broken() from error
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid(N_("Bảng này có macro, chợ không nhận."), remedy=SAVE_AS_XLSX, field="sheet")
    if not any(name.startswith("xl/") for name in names):
        raise Invalid(N_("Tệp này không phải bảng Excel hay CSV."), remedy=SAVE_AS_XLSX, field="sheet")
    return "xlsx"


def _broken() -> Invalid:
    return Invalid(N_("Bảng Excel này hỏng, không mở được."), remedy=SAVE_AS_XLSX, field="sheet")


def read_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook, each with what Excel showed in its cells. Raises Invalid.

    Merged cells that span rows of one column give their value to each of those rows.
    """
    with checked(data):
        pass
    try:
        with warnings.catch_warnings(
            action="ignore"
        ):  # openpyxl warns of what it leaves out: styles, validation
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                return _sheets(book, data)
            finally:
                book.close()
    except Invalid:
        raise
    except _FAILS as error:
        raise _broken() from error


def _sheets(book: Any, data: bytes) -> list[Sheet]:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:SHEETS_MAX]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    notes: tuple[tuple[str, dict[str, object]], ...] = ()
    if hidden:
        notes = ((N_("Không đọc trang ẩn: %(names)s."), {"names": ", ".join(hidden)[:200]}),)
    return [_sheet(sheet, data, notes) for sheet in shown]


def _sheet(sheet: Any, data: bytes, notes: tuple[tuple[str, dict[str, object]], ...]) -> Sheet:
    """One sheet. Its XML is searched only after it was parsed, so that the search meets nothing malformed."""
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for number, row in _rows(sheet):
        keep(rows, number, row)
    with zipfile.ZipFile(BytesIO(data)) as opened:
        xml = opened.read(sheet._worksheet_path.lstrip("/"))
    for name, number in _UNWORKED.findall(xml):
        _mark(rows, int(number), column_index_from_string(name.decode()) - 1)
    return Sheet(sheet.title, tuple(_spread(rows, _MERGED.findall(xml))), notes)


def _mark(rows: list[tuple[int, tuple[Cell, ...]]], number: int, place: int) -> None:
    """Say of a cell that its formula was never worked out."""
    at = bisect_left(rows, number, key=lambda row: row[0])
    if at < len(rows) and rows[at][0] == number and place < COLUMNS_MAX:
        cells = [*rows[at][1], *[None] * (place + 1 - len(rows[at][1]))]
        cells[place] = NO_RESULT
        rows[at] = (number, tuple(cells))


def _rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    """Numbered rows. The declared size of a sheet is often wrong, and sometimes a million rows: it is not asked."""
    sheet.reset_dimensions()
    length = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMNS_MAX), 1):
        if number > ROWS_SEEN_MAX:
            if any(value is not None for value in row):
                raise too_long()
            if number > 2 * ROWS_SEEN_MAX:
                return
            continue
        cells = [_cell(value) for value in row]
        length += sum(len(cell) for cell in cells if isinstance(cell, str))
        if length > TEXT_MAX_CHARS:
            raise Invalid(
                N_("Bảng có quá nhiều chữ."),
                remedy=N_("Chia làm nhiều tệp, gửi từng tệp một."),
                field="sheet",
            )
        yield number, cells


def _cell(value: Any) -> Cell:
    """A spreadsheet's value as a text, a number or nothing; a date as people here write it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def _spread(
    rows: list[tuple[int, tuple[Cell, ...]]], merged: list[tuple[bytes, bytes, bytes, bytes]]
) -> list[tuple[int, tuple[Cell, ...]]]:
    """Give each row below the top of an upright merge the value of its top."""
    by_number = {number: list(cells) for number, cells in rows}
    for left, top, right, bottom in merged[: ROWS_MAX + HEADING_ROWS]:
        place, first, last = column_index_from_string(left.decode()) - 1, int(top), int(bottom)
        if (
            left != right
            or last - first > ROWS_MAX
            or first not in by_number
            or place >= len(by_number[first])
        ):
            continue
        for number in range(first + 1, last + 1):
            if (cells := by_number.get(number)) is not None:
                cells.extend([None] * (place + 1 - len(cells)))
                cells[place] = by_number[first][place]
    return [(number, tuple(cells)) for number, cells in by_number.items()]
