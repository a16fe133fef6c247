"""A commune's list as it was sent: XLSX or CSV, read as the catalogue reads tables; the fullest sheet is taken."""

import unicodedata

from catalog.sheets.texts import Sheet, read_csv
from core.errors import Invalid
from core.headings import find_headings
from core.i18n import N_
from households.imports.columns import COLUMNS
from households.imports.rules import Rows

FILE_MAX_BYTES = 5_000_000


def read_rows(data: bytes) -> Rows:
    """The numbered rows of a list. Raises Invalid for what is no table. Nothing in the file is run."""
    from catalog.sheets.workbooks import kind_of, read_workbook  # loaded when somebody sends a table

    if len(data) > FILE_MAX_BYTES:
        raise Invalid(N_("Tệp lớn quá 5 MB."), remedy=N_("Chia theo thôn, gửi từng tệp."), field="sheet")
    kind = kind_of(data)
    if kind == "zip":
        raise Invalid(
            N_("Tệp nén không đọc được ở đây."), remedy=N_("Mở ra rồi gửi tệp XLSX hay CSV ở trong."), field="sheet"
        )  # fmt: skip
    sheets = read_workbook(data) if kind == "xlsx" else [_text(data)]
    full = [sheet for sheet in sheets if sheet.rows]
    if not full:
        raise Invalid(N_("Tệp trống."), remedy=N_("Chọn lại tệp bảng."), field="sheet")
    return max(full, key=lambda sheet: (_known(sheet), len(sheet.rows))).rows


def _known(sheet: Sheet) -> int:
    found = find_headings([row for _no, row in sheet.rows], COLUMNS, {})
    return sum(bool(key) for key in found.keys) if found else 0


def _text(data: bytes) -> Sheet:
    """A CSV; one of single bytes is taken for Windows-1258 where its headings then make sense."""
    try:
        return read_csv(data)
    except Invalid:
        try:
            old = read_csv(unicodedata.normalize("NFC", data.decode("cp1258")).encode())
        except (UnicodeDecodeError, Invalid):
            old = None
        if old is None or not _known(old):
            raise
        return old
