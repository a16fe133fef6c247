"""What the share kit shows: words, links, and the face of the pictures."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import current_app
from sqlalchemy import func, select

from catalog.cards.faces import Face
from catalog.cards.queries import face_of
from catalog.models import Product
from channels.sharing.models import ShareCaption
from channels.sharing.rules import KIT, Told, caption, draft
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.links.models import LinkDay, OrderSource, ShortLink
from orders.links.queries import NOT_SOLD, LinkView, links
from orders.links.rules import CHANNEL_TEXT, Channel
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Way:
    """One channel of the kit. title, hint: message ids. link: what it brought, None before it is made: then the words
    carry the page's own address. opened_on: the last day somebody opened it.
    """

    channel: str
    title: str
    hint: str
    address: str
    text: str
    link: LinkView | None
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """A product's share kit. on_sale: only then there are pictures. body: as written, or from its story."""

    product: Product
    on_sale: bool
    body: str
    ways: tuple[Way, ...]

    @property
    def ready(self) -> bool:
        """Whether every channel has its link."""
        return all(one.link for one in self.ways)


def _short(code: str) -> str:
    return f"{current_app.config['BASE_URL']}/s/{code}"


def kit_of(product: Product) -> Kit:
    """The kit of a cooperative's own product."""
    found = face_of(product.id)
    row = db.session.get(ShareCaption, product.id)
    body = row.body if row else draft(product.story)
    made = {one.channel: one for one in links(product.id) if not one.name}
    opened = dict(db.session.execute(
        select(LinkDay.link_id, func.max(LinkDay.on_day))
        .join(ShortLink, ShortLink.id == LinkDay.link_id).where(ShortLink.product_id == product.id)
        .group_by(LinkDay.link_id)
    ).tuples().all())  # fmt: skip
    ways = []
    for channel, hint in KIT:
        link = made.get(channel.value)
        address = _short(link.code) if link else ""
        text = caption(_told(found[0], product), body, address or found[0].address) if found else ""
        last = opened.get(link.id) if link else None
        ways.append(Way(channel.value, CHANNEL_TEXT[channel], hint, address, text, link, last))
    return Kit(product, found is not None, body, tuple(ways))


def _told(face: Face, product: Product) -> Told:
    return Told(face.name, face.price, face.unit, product.story, face.seller, face.place)


def face_for(product_id: int, channel: Channel) -> tuple[Face, bytes | None]:
    """What a picture for a channel says, leading to the channel's own link where it is made. Raises NotFound for goods
    that are not on sale.
    """
    found = face_of(product_id)
    if found is None:
        raise NotFound(N_("Món này chưa bán nên chưa có hình để chia sẻ."), remedy=N_("Đăng bán trước đã."))
    face, picture, _version = found
    code = db.session.execute(
        select(ShortLink.code).where(
            ShortLink.product_id == product_id, ShortLink.channel == channel.value, ShortLink.name == ""
        )
    ).scalar_one_or_none()
    return (replace(face, address=_short(code)) if code else face), picture


@dataclass(frozen=True, slots=True)
class Brought:
    """What a cooperative's links in one channel brought. title: a message id. opened_on, ordered_at: the last time."""

    title: str
    links: int
    clicks: int
    orders: int
    goods_vnd: int
    opened_on: date | None
    ordered_at: datetime | None


def brought(cooperative_id: int) -> list[Brought]:
    """By channel, the most sold first; without the channels that have no link. Three statements."""
    mine = ShortLink.cooperative_id == cooperative_id
    made = db.session.execute(
        select(ShortLink.channel, func.count()).where(mine).group_by(ShortLink.channel)
    ).tuples().all()  # fmt: skip
    clicks = {
        row[0]: row[1:]
        for row in db.session.execute(
            select(ShortLink.channel, func.sum(LinkDay.click_count), func.max(LinkDay.on_day))
            .join(LinkDay, LinkDay.link_id == ShortLink.id).where(mine).group_by(ShortLink.channel)
        )
    }  # fmt: skip
    sales = {
        row[0]: row[1:]
        for row in db.session.execute(
            select(ShortLink.channel, func.count(), func.sum(Order.goods_vnd), func.max(Order.placed_at))
            .join(OrderSource, OrderSource.link_id == ShortLink.id).join(Order, Order.id == OrderSource.order_id)
            .where(mine, Order.state.not_in(NOT_SOLD)).group_by(ShortLink.channel)
        )
    }  # fmt: skip
    found = []
    for channel, count in made:
        opened, (orders, sold, at) = clicks.get(channel, (0, None)), sales.get(channel, (0, 0, None))
        found.append(Brought(CHANNEL_TEXT[Channel(channel)], count, opened[0], orders, sold, opened[1], at))
    return sorted(found, key=lambda one: (-one.goods_vnd, -one.clicks, one.title))
