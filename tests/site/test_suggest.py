"""Suggestions while typing, in a real Chromium: by finger, by keyboard, and not at all without the line."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from catalog.search.suggestions import operations as suggestions
from tests.live import Live
from tests.site.test_browser import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Any, live_server: Live) -> Any:
    with live_server.app.app_context():
        suggestions.rebuild()
    context = browser.new_context(viewport=PHONE)
    opened = context.new_page()
    opened.goto(live_server.url + "/terms")
    yield opened
    context.close()


def test_the_keyboard_walks_the_list_and_enter_opens_a_line(page: Any) -> None:
    box, rows = page.locator("#find-q"), page.locator("#find-list [role=option]")
    box.press_sequentially("mien")
    expect(rows.first).to_be_visible()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    assert (
        box.get_attribute("aria-activedescendant") == "find-0"
        and rows.first.get_attribute("aria-selected") == "true"
    )
    box.press("Escape")
    expect(page.locator("#find-list")).to_be_hidden()
    assert box.input_value() == "mien"
    box.press_sequentially(" ")
    expect(rows.first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/(products|cooperatives)[?/]"))


def test_a_tap_opens_a_line_and_rows_are_big_enough_for_a_thumb(page: Any) -> None:
    page.locator("#find-q").press_sequentially("mien")
    row = page.locator("#find-list [role=option]").first
    expect(row).to_be_visible()
    assert row.bounding_box()["height"] >= 48
    row.click()
    expect(page).to_have_url(re.compile(r"/products"))


def test_without_a_line_the_box_still_searches(page: Any) -> None:
    page.route("**/products/suggest*", lambda route: route.abort())
    box = page.locator("#find-q")
    box.press_sequentially("mien")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/products\?q=mien"))
