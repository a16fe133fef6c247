"""Templates written in the manner of the sites': several sheets, hidden keys, lists behind cells, merged words."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

KEYS = ("ps_category", "ps_product_name", "ps_product_description", "ps_sku_parent_short",
        "et_title_variation_integration_no", "et_title_variation_1", "et_title_option_for_variation_1", "ps_price",
        "ps_stock", "ps_sku_short", "ps_gtin_code", "ps_item_cover_image", "ps_item_image_1", "ps_weight",
        "channel_id.50021")  # fmt: skip
VIETNAMESE = ("Ngành hàng", "*Tên sản phẩm", "Mô tả sản phẩm", "SKU sản phẩm", "Mã tích hợp phân loại",
              "Tên nhóm phân loại hàng 1", "Tên phân loại hàng cho nhóm phân loại hàng 1", "*Giá", "*Kho hàng",
              "SKU phân loại", "GTIN", "Ảnh bìa", "Hình ảnh sản phẩm 1", "*Cân nặng", "Nhanh")  # fmt: skip


def shopee(headings: Sequence[str] = VIETNAMESE, keys: Sequence[str] = KEYS, first_rows: Sequence[Sequence[Any]] = ()
           ) -> bytes:  # fmt: skip
    """A workbook in Shopee's manner: a guide, a hidden list, a sheet with keys, headings, duties and explanations."""
    book = Workbook()
    guide = book.active
    guide.title = "Hướng dẫn"
    guide["A1"] = "Đọc kỹ trước khi dùng"
    sheet = book.create_sheet("Bản đăng tải")
    sheet.append(list(keys))
    sheet.append(["", "Thông tin cơ bản"])
    sheet.append(list(headings))
    sheet.append(["Không bắt buộc" if not one.startswith("*") else "Bắt buộc" for one in headings])
    sheet.append(["Chọn trong danh sách, xem trang Ngành hàng để biết mã của từng ngành"] + ["nhập kg" if "nặng" in one
                 else "" for one in headings[1:]])  # fmt: skip
    for row in first_rows:
        sheet.append(list(row))
    sheet.row_dimensions[1].hidden = True
    sheet.merge_cells("B2:G2")
    sheet["B3"].font, sheet["B3"].fill = Font(bold=True), PatternFill("solid", fgColor="FFEE4D2D")
    sheet["H6"].number_format = "#,##0"
    allowed = DataValidation(type="list", formula1='"Mở,Đóng"')
    allowed.add("O6:O500")
    sheet.add_data_validation(allowed)
    sheet.freeze_panes = "A6"
    hidden = book.create_sheet("HiddenCatProps")
    hidden["A1"] = "100629 - Thực phẩm"
    hidden.sheet_state = "veryHidden"
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Its bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(data: bytes) -> Workbook:
    """As another program reads it."""
    return load_workbook(io.BytesIO(data))


def simple(headings: Sequence[str], rows: Sequence[Sequence[Any]] = ()) -> bytes:
    """A plain table in the manner of the smaller sites."""
    book = Workbook()
    sheet = book.active
    sheet.append(["MẪU ĐĂNG HÀNG"])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    return saved(book)
