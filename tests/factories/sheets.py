"""Tables as cooperatives send them."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import openpyxl

HEADINGS = (
    "STT",
    "Tên sản phẩm",
    "Nhóm hàng",
    "Quy cách",
    "Khối lượng (g)",
    "Giá bán (đồng)",
    "Hạn sử dụng",
    "Mô tả",
)
BAD_ROWS = 37


def workbook(
    rows: Iterable[Sequence[Any]], *, title: str = "Hàng", before: Sequence[Sequence[Any]] = ()
) -> bytes:
    """An .xlsx with one sheet; `before` stands above the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in (*before, *rows):
        sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def good_row(number: int) -> list[Any]:
    """A row without a fault, different for each number."""
    kinds = ("Miến, bún", "Nấm, măng", "Trà", "Mật ong", "Gạo, nếp")
    return [
        number,
        f"Hàng bản Vàng số {number}",
        kinds[number % 5],
        "Gói",
        100 + number % 900,
        1000 * (5 + number % 300),
        ("12 tháng", 365, "6 tháng")[number % 3],
        f"Bà con làm món thứ {number}, phơi đủ ba nắng.",
    ]


FAULTS: tuple[tuple[int, Any], ...] = (
    (5, 0),
    (5, "không bán"),
    (4, "vài nắm"),
    (2, "Điện thoại"),
    (6, "lâu lắm"),
    (1, ""),
    (5, "#N/A"),
    (5, -3000),
)


def with_faults(count: int, bad: int = BAD_ROWS) -> list[list[Any]]:
    """So many rows, of which `bad`, spread over all, have one fault each."""
    rows = [good_row(number) for number in range(1, count + 1)]
    for n in range(bad):
        place, value = FAULTS[n % len(FAULTS)]
        rows[(n + 1) * count // (bad + 1)][place] = value
    return rows
