"""Every form that asks for something, sent empty: told what to do in words that axe has nothing against either."""

import re
from typing import Any

import pytest

from tests.live import Live
from tests.routes.row import Row
from tests.site.reading import address, page_rows, reader_of
from tests.site.test_browser import HEIGHT, OVERFLOW, PHONE, Visit, _axe

pytestmark = pytest.mark.browser
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


@pytest.mark.parametrize("row", PAGES)
def test_an_empty_form_is_refused_in_words_that_all_can_read(
    browser: Any, live_server: Live, row: Row
) -> None:
    visit = Visit(browser, live_server, reader_of(row))
    try:
        path = re.sub(r"^https?://[^/]+", "", address(live_server.app, row, live_server.world))
        visit.open(live_server.url + path)
        if not visit.page.evaluate(EMPTY):
            return  # nothing on this page must be filled in
        with visit.page.expect_navigation(wait_until="networkidle") as answered:
            visit.page.evaluate(SEND)
        answer = answered.value
        assert answer is not None
        assert answer.status in REFUSED, f"sent empty, and answered {answer.status}"
        assert visit.page.locator("h1").count() == 1
        if answer.status == 422:
            assert visit.page.locator("[aria-invalid=true], .error, [role=alert]").count() > 0
        assert visit.page.evaluate(OVERFLOW) <= 0, "sticks out at 360"
        visit.page.set_viewport_size({"width": PHONE["width"], "height": visit.page.evaluate(HEIGHT)})
        assert _axe(visit.page) == []
    finally:
        visit.context.close()
