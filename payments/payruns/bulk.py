"""The file of a run for a bank's bulk transfer, XLSX or CSV, by a dated layout.

No bank's own columns were seen: the one layout there is (`layouts.json`) is an example, and the file says so itself.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO

from payments.payruns.queries import Layout

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Transfer:
    """One row: to whom, where, how much (đồng), with which words."""

    position: int
    holder: str
    account_number: str
    bank_bin: str
    bank_name: str
    amount_vnd: int
    purpose: str


def _cell(row: Transfer, field: str) -> str | int:
    """A value of the row; a text that a spreadsheet would run begins with an apostrophe."""
    value = getattr(row, field)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value  # type: ignore[no-any-return]


def table(layout: Layout, rows: Iterable[Transfer]) -> list[list[str | int]]:
    """Headings and rows as the layout names them. Raises AttributeError for a field that no row has."""
    headings: list[str | int] = [heading for heading, _field in layout.columns]
    return [headings, *[[_cell(row, field) for _heading, field in layout.columns] for row in rows]]


def as_csv(notes: list[str], rows: list[list[str | int]]) -> bytes:
    """UTF-8 with a mark that Excel knows; account numbers stay text where a spreadsheet lets them."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[note] for note in notes])
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(notes: list[str], rows: list[list[str | int]]) -> bytes:
    """One sheet; numbers of accounts are text, amounts are numbers."""
    import openpyxl  # loaded when somebody asks
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Chuyen tien")
    bold = Font(bold=True)

    def strong(text: str | int) -> object:
        made = WriteOnlyCell(sheet, text)
        made.font = bold
        return made

    for note in notes:
        sheet.append([strong(note)])
    for number, row in enumerate(rows):
        sheet.append([strong(value) for value in row] if number == 0 else row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
