"""Journey 4: the money of a sale reaches the members, each can check it, and a refund takes the same share back."""

from dataclasses import dataclass

import pytest

from cooperatives.models import Cooperative
from cooperatives.queries import producer
from tests.factories.catalog import create_product
from tests.factories.payments import place_order, shipped
from tests.factories.revenue import opened, weighed
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.scene import Stall, row, stall

pytestmark = pytest.mark.browser
MAU, PAO = "Lý Thị Mẫu", "Triệu Văn Páo"


@dataclass
class Sale:
    """A parcel of two packs at 65 000 đ on its way, of a lot made from 30 kg of one member and 10 kg of the other."""

    stall: Stall
    order_id: int
    code: str


@pytest.fixture
def sale(site: LiveSite) -> Sale:
    with site.scene():
        made = stall("HTX Chia Đều", (MAU, PAO))
        coop = row(Cooperative, made.id)
        opened(coop)
        pack = create_product(coop, "Miến dong Chia Đều").packs[0]
        slips = [
            weighed(producer(made.producers[who]), net_g=grams)
            for who, grams in ((MAU, 30_000), (PAO, 10_000))
        ]
        create_lot(coop, pack, 80, slips=slips)
        order = shipped(place_order([(pack, 2)])[0])
        return Sale(made, order.id, order.code)


def test_a_delivered_parcel_pays_two_families(somebody, site: LiveSite, sale: Sale) -> None:  # type: ignore[no-untyped-def]
    manager, mau, pao = somebody(), somebody(), somebody()
    manager.signs_in(sale.stall.manager)
    manager.opens(f"/manage/orders/{sale.order_id}")
    manager.follows("Khách đã nhận, chia tiền")
    manager.chooses("Người mua đã nhận hàng")
    manager.looks("4-delivered")
    manager.presses_twice("Ghi đã giao và chia tiền")

    manager.opens("/manage/money")
    manager.sees("Còn nợ bà con 91.000 đ", MAU, "68.250 đ", PAO, "22.750 đ")
    manager.looks("4-money")
    mau.signs_in(sale.stall.members[MAU])
    mau.opens("/me")
    mau.looks("4-me")
    mau.follows("Bảng kê")
    mau.sees("Hợp tác xã còn nợ nhà mình", "68.250 đ", "30 kg")
    mau.looks("4-statement-owed")

    manager.follows(MAU)
    manager.chooses("Tiền mặt")
    manager.looks("4-pay")
    manager.presses_twice(f"Ghi đã trả {MAU}")
    mau.opens(mau.path)
    mau.sees("Từng lần nhận tiền", "Tiền mặt")
    assert "Hợp tác xã còn nợ nhà mình 0 đ" in mau.says()
    mau.looks("4-statement-paid")

    refund_one_pack(manager, sale)
    pao.signs_in(sale.stall.members[PAO])
    pao.opens("/me/statement")
    assert "Hợp tác xã còn nợ nhà mình 11.375 đ" in pao.says()
    mau.opens(mau.path)
    mau.sees("Để lần chia sau mới trừ", "34.125 đ")
    mau.looks("4-statement-after-refund")
    the_books_verify(site)


def refund_one_pack(manager, sale: Sale) -> None:  # type: ignore[no-untyped-def]
    """One of the two packs was torn."""
    manager.opens(f"/manage/orders/{sale.order_id}")
    manager.opens_up("Việc khác với đơn này")
    manager.follows("Hoàn tiền")
    manager.types("Số gói hoàn của Miến dong Chia Đều", "1")
    manager.types("Vì sao hoàn tiền", "Một gói rách khi tới nơi")
    manager.presses("Xem số tiền sẽ hoàn")
    manager.sees("Sẽ trả lại khách", "65.000 đ")
    manager.looks("4-refund-quote")
    manager.presses_twice("Ghi trả lại 65.000 đ")
    manager.looks("4-refund")
    manager.opens("/manage/refunds")
    manager.sees("65.000 đ")


def the_books_verify(site: LiveSite) -> None:
    """`flask revenue verify` finds every book whole."""
    said = site.app.test_cli_runner().invoke(args=["revenue", "verify"])
    assert said.exit_code == 0, said.output
