"""The clock of a breach, and how long things stay. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOTIFY_WITHIN = timedelta(
    hours=72
)  # Law 91/2025/QH15 and Decree 356/2025: read; from which instant was not compared
WARN_BEFORE = timedelta(hours=24)
TEXT_MAX = 2_000


class Standing(StrEnum):
    """Where a breach stands against its clock."""

    NOTIFIED = "notified"
    NOTIFIED_LATE = "notified_late"
    RUNNING = "running"
    SOON = "soon"
    LATE = "late"


def standing(noticed_at: datetime, notified_at: datetime | None, now: datetime) -> Standing:
    """Against the last instant to notify. The instant itself is still in time.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> [str(standing(noon, None, noon + timedelta(hours=h))) for h in (0, 47, 48, 72, 73)]
    ['running', 'running', 'soon', 'soon', 'late']
    >>> str(standing(noon, noon + timedelta(hours=73), noon + timedelta(hours=99)))
    'notified_late'
    """
    last = noticed_at + NOTIFY_WITHIN
    if notified_at is not None:
        return Standing.NOTIFIED if notified_at <= last else Standing.NOTIFIED_LATE
    if now > last:
        return Standing.LATE
    return Standing.SOON if now >= last - WARN_BEFORE else Standing.RUNNING


@dataclass(frozen=True)
class Keep:
    """How long one thing stays after it is over. verified: compared with the text of law."""

    what: str
    days: int
    because: str
    verified: bool = False


# This market's own choice: the law's figures were not found. What the law may ask to be kept is not here.
KEEPS: dict[str, Keep] = {
    one.what: one
    for one in (
        Keep("draft", 180, "a declaration begun and left is no declaration"),
        Keep("preview", 30, "a commune's list that nobody took in"),
        Keep("contact", 90, "where to answer an objection, once it was answered"),
    )
}
