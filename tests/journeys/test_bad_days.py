"""What happens to people: two tabs, the back button, two taps, a session lost, a price that moved, one bar of 4G."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from accounts.rules import SYSTEM
from catalog.models import Pack
from catalog.operations import set_price
from cooperatives.models import Cooperative
from core.db import db, transaction
from orders.models import Order
from tests.factories.catalog import create_product
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite, free_port
from tests.journeys.people import Person
from tests.journeys.scene import Stall, row, stall
from tests.journeys.test_3_a_buyer_buys import says_who_and_where

pytestmark = pytest.mark.browser
SHAPER = Path(
    os.environ.get("NETWORK_SHAPER", Path(__file__).resolve().parents[3] / "shared/tools/network_shaper.py")
)
LCP_MOST_MS = 3_500  # at 400 ms and 400 kbit/s


@dataclass
class Shelf:
    """One product on sale."""

    stall: Stall
    pack_id: int
    slug: str
    scan: str


@pytest.fixture
def shelf(site: LiveSite) -> Shelf:
    with site.scene():
        made = stall("HTX Ngày Xấu", ("Lý Thị Mẫu",))
        coop = row(Cooperative, made.id)
        product = create_product(coop, "Mật ong bạc hà")
        pack = product.packs[0]
        lot = create_lot(coop, pack, 20)
        return Shelf(made, pack.id, product.slug, f"/01/{pack.gtin}/10/{lot.code}")


def goes_to_the_last_page(buyer: Person, shelf: Shelf, phone: str) -> None:
    """A basket with one pack, up to 'check your answers'."""
    buyer.opens(f"/products/{shelf.slug}")
    buyer.presses("Cho vào giỏ")
    says_who_and_where(buyer, phone, "cau giay, ha noi")
    buyer.chooses("Trả tiền khi nhận hàng")
    buyer.presses("Tiếp: xem lại rồi đặt")
    buyer.reads("Xem lại rồi đặt")


def orders_of(site: LiveSite, shelf: Shelf) -> list[tuple[str, int]]:
    with site.scene():
        mine = db.session.query(Order).filter_by(cooperative_id=shelf.stall.id).order_by(Order.id)
        return [(one.code, one.goods_vnd) for one in mine]


@pytest.mark.parametrize(("script", "phone"), [(True, "0913 000 001"), (False, "0913 000 002")])
def test_two_taps_then_the_back_button_make_one_order(somebody, site, shelf, script, phone) -> None:  # type: ignore[no-untyped-def]
    buyer = somebody(script=script)
    goes_to_the_last_page(buyer, shelf, phone)
    buyer.presses_twice("Đặt hàng,")
    code = buyer.finds(r"Mã đơn (CP[0-9A-Z]{6})")
    buyer.goes_back()
    if buyer.has_button("Đặt hàng,"):
        buyer.presses("Đặt hàng,")
        buyer.sees(code)
    assert [one for one, _goods in orders_of(site, shelf)] == [code]


def test_two_tabs_make_one_order(somebody, site, shelf) -> None:  # type: ignore[no-untyped-def]
    buyer = somebody()
    goes_to_the_last_page(buyer, shelf, "0913 000 003")
    other_tab = buyer.opens_a_second_tab("/checkout/review")
    buyer.presses("Đặt hàng,")
    code = buyer.finds(r"Mã đơn (CP[0-9A-Z]{6})")
    other_tab.presses("Đặt hàng,")
    other_tab.looks("bad-second-tab")
    other_tab.sees(code)
    assert [one for one, _goods in orders_of(site, shelf)] == [code]


def test_a_session_lost_mid_form_keeps_the_story(somebody, shelf) -> None:  # type: ignore[no-untyped-def]
    story = "Ong nhà nuôi trên nương bạc hà, mỗi năm quay mật một lần vào tháng mười một."
    manager = somebody()
    manager.signs_in(shelf.stall.manager)
    manager.opens("/manage/products/new")
    manager.types("Tên hàng", "Mật ong hoa rừng")
    manager.opens_up("Thêm nữa")
    manager.types("Kể về món này", story)
    manager.loses_the_session()
    manager.presses("Giữ bản nháp")
    manager.sees("Những gì đã gõ còn nguyên")
    manager.looks("bad-sign-in-again")
    manager.types("Số điện thoại", shelf.stall.manager.phone)
    manager.types("Mật khẩu", shelf.stall.manager.password)
    manager.presses("Đăng nhập")
    manager.looks("bad-send-again")
    manager.sees("Những gì bạn viết còn nguyên")
    manager.presses("Gửi lại")
    manager.opens_up("Thêm nữa")
    manager.has_typed("Kể về món này", story)
    manager.has_typed("Tên hàng", "Mật ong hoa rừng")
    manager.looks("bad-story-kept")


def test_a_price_that_moved_is_shown_and_agreed_to(somebody, site, shelf) -> None:  # type: ignore[no-untyped-def]
    buyer = somebody()
    goes_to_the_last_page(buyer, shelf, "0913 000 004")
    with site.scene(), transaction():
        set_price(SYSTEM, shelf.pack_id, 70_000)
    buyer.presses("Đặt hàng,")
    buyer.sees("Giá đã đổi từ lúc bạn cho vào giỏ", "65.000 đ", "70.000 đ")
    buyer.looks("bad-price-moved")
    assert orders_of(site, shelf) == []
    buyer.presses("Đặt hàng,")
    code = buyer.finds(r"Mã đơn (CP[0-9A-Z]{6})")
    assert orders_of(site, shelf) == [(code, 70_000)]
    with site.scene():
        assert row(Pack, shelf.pack_id).price_vnd == 70_000


@pytest.fixture
def one_bar_of_4g(site: LiveSite) -> Iterator[str]:
    """The site's address through a link of 400 ms and 400 kbit/s."""
    if not SHAPER.exists():
        pytest.skip(f"no network shaper at {SHAPER}: it lies outside the project; name it in NETWORK_SHAPER")
    port = free_port()
    shaper = subprocess.Popen([sys.executable, str(SHAPER), str(port), str(site.port), "400", "400", "400"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _try in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        shaper.terminate()
        shaper.wait()


def test_the_largest_thing_is_there_in_time_on_one_bar(somebody, shelf, one_bar_of_4g) -> None:  # type: ignore[no-untyped-def]
    waited = {}
    for path in ("/", f"/products/{shelf.slug}", shelf.scan):
        somebody().opens(path)  # the server has made the page once, as for any visitor but the first
        waited[path] = somebody(base_url=one_bar_of_4g).waits_for_the_largest_thing(path)
    assert all(ms <= LCP_MOST_MS for ms in waited.values()), waited
