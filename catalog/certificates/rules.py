"""What a paper covers, how it changes with time, and when to say that it ends. Pure.

The format of growing-area and packing-house codes (mã số vùng trồng, mã số cơ sở đóng gói) was not found in any text we
could read: a code is kept as it stands on the paper, nothing of it is checked and nothing is made up (ADR 38).
"""

from datetime import date
from enum import StrEnum

from core.errors import Invalid
from core.i18n import N_

REMIND_DAYS = (60, 30, 7)  # before the last day; each is said once
SOON_DAYS = REMIND_DAYS[0]
NUMBER_MAX, ISSUER_MAX, COVERS_MAX = 60, 120, 300


class Scope(StrEnum):
    """What a paper speaks of: goods (all of the cooperative's, or those named), single lots, or plots."""

    GOODS = "goods"
    LOTS = "lots"
    PLOTS = "plots"


class TermEvent(StrEnum):
    """Why the dates of a paper are what they are."""

    ENTERED = "entered"
    CORRECTED = "corrected"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    SCOPED = "scoped"


EVENT_WORDS = {
    TermEvent.ENTERED: N_("Ghi vào sổ"),
    TermEvent.CORRECTED: N_("Ghi lại cho đúng"),
    TermEvent.RENEWED: N_("Gia hạn"),
    TermEvent.WITHDRAWN: N_("Nơi cấp thu lại, hoặc thôi dùng"),
    TermEvent.SCOPED: N_("Đổi phạm vi"),
}


class Standing(StrEnum):
    """Where a paper stands on a day."""

    FUTURE = "future"
    VALID = "valid"
    ENDING = "ending"
    OVER = "over"


def standing(valid_from: date, valid_to: date | None, day: date) -> Standing:
    """Where a paper stands: ending means within the last 60 days.

    >>> standing(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 1))
    <Standing.ENDING: 'ending'>
    """
    if day < valid_from:
        return Standing.FUTURE
    if valid_to is None:
        return Standing.VALID
    if valid_to < day:
        return Standing.OVER
    return Standing.ENDING if (valid_to - day).days < SOON_DAYS else Standing.VALID


def reminder_due(valid_to: date, day: date) -> int | None:
    """Which reminder belongs to a day: the narrowest of 60, 30, 7 that was reached; None before, and once it ended.

    >>> reminder_due(date(2026, 12, 20), date(2026, 11, 22)), reminder_due(date(2027, 6, 1), date(2026, 11, 22))
    (30, None)
    """
    left = (valid_to - day).days
    if left < 0:
        return None
    return min((step for step in REMIND_DAYS if left <= step), default=None)


def renewed(
    valid_from: date, valid_to: date | None, new_from: date, new_to: date | None
) -> tuple[date, date | None]:
    """The validity after a renewal under the same number: one stretch where they touch, else the new one alone.

    Raises Invalid where the new dates do not reach beyond the old, or start after a gap that has not begun: a paper
    that holds today must not fall silent because its next term is already known.
    """
    if valid_to is None or (new_to is not None and new_to <= valid_to):
        raise Invalid(
            N_("Gia hạn phải dài hơn hạn đang có."),
            field="valid_to",
            remedy=N_("Xem lại ngày trên giấy mới."),
        )
    if (new_from - valid_to).days <= 1:
        return min(valid_from, new_from), new_to
    return new_from, new_to
