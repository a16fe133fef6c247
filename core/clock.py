"""The only clock. Instants are aware UTC; days are those of Asia/Ho_Chi_Minh."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta, timezone

HANOI = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving since 1975
Source = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_source: ContextVar[Source] = ContextVar("clock", default=_system)


def now() -> datetime:
    """The present instant, UTC, whole microseconds."""
    return _source.get()()


def today() -> date:
    """The present day in Việt Nam."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The day in Việt Nam on which `instant` falls."""
    return instant.astimezone(HANOI).date()


def start_of(day: date) -> datetime:
    """The first instant of a day in Việt Nam, as UTC."""
    return datetime.combine(day, time(), HANOI).astimezone(UTC)


@contextmanager
def use(source: Source | datetime) -> Iterator[None]:
    """Run with another clock: a function, or an instant at which time stands still. For tests and the seed."""
    token = _source.set(source if callable(source) else lambda: source)
    try:
        yield
    finally:
        _source.reset(token)
