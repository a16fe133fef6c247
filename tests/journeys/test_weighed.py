"""A chicken by the kilogram: listed, bought at the top of its band, weighed, and the difference on its way back."""

import pytest

from catalog.models import Pack, Product
from core.db import db
from tests.factories.weighed import add_lot, by_weight
from tests.journeys.live import LiveSite
from tests.journeys.scene import row, stall
from tests.journeys.test_3_a_buyer_buys import looks_again, says_who_and_where, the_bank_tells, the_qr_of

pytestmark = pytest.mark.browser


def _shop(site: LiveSite, seller: str, name: str):  # type: ignore[no-untyped-def]
    """A stall with goods by weight, 8 kg of them in the store; the lot's code."""
    from cooperatives.models import Cooperative
    from traceability.models import Lot

    with site.scene():
        made = stall(seller)
        coop = row(Cooperative, made.id)
        pack = by_weight(0, coop=coop, name=name)
        lot = db.session.get_one(Lot, add_lot(coop, pack, 8_000))
        return made, lot.code


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_chicken_is_prepaid_weighed_and_the_difference_owed_back(somebody, site, script) -> None:  # type: ignore[no-untyped-def]
    mark = "có sóng" if script else "mất sóng"
    seller, lot = _shop(site, f"HTX Gà {mark}", f"Gà đen {mark}")
    phone = "0912 77 66 01" if script else "0912 77 66 02"
    buyer, manager = somebody(script=script), somebody(script=script)

    buyer.opens("/")
    buyer.searches("ga den " + ("co song" if script else "mat song"))
    buyer.sees("120.000 đ/kg, mỗi con 1,2–1,6 kg")
    buyer.follows(f"Gà đen {mark}")
    buyer.sees("Giá 120.000 đ/kg, mỗi con 1,2–1,6 kg, trả trước 192.000 đ, phần thừa hoàn lại khi đóng gói.")
    buyer.looks(f"weighed-product-{script}")
    buyer.presses("Cho vào giỏ")
    buyer.sees("trả trước 192.000 đ")
    buyer.looks(f"weighed-cart-{script}")
    says_who_and_where(buyer, phone, "phường Cầu Giấy, Hà Nội")
    buyer.reads("Trả tiền cách nào?")
    buyer.chooses("VietQR")
    buyer.presses("Tiếp: xem lại rồi đặt")
    buyer.sees("phần thừa hoàn lại khi đóng gói")
    buyer.looks(f"weighed-review-{script}")
    buyer.presses("Đặt hàng,")
    paid = the_qr_of(buyer)
    the_bank_tells(site, seller, *paid)
    looks_again(buyer)

    manager.signs_in(seller.manager)
    manager.opens("/manage/orders?tab=to_pack")
    manager.follows(paid[0])
    manager.follows("Cân và gói 1 món")
    manager.reads(f"Cân và gói đơn {paid[0]}")
    manager.types("Mã lô trên gói", lot.lower())
    manager.types("Cân nặng con này", "1,75")
    manager.presses("Đã cân và gói xong")
    manager.sees("cân được 1,75 kg, khách chỉ trả trước tới 1,6 kg", "Đổi con nhẹ hơn")
    manager.looks(f"weighed-too-heavy-{script}")
    manager.types("Cân nặng con này", "1,35")
    if script:
        manager.sees("Cân được 1,35 kg: 162.000 đ, trả lại khách 30.000 đ.")
    manager.looks(f"weighed-scale-{script}")
    manager.presses_twice("Đã cân và gói xong")
    manager.sees("Đã cân và gói", "1,35 kg", "162.000 đ", "30.000 đ")
    manager.looks(f"weighed-packed-{script}")

    buyer.opens(buyer.path.removesuffix("/pay"))
    buyer.sees("Cân được 1,35 kg", "30.000 đ sẽ được trả lại cho bạn", "162.000 đ")
    buyer.looks(f"weighed-followed-{script}")
    e164 = "+8491277660" + ("1" if script else "2")
    assert any(paid[0] in one and "30.000" in one for one in site.messages_to(e164))


def test_typed_weights_outlive_a_page_that_died(somebody, site) -> None:  # type: ignore[no-untyped-def]
    """The line is gone when the button is pressed: the weights are there again, and are written once."""
    from tests.factories.payments import pay, place_order

    seller, lot = _shop(site, "HTX Gà Đứt Mạng", "Gà đen đứt mạng")
    with site.scene():
        product = db.session.query(Product).filter_by(cooperative_id=seller.id).one()
        pack = db.session.query(Pack).filter_by(product_id=product.id, active=True).one()
        order = place_order([(pack, 2)], phone="+84912776603")[0]
        order_id = order.id
        pay(order)
    manager = somebody()
    manager.signs_in(seller.manager)
    manager.opens(f"/manage/orders/{order_id}/weigh")
    manager.types("Mã lô trên gói", lot)
    manager.types("Cân nặng con thứ 1", "1,3")
    manager.types("Cân nặng con thứ 2", "1,45")
    manager.opens("/manage/orders")
    manager.opens(f"/manage/orders/{order_id}/weigh")
    manager.has_typed("Cân nặng con thứ 2", "1,45")
    manager.sees("Số cân còn giữ trong máy này", "Cân được 2,75 kg: 330.000 đ, trả lại khách 54.000 đ.")
    manager.presses("Đã cân và gói xong")
    manager.sees("Đã cân và gói")
    with site.scene():
        from payments.queries import refund_due

        assert refund_due(order_id) == 54_000
