"""Reads across parts: everything that is a cooperative's own, and the figures of a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from catalog.models import Category, Certificate, Pack, PriceChange, Product
from catalog.moderation.models import SuspensionNotice, Takedown
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from office.records.sheets import bundle, sheet
from orders.complaints.models import Complaint
from orders.links.models import LinkDay
from orders.models import Order, OrderLine, Problem, Purchase, WeighedLine
from payments.models import Refund
from places.models import Unit
from revenue.models import Account, Entry, Ledger, Posting

README = """Dữ liệu của hợp tác xã trên Chợ Phiên. Data of the cooperative on Chợ Phiên.

products.csv      hàng và quy cách / goods and packs
prices.csv        giá từng lúc / prices over time
certificates.csv  giấy tờ / papers
orders.csv        đơn hàng; người mua chỉ ghi tỉnh nhận / orders; of buyers only the province
order_lines.csv   từng món trong đơn / lines of orders
ledger.csv        sổ tiền, từng dòng bút toán, đồng / postings of the books, in đồng

Tiền: đồng, số nguyên. Giờ: Việt Nam. Money: whole đồng. Times: Vietnam.
"""


def _rows(statement: Select[Any]) -> Iterable[Row[Any]]:
    return db.session.execute(statement.execution_options(yield_per=500))


def own_data(cooperative_id: int, organisation_id: int | None) -> bytes:
    """A cooperative's goods, prices, papers, orders and books as a ZIP of CSV files.

    Of buyers it holds the province alone: names, numbers and streets stay with the order they were given for.
    """
    mine = Product.cooperative_id == cooperative_id
    return bundle({
        "README.txt": README.encode(),
        "products.csv": sheet(
            ("product_id", "name", "category", "state", "published_at", "pack_id", "pack", "net_quantity", "net_unit",
             "gtin", "gtin_kind", "price_vnd", "available", "active", "story", "ingredients", "usage", "storage",
             "warning", "shelf_life_days", "notification_number"),
            _rows(select(Product.id, Product.name, Category.name, Product.state, Product.published_at, Pack.id,
                         Pack.label,
                         Pack.net_quantity, Pack.net_unit, Pack.gtin, Pack.gtin_kind, Pack.price_vnd, Pack.available,
                         Pack.active, Product.story, Product.ingredients, Product.usage, Product.storage,
                         Product.warning, Product.shelf_life_days, Product.notification_number)
                  .outerjoin(Category, Category.id == Product.category_id)
                  .outerjoin(Pack, Pack.product_id == Product.id).where(mine).order_by(Product.id, Pack.id)),
        ),
        "prices.csv": sheet(
            ("pack_id", "price_vnd", "at"),
            _rows(select(PriceChange.pack_id, PriceChange.price_vnd, PriceChange.at)
                  .join(Pack, Pack.id == PriceChange.pack_id).join(Product, Product.id == Pack.product_id).where(mine)
                  .order_by(PriceChange.id)),
        ),
        "certificates.csv": sheet(
            ("kind", "number", "issuer", "valid_from", "valid_to", "product_id"),
            _rows(select(Certificate.kind, Certificate.number, Certificate.issuer, Certificate.valid_from,
                         Certificate.valid_to, Certificate.product_id)
                  .where(Certificate.cooperative_id == cooperative_id).order_by(Certificate.id)),
        ),
        "orders.csv": _orders(cooperative_id),
        "order_lines.csv": sheet(
            ("order", "product", "pack", "pack_id", "unit_price_vnd", "quantity", "refunded_quantity", "total_vnd",
             "price_per_kg_vnd", "packed_g", "packed_vnd"),
            _rows(select(Order.code, OrderLine.product_name, OrderLine.pack_label, OrderLine.pack_id,
                         OrderLine.unit_price_vnd, OrderLine.quantity, OrderLine.refunded_quantity, OrderLine.total_vnd,
                         WeighedLine.price_per_kg_vnd, WeighedLine.packed_g, WeighedLine.packed_vnd)
                  .join(Order, Order.id == OrderLine.order_id)
                  .outerjoin(WeighedLine, WeighedLine.order_line_id == OrderLine.id)
                  .where(Order.cooperative_id == cooperative_id)
                  .order_by(OrderLine.id)),
        ),
        "ledger.csv": sheet(
            ("entry", "kind", "at", "on", "account", "subject", "amount_vnd", "order", "note"),
            _rows(select(Entry.seq, Entry.kind, Entry.at, Entry.on, Account.kind, Account.subject, Posting.amount_vnd,
                         Order.code, Entry.note)
                  .join(Ledger, Ledger.id == Entry.ledger_id).join(Posting, Posting.entry_id == Entry.id)
                  .join(Account, Account.id == Posting.account_id).outerjoin(Order, Order.id == Entry.order_id)
                  .where(Ledger.organisation_id == organisation_id).order_by(Entry.seq, Posting.id)),
        ),
    })  # fmt: skip


def _orders(cooperative_id: int) -> bytes:
    commune = select(Unit.id, Unit.parent_id).subquery()
    wanted = (
        select(Order.code, Order.state, Order.method, Order.placed_at, Order.paid_at, Order.shipped_at,
               Order.delivered_at, Order.closed_at, Order.goods_vnd, Order.discount_vnd, Order.subsidy_vnd,
               Order.shipping_vnd, Order.total_vnd, Order.carrier, Unit.name)
        .join(Purchase, Purchase.id == Order.purchase_id).outerjoin(commune, commune.c.id == Purchase.commune_id)
        .outerjoin(Unit, Unit.id == commune.c.parent_id).where(Order.cooperative_id == cooperative_id)
        .order_by(Order.id)
    )  # fmt: skip
    heads = ("order", "state", "method", "placed_at", "paid_at", "shipped_at", "delivered_at", "closed_at", "goods_vnd",
             "discount_vnd", "subsidy_vnd", "shipping_vnd", "total_vnd", "carrier", "province")  # fmt: skip
    return sheet(heads, _rows(wanted))


# ---- the yearly report ----


@dataclass(frozen=True)
class Figure:
    """One line of the report. name: for machines; text: a message id; unit: '', 'vnd' or 'days'."""

    name: str
    text: str
    value: int
    unit: str = ""


def _count(model: type[Any], *where: Any) -> int:
    return int(db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one())


def _sum(column: Any, *where: Any) -> int:
    return int(db.session.execute(select(func.coalesce(func.sum(column), 0)).where(*where)).scalar_one())


def bounds(year: int) -> tuple[datetime, datetime]:
    """The first instants of a year and of the next, in Vietnam."""
    return clock.start_of(date(year, 1, 1)), clock.start_of(date(year + 1, 1, 1))


def due_on(year: int) -> date:
    """The report of a year is handed in before this day of the next (15 February; second hand)."""
    return date(year + 1, 2, 15)


def figures(year: int) -> list[Figure]:
    """What happened in a year, about twenty counts; nothing of a person."""
    from office.records.words import TEXTS

    first, after = bounds(year)

    def within(column: Any) -> tuple[Any, Any]:
        return column >= first, column < after

    late = Takedown.down_at > Takedown.due_at
    found: list[tuple[str, int, str]] = [
        ("sellers", _count(Cooperative, Cooperative.state == "approved", Cooperative.decided_at < after), ""),
        ("sellers_new", _count(Cooperative, Cooperative.state == "approved", *within(Cooperative.decided_at)), ""),
        ("suspensions", _count(SuspensionNotice, SuspensionNotice.state == "done",
                               *within(SuspensionNotice.settled_at)), ""),
        ("products", _count(Product, Product.state == "published", Product.published_at < after), ""),
        ("products_new", _count(Product, *within(Product.published_at)), ""),
        ("takedowns", _count(Takedown, *within(Takedown.received_at)), ""),
        ("takedowns_late", _count(Takedown, late, *within(Takedown.received_at)), ""),
        ("orders", _count(Order, *within(Order.placed_at)), ""),
        ("orders_delivered", _count(Order, *within(Order.delivered_at)), ""),
        ("orders_cancelled", _count(Order, Order.state.in_(("cancelled", "expired", "refused")),
                                    *within(Order.placed_at)), ""),
        ("goods_vnd", _sum(Order.goods_vnd, *within(Order.delivered_at)), "vnd"),
        ("shipping_vnd", _sum(Order.shipping_vnd, *within(Order.delivered_at)), "vnd"),
        ("refunds", _count(Refund, *within(Refund.created_at)), ""),
        ("refunds_vnd", _sum(Refund.amount_vnd, *within(Refund.created_at)), "vnd"),
        ("problems", _count(Problem, *within(Problem.reported_at)), ""),
        ("complaints", _count(Complaint, *within(Complaint.received_at)), ""),
        ("complaints_settled", _count(Complaint, Complaint.state == "settled", *within(Complaint.received_at)), ""),
        ("link_clicks", _sum(LinkDay.click_count, LinkDay.on_day >= date(year, 1, 1),
                             LinkDay.on_day <= date(year, 12, 31)), ""),
    ]  # fmt: skip
    return [Figure(name, TEXTS[name], value, unit) for name, value, unit in found]


def report_csv(year: int) -> bytes:
    """The figures of a year as a table; names and values alone."""
    return sheet(
        ("year", "figure", "value", "unit"), [(year, one.name, one.value, one.unit) for one in figures(year)]
    )
