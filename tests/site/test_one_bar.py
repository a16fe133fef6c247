"""What a buyer on one bar of 4G waits for: the public pages over a line of 400 ms and 400 kbit/s, cold."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.live import Live
from tests.shaper import Line

pytestmark = pytest.mark.browser
LCP_MOST_MS, BLOCKED_MOST_MS, SHIFT_MOST, REQUESTS_MOST = 3500, 150, 0.02, 12
PHONE = {"width": 360, "height": 640}
WATCH = """
window.__seen = {lcp: 0, shift: 0, blocked: 0};
const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
  .observe({type, buffered: true});
watch("largest-contentful-paint", one => { __seen.lcp = one.startTime; });
watch("layout-shift", one => { if (!one.hadRecentInput) __seen.shift += one.value; });
watch("longtask", one => { __seen.blocked += Math.max(0, one.duration - 50); });
"""


def slug(live: Live, name: str) -> str:
    """The slug of one of the world's rows."""
    with live.app.app_context():
        return str(getattr(live.world, name).slug)


PATHS: dict[str, Callable[[Live], str]] = {
    "home": lambda _live: "/",
    "list": lambda _live: "/products",
    "search": lambda _live: "/products?q=mien+dong",
    "product": lambda live: f"/products/{slug(live, 'product')}",
    "cooperative": lambda live: f"/cooperatives/{slug(live, 'coop')}",
    "cart": lambda _live: "/cart",
}


@pytest.fixture
def bar(live_server: Live) -> Iterator[Line]:
    """One bar between the phone and the site."""
    port = urlsplit(live_server.url).port
    assert port is not None
    with Line(port) as line:
        yield line


def cold(browser: Any, address: str) -> tuple[dict[str, float], list[str]]:
    """What a first visit shows and fetches until two seconds after the page was loaded."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN")
    fetched: list[str] = []
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.on("requestfinished", lambda one: fetched.append(one.url))
        page.goto(address, wait_until="load", timeout=60_000)
        page.wait_for_timeout(2000)
        return page.evaluate("window.__seen"), fetched
    finally:
        context.close()


@pytest.mark.parametrize("name", PATHS)
def test_a_page_is_there_within_three_and_a_half_seconds(
    browser: Any, live_server: Live, bar: Line, name: str
) -> None:
    path = PATHS[name](live_server)
    seen, fetched = cold(browser, bar.url + path)
    origins = {urlsplit(one).netloc for one in fetched}
    assert 0 < seen["lcp"] <= LCP_MOST_MS
    assert seen["shift"] <= SHIFT_MOST
    assert seen["blocked"] <= BLOCKED_MOST_MS
    assert origins == {urlsplit(bar.url).netloc}
    assert len(fetched) <= REQUESTS_MOST, fetched
