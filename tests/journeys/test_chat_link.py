"""A manager shares a link in a chat; somebody opens it, buys with scripts off, and the sale stands beside the link."""

import pytest

from tests.journeys.test_3_a_buyer_buys import goods, says_who_and_where

pytestmark = pytest.mark.browser
ZALO = "Mozilla/5.0 (Linux; Android 14; SM-A145F) AppleWebKit/537.36 Chrome/129 Mobile Safari/537.36 Zalo android/24091"


def test_a_purchase_from_a_chat_link_with_scripts_off_is_credited_to_it(somebody, site) -> None:  # type: ignore[no-untyped-def]
    tea = goods(site, "HTX Trà Gửi Link", "Trà shan tuyết gửi link", 95_000)
    manager, buyer = somebody(), somebody(script=False, user_agent=ZALO)

    manager.signs_in(tea.stall.manager)
    manager.opens("/manage/products")
    manager.follows(tea.name)
    manager.follows("Chia sẻ, xem ai mua")
    manager.chooses("Zalo")
    manager.types("Ghi chú để phân biệt", "Nhóm khách quen")
    manager.presses("Tạo đường dẫn")
    manager.looks("chat-link-made")
    code = manager.finds(r"/s/([a-z2-9]{6})")

    buyer.opens(f"/s/{code}")
    buyer.reads(tea.name)
    buyer.presses("Cho vào giỏ")
    says_who_and_where(buyer, "0912 345 688", "phường Nghĩa Đô, Hà Nội")
    buyer.chooses("Trả tiền khi nhận hàng")
    buyer.presses("Tiếp: xem lại rồi đặt")
    buyer.presses("Đặt hàng,")
    buyer.sees("Mã đơn CP")
    buyer.follows("Hợp đồng mua hàng")
    buyer.sees("Tải bản PDF, tiếng Việt và tiếng Anh")
    buyer.looks("chat-link-contract")

    assert site.the_worker_works("orders.store_clicks") == 1
    manager.opens(manager.path.partition("#")[0])
    manager.sees("Nhóm khách quen", "95.000 đ")
    manager.looks("chat-link-sold")
