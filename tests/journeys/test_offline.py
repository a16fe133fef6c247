"""Work where there is no line: what waits in the phone arrives exactly once, and leaves nothing behind it."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from catalog.models import Pack, Photo, Product
from cooperatives.models import Cooperative
from core.db import db
from tests.factories.catalog import create_product
from tests.factories.payments import pay, place_order
from tests.factories.traceability import create_crop, create_lot
from tests.journeys.conftest import SCREENSHOTS
from tests.journeys.live import PHONE, LiveSite
from tests.journeys.people import Person, Phone
from tests.journeys.scene import Stall, row, stall
from tests.shaper import Line
from tests.site.test_browser import RULES
from traceability.models import Slip

pytestmark = pytest.mark.browser
WAIT_MS = 60_000
# Everything that scripts may keep on a phone, as text: databases (bytes as they lie there), caches, small stores.
STORE = "await import('/static/js/offline/store.js')"
DUMP = """async () => {
  const text = [], read = (data, as) => new TextDecoder(as).decode(data);
  const bytes = (data) => `${read(data, "utf-8")} ${read(data, "utf-16le")}`;
  const say = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return bytes(value);
    if (value instanceof CryptoKey) return `a key that ${value.extractable ? "can" : "cannot"} be read`;
    if (!value || typeof value !== "object") return String(value);
    return Object.entries(value).map(([name, one]) => `${name}=${say(one)}`).join(" ");
  };
  const answer = (ask) => new Promise((done) => { ask.onsuccess = () => done(ask.result); });
  for (const { name, version } of await indexedDB.databases()) {
    const db = await answer(indexedDB.open(name, version));
    for (const store of db.objectStoreNames) {
      const rows = await answer(db.transaction(store).objectStore(store).getAll());
      rows.forEach((row) => text.push(`${store}: ${say(row)}`));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      text.push(`cache: ${request.url} ${await (await cache.match(request)).text()}`);
    }
  }
  return [...text, `small: ${JSON.stringify({ ...localStorage })} ${JSON.stringify({ ...sessionStorage })}`];
}"""


@pytest.fixture
def one_bar(site: LiveSite) -> Iterator[Line]:
    """One bar of 4G to the site."""
    with Line(site.port) as shaped:
        yield shaped


@pytest.fixture
def line(site: LiveSite) -> Iterator[Line]:
    """A good line, which can be cut all the same."""
    with Line(site.port, rtt_ms=10, kbit_s=40_000) as quick:
        yield quick


@pytest.fixture
def phone_on(chromium: Browser) -> Iterator[Callable[..., Phone]]:
    """A phone on a line. Requests that die with the line are no complaint; anything else is."""
    phones: list[Phone] = []

    def take(line: Line) -> Phone:
        phones.append(Phone(chromium, True, SCREENSHOTS, base_url=line.url))
        return phones[-1]

    yield take
    complaints = [text for phone in phones for text in phone.close() if "Failed to load resource" not in text]
    assert complaints == []


@pytest.fixture
def market(site: LiveSite) -> Stall:
    """A cooperative with two producers and a crop."""
    with site.scene():
        create_crop("Củ dong riềng")
        return stall("HTX Không Mạng", ("Bàn Thị Lềnh", "Triệu Mùi Nái"))


def shot(seed: int) -> bytes:
    """A photograph of about 150 KB, too busy to be made smaller."""
    out = io.BytesIO()
    Image.effect_noise((700, 500), 40 + seed).save(out, "JPEG", quality=70)
    return out.getvalue()


def reads_well(page: Page) -> None:
    """A reader who sees little, or nothing, finds nothing in the way."""
    page.set_viewport_size({"width": 360, "height": page.evaluate("document.scrollingElement.scrollHeight")})
    found = Axe().run(page, options=RULES).response["violations"]
    page.set_viewport_size(PHONE["viewport"])
    assert [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]] == []


def waits(page: Page, script: str) -> None:
    """Until an asynchronous question is answered with yes."""
    for _again in range(WAIT_MS // 250):
        if page.evaluate(script):
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"never: {script}")


def ready(phone: Phone, market: Stall) -> Person:
    """The manager signed in once with a line: the phone knows her, and the worker keeps its pages."""
    manager = Person(phone)
    manager.signs_in(market.manager)
    manager.opens("/manage")
    waits(manager.page, "async () => Boolean(navigator.serviceWorker.controller)")
    waits(manager.page, f"async () => Boolean((await ({STORE}).me())?.who)")
    return manager


def writes_a_product(manager: Person, name: str, photos: int = 2) -> None:
    """Fill in the product form that needs no line, and keep it."""
    manager.opens("/manage/products/new")
    manager.reads("Đăng hàng, không cần mạng")
    expect(manager.page.get_by_label("Tên hàng")).to_be_visible(timeout=WAIT_MS)
    shots = [{"name": f"anh{n}.jpg", "mimeType": "image/jpeg", "buffer": shot(n)} for n in range(photos)]
    if shots:
        manager.page.locator("input[type=file]").nth(1).set_input_files(shots)
        expect(manager.page.locator("[data-shots] img")).to_have_count(photos)
    manager.types("Tên hàng", name)
    manager.types("Lượng", "5 lạng")
    manager.types("Giá bán", "65.000")
    manager.presses("Giữ trong máy và gửi khi có mạng")
    manager.reads("Việc trong máy này")


def arrived(site: LiveSite, name: str) -> tuple[int, int, int]:
    """How many products of this name, packs and photos of them are on the server."""
    with site.scene():
        ids = [one.id for one in db.session.query(Product).filter_by(name=name)]
        return (len(ids), db.session.query(Pack).filter(Pack.product_id.in_(ids)).count(),
                db.session.query(Photo).filter(Photo.product_id.in_(ids)).count())  # fmt: skip


def saves(manager: Person) -> None:
    """Keep the draft of the form that the server draws."""
    with manager.page.expect_navigation():
        manager.page.locator("button[name=do][value=save]:not([tabindex])").first.click()


def sends(manager: Person) -> None:
    """Press the button, whatever the clock says."""
    manager.page.get_by_role("button", name="Gửi ngay").click()


def card(page: Page, state: str) -> Any:
    """A card of the list in this state."""
    return page.locator(f"[data-list] [data-state={state}]")


def test_a_draft_with_two_photos_over_a_line_that_is_cut_twice_arrives_exactly_once(
    site: LiveSite, one_bar: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(one_bar), market)
    one_bar.down()
    writes_a_product(manager, "Miến qua đèo")
    manager.sees("Chỉ ở trong máy này", "2 ảnh", "Chưa nối được mạng")
    manager.looks("offline-waiting")
    one_bar.cut_uplink(after_bytes=60_000, times=2)
    one_bar.up()
    for _press in range(8):
        if card(manager.page, "sent").count():
            break
        sends(manager)
        manager.page.wait_for_function(
            "() => !document.querySelector('[data-send][aria-busy]')", timeout=WAIT_MS
        )
    manager.sees("Đã gửi")
    manager.looks("offline-sent")
    assert one_bar.cuts_made == 2, "the line was to be cut twice"
    assert arrived(site, "Miến qua đèo") == (1, 1, 2)


def test_a_tab_killed_between_upload_and_answer_still_makes_one_product_with_two_photos(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    name, phone = "Mật ong tắt máy", phone_on(line)
    manager = ready(phone, market)
    line.down()
    writes_a_product(manager, name)
    manager.page.close()
    line.up()
    # The product itself, then its first photo, then the second: each arrives, and its answer is never heard.
    for post, wanted in ((1, (1, 1, 0)), (2, (1, 1, 1)), (2, (1, 1, 2))):
        _kill(site, line, phone, name, post, wanted)
    manager = Person(phone)
    manager.opens("/manage/offline/day")
    expect(card(manager.page, "sent")).to_have_count(1, timeout=WAIT_MS)
    assert arrived(site, name) == (1, 1, 2)


def _kill(
    site: LiveSite, line: Line, phone: Phone, name: str, post: int, wanted: tuple[int, int, int]
) -> None:
    """Open a tab that sends by itself, keep back the answer to its post of this number, and kill it."""
    page, seen = phone.context.new_page(), [0]

    def pass_on(route: Route) -> None:
        seen[0] += 1
        if seen[0] == post:
            line.mute()
        route.continue_()

    page.route("**/manage/offline/products**", pass_on)
    page.goto("/manage/offline/day")
    for _again in range(WAIT_MS // 100):
        if arrived(site, name) == wanted:
            break
        if page.locator("[data-send]:not([hidden])").count():
            page.locator("[data-send]").click()
        page.wait_for_timeout(100)
    assert arrived(site, name) == wanted
    page.close()
    line.up()


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


def test_an_ended_sign_in_keeps_the_draft_and_asks_to_sign_in_again(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(line), market)
    manager.loses_the_session()
    manager.opens("/manage/offline/product")
    manager.types("Tên hàng", "Hết hạn đăng nhập")
    manager.presses("Giữ trong máy và gửi khi có mạng")
    manager.sees("Lần đăng nhập trước đã hết hạn", "Hết hạn đăng nhập", "Chỉ ở trong máy này")
    manager.looks("offline-sign-in-again")
    manager.follows("Đăng nhập")
    manager.types("Số điện thoại", market.manager.phone)
    manager.types("Mật khẩu", market.manager.password)
    manager.presses("Đăng nhập")
    expect(card(manager.page, "sent")).to_have_count(1, timeout=WAIT_MS)
    assert arrived(site, "Hết hạn đăng nhập") == (1, 0, 0)


def test_what_the_server_refuses_stays_with_its_words_and_is_mended(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(line), market)
    manager.opens("/manage/offline/product")
    manager.types("Tên hàng", "Giá viết nhầm")
    manager.types("Giá bán", "sáu lăm")
    manager.presses("Giữ trong máy và gửi khi có mạng")
    expect(card(manager.page, "wrong")).to_have_count(1, timeout=WAIT_MS)
    manager.looks("offline-refused")
    reads_well(manager.page)
    with manager.page.expect_navigation():
        manager.page.get_by_role("link", name="Sửa").click()
    manager.sees("Có 1 chỗ cần sửa")
    assert manager.page.locator(".field.bad [name=price_vnd]").count() == 1
    manager.looks("offline-mend")
    reads_well(manager.page)
    manager.types("Giá bán", "65000")
    manager.types("Lượng", "nửa cân")
    manager.presses("Giữ trong máy và gửi khi có mạng")
    expect(card(manager.page, "sent")).to_have_count(1, timeout=WAIT_MS)
    assert arrived(site, "Giá viết nhầm") == (1, 1, 0)


def test_text_that_was_begun_on_one_phone_is_taken_up_on_another(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    manager = ready(phone_on(line), market)
    manager.opens("/manage/offline/product")
    with manager.page.expect_response("**/manage/offline/drafts/*"):
        manager.types("Tên hàng", "Bắt đầu ở máy này")
        manager.types("Kể về món này", "Bà con phơi ba nắng.")
    other = ready(phone_on(line), market)
    other.opens("/manage")
    other.sees("Bắt đầu ở máy này")
    other.follows("Viết tiếp")
    expect(other.page.get_by_label("Kể về món này")).to_have_value("Bà con phơi ba nắng.")
    saves(other)
    assert arrived(site, "Bắt đầu ở máy này") == (1, 0, 0)
    other.opens("/manage")
    other.does_not_see("Bắt đầu ở máy này")


def test_the_form_with_a_line_loses_nothing_when_the_phone_dies_and_leaves_no_draft_once_sent(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], market: Stall
) -> None:
    phone = phone_on(line)
    manager = ready(phone, market)
    manager.opens("/manage/products/new")
    with manager.page.expect_response("**/manage/offline/drafts/*"):
        manager.page.locator("[name=name]").fill("Viết dở trên mạng")
        manager.page.locator("[name=storage]").evaluate("(field) => { field.value = 'Để nơi khô'; }")
        manager.page.locator("[name=name]").press("End")
        manager.page.locator("[name=name]").press_sequentially(" rồi")
    manager.page.close()
    again = Person(phone)
    again.opens("/manage")
    again.sees("Viết dở trên mạng rồi")
    again.looks("offline-begun")
    again.follows("Viết tiếp")
    expect(again.page.locator("[name=name]")).to_have_value("Viết dở trên mạng rồi")
    expect(again.page.locator("[name=storage]")).to_have_value("Để nơi khô")
    saves(again)
    assert arrived(site, "Viết dở trên mạng rồi")[0] == 1
    waits(again.page, f"async () => (await ({STORE}).drafts()).length === 0")
    again.opens("/manage")
    again.does_not_see("Viết dở trên mạng")


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
