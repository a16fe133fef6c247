"""The guards' server and browser."""

from tests.live import browser, live_server

__all__ = ["browser", "live_server"]
