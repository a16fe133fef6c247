"""Journey 6, the shortest: the code on a pack opens the way of its lot, and whom its price reached."""

import pytest

from catalog.models import Pack
from cooperatives.models import Cooperative
from cooperatives.queries import producer
from tests.factories.catalog import create_product
from tests.factories.payments import place_order
from tests.factories.revenue import delivered, opened, weighed
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.scene import row, stall

pytestmark = pytest.mark.browser
HANDS = ("Lý Thị Mẫu", "Triệu Văn Páo", "Hoàng Thị Say", "Nông Văn Dền", "Bàn Thị Chẹ", "Sùng A Chu")


def test_the_scan_tells_of_a_lot_and_follows_the_ledger(somebody, site: LiveSite) -> None:  # type: ignore[no-untyped-def]
    with site.scene():
        made = stall("HTX Sáu Nhà", HANDS)
        coop = row(Cooperative, made.id)
        opened(coop)
        pack = create_product(coop, "Miến dong Sáu Nhà").packs[0]
        lot = create_lot(coop, pack, 40, slips=[weighed(producer(made.producers[who])) for who in HANDS])
        address = f"/01/{pack.gtin}/10/{lot.code}"
        code, pack_id = lot.code, pack.id
    passer = somebody()
    passer.opens(address)
    passer.sees(
        "Có trong sổ, không bị thu hồi",
        f"Lô {code}",
        "6 hộ giao",
        "Chế biến",
        "Đóng gói, dán tem",
        "Tới tay bạn",
    )
    passer.sees("Lô này chưa bán gói nào")
    passer.looks("6-scan-unsold")

    with site.scene():
        order = delivered(place_order([(row(Pack, pack_id), 10)])[0])
        order_id = order.id
    passer.opens(address)
    passer.sees("Trong 650.000 đ đã bán, 455.000 đ về 6 hộ làm ra")
    passer.looks("6-scan-sold")

    manager = somebody()
    manager.signs_in(made.manager)
    manager.opens(f"/manage/orders/{order_id}/refund")
    manager.types("Số gói hoàn của Miến dong Sáu Nhà", "4")
    manager.types("Vì sao hoàn tiền", "Bốn gói ẩm")
    manager.presses("Xem số tiền sẽ hoàn")
    manager.presses("Ghi trả lại 260.000 đ")
    passer.opens(address)
    passer.sees("Trong 390.000 đ đã bán, 273.000 đ về 6 hộ làm ra")
    passer.looks("6-scan-after-refund")


def test_few_households_are_not_told_apart(somebody, site: LiveSite) -> None:  # type: ignore[no-untyped-def]
    with site.scene():
        made = stall("HTX Hai Nhà", HANDS[:2])
        coop = row(Cooperative, made.id)
        pack = create_product(coop, "Miến dong Hai Nhà").packs[0]
        lot = create_lot(coop, pack, 20, slips=[weighed(producer(made.producers[who])) for who in HANDS[:2]])
        address = f"/01/{pack.gtin}/10/{lot.code}"
    passer = somebody(script=False)
    passer.opens(address)
    passer.sees("Dưới năm hộ giao")
    passer.does_not_see(*HANDS[:2])
