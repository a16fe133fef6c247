"""Journey 3: a buyer buys from two cooperatives as a guest, pays, and follows the parcel to the door."""

import json
import urllib.request
from dataclasses import dataclass
from datetime import timedelta

import pytest
import zxingcpp

from cooperatives.models import Cooperative
from core import clock
from tests.factories.catalog import create_product
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite, picture
from tests.journeys.people import Person
from tests.journeys.scene import BANK_FEED_KEY, Stall, row, stall

pytestmark = pytest.mark.browser


@dataclass
class Goods:
    """Something on sale, with one lot of it in the store."""

    stall: Stall
    name: str
    lot: str


def goods(site: LiveSite, seller: str, name: str, price_vnd: int) -> Goods:
    with site.scene():
        made = stall(seller, ("Lý Thị Mẫu",))
        coop = row(Cooperative, made.id)
        pack = create_product(coop, name, price_vnd=price_vnd).packs[0]
        lot = create_lot(coop, pack, 20)
        return Goods(made, name, lot.code)


def the_bank_tells(site: LiveSite, to: Stall, code: str, amount_vnd: int) -> None:
    """SePay knocks at the cooperative's door with the news of a transfer."""
    at = clock.now().astimezone(clock.HANOI) - timedelta(seconds=5)
    body = {
        "id": abs(hash(code)) % 10**9 + 1, "gateway": "Agribank", "transactionDate": f"{at:%Y-%m-%d %H:%M:%S}",
        "accountNumber": to.account_number, "code": None, "content": f"MBVCB.{code}.DO MINH MUA chuyen tien",
        "transferType": "in", "transferAmount": amount_vnd, "accumulated": 1, "subAccount": None, "referenceCode": code,
    }  # fmt: skip
    request = urllib.request.Request(
        f"{site.base_url}/webhooks/sepay/{to.account_id}", json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Apikey {BANK_FEED_KEY}"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer) == {"success": True}


def finds_and_takes(buyer: Person, unmarked: str, name: str) -> None:
    """From the home page to the cart."""
    buyer.opens("/")
    buyer.searches(unmarked)
    buyer.follows(name)
    buyer.sees("Chỉ còn 20.", "Từ nương nhà ai")
    buyer.presses("Cho vào giỏ")
    buyer.reads("Giỏ của bạn")
    buyer.sees(name)


def says_who_and_where(buyer: Person, phone: str, where: str) -> None:
    """The first step of the checkout."""
    buyer.follows("Đặt hàng")
    buyer.reads("Gửi cho ai, tới đâu?")
    buyer.types("Tên người nhận", "Đỗ Minh Mua")
    buyer.types("Số điện thoại", phone)
    buyer.types("Xã, phường và tỉnh", where)
    buyer.types("Số nhà, đường hoặc thôn, bản", "Số 8, ngõ Mẫu")
    buyer.presses("Tiếp: trả tiền")


def packs_ships_and_delivers(manager: Person, code: str, lot: str) -> None:
    """The cooperative's side, from the board."""
    manager.opens("/manage/orders?tab=to_pack")
    manager.follows(code)
    manager.follows("Gói 1 món")
    manager.sees(lot)
    manager.types("Mã lô trên gói", lot.lower())
    manager.looks("3-packing")
    manager.presses("Đã gói xong")
    manager.types("Ai đưa hàng?", "Bưu điện")
    manager.types("Mã vận đơn", "EB123456789VN")
    manager.looks("3-shipping")
    manager.presses("Đã giao, báo cho khách")
    manager.follows("Khách đã nhận, chia tiền")
    manager.chooses("Người mua đã nhận hàng")
    manager.presses("Ghi đã giao và chia tiền")
    manager.looks("3-delivered")


@pytest.mark.parametrize(("script", "phone", "where"), [
    (True, "+84 (0)912-345.678", "phường Dịch Vọng Hậu, quận Cầu Giấy, Hà Nội"),
    (False, "0912 34 56 79", "xa Con Minh, huyen Na Ri, tinh Bac Kan"),
])  # fmt: skip
def test_two_cooperatives_one_basket_and_a_transfer(somebody, site, script, phone, where) -> None:  # type: ignore[no-untyped-def]
    mark = "có mạng" if script else "mạng yếu"
    noodles = goods(site, f"HTX Sợi {mark}", f"Miến nắng {mark}", 65_000)
    oil = goods(site, f"HTX Quế {mark}", f"Tinh dầu quế {mark}", 120_000)
    buyer, manager = somebody(script=script), somebody(script=script)

    finds_and_takes(buyer, "mien nang " + ("co mang" if script else "mang yeu"), noodles.name)
    finds_and_takes(buyer, "tinh dau que " + ("co mang" if script else "mang yeu"), oil.name)
    buyer.sees("2 hợp tác xã: 2 đơn", "185.000 đ")
    buyer.looks(f"3-cart-{script}")
    says_who_and_where(buyer, phone, where)
    if buyer.path.startswith("/checkout/where"):
        buyer.looks(f"3-which-commune-{script}")
        buyer.chooses("phường Nghĩa Đô, Hà Nội")
        buyer.presses("Tiếp: trả tiền")
    buyer.reads("Trả tiền cách nào?")
    buyer.looks(f"3-how-{script}")
    buyer.chooses("VietQR", 0)
    buyer.chooses("VietQR", 1)
    buyer.presses("Tiếp: xem lại rồi đặt")
    buyer.sees("Đỗ Minh Mua", "Số 8, ngõ Mẫu", "Đơn 1:", "Đơn 2:")
    buyer.looks(f"3-review-{script}")
    buyer.presses_twice("Đặt hàng,")

    buyer.sees("Quét để trả")
    buyer.looks(f"3-pay-{script}")
    first = the_qr_of(buyer)
    paid, other = (noodles, oil) if noodles.stall.name in buyer.says() else (oil, noodles)
    buyer.sees("Còn đơn CP", other.stall.name)
    the_bank_tells(site, paid.stall, *first)
    looks_again(buyer)
    buyer.sees(f"Đã nhận đủ tiền đơn {first[0]}. Còn đơn này.")
    second = the_qr_of(buyer)
    assert second[0] != first[0]
    the_bank_tells(site, other.stall, *second)
    looks_again(buyer)
    buyer.reads("Chờ gói")
    buyer.looks(f"3-paid-{script}")
    buyer.follows(paid.stall.name)

    manager.signs_in(paid.stall.manager)
    packs_ships_and_delivers(manager, first[0], paid.lot)
    buyer.opens(buyer.path)
    buyer.reads("Đã tới tay")
    buyer.sees(paid.lot, "Bưu điện", "EB123456789VN")
    buyer.looks(f"3-followed-{script}")
    assert any(first[0] in one for one in site.messages_to("+84912345678" if script else "+84912345679"))


def looks_again(buyer: Person) -> None:
    """The page changes by itself within seconds; without script the buyer presses."""
    if not buyer.phone.script:
        buyer.follows("Tôi đã chuyển, xem lại")


def the_qr_of(buyer: Person) -> tuple[str, int]:
    """The order's code and amount, which a bank's app reads the same from the screen."""
    buyer.sees("Quét để trả")
    code, amount = (
        buyer.finds(r"Đơn (CP[0-9A-Z]{6})"),
        buyer.finds(r"Quét để trả ([\d.]+) đ").replace(".", ""),
    )
    found = zxingcpp.read_barcodes(picture(buyer.photographs()))
    assert len(found) == 1, [one.text for one in found]
    payload = found[0].text
    assert payload.startswith("000201") and f"54{len(amount):02}{amount}" in payload and code in payload
    return code, int(amount)


def test_cash_on_delivery_is_confirmed_by_a_call(somebody, site) -> None:  # type: ignore[no-untyped-def]
    rice = goods(site, "HTX Nếp Nương", "Gạo nếp nương Pác Nặm", 45_000)
    buyer, manager = somebody(), somebody()
    finds_and_takes(buyer, "gao nep nuong pac nam", rice.name)
    says_who_and_where(buyer, "84.987.654.321", "cau giay, ha noi")
    buyer.reads("Trả tiền cách nào?")
    buyer.chooses("Trả tiền khi nhận hàng")
    buyer.presses("Tiếp: xem lại rồi đặt")
    buyer.sees("Khi nhận hàng, sau cuộc gọi xác nhận")
    buyer.presses("Đặt hàng,")
    code = buyer.finds(r"Mã đơn (CP[0-9A-Z]{6})")
    buyer.sees("sẽ gọi số", "0987 654 321")
    buyer.looks("3-cod-placed")

    manager.signs_in(rice.stall.manager)
    manager.opens("/manage")
    manager.follows("Đơn chờ gọi xác nhận")
    manager.follows(code)
    manager.sees("Gọi khách để xác nhận")
    manager.looks("3-cod-to-confirm")
    manager.chooses("Đã gọi, khách nhận mua")
    manager.presses("Xác nhận, chuyển sang gói")
    packs_ships_and_delivers(manager, code, rice.lot)
    buyer.opens(buyer.path)
    buyer.reads("Đã tới tay")
    buyer.sees(rice.lot)
    manager.opens("/manage/money")
    manager.sees("Bưu tá đang giữ")
