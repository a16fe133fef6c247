"""A year's report as a workbook. Every sheet begins and ends with what is not certain about it; no official form."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from core.i18n import N_, _
from revenue.tax.queries import SellerYear
from revenue.tax.rules import UNVERIFIED, Layout, Rule
from revenue.words import TAX_WORDS

MARK = N_("CHƯA KIỂM CHỨNG")
WARNING = N_(
    "Bảng tính của chợ để đối chiếu, không phải mẫu của cơ quan thuế. Thuế suất và ngưỡng chưa kiểm chứng."
)
STATE_WORDS = {
    "read": N_("đã đọc nguồn"), "second_hand": N_("nghe lại, chưa đọc nguồn"), UNVERIFIED: N_("chưa kiểm chứng"),
}  # fmt: skip
EXAMPLE = N_("Mẫu ví dụ của chợ, chưa có mẫu chính thức.")
RULES = (N_("Quy định"), N_("Từ ngày"), N_("Đến ngày"), N_("Thuế"), N_("Phần vạn"), N_("Ngưỡng một năm"), N_("Nguồn"),
         N_("Tình trạng"))  # fmt: skip


def workbook(title: str, rows: Iterable[SellerYear], rules: Iterable[Rule], layout: Layout) -> bytes:
    """The sellers of a year in a layout, and the dated rows behind the figures. Texts are texts, amounts whole đồng."""
    from openpyxl import Workbook  # loaded when somebody asks

    made = Workbook()
    sheet = made.active
    heads = [heading for heading, _field in layout.columns]
    cells = [[_cell(one, field) for _heading, field in layout.columns] for one in rows]
    said = f"{_(EXAMPLE)} {layout.id}: {layout.source}" if layout.example else f"{layout.id}: {layout.source}"
    _fill(sheet, _("Nhà bán"), title, heads, cells, said)
    rest = [row for rule in rules for row in _rule(rule)]
    _fill(made.create_sheet(), _("Quy định đã dùng"), title, [_(one) for one in RULES], rest, "")
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _cell(one: SellerYear, field: str) -> Any:
    """What a layout's field says of a seller: "kept.vat" is one tax of several."""
    name, _dot, tax = field.partition(".")
    value = getattr(one, name)
    if tax:
        return value.get(tax, 0)
    return ", ".join(value) if isinstance(value, tuple) else value


def _rule(rule: Rule) -> list[list[Any]]:
    return [
        [rule.id, rule.from_on, rule.to_on, _(TAX_WORDS.get(one.tax, one.tax)), one.rate_bp, one.exempt_vnd,
         rule.source, _(STATE_WORDS[rule.state])]
        for one in rule.levies
    ]  # fmt: skip


def _fill(
    sheet: Any, name: str, title: str, columns: Sequence[str], rows: Iterable[list[Any]], said: str
) -> None:
    sheet.title = name
    mark = _(MARK)
    sheet.oddHeader.center.text, sheet.oddFooter.center.text = mark, mark
    sheet.append([mark])
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from catalog.sheets.exports import guarded

    sheet.append([guarded(title)])
    sheet.append([_(WARNING)])
    sheet.append([guarded(said)] if said else [])
    sheet.append([guarded(one) for one in columns])
    for cells in rows:
        sheet.append([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    sheet.append([])
    sheet.append([mark])
    sheet["A1"].font = Font(bold=True, color="C00000", size=14)
    for cell in sheet[5]:
        cell.font = Font(bold=True)
    for place in range(len(columns)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = 24
