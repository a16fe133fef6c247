"""One live site and one Chromium for all journeys of a process; each test brings its own people and goods."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.chromium import launch
from tests.journeys.live import SCREENSHOTS, LiveSite
from tests.journeys.offline import line, market, one_bar, phone_on
from tests.journeys.people import Person, Phone

__all__ = ["line", "market", "one_bar", "phone_on"]


@pytest.fixture(autouse=True)
def _clock() -> None:
    """Here the clock is the real one."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The running site."""
    live = LiveSite(tmp_path_factory.mktemp("live"))
    try:
        live.start()
        yield live
    finally:
        live.stop()


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser. Playwright itself runs once a process: it is pytest-playwright's."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def somebody(site: LiveSite, chromium: Browser) -> Iterator[Callable[..., Person]]:
    """Give a person a phone: `somebody()`, `somebody(script=False)`. At the end nothing may have gone wrong in it."""
    phones: list[Phone] = []
    shots = SCREENSHOTS if os.environ.get("SCREENSHOTS") else None

    def take(script: bool = True, **options: Any) -> Person:
        phones.append(Phone(chromium, script, shots, **({"base_url": site.base_url} | options)))
        return Person(phones[-1])

    yield take
    complaints = [one for phone in phones for one in phone.close()]
    assert complaints == []
