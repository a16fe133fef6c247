"""A fair without a line: goods are carried out, the till sells for cash and by a VietQR drawn in the phone, goods are
tapped, scanned and typed; meanwhile the web sells the last jar, so the phone that comes home finds its sale short: who
gives way is shown and agreed to; each sale is one order, and what came back is counted."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from catalog.models import Pack
from catalog.queries import pack_fact
from cooperatives.models import BankAccount, Cooperative
from core.db import db, transaction
from orders.models import Order
from orders.rules import Door
from payments.operations import receive_transfer
from payments.providers import vietqr
from revenue.ledger.queries import balances
from revenue.rules import AccountKind
from tests.factories.catalog import create_product
from tests.factories.payments import PHONE, notice, place_order
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.offline import DUMP, WAIT_MS, reads_well, ready, waits
from tests.journeys.people import Person, Phone
from tests.journeys.scene import Stall, row
from tests.shaper import Line
from traceability.stock.queries import differences

pytestmark = pytest.mark.browser


CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { const said = window.held || ""; window.held = ""; return said ? [{ rawValue: said }] : []; }
};
navigator.mediaDevices.getUserMedia = async () => {
  const sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
  setInterval(() => pen.fillRect(0, 0, 9, 9), 100);
  return sheet.captureStream(5);
};
"""  # Chromium on Linux decodes no codes; that a frame is decoded is tests/site/test_camera.py's


@dataclass(frozen=True)
class Jar:
    """A jar of honey as its label says it; the price in đồng."""

    pack_id: int
    price_vnd: int
    gtin: str
    lot_code: str


@pytest.fixture
def honey(site: LiveSite, market: Stall) -> Jar:
    """Five jars in the store."""
    with site.scene():
        coop = row(Cooperative, market.id)
        pack = create_product(coop, "Mật ong bạc hà").packs[0]
        lot = create_lot(coop, pack, 5, slips=[])
        return Jar(pack.id, int(pack.price_vnd), pack_fact(pack.id).gtin, lot.code)


def taps(manager: Person, text: str) -> None:
    """A button of the till."""
    manager.page.get_by_role("button", name=text).locator("visible=true").first.click()


def opens_an_outing(manager: Person) -> None:
    manager.opens("/manage/stalls/new")
    manager.types("Tên chuyến bán", "Phiên chợ Bắc Hà")
    manager.types("Xã, phường và tỉnh", "Côn Minh, Thái Nguyên")
    manager.page.get_by_label("Mật ong bạc hà").fill("4")
    manager.presses("Xếp lên xe")
    manager.sees("Hàng đã ra quầy", "Mang 4, bán 0, còn 4.")
    manager.follows("Mở máy bán")
    expect(manager.page.locator("[data-goods] .tile")).to_be_visible(timeout=WAIT_MS)


def types_a_code(manager: Person, code: str) -> None:
    """What is printed on the pack, by hand; first a wrong one."""
    for said, answer in (
        ("LÔ-KHÔNG-CÓ", "Không có món nào trên quầy mang mã này."),
        (code, "Đã thêm Mật ong bạc hà"),
    ):
        manager.page.get_by_label("Quét hoặc gõ mã trên gói").fill(said)
        taps(manager, "Thêm món này")
        manager.sees(answer)


def scans(manager: Person, label: str) -> None:
    """The camera sees a label; a Digital Link names pack and lot."""
    manager.page.evaluate("said => { window.held = said; }", label)
    taps(manager, "Mở máy ảnh")
    expect(manager.page.locator("[data-count]")).to_have_text("1", timeout=WAIT_MS)
    taps(manager, "Tắt máy ảnh")


def sells_for_cash(manager: Person, jar: Jar) -> None:
    manager.page.locator("[data-goods] .tile").click()
    types_a_code(manager, jar.lot_code)
    taps(manager, "Thu tiền")
    taps(manager, "Tiền mặt")
    manager.page.get_by_label("Khách đưa").fill("500.000")
    manager.sees(f"Trả lại khách {500_000 - 2 * jar.price_vnd:,} đ".replace(",", "."))
    reads_well(manager.page)
    taps(manager, "Đã nhận tiền")
    manager.sees("Đã bán", "Khách đưa: 500.000 đ")


def sells_by_transfer(manager: Person, jar: Jar) -> tuple[str, str]:
    """The text of the code as a buyer's phone reads it from the screen, and the order's code."""
    taps(manager, "Bán tiếp")
    scans(manager, f"https://market.example/01/{jar.gtin.rjust(14, '0')}/10/{jar.lot_code}")
    taps(manager, "Thu tiền")
    taps(manager, "VietQR")
    code = manager.page.locator("[data-to-code]")
    expect(code).not_to_be_empty(timeout=WAIT_MS)
    manager.looks("stall-qr")
    [seen] = zxingcpp.read_barcodes(Image.open(io.BytesIO(manager.page.locator("[data-qr]").screenshot())))
    said = code.inner_text()
    taps(manager, "Khách đã chuyển")
    manager.sees(f"Mã đơn: {said}")
    return seen.text, said


def takes_back(manager: Person) -> None:
    """A third sale, by mistake."""
    taps(manager, "Bán tiếp")
    manager.page.locator("[data-goods] .tile").click()
    taps(manager, "Thu tiền")
    taps(manager, "Tiền mặt")
    taps(manager, "Đã nhận tiền")
    taps(manager, "Bán tiếp")
    taps(manager, "3 lần bán")
    taps(manager, "Huỷ lần bán")
    manager.page.get_by_label("Vì sao huỷ").fill("bấm nhầm món")
    manager.page.evaluate(
        "dispatchEvent(new Event('phone'))"
    )  # news of another sale come in while she writes
    manager.page.wait_for_timeout(300)
    expect(manager.page.get_by_label("Vì sao huỷ")).to_have_value("bấm nhầm món")
    taps(manager, "Huỷ lần bán này")
    expect(manager.page.locator("[data-list] [data-state=void]")).to_be_visible(timeout=WAIT_MS)
    reads_well(manager.page)


def sells_more_than_was_carried(manager: Person) -> None:
    """The last jar of the table, and one that lay in the lorry and that nobody had written down."""
    taps(manager, "Bán tiếp")
    manager.page.locator("[data-goods] .tile").click()
    manager.page.locator("[data-goods] .tile").click()
    taps(manager, "Thu tiền")
    taps(manager, "Tiền mặt")
    taps(manager, "Đã nhận tiền")
    taps(manager, "Bán tiếp")


def test_a_stall_without_a_line_sells_and_is_reconciled_once(  # type: ignore[no-untyped-def]
    phone_on: Callable[[Line], Phone], line: Line, site: LiveSite, market: Stall, honey: Jar
) -> None:
    manager = ready(phone_on(line), market)
    manager.page.add_init_script(CAMERA)
    opens_an_outing(manager)
    line.down()
    with site.scene():
        (web,) = place_order([(row(Pack, honey.pack_id), 1)])
        web_id, web_code = web.id, web.code
    manager.page.reload()
    expect(manager.page.locator("[data-goods] .tile")).to_be_visible(timeout=WAIT_MS)
    manager.looks("stall-till")
    sells_for_cash(manager, honey)
    drawn, code = sells_by_transfer(manager, honey)
    takes_back(manager)
    sells_more_than_was_carried(manager)
    kept = "\n".join(manager.page.evaluate(DUMP))
    assert (
        "Mật ong bạc hà" not in kept and "Phiên chợ Bắc Hà" not in kept and market.account_number not in kept
    )
    with site.scene():
        account = db.session.query(BankAccount).filter_by(cooperative_id=market.id).one()
        assert drawn == vietqr.build(
            account.bank_bin, account.account_number, amount_vnd=honey.price_vnd, purpose=code
        )
    line.up()
    manager.page.evaluate("dispatchEvent(new Event('online'))")
    store = "await import('/static/js/offline/store.js')"
    waits(manager.page, f"async () => !(await ({store}).waiting())")
    who_gives_way_is_shown_and_agreed_to(manager, site, web_id, web_code)
    comes_home(manager, site, market, honey.price_vnd, code)


def who_gives_way_is_shown_and_agreed_to(manager: Person, site: LiveSite, web_id: int, web_code: str) -> None:
    """The web's buyer has not paid: that order gives way, is told so, and the sale is in the book."""
    manager.opens("/manage/stalls")
    manager.sees("Lần bán chờ quyết ai nhường")
    manager.follows("Phiên chợ Bắc Hà")
    manager.sees("sổ không đủ hàng, cần quyết ai nhường")
    manager.follows("Xem cách xử")
    manager.sees("Hàng mang theo quầy", "xin lỗi và trả tiền", web_code, "chưa trả tiền")
    manager.looks("stall-conflict")
    reads_well(manager.page)
    manager.presses("Đồng ý, ghi vào sổ")
    manager.sees("Đã ghi. Đơn của lần bán này đã vào sổ.", "Đã xử theo quy tắc")
    with site.scene():
        assert row(Order, web_id).state == "cancelled"
    assert any(web_code in one and "xin lỗi" in one for one in site.messages_to(PHONE))


def comes_home(manager: Person, site: LiveSite, market: Stall, price: int, code: str) -> None:
    """Four sales have arrived, one of them taken back; the transfer comes; goods and cash are counted."""
    with site.scene():
        sold = [
            one
            for one in db.session.query(Order).filter_by(cooperative_id=market.id)
            if one.purchase.door == Door.STALL
        ]
        assert sorted((one.total_vnd, one.state) for one in sold) == [
            (price, "awaiting_payment"), (2 * price, "delivered"), (2 * price, "delivered"),
        ]  # fmt: skip
        waits_for = next(one for one in sold if one.code == code)
        told = notice(waits_for)
        with transaction():
            receive_transfer(market.account_id, told)
    assert site.the_worker_works("channels.finish_stall_sales") == 1
    manager.opens("/manage/stalls")
    manager.follows("Phiên chợ Bắc Hà")
    manager.sees("Mang 4, bán 4, còn 0.", "Bán thêm ngoài số mang: 1.", "Đã vào sổ", "Đã huỷ")
    manager.looks("stall-outing")
    manager.follows("Về: đếm hàng")
    manager.page.get_by_label("Mật ong bạc hà").fill("0")
    manager.page.get_by_label("Tiền mặt trong hộp").fill(str(4 * price - 5_000))
    manager.page.get_by_label("Vì sao khác sổ").fill("trả nhầm tiền thừa")
    manager.presses("Nhập về kho")
    manager.sees("Hàng đã về kho", "Mang 4, bán 4, mang về 0.", "thiếu 5.000 đ", "Người đếm")
    reads_well(manager.page)
    with site.scene():
        assert differences() == []
        held = balances(market.organisation_id)
        assert (held[AccountKind.CASH], held[AccountKind.CASH_DIFFERENCE]) == (4 * price - 5_000, 5_000)
