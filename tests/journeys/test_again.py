"""Buying again: this phone remembers where when asked to, and the same goods are bought with one button."""

import pytest

from tests.factories.catalog import create_product
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.scene import Stall, stall

pytestmark = pytest.mark.browser
PLACE, STREET = "phường Cầu Giấy, Hà Nội", "Số 8, ngõ Mẫu"


@pytest.fixture
def shop(site: LiveSite) -> tuple[Stall, str]:
    with site.scene():
        made = stall("HTX Khuổi Nộc")
        from cooperatives.models import Cooperative
        from core.db import db

        product = create_product(db.session.get_one(Cooperative, made.id), "Nấm hương rừng", 90_000)
        create_lot(db.session.get_one(Cooperative, made.id), product.packs[0], 40)
        return made, product.slug


def buys(buyer, *, remembered: bool) -> None:  # type: ignore[no-untyped-def]
    """From the cart to the placed order, typing what this phone does not know."""
    buyer.opens("/checkout/where")
    if remembered:
        buyer.page.get_by_role("button", name="Đỗ Minh Mẫu, 0912 345 678").click()
        buyer.has_typed("Số nhà, đường hoặc thôn, bản", STREET)
        buyer.looks("again-where")
    else:
        buyer.does_not_see("Nhớ trên máy này")
        buyer.types("Tên người nhận", "Đỗ Minh Mẫu")
        buyer.types("Số điện thoại", "0912 345 678")
        buyer.page.locator("input[name=place]").fill(PLACE)
        buyer.types("Số nhà, đường hoặc thôn, bản", STREET)
        buyer.chooses("Nhớ nơi này cho lần sau")
    buyer.presses("Tiếp: trả tiền")
    buyer.chooses("Trả tiền khi nhận hàng")
    buyer.presses("Tiếp: xem lại rồi đặt")
    buyer.presses("Đặt hàng,")


def test_the_same_again_to_the_same_place_takes_no_typing(somebody, shop) -> None:  # type: ignore[no-untyped-def]
    _stall, slug = shop
    buyer = somebody()
    buyer.opens(f"/products/{slug}")
    buyer.presses("Cho vào giỏ")
    buys(buyer, remembered=False)
    buyer.sees("Đã đặt xong")
    buyer.presses("Mua lại như đơn này")
    buyer.sees("theo giá hôm nay", "Nấm hương rừng")
    buys(buyer, remembered=True)
    buyer.sees("Đã đặt xong")
    buyer.opens("/cart")
    buyer.presses("Mua lại như lần trước")
    buyer.opens("/checkout/where")
    buyer.page.get_by_role("button", name="Quên các nơi này").click()
    assert buyer.page.evaluate("localStorage.getItem('cp_addresses')") is None
    buyer.opens("/checkout/where")
    buyer.does_not_see("Nhớ trên máy này")
