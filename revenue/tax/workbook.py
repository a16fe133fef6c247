"""A year's report as a workbook. Every sheet begins and ends with what is not certain about it; no official form."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from catalog.sheets.exports import guarded
from core.i18n import N_, _
from revenue.tax.queries import SellerYear
from revenue.tax.rules import UNVERIFIED, Rule
from revenue.words import TAX_WORDS

MARK = N_("CHƯA KIỂM CHỨNG")
WARNING = N_("Bảng tính của chợ để đối chiếu, không phải mẫu của cơ quan thuế. Thuế suất và ngưỡng chưa kiểm chứng.")
STATE_WORDS = {
    "read": N_("đã đọc nguồn"), "second_hand": N_("nghe lại, chưa đọc nguồn"), UNVERIFIED: N_("chưa kiểm chứng"),
}  # fmt: skip
COLUMNS = (
    N_("Nhà bán"), N_("Bán được trong năm"), N_("Ngưỡng miễn thuế thu nhập"), N_("Đã giữ thuế giá trị gia tăng"),
    N_("Đã giữ thuế thu nhập"), N_("Tính lại cả năm: giá trị gia tăng"), N_("Tính lại cả năm: thu nhập"),
    N_("Giữ hơn kém"), N_("Theo quy định"),
)  # fmt: skip
RULES = (N_("Quy định"), N_("Từ ngày"), N_("Đến ngày"), N_("Thuế"), N_("Phần vạn"), N_("Ngưỡng một năm"), N_("Nguồn"),
         N_("Tình trạng"))  # fmt: skip


def workbook(title: str, rows: Iterable[SellerYear], rules: Iterable[Rule]) -> bytes:
    """The sellers of a year, and the dated rows behind the figures. Texts are texts, amounts whole đồng."""
    made = Workbook()
    sheet = made.active
    _fill(sheet, _("Nhà bán"), title, COLUMNS, [_seller(one) for one in rows])
    _fill(made.create_sheet(), _("Quy định đã dùng"), title, RULES, [row for rule in rules for row in _rule(rule)])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _seller(one: SellerYear) -> list[Any]:
    return [
        one.name, one.turnover_vnd, one.exempt.get("pit", 0), one.kept["vat"], one.kept["pit"], one.due.get("vat", 0),
        one.due.get("pit", 0), one.differs_vnd, ", ".join(one.rule_ids),
    ]  # fmt: skip


def _rule(rule: Rule) -> list[list[Any]]:
    return [
        [rule.id, rule.from_on, rule.to_on, _(TAX_WORDS.get(one.tax, one.tax)), one.rate_bp, one.exempt_vnd,
         rule.source, _(STATE_WORDS[rule.state])]
        for one in rule.levies
    ]  # fmt: skip


def _fill(sheet: Any, name: str, title: str, columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    sheet.title = name
    mark = _(MARK)
    sheet.oddHeader.center.text, sheet.oddFooter.center.text = mark, mark
    sheet.append([mark])
    sheet.append([guarded(title)])
    sheet.append([_(WARNING)])
    sheet.append([])
    sheet.append([_(one) for one in columns])
    for cells in rows:
        sheet.append([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    sheet.append([])
    sheet.append([mark])
    sheet["A1"].font = Font(bold=True, color="C00000", size=14)
    for cell in sheet[5]:
        cell.font = Font(bold=True)
    for place in range(len(columns)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = 24
