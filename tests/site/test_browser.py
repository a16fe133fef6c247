"""The same pages in a real Chromium on a small phone: axe is silent, nothing sticks out, nothing is heavy."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.live import Live
from tests.routes.row import Row
from tests.site.reading import address, page_rows, reader_of

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "screenshots"
PHONE, DESK, NARROW = {"width": 360, "height": 640}, {"width": 1280, "height": 800}, 320
REQUESTS_MOST = 12
QUIET_MS, STEP_MS = 150, 50
# Bytes of a cold visit by endpoint; others are forms and tools.
WEIGHT_MOST = {
    "browse.home": 150_000,
    "browse.products": 150_000,
    "browse.product": 120_000,
    "browse.seller": 150_000,
}
FORM_MOST = 60_000
PAGES = [pytest.param(row, id=f"{place}-{row.endpoint}") for place, row in enumerate(page_rows())]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
HEIGHT = "document.scrollingElement.scrollHeight"  # all of it at once: a bar that sticks to the foot covers nothing
OVERFLOW = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


class Visit:
    """One open page and what it said and cost on the way."""

    def __init__(self, browser: Any, live: Live, role: str | None) -> None:
        self.context = browser.new_context(viewport=PHONE, locale="vi-VN")
        if role is not None:
            self.context.add_cookies([live.cookie_of(role)])
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.weights: list[int] = []
        self.page.on(
            "console", lambda line: self.said.append(line.text) if line.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.asked = self.waiting = 0
        self.page.on("request", self._ask)
        self.page.on("requestfinished", self._weigh)
        self.page.on("requestfailed", self._done)

    def _ask(self, _request: Any) -> None:
        self.asked, self.waiting = self.asked + 1, self.waiting + 1

    def _done(self, _request: Any) -> None:
        self.waiting -= 1

    def _weigh(self, request: Any) -> None:
        self._done(request)
        sizes = request.sizes()
        self.weights.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    def open(self, url: str) -> int:
        """Go there and wait until nothing is asked for or on its way for a moment; the answer's status. Playwright's
        own moment is half a second a page: minutes over the whole site.
        """
        answer = self.page.goto(url, wait_until="load")
        quiet_ms = 0
        while quiet_ms < QUIET_MS:
            before = self.asked
            self.page.wait_for_timeout(STEP_MS)
            quiet_ms = quiet_ms + STEP_MS if (before, 0) == (self.asked, self.waiting) else 0
        return int(answer.status)


def _axe(page: Any) -> list[str]:
    """What axe finds, a line a finding."""
    answer = Axe().run(page, options=RULES)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for rule in answer.response["violations"]
        for node in rule["nodes"]
    ]


def _shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.set_viewport_size(PHONE)
    page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
    page.set_viewport_size(DESK)
    page.screenshot(path=SHOTS / f"{name}-1280.png", full_page=True)


@pytest.mark.parametrize("row", PAGES)
def test_a_page_works_on_a_small_phone(browser: Any, live_server: Live, row: Row) -> None:
    visit = Visit(browser, live_server, reader_of(row))
    try:
        path = re.sub(r"^https?://[^/]+", "", address(live_server.app, row, live_server.world))
        assert visit.open(live_server.url + path) == 200
        assert visit.said == []
        assert len(visit.weights) <= REQUESTS_MOST + visit.page.locator("main img").count()
        assert sum(visit.weights) <= WEIGHT_MOST.get(row.endpoint, FORM_MOST)
        assert visit.page.evaluate(OVERFLOW) <= 0, "sticks out at 360"
        visit.page.set_viewport_size({"width": PHONE["width"], "height": visit.page.evaluate(HEIGHT)})
        assert _axe(visit.page) == []
        visit.page.set_viewport_size({"width": NARROW, "height": 640})
        assert visit.page.evaluate(OVERFLOW) <= 0, "sticks out at 320"
        if os.environ.get("SCREENSHOTS"):
            _shoot(visit.page, row.endpoint)
    finally:
        visit.context.close()
