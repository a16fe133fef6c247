"""A year's dealings as a workbook, a posting a row."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from catalog.sheets.exports import guarded
from core.i18n import N_, _
from revenue.dealings.queries import DealLine
from revenue.dealings.words import ACCOUNTS, BUYING_WORDS, SIDE_WORDS, SOURCE
from revenue.words import ACCOUNT_WORDS, COMPONENT_WORDS, ENTRY_WORDS, rule_words

COLUMNS = (
    N_("Ngày"), N_("Số"), N_("Việc"), N_("Đơn"), N_("Lô"), N_("Cách mua"), N_("Nội bộ hay bên ngoài"), N_("Phần"),
    N_("Theo"), N_("Tài khoản"), N_("Nợ"), N_("Có"), N_("Quy chế số"), N_("Tài khoản theo thông tư, chưa kiểm chứng"),
)  # fmt: skip


def workbook(title: str, rows: Iterable[DealLine]) -> bytes:
    """Every row as a line; texts are texts, amounts whole đồng."""
    from openpyxl import Workbook  # loaded when somebody asks
    from openpyxl.utils import get_column_letter

    made = Workbook(write_only=True)
    sheet = made.create_sheet(_("Giao dịch"))
    for place in range(len(COLUMNS)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = 18
    sheet.append([guarded(title)])
    sheet.append([_(SOURCE)])
    sheet.append([_bold(sheet, _(one)) for one in COLUMNS])
    for one in rows:
        sheet.append([guarded(cell) if isinstance(cell, str) else cell for cell in _cells(one)])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _bold(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cells(one: DealLine) -> list[Any]:
    buying, _dash, side = one.deal.partition("-")
    debit, credit = (one.amount_vnd, None) if one.amount_vnd > 0 else (None, -one.amount_vnd)
    words = _(ENTRY_WORDS[one.kind]) if one.kind in ENTRY_WORDS else one.kind
    return [
        one.on, one.seq, words, one.order_code, one.lot_code, _(BUYING_WORDS[buying]), _(SIDE_WORDS[side]),
        _(COMPONENT_WORDS.get(one.component, one.component)), rule_words(one.rule), _(ACCOUNT_WORDS[one.account]),
        debit, credit, one.terms_id, ACCOUNTS[one.deal],
    ]  # fmt: skip
