"""The same pages in a real Chromium on a small phone: axe is silent, nothing sticks out, nothing is heavy. A form that
asks for something, sent empty, is told what to do in words that axe has nothing against either.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import Live
from tests.routes.row import Row
from tests.site.reading import address, page_rows, reader_of
from tests.site.visit import OVERFLOW, PHONE, Readers, Visit

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "screenshots"
DESK, NARROW = {"width": 1280, "height": 800}, 320
REQUESTS_MOST = 12
# Bytes of a cold visit by endpoint; others are forms and tools.
WEIGHT_MOST = {
    "browse.home": 150_000,
    "browse.products": 150_000,
    "browse.product": 120_000,
    "browse.seller": 150_000,
}
FORM_MOST = 60_000
PAGES = [pytest.param(row, id=f"{place}-{row.endpoint}") for place, row in enumerate(page_rows())]
# Empties the first form with something required, and sends it as a browser without checks of its own would.
EMPTY = """
() => {
  const form = [...document.querySelectorAll("main form")].find(
    one => one.method === "post" && one.querySelector("[required]:not([type=hidden])"));
  if (!form) return false;
  form.noValidate = true;
  form.dataset.emptied = "1";
  for (const one of form.querySelectorAll("[required]")) {
    if (one.type === "radio" || one.type === "checkbox") one.checked = false;
    else if (one.type !== "hidden") one.value = "";
  }
  return true;
}
"""
SEND = """
() => {
  const form = [...document.querySelectorAll("main form")].find(one => one.dataset.emptied);
  form.requestSubmit(form.querySelector("button:not([type=button])"));
}
"""
REFUSED = (400, 401, 403, 404, 409, 422, 429)


@pytest.fixture(scope="module")
def readers(browser: Any, live_server: Live) -> Iterator[Readers]:
    """Every reader's page, closed with the module."""
    every = Readers(browser, live_server)
    yield every
    for one in every.kept.values():
        one.context.close()


def _shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.set_viewport_size(PHONE)
    page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
    page.set_viewport_size(DESK)
    page.screenshot(path=SHOTS / f"{name}-1280.png", full_page=True)


def _works(visit: Visit, row: Row, path: str) -> None:
    """The page as it opens: whole, quiet, light, and nothing sticks out of a small screen."""
    assert visit.open(path) == 200
    assert visit.said == []
    assert len(visit.weights) <= REQUESTS_MOST + visit.page.locator("main img").count()
    assert sum(visit.weights) <= WEIGHT_MOST.get(row.endpoint, FORM_MOST)
    assert visit.page.evaluate(OVERFLOW) <= 0, "sticks out at 360"
    assert visit.axe() == []
    visit.page.set_viewport_size({"width": NARROW, "height": 640})
    assert visit.page.evaluate(OVERFLOW) <= 0, "sticks out at 320"
    if os.environ.get("SCREENSHOTS"):
        _shoot(visit.page, row.endpoint)
    visit.page.set_viewport_size(PHONE)


def _refuses_an_empty_form(page: Any, visit: Visit) -> None:
    """The page's first form that asks for something, sent with nothing in it."""
    with page.expect_navigation(wait_until="networkidle") as answered:
        page.evaluate(SEND)
    answer = answered.value
    assert answer is not None
    assert answer.status in REFUSED, f"sent empty, and answered {answer.status}"
    assert page.locator("h1").count() == 1
    if answer.status == 422:
        assert page.locator("[aria-invalid=true], .error, [role=alert]").count() > 0
    assert page.evaluate(OVERFLOW) <= 0, "sticks out at 360"
    assert visit.axe() == []


@pytest.mark.parametrize("row", PAGES)
def test_a_page_works_on_a_small_phone_and_says_what_an_empty_form_lacks(
    readers: Readers, live_server: Live, row: Row
) -> None:
    path = re.sub(r"^https?://[^/]+", "", address(live_server.app, row, live_server.world))
    with readers.visit(reader_of(row)) as visit:
        _works(visit, row, path)
        if visit.page.evaluate(EMPTY):
            _refuses_an_empty_form(visit.page, visit)
