"""The book as a workbook: the journal line by line, and the balance of every account."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from catalog.sheets.exports import guarded
from core.i18n import N_, _
from revenue.export.rules import Row
from revenue.rules import AccountKind
from revenue.words import ACCOUNT_WORDS, ENTRY_WORDS

ROWS_MAX = 1_000_000  # a sheet ends at 1,048,576
JOURNAL = (N_("Sổ"), N_("Số"), N_("Ngày"), N_("Việc"), N_("Ghi chú"), N_("Tài khoản"), N_("Của"), N_("Nợ"), N_("Có"),
           N_("Theo quy tắc"), N_("Mua đứt hay bán hộ"), N_("Mã nối"))  # fmt: skip
BALANCES = (N_("Sổ"), N_("Tài khoản"), N_("Của"), N_("Nợ"), N_("Có"))
WIDTHS = {0: 24, 2: 12, 3: 24, 4: 24, 5: 26, 6: 18, 7: 14, 8: 14, 9: 18, 10: 22}
Value = str | int | date | None


def workbook(books: Iterable[tuple[str, Iterable[Row]]]) -> bytes:
    """A workbook of these books [(name, entries)…]. Texts are texts: nothing in it is a formula."""
    made = Workbook(write_only=True)
    journal, rest = _sheet(made, _("Sổ nhật ký"), JOURNAL), _sheet(made, _("Số dư"), BALANCES)
    count = 0
    for name, rows in books:
        balances: dict[tuple[AccountKind, str], int] = {}
        for row in rows:
            for one in row.lines:
                place = (one.kind, one.subject)
                balances[place] = balances.get(place, 0) + one.amount_vnd
            for cells in _journal_rows(name, row):
                count += 1
                if count % ROWS_MAX == 0:
                    journal = _sheet(made, f"{_('Sổ nhật ký')} {count // ROWS_MAX + 1}", JOURNAL)
                journal.append(_written(journal, cells))
        for (kind, subject), amount in sorted(balances.items()):
            rest.append(_written(rest, (name, _(ACCOUNT_WORDS[kind]), subject, *_sides(amount))))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _sheet(made: Any, title: str, headings: Sequence[str]) -> Any:
    sheet = made.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place in range(len(headings)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = WIDTHS.get(place, 8)
    sheet.append(_written(sheet, [_(one) for one in headings], bold=True))
    return sheet


def _journal_rows(name: str, row: Row) -> Iterator[Sequence[Value]]:
    words = _(ENTRY_WORDS[row.kind]) if row.kind in ENTRY_WORDS else row.kind
    for one in row.lines:
        yield (
            name,
            row.seq,
            row.on,
            words,
            row.note,
            _(ACCOUNT_WORDS[one.kind]),
            one.subject,
            *_sides(one.amount_vnd),
            one.rule,
            one.deal,
            row.hash,
        )


def _sides(amount_vnd: int) -> tuple[int | None, int | None]:
    return (amount_vnd, None) if amount_vnd >= 0 else (None, -amount_vnd)


def _written(sheet: Any, values: Sequence[Value], *, bold: bool = False) -> list[Any]:
    cells = []
    for value in values:
        shown: Any = guarded(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value
        cell = WriteOnlyCell(sheet, shown)
        if isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, int):
            cell.number_format = "#,##0"
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    return cells
