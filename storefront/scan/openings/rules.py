"""What openings of a code may be taken for. Pure.

A count never accuses: a family looks several times, a shop lets everybody look, a search engine looks, a phone without
a signal looks and is not counted. So the judgement only says what is usual and what is not, and why it may be so.
The thresholds are rules of thumb; nothing was measured yet, and the page says that a count cannot prove.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

USUAL_SCANS, USUAL_DAYS = 10, 90
_SERIAL = re.compile(r"[A-Z2-7]{16}")


class Opening(StrEnum):
    """What the counts of a code look like."""

    WHOLE_LOT = "whole_lot"
    FIRST = "first"
    USUAL = "usual"
    EARLY = "early"
    OFTEN = "often"


@dataclass(frozen=True, slots=True)
class Opened:
    """Openings noted so far. first_on, last_on: None where there was none. days: on how many days."""

    scans: int = 0
    days: int = 0
    first_on: date | None = None
    last_on: date | None = None

    @property
    def spread(self) -> int:
        """Days from the first opening to the last; 0 when all fell on one day."""
        return (self.last_on - self.first_on).days if self.first_on and self.last_on else 0


@dataclass(frozen=True, slots=True)
class Seen:
    """Openings with their judgement. delivered_on: when the first pack of the lot reached a buyer, None where that is
    not known or would tell of one buyer."""

    kind: Opening
    opened: Opened
    delivered_on: date | None


def judge(opened: Opened, *, serial: bool, delivered_on: date | None, today: date) -> Seen:
    """The judgement on a code. Without a serial one code stands on every pack of the lot, so it tells of no pack."""
    if not serial:
        kind = Opening.WHOLE_LOT
    elif opened.first_on is None or (opened.scans == 1 and opened.first_on == today):
        kind = Opening.FIRST
    elif opened.scans > USUAL_SCANS or opened.spread > USUAL_DAYS:
        kind = Opening.OFTEN
    elif delivered_on is not None and opened.first_on < delivered_on:
        kind = Opening.EARLY
    else:
        kind = Opening.USUAL
    return Seen(kind, opened, delivered_on)


def is_serial(text: str) -> bool:
    """Whether a serial has the form that we print (80 bits in base 32); others are not even noted."""
    return _SERIAL.fullmatch(text) is not None
