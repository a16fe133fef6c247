"""Tables that go out: the cooperative's goods, and rows that were not taken with the reasons beside them.

A cell that a spreadsheet would take for a formula begins with an apostrophe ('=1+1), which reading takes off again.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from catalog.kinds.rules import NONE, codes_of
from catalog.measures.rules import months_of
from catalog.rules import State
from catalog.sheets import queries
from catalog.sheets.cells import Cell
from catalog.sheets.columns import BY_KEY, OURS_TO_READ
from core.i18n import N_, _

KEYS = (
    "code",
    "gtin",
    "name",
    "category",
    "label",
    "quantity",
    "price",
    "gross",
    "story",
    "ingredients",
    "usage",
    "storage",
    "shelf_life",
    "harvest_months",
    "allergens",
    "warning",
    "notification_number",
    "origin",
    "ocop_stars",
    "state",
    "available",
)
WIDE = {
    "name": 32,
    "category": 20,
    "story": 60,
    "ingredients": 30,
    "usage": 30,
    "storage": 24,
    "origin": 28,
    "gtin": 16,
    "warning": 24,
}
STATES = {
    State.DRAFT: N_("Bản nháp"),
    State.HELD: N_("Chờ người xem lại"),
    State.PUBLISHED: N_("Đang bán"),
    State.WITHDRAWN: N_("Đã cất"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: Cell) -> Cell:
    """A text that no spreadsheet runs.

    >>> guarded("=HYPERLINK(1)"), guarded("-5 °C"), guarded("Miến"), guarded(-5)
    ("'=HYPERLINK(1)", "'-5 °C", 'Miến', -5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that Excel needs to see Vietnamese, commas, lines as Windows ends them."""
    out = StringIO(newline="")
    csv.writer(out).writerows([["" if cell is None else guarded(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(rows: Iterable[Sequence[Cell]], widths: Sequence[int] = ()) -> bytes:
    """A workbook of one sheet; the first row is bold and stays in sight. Texts are texts: nothing is a formula."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("Hàng"))
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows):
        sheet.append([_written(sheet, cell, bold=number == 0) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _written(sheet: Any, value: Cell, *, bold: bool) -> Any:
    if isinstance(value, str):
        value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, guarded(value))
    if isinstance(value, str):
        cell.data_type = "s"
        if value.isdigit():
            cell.number_format = "@"  # a barcode stays a text
    if bold:
        cell.font = Font(bold=True)
    return cell


def write(kind: str, rows: Iterable[Sequence[Cell]], widths: Sequence[int] = ()) -> bytes:
    """A table as 'xlsx' or 'csv'."""
    return as_csv(rows) if kind == "csv" else as_xlsx(rows, widths)


def title(key: str) -> str:
    """A column's heading in the reader's language."""
    return _(BY_KEY[key].title) if key in BY_KEY else _(OURS_TO_READ[key])


def goods(cooperative_id: int, kind: str) -> bytes:
    """A cooperative's goods as a table that opens again without a change."""
    rows = queries.export_rows(cooperative_id)
    places = queries.unit_names(row[0].origin_commune_id for row in rows if row[0].origin_commune_id)
    body = (_goods_row(row, places) for row in rows)
    return write(kind, _with_headings(body), [WIDE.get(key, 12) for key in KEYS])


def empty(kind: str) -> bytes:
    """A table with headings and one example, to fill in."""
    example: dict[str, Cell] = {
        "code": "MD01",
        "name": "Miến dong",
        "category": "Miến, bún",
        "label": "Gói 500 g",
        "quantity": "500 g",
        "price": 65_000,
        "shelf_life": "12 tháng",
        "ingredients": "Tinh bột dong riềng 100 %",
    }
    keys = [key for key in KEYS if key not in OURS_TO_READ]
    rows: list[list[Cell]] = [[title(key) for key in keys], [example.get(key) for key in keys]]
    return write(kind, rows, [WIDE.get(key, 12) for key in keys])


def _with_headings(body: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield [title(key) for key in KEYS]
    yield from body


def _goods_row(row: Any, places: dict[int, str]) -> list[Cell]:
    product = row[0]
    said = {
        "code": row.code,
        "gtin": row.gtin[1:] if row.gtin else None,
        "name": product.name,
        "category": row.category,
        "label": row.label,
        "quantity": measured(row.net_quantity, row.net_unit),
        "price": row.price_vnd if row.price_per_kg_vnd is None else None,
        "price_per_kg": row.price_per_kg_vnd,
        "gross": row.gross_weight_g,
        "shelf_life": product.shelf_life_days,
        "harvest_months": _months(product.harvest_months),
        "allergens": _allergens(product.allergens),
        "origin": places.get(product.origin_commune_id or 0),
        "state": _(STATES[State(product.state)]),
        "available": row.available,
    }
    return [said[key] if key in said else getattr(product, key) or None for key in KEYS]


def measured(quantity: int | None, unit: str | None) -> str | None:
    """A net quantity that reads back as itself: grams and millilitres are never rounded.

    >>> measured(1500, "g"), measured(3, "piece")
    ('1500 g', '3 cái')
    """
    if quantity is None:
        return None
    return f"{quantity} {'cái' if unit == 'piece' else unit}"


def _months(mask: int) -> str | None:
    return ", ".join(map(str, months_of(mask))) or None


def _allergens(stored: str) -> str | None:
    return "không" if stored == NONE else "; ".join(codes_of(stored)) or None


def not_taken(
    headings: Sequence[str], rows: Iterable[tuple[Sequence[Cell], Sequence[str]]], kind: str
) -> bytes:
    """Rows that were not taken, as they came, with why in a first column. rows: (cells, reasons)."""
    body = ([" · ".join(reasons), *cells] for cells, reasons in rows)
    return write(kind, [[title("reason"), *headings], *body], [60])
