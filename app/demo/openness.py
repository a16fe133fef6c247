"""Short links with what they brought, complaints on their way, and a listing that was taken down and came back.

Its own dice, and no money moves: the sums of the story stay what they were.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from accounts.rules import SYSTEM
from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from catalog import operations as catalog
from catalog.moderation import operations as moderation
from catalog.queries import product
from core import clock
from core.db import db
from orders.complaints import operations as complaints
from orders.complaints.operations import Said
from orders.links import operations as links
from orders.models import Order
from orders.rules import State

CHANNELS = (("zalo", "Nhóm khách quen", 9), ("facebook", "", 14), ("poster", "Biển ở cổng chợ", 3))
SAID = (
    ("goods", "Nhận hai gói thì một gói bị ẩm ở góc, có ảnh gửi qua Zalo.", "Gửi lại một gói."),
    ("delivery", "Hẹn bốn ngày mà chín ngày mới tới.", "Lần sau báo trước."),
    ("goods", "Hạn dùng in mờ, không đọc được.", "In lại nhãn rõ hơn."),
)


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Links first, so that orders of the last weeks are credited to them."""
    first = cast.stalls[0]
    yield end - timedelta(days=30), Step(_links, first)
    yield end - timedelta(hours=3), Step(_sales, first)
    yield end - timedelta(days=40), Step(_taken_down, cast, cast.stalls[-1])
    for number, days in enumerate((8, 5, 1)):
        yield end - timedelta(days=days), Step(_complain, cast, number)


def _links(stall: Stall) -> None:
    """Three links for the first goods, one for the second."""
    for channel, name, _daily in CHANNELS:
        links.make_link(stall.manager, stall.products[0].product_id, channel, name)
    links.make_link(stall.manager, stall.products[1].product_id, "zalo")


def _sales(stall: Stall) -> None:
    """A month of clicks, and the orders that came by a link."""
    dice, goods = Random(41), stall.products[0].product_id
    made = [links.make_link(stall.manager, goods, channel, name) for channel, name, _daily in CHANNELS]
    entries = [
        {"link": link.id, "on": (clock.today() - timedelta(days=back)).isoformat()}
        for link, (_channel, _name, daily) in zip(made, CHANNELS, strict=True)
        for back in range(30)
        for _click in range(dice.randint(0, 2 * daily))
    ]
    links.store_clicks(entries)
    recent = (
        select(Order.purchase_id)
        .where(
            Order.cooperative_id == stall.cooperative_id, Order.placed_at > clock.now() - timedelta(days=30)
        )
        .order_by(Order.id)
    )
    for place, purchase_id in enumerate(db.session.execute(recent).scalars().all()):
        if place % 3 != 2:
            links.remember_source(purchase_id, made[place % 3].code)


def _complain(cast: Cast, number: int) -> None:
    """One is answered and accepted, one answered, one waits for the market."""
    stall = cast.stalls[0]
    wanted = select(Order).where(Order.cooperative_id == stall.cooperative_id, Order.state == State.DELIVERED)
    order = db.session.execute(
        wanted.order_by(Order.delivered_at.desc()).offset(number).limit(1)
    ).scalar_one()
    kind, text, wish = SAID[number]
    buyer = order.purchase
    found = complaints.receive(
        f"demo-complaint-{number}", Said(kind, text, wish, buyer.buyer_name, buyer.buyer_phone, order.code)
    )
    if number == 2:
        complaints.escalate(found.token, "Gọi hai lần chưa gặp ai.")
        return
    complaints.acknowledge(stall.manager, found.id)
    complaints.answer(
        stall.manager, found.id, "Xin lỗi bạn. Hợp tác xã gửi bù ngay hôm nay, không tính tiền."
    )
    if number == 0:
        complaints.accept(found.token)


def _taken_down(cast: Cast, stall: Stall) -> None:
    """An authority asked, it was down within the hour, the cooperative mended its label, and it sells again."""
    goods = product(stall.products[-1].product_id)
    if goods.state != "published":
        return
    admin, now = cast.administrator, clock.now()
    found = moderation.record(
        admin, "demo-takedown-1", goods.slug, authority="Chi cục An toàn thực phẩm (minh hoạ)",
        document_number="12/YC-MINH-HOA", document_on=date(now.year, now.month, 1),
        reason="Nhãn chụp trên trang chưa rõ hạn dùng.", received_at=now - timedelta(minutes=40),
    )  # fmt: skip
    moderation.take_down(admin, found.id)
    moderation.appeal(stall.manager, found.id, "Đã chụp lại nhãn, hạn dùng in ở mặt sau, thấy rõ.")
    moderation.answer_appeal(admin, found.id, "Ảnh mới rõ hạn dùng. Hợp tác xã bán lại được.", lift=True)
    catalog.publish(SYSTEM, goods.id)
