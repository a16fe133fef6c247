"""What the share kit shows: words, links, and the face of the pictures."""

from dataclasses import dataclass, replace

from flask import current_app
from sqlalchemy import select

from catalog.cards.faces import Face
from catalog.cards.queries import face_of
from catalog.models import Product
from channels.sharing.models import ShareCaption
from channels.sharing.rules import KIT, Told, caption, draft
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.links.models import ShortLink
from orders.links.queries import LinkView, links
from orders.links.rules import CHANNEL_TEXT, Channel


@dataclass(frozen=True, slots=True)
class Way:
    """One channel of the kit. title, hint: message ids. link: what it brought, None before it is made."""

    channel: str
    title: str
    hint: str
    address: str
    text: str
    link: LinkView | None


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
    ways = []
    for channel, hint in KIT:
        link = made.get(channel.value)
        address = _short(link.code) if link else ""
        text = caption(_told(found[0], product), body, address) if found and link else ""
        ways.append(Way(channel.value, CHANNEL_TEXT[channel], hint, address, text, link))
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
