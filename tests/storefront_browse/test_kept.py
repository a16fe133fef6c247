"""The lists that live on a phone, in a real browser."""

import pytest

from tests.live import Live, browser, live_server

__all__ = ["browser", "live_server"]
pytestmark = pytest.mark.browser


def test_a_phone_keeps_what_was_put_aside_and_seen_and_its_province(browser, live_server: Live) -> None:
    with live_server.app.app_context():
        path = f"/products/{live_server.world.product.slug}"
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        page.goto(live_server.url + path)
        heart = page.locator("[data-keep]")
        assert heart.get_attribute("aria-pressed") == "false"
        heart.click()
        assert heart.get_attribute("aria-pressed") == "true" and "Đã để dành" in heart.inner_text()
        with page.expect_response(lambda answer: "/delivery?" in answer.url):
            page.select_option("#to", label="Hà Nội")
        page.get_by_text("Về Hà Nội:").wait_for()
        page.goto(live_server.url + "/kept")
        page.locator('[data-list="kept"] li').wait_for()
        assert page.get_by_text("bằng JavaScript").is_hidden()
        assert (
            page.locator('[data-list="kept"] li').count()
            == page.locator('[data-list="seen"] li').count()
            == 1
        )
        assert context.cookies() == [], "nobody learns whose list it is"
        page.goto(live_server.url + path)
        page.get_by_text("Về Hà Nội:").wait_for()  # remembered
        page.goto(live_server.url + "/kept")
        page.get_by_role("button", name="Xoá cả hai danh sách").click()
        page.get_by_text("Chưa để dành món nào").wait_for()
        page.reload()
        page.get_by_text("Chưa để dành món nào").wait_for()
        assert page.locator("[data-cards] li").count() == 0 and said == []
    finally:
        context.close()


def test_without_script_the_page_says_so_and_delivery_works_by_its_button(browser, live_server: Live) -> None:
    with live_server.app.app_context():
        path = f"/products/{live_server.world.product.slug}"
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    try:
        page.goto(live_server.url + path)
        assert page.locator("[data-keep]").is_hidden()
        page.select_option("#to", label="Hà Nội")
        page.get_by_role("button", name="Xem", exact=True).click()
        assert "to=01" in page.url and page.get_by_text("Về Hà Nội:").is_visible()
        page.goto(live_server.url + "/kept")
        assert page.get_by_text("bằng JavaScript").is_visible()
    finally:
        context.close()
