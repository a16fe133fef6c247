"""A file as it was sent: XLSX or CSV in whatever encoding, as rows of cells. Nothing in it is ever run.

Reading, limits and refusals (old Excel, macros, locked or broken files, archives that swell) are those
of the catalogue's tables.
"""

import unicodedata
from collections.abc import Sequence

from catalog.sheets.texts import Sheet, read_csv
from core.errors import Invalid
from core.i18n import N_
from payments.tables.columns import Column, find_headings

FILE_MAX_BYTES = 5_000_000
Rows = tuple[tuple[int, tuple[str | int | float | None, ...]], ...]


def read_rows(data: bytes, columns: Sequence[Column]) -> Rows:
    """The numbered rows of the sheet whose headings say most. Raises Invalid for what is no table."""
    from catalog.sheets.workbooks import kind_of, read_workbook  # loaded when somebody sends a table

    if len(data) > FILE_MAX_BYTES:
        raise Invalid(N_("Tệp lớn quá 5 MB."), remedy=N_("Tải sao kê của ít ngày hơn."), field="sheet")
    kind = kind_of(data)
    if kind == "zip":
        raise Invalid(
            N_("Tệp nén không đọc được ở đây."),
            remedy=N_("Mở ra rồi gửi tệp XLSX hay CSV ở trong."),
            field="sheet",
        )
    sheets = read_workbook(data) if kind == "xlsx" else [_text(data, columns)]
    full = [sheet for sheet in sheets if sheet.rows]
    if not full:
        raise Invalid(N_("Tệp trống."), remedy=N_("Chọn lại tệp bảng."), field="sheet")
    return max(full, key=lambda sheet: (_known(sheet, columns), len(sheet.rows))).rows


def _known(sheet: Sheet, columns: Sequence[Column]) -> int:
    found = find_headings([row for _no, row in sheet.rows], columns, {})
    return sum(bool(key) for key in found.keys) if found else 0


def _text(data: bytes, columns: Sequence[Column]) -> Sheet:
    """A CSV; one of single bytes is taken for Windows-1258 where its headings then make sense."""
    try:
        return read_csv(data)
    except Invalid:
        try:
            old = read_csv(unicodedata.normalize("NFC", data.decode("cp1258")).encode())
        except (UnicodeDecodeError, Invalid):
            old = None
        if old is None or not _known(old, columns):
            raise
        return old
