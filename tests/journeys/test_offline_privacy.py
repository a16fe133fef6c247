"""What a phone keeps without a line, and that it leaves nothing of a person to anybody else."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from catalog.models import Pack
from cooperatives.models import Cooperative
from core.db import db
from tests.factories.catalog import create_product
from tests.factories.payments import pay, place_order
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.offline import (
    DUMP,
    STORE,
    WAIT_MS,
    arrived,
    card,
    reads_well,
    ready,
    shot,
    waits,
    writes_a_product,
)
from tests.journeys.people import Person, Phone
from tests.journeys.scene import Stall, row, stall
from tests.shaper import Line
from traceability.models import Slip

pytestmark = pytest.mark.browser


def test_pages_open_without_a_line_and_no_cache_holds_anything_of_a_person(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(line), market)
    for path in (
        "/manage",
        "/manage/products",
        "/manage/slips/new",
        "/manage/producers",
        "/manage/orders",
        "/me",
    ):
        manager.opens(path)
    line.down()
    for path, heading in (
        ("/manage", "Việc trong máy này"),
        ("/manage/orders", "Việc trong máy này"),
        ("/manage/products/new", "Đăng hàng, không cần mạng"),
        ("/manage/slips/new", "Cân hàng, không cần mạng"),
        ("/manage/slips/new?hl=en", "Weigh goods without a line"),
    ):
        manager.opens(path)
        manager.reads(heading)
    manager.opens("/manage/offline/day")
    dump = manager.page.evaluate(DUMP)
    kept = [text for text in dump if text.startswith("cache: ")]
    assert {re.sub(r"^cache: http://[^/]+|[? ].*", "", text, flags=re.S) for text in kept} >= {
        "/manage/offline/day", "/manage/offline/product", "/manage/offline/slip", "/static/css/chophien.css"
    }  # fmt: skip
    pages = [text for text in kept if "/static/" not in text.split(" ")[1]]
    assert all("/manage/offline/" in text.split(" ")[1] for text in pages)
    for secret in (
        "Bàn Thị Lềnh",
        "Triệu Mùi Nái",
        "Nông Thị Hoan",
        "HTX Không Mạng",
        market.account_number,
    ):
        assert not [text.split(" ")[1] for text in kept if secret in text], f"{secret} lies in a cache"
    assert not [text for text in pages if "csrf_token" in text]
    for text in pages:
        _head, url, page = text.split(" ", 2)
        with urlopen(url.replace(line.url, site.base_url)) as nobody:
            assert page == nobody.read().decode(), f"{url} is not the same for everybody"


def test_names_for_the_scale_open_with_the_pin_alone_and_the_slip_keeps_its_hour(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(line), market)
    manager.opens("/manage/offline/slip")
    manager.looks("offline-pin-set")
    manager.types("Đặt mã 6 số", "246810")
    manager.page.get_by_role("button", name="Lấy tên về máy").click()
    manager.sees("Bàn Thị Lềnh")
    line.down()
    manager.opens("/manage/slips/new")
    manager.does_not_see("Bàn Thị Lềnh")
    assert "Lềnh" not in " ".join(manager.page.evaluate(DUMP))
    manager.types("Mã 6 số của máy này", "111111")
    manager.page.get_by_role("button", name="Mở tên bà con").click()
    manager.sees("Mã chưa đúng. Còn 4 lần thử")
    manager.looks("offline-pin-asked")
    reads_well(manager.page)
    manager.types("Mã 6 số của máy này", "246810")
    manager.page.get_by_role("button", name="Mở tên bà con").click()
    manager.types("Tìm tên hoặc mã", "lenh")
    manager.chooses("Bàn Thị Lềnh")
    manager.chooses("Củ dong riềng")
    manager.types("Cả bao", "43,6")
    manager.types("Trừ bao", "0,8")
    manager.chooses("Loại 1")
    manager.types("Giá một ki-lô-gam", "3.500")
    manager.sees("Còn lại 42,8 kg", "149.800")
    manager.chooses("Chưa ứng, chờ bán được")
    manager.looks("offline-slip")
    reads_well(manager.page)
    manager.page.get_by_role("button", name="Bà con đồng ý").click()
    manager.sees("Đã giữ trong máy này")
    weighed = datetime.now().astimezone()
    assert "Lềnh" not in " ".join(manager.page.evaluate(DUMP)), "a name lies in the phone in the open"
    manager.page.wait_for_timeout(3_000)
    line.up()
    manager.opens("/manage/offline/day")
    expect(card(manager.page, "sent")).to_have_count(1, timeout=WAIT_MS)
    with site.scene():
        (slip,) = db.session.query(Slip).filter_by(producer_id=market.producers["Bàn Thị Lềnh"]).all()
        assert (slip.net_g, slip.grade, slip.advance_vnd) == (42_800, "1", 0)
        assert abs(slip.weighed_at - weighed) < timedelta(seconds=2.5)


def test_five_wrong_pins_or_a_day_take_the_names_away(
    line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(line), market)
    for end in ("wrong", "late"):
        manager.opens("/manage/offline/slip")
        manager.types("Đặt mã 6 số", "246810")
        manager.page.get_by_role("button", name="Lấy tên về máy").click()
        manager.sees("Bàn Thị Lềnh")
        manager.opens("/manage/offline/slip")
        if end == "wrong":
            for number in range(5):
                manager.types("Mã 6 số của máy này", f"00000{number}")
                manager.page.get_by_role("button", name="Mở tên bà con").click()
                manager.page.wait_for_function("() => !document.querySelector('#pin').value")
            manager.sees("Sai 5 lần nên tên đã xoá khỏi máy")
        else:
            manager.page.clock.set_system_time(datetime.now().astimezone() + timedelta(hours=24, minutes=1))
            manager.opens("/manage/offline/slip")
            manager.sees("Đặt mã 6 số")
        assert not [text for text in manager.page.evaluate(DUMP) if text.startswith("names:")]


def test_signing_out_warns_of_what_waits_and_leaves_nothing_readable(
    line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(line), market)
    manager.opens("/manage/offline/slip")
    manager.types("Đặt mã 6 số", "246810")
    manager.page.get_by_role("button", name="Lấy tên về máy").click()
    manager.sees("Bàn Thị Lềnh")
    manager.page.context.route("**/manage/offline/token", lambda route: route.abort())
    manager.opens("/manage/offline/product")
    manager.types("Tên hàng", "Món chưa gửi")
    manager.page.locator("input[type=file]").nth(1).set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shot(1)}]
    )
    manager.presses("Giữ trong máy và gửi khi có mạng")
    manager.reads("Việc trong máy này")
    before = manager.page.evaluate(DUMP)
    assert [text for text in before if text.startswith("photos:")] and "Món chưa gửi" not in " ".join(before)
    manager.opens("/me")
    manager.page.get_by_role("button", name="Đăng xuất").last.click()
    manager.sees("bản chưa gửi. Đăng xuất là xoá hết")
    manager.looks("offline-sign-out")
    reads_well(manager.page)
    manager.presses("Xoá hết và đăng xuất")
    after = manager.page.evaluate(DUMP)
    assert [
        text for text in after if text.startswith(("me:", "drafts:", "photos:", "names:", "orders:"))
    ] == []
    assert not [text for text in after if re.search("Lềnh|Món chưa gửi|Nông Thị Hoan|HTX Không Mạng", text)]


def test_another_person_on_the_same_phone_sees_nothing_and_the_first_finds_all_again(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    phone = phone_on(line)
    first = ready(phone, market)
    line.down()
    writes_a_product(first, "Chè của người trước", photos=1)
    first.page.close()
    first.loses_the_session()
    line.up()
    with site.scene():
        other = stall("HTX Người Sau")
    second = Person(phone)
    second.signs_in(other.manager)
    second.opens("/manage")
    waits(second.page, f"async () => (await ({STORE}).waiting()) === 0")
    second.opens("/manage/offline/day")
    second.sees("Không có gì chờ gửi")
    second.does_not_see("Chè của người trước")
    dump = " ".join(second.page.evaluate(DUMP))
    assert "drafts: " in dump and "Chè của người trước" not in dump, "it lies there as noise"
    assert arrived(site, "Chè của người trước") == (0, 0, 0)
    second.opens("/me")
    second.presses("Đăng xuất")
    again = Person(phone)
    again.signs_in(market.manager)
    again.opens("/manage")
    again.opens("/manage/offline/day")
    expect(card(again.page, "sent")).to_have_count(1, timeout=WAIT_MS)
    assert arrived(site, "Chè của người trước") == (1, 1, 1)


def test_order_codes_stay_for_a_day_if_she_wishes_and_never_the_buyers(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    with site.scene():
        coop = row(Cooperative, market.id)
        pack = create_product(coop, "Trà dây").packs[0]
        create_lot(coop, pack, 6)
        order = place_order([(pack, 2)], phone="+84987654321")[0]
        pay(order)
        code, buyer, pack_id = order.code, order.purchase.buyer_name, pack.id
    manager = ready(phone_on(line), market)
    manager.opens("/manage/offline/day")
    manager.page.get_by_label("Giữ mã đơn trong máy này một ngày").check()
    manager.sees(code, "2 × Trà dây", "Cần gói")
    manager.looks("offline-orders")
    with site.scene():
        later = place_order([(row(Pack, pack_id), 1)], phone="+84987654322")[0]
        pay(later)
        later_code = later.code
    with manager.page.expect_response("**/manage/offline/orders"):
        manager.opens("/manage")
    waits(manager.page, f"async () => (await ({STORE}).orders()).list.length === 2")
    line.down()
    manager.opens("/manage/orders")
    manager.sees(code, later_code, "2 × Trà dây", "Tự xoá lúc")
    own = [text for text in manager.page.evaluate(DUMP) if not text.startswith("cache: ")]
    assert not [text for text in own if buyer in text or code in text], "sealed, or not there"
    manager.page.get_by_label("Giữ mã đơn trong máy này một ngày").uncheck()
    expect(manager.page.locator("[data-codes] li")).to_have_count(0)
    assert not [text for text in manager.page.evaluate(DUMP) if text.startswith("orders:")]
