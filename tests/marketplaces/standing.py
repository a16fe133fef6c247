"""What the small world holds of marketplaces in each cooperative: a template, an order file, an order that waits."""

from typing import Any

from channels.marketplaces import operations
from channels.marketplaces.columns import ORDERS
from channels.marketplaces.models import MarketFile, MarketOrder
from channels.marketplaces.rules import OrderState, Problem, Site, Status
from channels.marketplaces.sales import Line, Sale
from channels.marketplaces.tasks import pack_rows
from channels.marketplaces.templates import kept_template
from core import clock, files
from core.db import db, transaction
from payments.tables.files import read_rows
from tests.marketplaces.books import simple
from tests.marketplaces.scene import line, table

TEMPLATE = simple(("Ngành hàng", "Tên sản phẩm", "Giá bán", "Tồn kho", "Mã SKU", "Bảo hành (bắt buộc)"))
FILE = table([line("2611AAA", "CP-1"), line("2611BBB", "LA", c6="2"), line("2611CCC", "CP-1", c2="?")])


def stored() -> tuple[str, str]:
    """The files, in the store of this test: a store is not kept with its database."""
    files.put(TEMPLATE, ".xlsx")
    return files.put(FILE, ".csv"), files.put(pack_rows(read_rows(FILE, ORDERS)), ".json")


def stand(manager: Any, coop: Any, prefix: str) -> dict[str, Any]:
    """The rows by the names that routes know."""
    template = kept_template(manager, coop.id, Site.SHOPEE, f"{prefix}template", "mau.xlsx", TEMPLATE)
    rows = read_rows(FILE, ORDERS)
    headings = operations.order_headings(coop.id, Site.SHOPEE, rows)
    sale = Sale(
        "2611DDD", Status.TO_SHIP, (Line("LA", "Miến lạ", 1, 50_000),), buyer="N****n", phone="09****123"
    )
    with transaction():
        orders = operations.send_orders(
            manager, f"{prefix}orders", Site.SHOPEE, "don.csv", stored(), rows, headings
        )
        held = MarketOrder(
            cooperative_id=coop.id, site=Site.SHOPEE, number=sale.number, state=OrderState.HELD, status=sale.status,
            told=sale.told(), problem=Problem.GOODS, problem_text="Miến lạ", changed_at=clock.now(),
        )  # fmt: skip
        db.session.add(held)
    return {
        "market_template": db.session.get_one(MarketFile, template),
        "market_orders": orders,
        "market_order": held,
    }
