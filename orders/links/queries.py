"""Reads of short links: where one leads, and what each brought."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, select

from catalog.models import Product
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.links.models import LinkDay, OrderSource, ShortLink
from orders.links.rules import CHANNEL_TEXT, Channel, is_code
from orders.models import Order
from orders.rules import State

NOT_SOLD = (State.CANCELLED, State.EXPIRED, State.REFUSED)


@dataclass(frozen=True)
class Way:
    """Where a link leads: its id, and the path of the product, or of the seller while the product is off the shelf."""

    link_id: int
    path: str


def way(code: str) -> Way:
    """Where a code leads. Raises NotFound for none of ours."""
    row = None
    if is_code(code):
        row = db.session.execute(
            select(ShortLink.id, Product.slug, Product.state, Cooperative.slug.label("seller"))
            .join(Product, Product.id == ShortLink.product_id)
            .join(Cooperative, Cooperative.id == Product.cooperative_id)
            .where(ShortLink.code == code)
        ).one_or_none()
    if row is None:
        raise NotFound(N_("Đường dẫn này không có."), remedy=N_("Tìm món hàng trong chợ."))
    path = f"/products/{row.slug}" if row.state == "published" else f"/cooperatives/{row.seller}"
    return Way(row.id, path)


@dataclass(frozen=True)
class LinkView:
    """A link with what it brought. channel_text: a message id."""

    id: int
    code: str
    channel: str
    channel_text: str
    name: str
    clicks: int
    clicks_week: int
    orders: int
    goods_vnd: int


def links(product_id: int) -> list[LinkView]:
    """A product's links in the order of making, with clicks and sales; three queries."""
    since = clock.today() - timedelta(days=6)
    week = func.coalesce(func.sum(LinkDay.click_count).filter(LinkDay.on_day >= since), 0)
    clicks = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            select(LinkDay.link_id, func.sum(LinkDay.click_count), week)
            .join(ShortLink, and_(ShortLink.id == LinkDay.link_id, ShortLink.product_id == product_id))
            .group_by(LinkDay.link_id)
        )
    }
    sales = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            select(OrderSource.link_id, func.count(), func.sum(Order.goods_vnd))
            .join(Order, Order.id == OrderSource.order_id)
            .join(ShortLink, and_(ShortLink.id == OrderSource.link_id, ShortLink.product_id == product_id))
            .where(Order.state.not_in(NOT_SOLD))
            .group_by(OrderSource.link_id)
        )
    }
    rows = db.session.execute(
        select(ShortLink).where(ShortLink.product_id == product_id).order_by(ShortLink.id)
    )
    return [
        LinkView(row.id, row.code, row.channel, CHANNEL_TEXT[Channel(row.channel)], row.name,
                 *clicks.get(row.id, (0, 0)), *sales.get(row.id, (0, 0)))
        for row in rows.scalars()
    ]  # fmt: skip


def own_product(cooperative_id: int, product_id: int) -> Product:
    """A cooperative's own product. Raises NotFound for another's."""
    found = db.session.get(Product, product_id)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có món này."))
    return found


def own_link(cooperative_id: int, link_id: int) -> ShortLink:
    """A cooperative's own link. Raises NotFound."""
    found = db.session.get(ShortLink, link_id)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Đường dẫn này không có."))
    return found
