"""A fair without a line: goods are carried out, the till sells for cash and by a VietQR drawn in the phone, the phone
comes home, each sale is one order, and what came back is counted."""

import io
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from cooperatives.models import BankAccount, Cooperative
from core.db import db, transaction
from orders.models import Order
from orders.rules import Door
from payments.operations import receive_transfer
from payments.providers import vietqr
from tests.factories.catalog import create_product
from tests.factories.payments import notice
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.offline import DUMP, WAIT_MS, reads_well, ready, waits
from tests.journeys.people import Person, Phone
from tests.journeys.scene import Stall, row
from tests.shaper import Line
from traceability.stock.queries import differences

pytestmark = pytest.mark.browser


@pytest.fixture
def honey(site: LiveSite, market: Stall) -> int:
    """Five jars in the store; the pack's price in đồng."""
    with site.scene():
        coop = row(Cooperative, market.id)
        pack = create_product(coop, "Mật ong bạc hà").packs[0]
        create_lot(coop, pack, 5, slips=[])
        return int(pack.price_vnd)


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


def sells_for_cash(manager: Person, price: int) -> None:
    manager.page.locator("[data-goods] .tile").click()
    manager.page.locator("[data-goods] .tile").click()
    taps(manager, "Thu tiền")
    taps(manager, "Tiền mặt")
    manager.page.get_by_label("Khách đưa").fill("500.000")
    manager.sees(f"Trả lại khách {500_000 - 2 * price:,} đ".replace(",", "."))
    reads_well(manager.page)
    taps(manager, "Đã nhận tiền")
    manager.sees("Đã bán", "Khách đưa: 500.000 đ")


def sells_by_transfer(manager: Person) -> tuple[str, str]:
    """The text of the code as a buyer's phone reads it from the screen, and the order's code."""
    taps(manager, "Bán tiếp")
    manager.page.locator("[data-goods] .tile").click()
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
    taps(manager, "Huỷ lần bán này")
    expect(manager.page.locator("[data-list] [data-state=void]")).to_be_visible(timeout=WAIT_MS)
    reads_well(manager.page)


def test_a_stall_without_a_line_sells_and_is_reconciled_once(  # type: ignore[no-untyped-def]
    phone_on: Callable[[Line], Phone], line: Line, site: LiveSite, market: Stall, honey: int
) -> None:
    manager = ready(phone_on(line), market)
    opens_an_outing(manager)
    line.down()
    manager.page.reload()
    expect(manager.page.locator("[data-goods] .tile")).to_be_visible(timeout=WAIT_MS)
    manager.looks("stall-till")
    sells_for_cash(manager, honey)
    drawn, code = sells_by_transfer(manager)
    takes_back(manager)
    kept = "\n".join(manager.page.evaluate(DUMP))
    assert (
        "Mật ong bạc hà" not in kept and "Phiên chợ Bắc Hà" not in kept and market.account_number not in kept
    )
    with site.scene():
        account = db.session.query(BankAccount).filter_by(cooperative_id=market.id).one()
        assert drawn == vietqr.build(account.bank_bin, account.account_number, amount_vnd=honey, purpose=code)
    line.up()
    taps(manager, "Bán tiếp")
    manager.page.evaluate("dispatchEvent(new Event('online'))")
    store = "await import('/static/js/offline/store.js')"
    waits(manager.page, f"async () => !(await ({store}).waiting())")
    comes_home(manager, site, market, honey, code)


def comes_home(manager: Person, site: LiveSite, market: Stall, price: int, code: str) -> None:
    """Three sales have arrived, one of them taken back; the transfer comes; goods and cash are counted."""
    with site.scene():
        sold = [
            one
            for one in db.session.query(Order).filter_by(cooperative_id=market.id)
            if one.purchase.door == Door.STALL
        ]
        assert sorted((one.total_vnd, one.state) for one in sold) == [
            (price, "awaiting_payment"), (2 * price, "delivered"),
        ]  # fmt: skip
        waits_for = next(one for one in sold if one.code == code)
        told = notice(waits_for)
        with transaction():
            receive_transfer(market.account_id, told)
    assert site.the_worker_works("channels.finish_stall_sales") == 1
    manager.opens("/manage/stalls")
    manager.follows("Phiên chợ Bắc Hà")
    manager.sees("Mang 4, bán 3, còn 1.", "Đã vào sổ", "Đã huỷ")
    manager.looks("stall-outing")
    manager.follows("Về: đếm hàng")
    manager.page.get_by_label("Mật ong bạc hà").fill("1")
    manager.page.get_by_label("Tiền mặt trong hộp").fill(str(2 * price))
    manager.presses("Nhập về kho")
    manager.sees("Hàng đã về kho", "Mang 4, bán 3, mang về 1.")
    reads_well(manager.page)
    with site.scene():
        assert differences() == []
        assert {one.state for one in db.session.query(Order).filter_by(cooperative_id=market.id)} == {
            "delivered"
        }
