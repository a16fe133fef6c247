"""Who may review, where a review stands, and why one is reported. Pure functions and tables."""

from datetime import datetime, timedelta
from enum import StrEnum

from core.i18n import N_

TEXT_MAX, ANSWER_MAX = 2_000, 1_000
REVIEW_DAYS = 180  # how long after delivery a review may be written


class State(StrEnum):
    """Where a review stands."""

    SHOWN = "shown"
    HELD = "held"  # its words need a person's look first
    REMOVED = "removed"  # by a person of the market, with a reason
    WITHDRAWN = "withdrawn"  # by whoever wrote it


class Reason(StrEnum):
    """Why somebody reports a review."""

    UNTRUE = "untrue"
    INSULT = "insult"
    PRIVATE = "private"
    ADVERT = "advert"
    OTHER = "other"


REASON_NAMES = {
    Reason.UNTRUE: N_("Không đúng sự thật"),
    Reason.INSULT: N_("Lời nặng, xúc phạm"),
    Reason.PRIVATE: N_("Lộ thông tin riêng của người khác"),
    Reason.ADVERT: N_("Quảng cáo, lạc đề"),
    Reason.OTHER: N_("Chuyện khác"),
}
STAR_NAMES = {5: N_("5 sao: rất ưng"), 4: N_("4 sao: ưng"), 3: N_("3 sao: tạm được"), 2: N_("2 sao: chưa ưng"),
              1: N_("1 sao: thất vọng")}  # fmt: skip


def may_review(delivered_at: datetime | None, now: datetime) -> bool:
    """Whether a line of an order delivered then may be reviewed now."""
    return delivered_at is not None and now <= delivered_at + timedelta(days=REVIEW_DAYS)


def average_tenths(rating_sum: int, rating_count: int) -> int:
    """The average of stars in tenths, rounded half up; 0 where there are none.

    >>> average_tenths(14, 3)
    47
    """
    return (20 * rating_sum + rating_count) // (2 * rating_count) if rating_count else 0
