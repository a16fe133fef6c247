"""One address cannot send without end, and counting never fails for anybody."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from app import create_app
from app.floods import LockedMemory
from config import load
from core import clock


def test_a_hundred_threads_count_exactly_and_none_fails() -> None:
    """With the library's own storage one of them now and then got RuntimeError."""
    counting, allowed = FixedWindowRateLimiter(LockedMemory()), parse("1000000 per minute")
    with ThreadPoolExecutor(100) as crowd:
        assert all(crowd.map(lambda _number: counting.hit(allowed, "x"), range(5_000)))
    assert counting.get_window_stats(allowed, "x").remaining == 1_000_000 - 5_000


def test_the_storage_starts_its_timer_under_a_lock() -> None:
    storage = LockedMemory()
    with storage.starting:
        waiting = ThreadPoolExecutor(1).submit(storage.incr, "x", 60)
        assert not waiting.done()
    assert waiting.result(timeout=5) == 1


def test_an_address_that_sends_too_much_is_told_to_wait(tmp_path: Path) -> None:
    app: Flask = create_app(load({"APP_MODE": "demo", "INSTANCE_DIR": str(tmp_path)}))
    client = app.test_client()
    with clock.use(clock._system):
        answers = {client.get("/healthz").status_code for _number in range(601)}
    assert answers == {200, 429}
