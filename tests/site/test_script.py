"""What static/js/app.js adds, in a real Chromium; every page also works without it."""

from pathlib import Path
from typing import Any

import pytest

from accounts.rules import Role
from tests.live import Live
from tests.site.test_browser import PHONE

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page(browser: Any, live_server: Live) -> Any:
    """A page at the shop's home, with a cart of three."""
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([{"name": "cart_n", "value": "3", "url": live_server.url}])
    opened = context.new_page()
    opened.goto(live_server.url + "/terms")
    yield opened
    context.close()


def _put(page: Any, html: str, again: bool = True) -> None:
    """Place a piece of our markup into the page and run the script over it again, where it looks at elements."""
    page.evaluate("html => { document.querySelector('main').innerHTML = html; }", html)
    if not again:
        return
    page.evaluate((ROOT / "static" / "js" / "app.js").read_text(encoding="utf-8"))


def test_the_cart_shows_its_number_on_a_page_that_is_the_same_for_everybody(page: Any) -> None:
    badge = page.locator("[data-cart-count]")
    assert badge.is_visible() and badge.inner_text() == "3"


def test_plus_and_minus_stay_between_one_and_what_there_is(page: Any) -> None:
    _put(
        page,
        """<div><button data-step="-1">-</button><input id="n" value="1" data-most="2">
      <button data-step="1">+</button></div>""",
    )
    field = page.locator("#n")
    page.get_by_text("-", exact=True).click()
    assert field.input_value() == "1"
    for _press in range(3):
        page.get_by_text("+", exact=True).click()
    assert field.input_value() == "2"


def test_the_keypad_writes_one_comma_and_takes_back_a_digit(page: Any) -> None:
    keys = "".join(f'<button type="button" data-key="{key}">{key}</button>' for key in "456,") + (
        '<button type="button" data-key="back">back</button>'
    )
    _put(page, f'<input id="kg"><div data-keypad="kg" hidden>{keys}</div>')
    for key in ("4", "5", ",", ",", "6", "5", "back"):
        page.get_by_text(key, exact=True).click()
    assert page.locator("#kg").input_value() == "45,6"


def test_a_second_press_sends_nothing(page: Any, live_server: Live) -> None:
    sent: list[str] = []
    page.route("**/slow", lambda route: sent.append(route.request.method))
    _put(page, '<form method="post" action="/slow"><button id="go">Gửi</button></form>', again=False)
    press = "() => { const b = document.getElementById('go'); b.click(); b.click(); b.click(); return b.ariaBusy; }"
    busy = page.evaluate(press)
    page.wait_for_timeout(300)
    assert sent == ["POST"] and busy == "true"


def test_a_photo_of_a_phone_is_made_small_and_broken_ones_stay_as_they_are(page: Any, tmp_path: Path) -> None:
    from PIL import Image

    big, broken = tmp_path / "anh.jpg", tmp_path / "hong.jpg"
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(big, quality=95)
    broken.write_bytes(b"\xff\xd8 not a picture" + b"x" * 400_000)
    assert big.stat().st_size > 1_000_000
    _put(
        page,
        '<label>Ảnh<input type="file" id="f" multiple data-shrink="/static/js/shrink.js"></label>'
        '<p data-chosen="f" hidden></p>',
    )
    page.locator("#f").set_input_files([big, broken])
    page.wait_for_selector("[data-chosen]:not([hidden])")
    sizes = page.evaluate(
        "() => [...document.getElementById('f').files].map((f) => [f.name, f.size, f.type])"
    )
    assert sizes[0][0] == "anh.webp" and sizes[0][1] <= 300 * 1024 and sizes[0][2] == "image/webp"
    assert sizes[1][1] == broken.stat().st_size


def test_a_waiting_page_reloads_when_the_state_changed(page: Any) -> None:
    page.route("**/state", lambda route: route.fulfill(json={"state": "paid"}))
    _put(page, '<p data-poll="/state" data-state="awaiting">Đang chờ</p>')
    with page.expect_navigation(timeout=12_000):
        pass
    assert page.locator("[data-poll]").count() == 0


def test_after_a_refusal_the_list_of_what_to_mend_has_the_focus(browser: Any, live_server: Live) -> None:
    context = browser.new_context(viewport=PHONE)
    context.add_cookies([live_server.cookie_of(Role.MANAGER)])
    opened = context.new_page()
    opened.goto(live_server.url + "/manage/transfers/new")
    opened.locator("main form[method=post] button").last.click()
    opened.wait_for_selector("[data-errors]")
    assert opened.evaluate("() => document.activeElement.hasAttribute('data-errors')")
    context.close()
