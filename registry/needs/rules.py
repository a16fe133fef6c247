"""How a need moves, by when it must be answered, and which needs count as unmet. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from core.i18n import N_
from registry.needs.kinds import Urgency
from registry.procedure.daysoff import works

NOTE_MAX = 600


class NeedState(StrEnum):
    """Where a need stands."""

    TO_CONFIRM = "to_confirm"
    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class NeedEvent(StrEnum):
    """What can happen to a need."""

    CONFIRM = "confirm"
    TAKE = "take"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


class Outcome(StrEnum):
    """How a need was answered. Only MET and PART count as answered by help."""

    MET = "met"
    PART = "part"
    NO_SCHEME = "no_scheme"
    NOT_FIT = "not_fit"
    REFERRED = "referred"


TRANSITIONS: dict[tuple[NeedState, NeedEvent], NeedState] = {
    (NeedState.TO_CONFIRM, NeedEvent.CONFIRM): NeedState.OPEN,
    (NeedState.TO_CONFIRM, NeedEvent.WITHDRAW): NeedState.WITHDRAWN,
    (NeedState.OPEN, NeedEvent.TAKE): NeedState.TAKEN,
    (NeedState.OPEN, NeedEvent.WITHDRAW): NeedState.WITHDRAWN,
    (NeedState.TAKEN, NeedEvent.TAKE): NeedState.TAKEN,
    (NeedState.TAKEN, NeedEvent.CLOSE): NeedState.CLOSED,
    (NeedState.TAKEN, NeedEvent.WITHDRAW): NeedState.WITHDRAWN,
    (NeedState.CLOSED, NeedEvent.REOPEN): NeedState.OPEN,
}
OPEN_STATES = (NeedState.TO_CONFIRM, NeedState.OPEN, NeedState.TAKEN)
WAITING_STATES = (NeedState.OPEN, NeedState.TAKEN)
MET = (Outcome.MET, Outcome.PART)
# The market's own promise, in working days; no text of law at hand sets one for needs.
DUE_DAYS: dict[Urgency, int] = {Urgency.NOW: 3, Urgency.SOON: 10, Urgency.LATER: 20}
STATE_NAMES: dict[NeedState, tuple[str, str]] = {
    NeedState.TO_CONFIRM: (N_("Chờ nhà mình xác nhận"), "warn"),
    NeedState.OPEN: (N_("Đã gửi xã"), ""),
    NeedState.TAKEN: (N_("Xã đang lo"), "warn"),
    NeedState.CLOSED: (N_("Đã trả lời"), "good"),
    NeedState.WITHDRAWN: (N_("Đã rút"), ""),
}
OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.MET: N_("Đã được giúp đủ"),
    Outcome.PART: N_("Đã được giúp một phần"),
    Outcome.NO_SCHEME: N_("Chưa có chính sách nào giúp được"),
    Outcome.NOT_FIT: N_("Chưa đúng điều kiện"),
    Outcome.REFERRED: N_("Đã chuyển nơi khác lo"),
}


def working_day_after(start: date, count: int) -> date:
    """The day `count` working days after `start`; Saturdays, Sundays and public holidays do not count.

    >>> working_day_after(date(2026, 11, 20), 3).isoformat()  # a Friday; the 24th is a holiday
    '2026-11-26'
    """
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= works(day)
    return day


def is_unmet(state: NeedState, outcome: Outcome | None) -> bool:
    """Whether a need still counts as unmet: it waits, or it was answered without help."""
    return state in WAITING_STATES or (state == NeedState.CLOSED and outcome not in MET)
