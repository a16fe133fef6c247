"""The first cooperative at Shopee: a template filled some days ago, one price changed since, and an order file that
nobody has accepted yet, with a cell that cannot be read.

Nothing is sold and no money moves. The workbook is made here, in the manner of such templates; it is nobody's file.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from openpyxl import Workbook

from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from catalog.operations import set_price
from catalog.queries import pack_facts
from channels.marketplaces import operations, queries
from channels.marketplaces.columns import ORDERS
from channels.marketplaces.goods import goods_of
from channels.marketplaces.rules import Kind, Site, sku_of
from channels.marketplaces.tasks import pack_rows
from channels.marketplaces.templates import filled, kept_template
from core import clock, files
from payments.tables.files import read_rows

SITE = Site.SHOPEE
HEADINGS = (
    "Ngành hàng",
    "Tên sản phẩm",
    "Mô tả sản phẩm",
    "Giá",
    "Kho hàng",
    "SKU phân loại",
    "Ảnh bìa",
    "Cân nặng",
)
ORDER_HEADINGS = ("Mã đơn hàng", "Ngày đặt hàng", "Trạng thái đơn hàng", "SKU phân loại hàng", "Tên sản phẩm",
                  "Giá ưu đãi", "Số lượng", "Phí cố định", "Tên người nhận", "Tỉnh/Thành phố")  # fmt: skip
FILLED_AGO, CHANGED_AGO, SENT_AGO = timedelta(days=4), timedelta(seconds=90), timedelta(seconds=75)
RAISED_VND = 5_000


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Filled in the last week; the price and the orders in the last minutes, when no other story sells any more."""
    stall = cast.stalls[0]
    yield end - FILLED_AGO, Step(_fill, stall)
    yield end - CHANGED_AGO, Step(_raise, stall)
    yield end - SENT_AGO, Step(_send, stall)


def _template() -> bytes:
    """An empty workbook with headings, as a seller's page would give it."""
    book, out = Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Mẫu minh hoạ")
    sheet.append(["Mẫu minh hoạ, không phải tệp của sàn"])
    sheet.append(list(HEADINGS))
    book.save(out)
    return out.getvalue()


def _fill(stall: Stall) -> None:
    """The manager fetches the filled template: from now on Shopee is taken to know these prices and this stock."""
    own = stall.cooperative_id
    made = kept_template(
        stall.manager, own, SITE, "demo-shopee-template", "mau-dang-hang-minh-hoa.xlsx", _template()
    )
    _data, told = filled(queries.file_for(made, own, Kind.TEMPLATE))
    operations.told(stall.manager, SITE, told)


def _raise(stall: Stall) -> None:
    """One pack that Shopee was told of costs more since."""
    pack_id = min(good.pack_id for good in goods_of(stall.cooperative_id) if not good.weighed)
    set_price(stall.manager, pack_id, pack_facts([pack_id])[pack_id].price_vnd + RAISED_VND)


def _send(stall: Stall) -> None:
    """Three orders: one to be sent, one whose number of packs is a word, one cancelled. Looked at, not accepted."""
    goods = sorted(
        (one for one in goods_of(stall.cooperative_id) if not one.weighed and one.stock > 1),
        key=lambda one: one.pack_id,
    )[:2]
    day = clock.today().isoformat()
    rows = [
        (f"MINHHOA{number}", f"{day} 0{number}:15", status, sku_of(one.pack_id), one.name, one.price_vnd, count,
         one.price_vnd // 25, "N****n", "Hà Nội")
        for number, (one, status, count) in enumerate((
            (goods[0], "Chờ lấy hàng", "2"), (goods[-1], "Chờ lấy hàng", "hai gói"), (goods[0], "Đã hủy", "1"),
        ), 1)
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([ORDER_HEADINGS, *rows])
    data = out.getvalue().encode()
    cells = read_rows(data, ORDERS)
    stored = files.put(data, ".csv"), files.put(pack_rows(cells), ".json")
    headings = operations.order_headings(stall.cooperative_id, SITE, cells)
    operations.send_orders(
        stall.manager, "demo-shopee-orders", SITE, "don-hang-minh-hoa.csv", stored, cells, headings
    )
