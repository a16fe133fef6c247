"""Two doors that begin with words: a message pasted from a chat, and the comments of a live sale."""

import pytest

from cooperatives.models import Cooperative
from core.db import db
from orders.models import Order
from orders.rules import Door
from tests.factories.catalog import create_product
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.scene import Stall, row, stall

pytestmark = pytest.mark.browser
MESSAGE = "Cho chị 2 bó miến dong nhé. Chị Hoa 0912 345 678, số 8 ngõ Mẫu, phường Cầu Giấy, Hà Nội"
COMMENTS = (
    "Hoa Hồng: m1 x2\n"
    "Lan Anh: chốt 1 m1 0987654321 số 5 ngõ 2, phường Cầu Giấy, Hà Nội\n"
    "Tú: m1 còn không shop\n"
    "Hoa Hồng: 0912345677 số 9 ngõ Mẫu, phường Cầu Giấy, Hà Nội"
)


@pytest.fixture
def shop(site: LiveSite) -> Stall:
    """A cooperative with six packs of noodles in the store."""
    with site.scene():
        made = stall("HTX Lời Nhắn")
        coop = row(Cooperative, made.id)
        create_lot(coop, create_product(coop, "Miến dong Côn Minh", label="Bó 500 g").packs[0], 6, slips=[])
        return made


def doors(shop: Stall) -> list[tuple[str, str]]:
    """Door and state of each of its orders."""
    return sorted(
        (one.purchase.door, one.state) for one in db.session.query(Order).filter_by(cooperative_id=shop.id)
    )


def test_a_message_becomes_an_order_in_three_taps(somebody, site, shop) -> None:  # type: ignore[no-untyped-def]
    manager = somebody()
    manager.signs_in(shop.manager)
    manager.opens("/manage/chat")
    manager.types("Tin nhắn của khách", MESSAGE)
    manager.presses("Đọc tin")
    manager.reads("Xem lại đơn")
    manager.has_typed("Số điện thoại", "0912 345 678")
    manager.looks("chat-look")
    manager.presses("Đặt đơn này")
    manager.sees("Lời gửi khách", "Đã có đơn")
    manager.looks("chat-done")
    manager.follows("Xem trang khách sẽ mở")
    manager.sees("Miến dong Côn Minh")
    with site.scene():
        assert doors(shop) == [(Door.CHAT, "awaiting_payment")]


def test_comments_of_a_live_sale_become_orders_in_one_press(somebody, site, shop) -> None:  # type: ignore[no-untyped-def]
    manager = somebody()
    manager.signs_in(shop.manager)
    manager.opens("/manage/live")
    manager.types("Tên buổi bán", "Tối thứ bảy")
    manager.presses("Mở buổi bán")
    manager.page.get_by_label("Mã gọi").fill("M1")
    manager.presses("Thêm vào bảng")
    manager.types("Dán bình luận", COMMENTS)
    manager.presses("Đọc bình luận")
    manager.sees("Hoa Hồng", "Lan Anh", "Chờ xem lại", "m1 còn không shop")
    manager.looks("live-board")
    manager.presses("Đặt 2 đơn đã đủ")
    manager.sees("Đã đặt 2 đơn", "Hàng cần gói", "Miến dong Côn Minh, Bó 500 g: 3")
    manager.looks("live-replies")
    with site.scene():
        assert doors(shop) == [(Door.LIVE, "awaiting_payment")] * 2
