"""A proof pack saved as a file and opened in a browser that reaches nothing: the server might be gone for good."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.live import browser
from tests.traceability_log.test_http import lot

__all__ = ["browser", "lot"]
pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser: Any) -> Any:
    """Open a file with no network; what the page says after the tap, and the page."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN")
    context.set_offline(True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))

    def look(path: Path) -> tuple[str, Any]:
        page.goto(path.as_uri())
        page.get_by_role("button").click()
        verdict = page.locator("section[data-verdict]")
        verdict.wait_for()
        assert asked.pop() == path.as_uri() and asked == []
        return str(verdict.get_attribute("data-verdict")), page

    yield look
    context.close()


def test_a_saved_pack_proves_itself_with_the_server_gone_and_a_bent_one_does_not(
    client: Any, lot: tuple[str, str], opened: Any, tmp_path: Path
) -> None:
    text = client.get(f"/log/pack/{lot[0]}/{lot[1]}.html").text
    whole, bent = tmp_path / "whole.html", tmp_path / "bent.html"
    whole.write_text(text, encoding="utf-8")
    bent.write_text(text.replace('"salt": "', '"salt": "00', 1), encoding="utf-8")
    verdict, page = opened(whole)
    assert verdict in (
        "good",
        "unchecked",
    )  # the second where the browser does not know Ed25519, and it says so
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened(bent)[0] == "bad"
