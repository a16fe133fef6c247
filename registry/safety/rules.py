"""The clock of a breach, and how long things stay. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    """How long one thing stays after it is over. from_on: the first day on which this holds; a change of the law is a
    new row with a later day. verified: compared with the text of law."""

    what: str
    days: int
    because: str
    from_on: date = date(2026, 1, 1)
    verified: bool = False


# This market's own choice: the law's figures were not found.
KEEPS: tuple[Keep, ...] = (
    Keep("draft", 180, "a declaration begun and left is no declaration"),
    Keep("preview", 30, "a commune's list that nobody took in"),
    Keep("contact", 90, "where to answer an objection, once it was answered"),
    Keep("decided", 3_650, "the commune must be able to explain a decision; ten years are a guess"),
    Keep("followed", 1_825, "who escaped is looked after for three years, and asked about for two more"),
)


def kept_for(what: str, day: date, rows: tuple[Keep, ...] = KEEPS) -> timedelta:
    """How long a thing stays under the row in force on a day: the newest that has begun; the first before any has.

    >>> kept_for("draft", date(2026, 11, 22)).days
    180
    """
    mine = sorted((one for one in rows if one.what == what), key=lambda one: one.from_on)
    begun = [one for one in mine if one.from_on <= day] or mine[:1]
    return timedelta(days=begun[-1].days)
