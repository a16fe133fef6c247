"""One reader's browser over many pages: what a page says, asks for and weighs on a cold visit, and what axe finds.

A reader's context and page are kept: a new renderer that compiles axe anew costs more than the page itself. What a
page leaves behind, its stores and the cache, is thrown away before the next.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.live import Live

PHONE = {"width": 360, "height": 640}
QUIET_MS, STEP_MS = 150, 50
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],  # of what passes, one node a rule: the answer is a tenth as long
}
HEIGHT = "document.scrollingElement.scrollHeight"  # all of it at once: a bar that sticks to the foot covers nothing
OVERFLOW = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
AXE = Axe()
STORES = "local_storage,indexeddb,cache_storage,service_workers"


class Visit:
    """One reader's open page, and what it said and cost since it was opened."""

    def __init__(self, browser: Any, live: Live, role: str | None) -> None:
        self.live, self.role = live, role
        self.context = browser.new_context(viewport=PHONE, locale="vi-VN")
        if role is not None:
            self.context.add_cookies([live.cookie_of(role)])
        self.page = self.context.new_page()
        self._tools = self.context.new_cdp_session(self.page)
        self._tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.said: list[str] = []
        self.weights: list[int] = []
        self.asked = self.waiting = 0
        self.page.on(
            "console", lambda line: self.said.append(line.text) if line.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
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

    def open(self, path: str) -> int:
        """Go there as on a first visit and wait until nothing is asked for or on its way for a moment; the answer's
        status. Playwright's own moment is half a second a page: minutes over the whole site.
        """
        self.page.goto("about:blank")
        if self.role is None:
            self.context.clear_cookies()
        self._tools.send("Storage.clearDataForOrigin", {"origin": self.live.url, "storageTypes": STORES})
        self.page.set_viewport_size(PHONE)
        self.said.clear()
        self.weights.clear()
        self.asked = self.waiting = 0
        answer = self.page.goto(self.live.url + path, wait_until="load")
        quiet_ms = 0
        while quiet_ms < QUIET_MS:
            before = self.asked
            self.page.wait_for_timeout(STEP_MS)
            quiet_ms = quiet_ms + STEP_MS if (before, 0) == (self.asked, self.waiting) else 0
        return int(answer.status)

    def axe(self) -> list[str]:
        """What axe finds in the whole page, a line a finding."""
        self.page.set_viewport_size({"width": PHONE["width"], "height": self.page.evaluate(HEIGHT)})
        return [
            f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
            for rule in AXE.run(self.page, options=RULES).response["violations"]
            for node in rule["nodes"]
        ]


class Readers:
    """Visits by the reader's role, each kept from page to page while all goes well."""

    def __init__(self, browser: Any, live: Live) -> None:
        self.browser, self.live = browser, live
        self.kept: dict[str | None, Visit] = {}

    @contextmanager
    def visit(self, role: str | None) -> Iterator[Visit]:
        """This reader's page; after a test that failed the next one gets a new one."""
        one = self.kept.pop(role, None) or Visit(self.browser, self.live, role)
        try:
            yield one
        except BaseException:
            one.context.close()
            raise
        self.kept[role] = one
