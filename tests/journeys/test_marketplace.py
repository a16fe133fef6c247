"""A marketplace without an open door: its template comes back filled, its order file becomes orders, each once."""

import pytest

from channels.marketplaces.rules import sku_of
from cooperatives.models import Cooperative
from core.db import db
from orders.models import Order
from orders.rules import Door
from tests.factories import revenue
from tests.factories.catalog import create_product
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.people import Person
from tests.journeys.scene import Stall, row, stall
from tests.marketplaces.books import KEYS, VIETNAMESE, opened, shopee
from tests.marketplaces.scene import line, table

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STOCK = VIETNAMESE.index("*Kho hàng")
HEADINGS = [*VIETNAMESE[:STOCK], "Còn mấy", *VIETNAMESE[STOCK + 1 :]]  # one that no list of ours knows
TEMPLATE = shopee(HEADINGS, [*KEYS[:STOCK], "", *KEYS[STOCK + 1 :]])
PACKS = {"Miến dong Côn Minh": (65_000, 9), "Măng khô": (120_000, 4)}
OLD = 20  # orders of the file that were cancelled long ago: with them it is the worker's


@pytest.fixture
def shop(site: LiveSite) -> tuple[Stall, list[str]]:
    """A cooperative with two goods in the store, and their codes."""
    with site.scene():
        made = stall("HTX Lên Sàn")
        coop = row(Cooperative, made.id)
        revenue.opened(coop)
        codes = []
        for name, (price, pieces) in PACKS.items():
            pack = create_product(coop, name, price).packs[0]
            codes.append(sku_of(pack.id))
            create_lot(coop, pack, pieces)
        return made, codes


def drops(manager: Person, label: str, name: str, kind: str, data: bytes) -> None:
    """A file from the phone's downloads."""
    manager.page.get_by_label(label).set_input_files({"name": name, "mimeType": kind, "buffer": data})


def mends_a_column(manager: Person) -> None:
    """The site calls the stock something that nobody knew; the manager says what it is."""
    manager.opens_up("Cột nào điền gì")
    manager.picks("Điền gì vào Còn mấy", "Số còn bán")
    manager.presses("Nhớ các cột này")
    manager.sees("Đã nhớ cho lần sau")


def fetches_it_filled(manager: Person) -> dict[str, tuple[int, int]]:
    """{code: (đồng, pieces)} of the file that came down, as another program reads it."""
    with manager.page.expect_download() as coming:
        manager.page.get_by_role("button", name="Tải tệp đã điền").click()
    sheet = opened(coming.value.path().read_bytes())["Bản đăng tải"]
    sku, price = VIETNAMESE.index("SKU phân loại"), VIETNAMESE.index("*Giá")
    rows = sheet.iter_rows(min_row=6, values_only=True)
    return {one[sku]: (one[price], one[STOCK]) for one in rows if one[sku]}


def sends_orders(manager: Person, rows: list[dict[str, object]]) -> None:
    manager.opens("/manage/marketplaces/shopee")
    drops(manager, "Tệp đơn hàng của sàn", "don-hang.csv", "text/csv", table(rows))
    manager.presses("Đọc thử, chưa ghi")


def orders(shop: Stall) -> list[tuple[str, str, int]]:
    """Door, state and đồng of each of its orders."""
    found = db.session.query(Order).filter_by(cooperative_id=shop.id)
    return [(one.purchase.door, one.state, one.total_vnd) for one in found]


def test_a_template_goes_out_filled_and_orders_come_in_once(somebody, site, shop) -> None:  # type: ignore[no-untyped-def]
    people, (noodles, shoots) = shop
    manager = somebody()
    manager.signs_in(people.manager)
    manager.opens("/manage/channels")
    manager.follows("Shopee")
    manager.reads("Bán ở Shopee")
    manager.sees("Chưa dùng", "chưa lần nào")
    drops(manager, "Tệp mẫu của sàn", "mau-dang-hang.xlsx", XLSX, TEMPLATE)
    manager.presses("Đọc mẫu này")
    manager.sees("Điền được 2 gói", "Miến dong Côn Minh")
    mends_a_column(manager)
    manager.looks("marketplace-template")
    assert fetches_it_filled(manager) == {noodles: (65_000, 9), shoots: (120_000, 4)}

    file = [line("2611SPX01", noodles, c5="65000", c6="2"), line("2611SPX02", shoots, c6="nhiều")]
    file += [line(f"2609CU{n}", noodles, c2="Đã hủy") for n in range(OLD)]
    sends_orders(manager, file)
    manager.sees("Ô G3", "“nhiều”", "Đơn mới", "Sàn sẽ còn giữ")
    manager.looks("marketplace-orders")
    manager.presses("Nhận tệp này")
    manager.sees("Đang ghi từng đơn")
    site.the_worker_works("marketplace orders")
    manager.opens("/manage/orders")
    manager.sees("Miến dong Côn Minh", "130.000 đ")
    with site.scene():
        assert orders(people) == [(Door.MARKETPLACE, "to_pack", 130_000)]

    sends_orders(manager, file)
    manager.sees("Không có gì mới để ghi")
    manager.opens("/manage/marketplaces/shopee")
    manager.sees("Số của sàn 2611SPX01", "Lệch giá hoặc số còn")
    manager.looks("marketplace-site")
    with site.scene():
        assert len(orders(people)) == 1
