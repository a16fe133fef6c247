"""Journey 2: members' harvest becomes a lot, with labels to stick on its packs."""

from dataclasses import dataclass

import pypdfium2
import pytest
import zxingcpp

from cooperatives.models import Cooperative
from core.db import db
from tests.factories.catalog import create_product
from tests.factories.revenue import opened
from tests.factories.traceability import create_crop, create_recipe
from tests.journeys.live import LiveSite
from tests.journeys.people import Person
from tests.journeys.scene import Stall, row, stall
from traceability.models import Lot, Stock

pytestmark = pytest.mark.browser
MAU, PAO = "Lý Thị Mẫu", "Triệu Văn Páo"
CROP = "Củ dong riềng"


@dataclass
class Workshop:
    """A cooperative that makes noodles from canna roots, 15 to 25 kg from 100."""

    stall: Stall
    gtin: str


@pytest.fixture
def workshop(site: LiveSite) -> Workshop:
    with site.scene():
        made = stall("HTX Làng Miến", (MAU, PAO))
        coop = row(Cooperative, made.id)
        opened(coop)
        create_crop(CROP)
        product = create_product(coop, "Miến dong Làng Miến")
        create_recipe(coop, "Miến dong", 1500, 2500, product_id=product.id)
        return Workshop(made, product.packs[0].gtin)


def weigh(manager: Person, who: str, gross: str, tare: str, advance: str) -> None:
    """One sack on the scale, from the day's page to the slip."""
    manager.opens("/manage")
    manager.follows("Cân hàng vào")
    manager.reads("Cân cho nhà ai?")
    manager.chooses(who)
    manager.looks(f"2-who-{who}")
    manager.presses("Tiếp: cây gì?")
    manager.chooses(CROP)
    manager.presses("Tiếp: đặt lên cân")
    manager.keys(gross)
    manager.has_typed("Cả bao", gross)
    manager.types("Trừ bao", tare)
    manager.looks(f"2-scale-{who}")
    manager.presses("Tiếp: loại mấy?")
    manager.chooses("Loại 1")
    manager.types("Giá một ki-lô-gam", "3500")
    manager.presses("Tiếp: xem lại")
    manager.chooses("Đưa tiền mặt")
    manager.types("Số tiền ứng", advance)
    manager.looks(f"2-slip-to-agree-{who}")
    manager.presses_twice(f"{who} đồng ý")


def test_two_sacks_become_a_lot_with_labels(somebody, site: LiveSite, workshop: Workshop) -> None:  # type: ignore[no-untyped-def]
    manager = somebody()
    manager.signs_in(workshop.stall.manager)
    weigh(manager, MAU, "43,6", "0,6", "100.000")
    manager.sees("43 kg", "100.000 đ")
    manager.looks("2-slip")
    weigh(manager, PAO, "37,8", "0,8", "80.000")
    manager.opens("/manage/slips")
    manager.sees(MAU, PAO)
    manager.looks("2-slips")

    manager.opens("/manage/batches")
    manager.looks("2-batches")
    manager.follows("Mở mẻ")
    manager.picks("Làm gì?", "Miến dong")
    manager.presses("Tiếp: cho gì vào mẻ?")
    manager.chooses("43 kg")
    manager.chooses("37 kg")
    manager.looks("2-batch-open")
    manager.presses("Cho phiếu đã đánh dấu vào mẻ")
    manager.sees("Vào mẻ: 80 kg", "từ 12 kg đến 20 kg")

    manager.types("Thành phẩm cân được", "99")
    manager.presses("Đóng mẻ, ra lô")
    manager.sees("chỗ cần sửa")
    manager.looks("2-too-much-came-out")
    manager.types("Thành phẩm cân được", "16")
    manager.presses("Đóng mẻ, ra lô")
    manager.sees("Đã đóng mẻ", "Ra: 16 kg", "20 %")
    manager.looks("2-batch-closed")

    manager.follows("Đóng gói")
    manager.types("Được bao nhiêu gói", "32")
    manager.presses_twice("Đóng gói, cho vào kho")
    code = manager.finds(r"Lô ([0-9A-Z-]{4,20})")
    manager.sees(MAU, PAO, "Đang bán được")
    manager.looks("2-lot")
    the_lot_holds(site, code, 32)

    manager.follows("In tem")
    manager.types("Bao nhiêu tem", "21")
    manager.presses("Làm tờ tem")
    manager.sees("Đang làm")
    site.the_worker_works("traceability.make_sheets")
    manager.follows("Xem lại đã xong chưa")
    manager.looks("2-labels")
    codes = symbols(manager.fetches("Tải"))
    assert codes == {workshop.gtin[1:], f"{site.base_url}/01/{workshop.gtin}/10/{code}".upper()}, codes


def the_lot_holds(site: LiveSite, code: str, pieces: int) -> None:
    with site.scene():
        held = (
            db.session.query(Stock.on_hand).join(Lot, Lot.id == Stock.lot_id).filter(Lot.code == code).all()
        )
    assert held == [(pieces,)]


def symbols(pdf: bytes) -> set[str]:
    """Every barcode and QR code on the first page of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=300 / 72).to_pil()
    finally:
        document.close()
    return {one.text for one in zxingcpp.read_barcodes(image)}
