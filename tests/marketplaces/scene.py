"""A cooperative with goods in store, and order files as sites write them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from channels.marketplaces import operations, queries, tasks
from channels.marketplaces.columns import ORDERS
from channels.marketplaces.models import MarketFile, MarketOrder
from channels.marketplaces.rules import Site, sku_of
from core import files
from core.db import db, transaction
from payments.tables.files import read_rows
from tests.factories import catalog, cooperatives, revenue, traceability

HEADINGS = (
    "Mã đơn hàng", "Ngày đặt hàng", "Trạng Thái Đơn Hàng", "SKU phân loại hàng", "Tên sản phẩm", "Giá ưu đãi",
    "Số lượng", "Returned quantity", "Mã giảm giá của Shop", "Phí cố định", "Phí Dịch Vụ", "Tên Người nhận",
    "Số điện thoại", "Tỉnh/Thành phố", "Địa chỉ nhận hàng", "Mã vận đơn", "Đơn Vị Vận Chuyển",
)  # fmt: skip


def shop(pieces: int = 20, packs: int = 1) -> tuple[Any, Any, Any]:
    """A cooperative with so many pieces of a traced lot in store: (cooperative, manager, pack)."""
    coop = cooperatives.create_cooperative()
    pack = catalog.create_product(coop, "Miến dong Côn Minh").packs[0]
    revenue.opened(coop, 5_000_000, 5_000_000)
    producers = [cooperatives.create_producer(coop, f"Bàn Thị {n}") for n in ("Một", "Hai")]
    traceability.create_lot(coop, pack, pieces, [traceability.create_slip(coop, one) for one in producers])
    return coop, cooperatives.manager_of(coop), pack


def line(number: str, pack: Any, **more: Any) -> dict[str, Any]:
    """One row of an order file."""
    said = {
        "Mã đơn hàng": number, "Ngày đặt hàng": "2026-11-21 08:30", "Trạng Thái Đơn Hàng": "Chờ lấy hàng",
        "SKU phân loại hàng": sku_of(pack.id) if hasattr(pack, "id") else pack, "Tên sản phẩm": "Miến dong",
        "Giá ưu đãi": "70000", "Số lượng": "1", "Tên Người nhận": "N****n", "Số điện thoại": "09****123",
        "Tỉnh/Thành phố": "Hà Nội", "Địa chỉ nhận hàng": "****, Quận Cầu Giấy",
    }  # fmt: skip
    return said | {
        HEADINGS[int(key[1:])] if key.startswith("c") else key: value for key, value in more.items()
    }


def table(rows: Sequence[dict[str, Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """An order file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def send(
    manager: Any, coop: Any, rows: Sequence[dict[str, Any]], key: str, site: Site = Site.SHOPEE
) -> MarketFile:
    """Send an order file, without accepting it."""
    data = table(rows)
    cells = read_rows(data, ORDERS)
    headings = operations.order_headings(coop.id, site, cells)
    stored = files.put(data, ".csv"), files.put(tasks.pack_rows(cells), ".json")
    with transaction():
        return operations.send_orders(manager, key, site, "orders.csv", stored, cells, headings)


def bring(
    manager: Any, coop: Any, rows: Sequence[dict[str, Any]], key: str, site: Site = Site.SHOPEE
) -> MarketFile:
    """Send an order file, accept it, and let the worker take it."""
    found = send(manager, coop, rows, key, site)
    with transaction():
        operations.accept(manager, found.id)
    tasks.step()
    return db.session.get_one(MarketFile, found.id, populate_existing=True)


def order_named(coop: Any, number: str, site: Site = Site.SHOPEE) -> MarketOrder:
    """What is known of a site's order."""
    db.session.expire_all()
    return queries.orders_named(coop.id, site, [number])[number]
