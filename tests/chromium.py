"""The browser of the tests: the machine's own Chromium or Chrome, else the one that Playwright fetched.

`scripts/browser.sh` sees to it that there is one; the names here and there are the same.
"""

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def path() -> str | None:
    """Where the browser is; None for Playwright's own. The variable CHROMIUM names another one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Open it."""
    return playwright.chromium.launch(executable_path=path(), args=FLAGS)
