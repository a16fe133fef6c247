"""Verbs of short links: make one, store clicks, remember by which one an order came."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.operations import own_product
from core import clock
from core.db import db
from core.errors import Invalid
from core.i18n import N_
from core.limits import limit
from core.text import clean
from orders.links.models import LinkDay, OrderSource, ShortLink
from orders.links.rules import ALPHABET, CODE_CHARS, LINKS_MAX, NAME_MAX_CHARS, Channel, code_of, is_code
from orders.models import Order


def make_link(actor: Actor, product_id: int, channel: str, name: str = "") -> ShortLink:
    """A link for a product in a channel; the same again is the same link. Raises NotFound for another's product."""
    actor.must_be(Role.MANAGER)
    product = own_product(actor, product_id)
    if channel not in set(Channel):
        raise Invalid(N_("Chọn nơi đưa đường dẫn."), field="channel")
    name = clean(name)[:NAME_MAX_CHARS]
    mine = select(ShortLink).where(ShortLink.product_id == product.id)
    same = db.session.execute(
        mine.where(ShortLink.channel == channel, ShortLink.name == name)
    ).scalar_one_or_none()
    if same is not None:
        return same
    count = db.session.execute(select(func.count()).select_from(mine.subquery())).scalar_one()
    if count >= LINKS_MAX:
        raise Invalid(
            N_("Món này đã có %(most)s đường dẫn."), remedy=N_("Dùng lại một đường dẫn cũ."), most=LINKS_MAX
        )
    made = ShortLink(
        code=_free_code(), cooperative_id=product.cooperative_id, product_id=product.id, channel=channel, name=name,
        created_at=clock.now(), created_by_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "make link", f"short_link:{made.id}", ("channel",))
    return made


def _free_code() -> str:
    """A code nobody has: 887 million, so the UNIQUE column hardly ever speaks."""
    while True:
        code = code_of([secrets.randbelow(len(ALPHABET)) for _place in range(CODE_CHARS)])
        if db.session.execute(select(ShortLink.id).where(ShortLink.code == code)).first() is None:
            return code


def store_clicks(entries: Sequence[dict[str, Any]]) -> None:
    """Add noted clicks to their link's days. entries: {"link": id, "on": ISO day}; others are left out.

    Called by the spool inside its transaction, once a file.
    """
    counted: Counter[tuple[int, str]] = Counter()
    for entry in entries:
        if isinstance(entry.get("link"), int) and isinstance(entry.get("on"), str):
            counted[(entry["link"], entry["on"])] += 1
    known = set(
        db.session.execute(
            select(ShortLink.id).where(ShortLink.id.in_({link for link, _on in counted}))
        ).scalars()
    )
    for (link_id, day), clicks in sorted(counted.items()):
        if link_id in known:
            _add(link_id, date.fromisoformat(day), clicks)


def _add(link_id: int, day: date, clicks: int) -> None:
    changed = db.session.execute(
        update(LinkDay).where(LinkDay.link_id == link_id, LinkDay.on_day == day)
        .values(click_count=LinkDay.click_count + clicks)
    )  # fmt: skip
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        db.session.execute(insert(LinkDay).values(link_id=link_id, on_day=day, click_count=clicks))


def remember_source(purchase_id: int, code: str | None) -> None:
    """The buyer came by a link: note it at the order of the cooperative that made the link. Twice is harmless."""
    if not code or not is_code(code):
        return
    link = db.session.execute(select(ShortLink).where(ShortLink.code == code)).scalar_one_or_none()
    if link is None:
        return
    fresh = (
        select(Order.id)
        .outerjoin(OrderSource, OrderSource.order_id == Order.id)
        .where(Order.purchase_id == purchase_id, Order.cooperative_id == link.cooperative_id,
               OrderSource.order_id.is_(None))
    )  # fmt: skip
    for order_id in db.session.execute(fresh).scalars().all():
        db.session.execute(insert(OrderSource).values(order_id=order_id, link_id=link.id))


def forget_old_days() -> int:
    """Days of clicks older than the limit (400 days) go; how many."""
    before = clock.today() - timedelta(days=limit("click_days"))
    return int(db.session.execute(delete(LinkDay).where(LinkDay.on_day < before)).rowcount)  # type: ignore[attr-defined]
