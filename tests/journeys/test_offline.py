"""Work where there is no line: what waits in the phone arrives exactly once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.live import LiveSite
from tests.journeys.offline import (
    STORE,
    WAIT_MS,
    arrived,
    card,
    reads_well,
    ready,
    saves,
    sends,
    waits,
    writes_a_product,
)
from tests.journeys.people import Person, Phone
from tests.journeys.scene import Stall
from tests.shaper import Line

pytestmark = pytest.mark.browser


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
