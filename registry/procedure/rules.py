"""The procedure as one state table, its clocks in working days, and what a meeting and a class must show. All pure.

    requested ─┐                          ┌────────── meeting disagrees ──────────┐
    listed ────┴ screen ─ screened ─ score ─ scored ─ visit ─ visited ─ meeting agrees ─ met ─ post ─ posted
                   └ closed                                                                      │   │
        recognised ─ approve ─ proposed ─ propose (posting over, nothing open) ──────────────────┘   │ object
                                  └ send back → posted      posted ─ not upheld ┬─ objected ─────────┘
                                                  rechecked ─ post (again) ─────┘ upheld: rechecked

The family may withdraw until the decision is proposed. Whatever is not in the table is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.i18n import N_
from registry.rules import HouseholdClass


class CaseState(StrEnum):
    """Where a case stands."""

    REQUESTED = "requested"
    LISTED = "listed"
    SCREENED = "screened"
    SCORED = "scored"
    VISITED = "visited"
    MET = "met"
    POSTED = "posted"
    OBJECTED = "objected"
    RECHECKED = "rechecked"
    PROPOSED = "proposed"
    RECOGNISED = "recognised"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CaseEvent(StrEnum):
    """What can happen to a case."""

    SCREEN_IN = "screen_in"
    SCREEN_OUT = "screen_out"
    SCORE = "score"
    VISIT = "visit"
    AGREE = "agree"
    DISAGREE = "disagree"
    POST = "post"
    OBJECT = "object"
    ANSWER = "answer"
    KEEP = "keep"
    CHANGE = "change"
    PROPOSE = "propose"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


_S, _E = CaseState, CaseEvent
BEFORE_DECISION = (
    _S.REQUESTED, _S.LISTED, _S.SCREENED, _S.SCORED, _S.VISITED, _S.MET, _S.POSTED, _S.OBJECTED, _S.RECHECKED,
)  # fmt: skip
ENDED = (_S.RECOGNISED, _S.CLOSED, _S.WITHDRAWN)

TRANSITIONS: dict[tuple[CaseState, CaseEvent], CaseState] = {
    (_S.REQUESTED, _E.SCREEN_IN): _S.SCREENED,
    (_S.REQUESTED, _E.SCREEN_OUT): _S.CLOSED,
    (_S.LISTED, _E.SCREEN_IN): _S.SCREENED,
    (_S.LISTED, _E.SCREEN_OUT): _S.CLOSED,
    (_S.SCREENED, _E.SCORE): _S.SCORED,
    (_S.SCORED, _E.VISIT): _S.VISITED,
    (_S.VISITED, _E.VISIT): _S.VISITED,  # seen again before the village meets
    (_S.VISITED, _E.AGREE): _S.MET,
    (_S.VISITED, _E.DISAGREE): _S.SCORED,  # the village says no: visit again, with what was said
    (_S.MET, _E.POST): _S.POSTED,
    (_S.POSTED, _E.OBJECT): _S.OBJECTED,
    (_S.OBJECTED, _E.OBJECT): _S.OBJECTED,
    (_S.OBJECTED, _E.ANSWER): _S.OBJECTED,  # one of several answered
    (_S.OBJECTED, _E.KEEP): _S.POSTED,  # the last one answered, none of them right
    (_S.OBJECTED, _E.CHANGE): _S.RECHECKED,  # at least one was right: posted again
    (_S.RECHECKED, _E.POST): _S.POSTED,
    (_S.POSTED, _E.PROPOSE): _S.PROPOSED,
    (_S.PROPOSED, _E.APPROVE): _S.RECOGNISED,
    (_S.PROPOSED, _E.SEND_BACK): _S.POSTED,
    **{(state, _E.WITHDRAW): _S.WITHDRAWN for state in BEFORE_DECISION},
}


class Origin(StrEnum):
    """Why a case was opened."""

    REQUEST = "request"  # the household asked, Mẫu 01
    ROUND = "round"  # the yearly round's list


class How(StrEnum):
    """How an objection came."""

    PAGE = "page"
    PHONE = "phone"
    PRESENT = "present"


@dataclass(frozen=True)
class Duration:
    """How many working days a step may take from a day on, with its source and whether that was read in law."""

    step: str
    valid_from: date
    working_days: int
    source: str
    verified: bool


# None of these was read in the text of law. A row with a later day is added when one is; old cases keep their days.
DURATIONS: tuple[Duration, ...] = (
    Duration("request", date(2025, 7, 1), 15, "commune procedure catalogue, second hand", verified=False),
    Duration(
        "posting",
        date(2025, 7, 1),
        3,
        "3 days second hand; counted as working days from memory",
        verified=False,
    ),
    Duration("recheck", date(2025, 7, 1), 3, "from memory", verified=False),
)
ROUND_ENDS = (12, 14)  # month and day, from the code of a review application; not read in law
QUORUM_BP = 5_000  # half of the households on the list; from memory, not read in law


def duration(step: str, on: date) -> Duration:
    """The row in force on a day; before the first, the first."""
    rows = sorted((row for row in DURATIONS if row.step == step), key=lambda row: row.valid_from)
    return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])


def after_working_days(start: date, days: int, works: Callable[[date], bool]) -> date:
    """The last of `days` working days that follow `start`; the first day itself does not count.

    >>> after_working_days(date(2026, 11, 20), 2, lambda day: day.weekday() < 5)
    datetime.date(2026, 11, 24)
    """
    day = start
    for _number in range(days):
        day += timedelta(days=1)
        while not works(day):
            day += timedelta(days=1)
    return day


def quorate(present: int, listed: int, quorum_bp: int = QUORUM_BP) -> bool:
    """Whether enough households came, of those on the list to be reviewed (not of the village).

    >>> quorate(5, 10), quorate(4, 10), quorate(0, 0)
    (True, False, False)
    """
    return listed > 0 and present * 10_000 >= listed * quorum_bp


def agreed(votes_for: int, votes_against: int) -> bool:
    """Whether more hands agreed than did not. A tie is a no: the family is visited again."""
    return votes_for > votes_against


def departs(score: str, chosen: str) -> bool:
    """Whether a class differs from what the score says. A score that cannot be said supports no class by itself."""
    return score != chosen


def round_ends(year: int) -> date:
    """The last day of a year's round."""
    return date(year, *ROUND_ENDS)


SOON_DAYS = 2  # working days before a last day in which the officer is reminded; our own, not law


def running_clock(state: str, due_on: date, recheck_due_on: date | None) -> date:
    """The clock that ends first: that of the whole, or of checking again while an objection is open.

    >>> running_clock("objected", date(2026, 12, 14), date(2026, 11, 27))
    datetime.date(2026, 11, 27)
    >>> running_clock("posted", date(2026, 12, 14), date(2026, 11, 27))
    datetime.date(2026, 12, 14)
    """
    return min(due_on, recheck_due_on) if state == _S.OBJECTED and recheck_due_on else due_on


def is_late(state: str, due_on: date, recheck_due_on: date | None, today: date) -> bool:
    """Whether a case that has not ended is past its last day, or its re-check is."""
    if state in ENDED:
        return False
    return today > running_clock(state, due_on, recheck_due_on)


CHOSEN = (HouseholdClass.POOR, HouseholdClass.NEAR_POOR, HouseholdClass.NONE)
CERTIFIED = (HouseholdClass.POOR, HouseholdClass.NEAR_POOR)
CLASS_WORDS: dict[str, str] = {
    HouseholdClass.POOR: N_("Hộ nghèo"),
    HouseholdClass.NEAR_POOR: N_("Hộ cận nghèo"),
    HouseholdClass.NONE: N_("Không thuộc hộ nghèo, cận nghèo"),
    HouseholdClass.UNSAID: N_("Chưa nói được"),
}
OVER = "posted_over"  # said of a posted case whose list is off the wall: no state of its own, time alone makes it


def shown_state(state: str, hangs: bool) -> str:
    """The state as people read it. hangs: whether a list that shows the case is on the wall today.

    >>> shown_state("posted", True), shown_state("posted", False), shown_state("objected", False)
    ('posted', 'posted_over', 'objected')
    """
    return OVER if state == _S.POSTED and not hangs else state


STATE_WORDS: dict[str, str] = {
    _S.REQUESTED: N_("Hộ đã đề nghị"),
    _S.LISTED: N_("Có trong danh sách rà soát"),
    _S.SCREENED: N_("Đã xem nhanh"),
    _S.SCORED: N_("Đã chấm điểm"),
    _S.VISITED: N_("Đã tới thăm"),
    _S.MET: N_("Thôn đã họp"),
    _S.POSTED: N_("Đang niêm yết"),
    OVER: N_("Hết ngày niêm yết, chờ hai cán bộ ký"),
    _S.OBJECTED: N_("Có ý kiến, đang xem lại"),
    _S.RECHECKED: N_("Xem lại xong, chờ niêm yết lại"),
    _S.PROPOSED: N_("Chờ người thứ hai ký"),
    _S.RECOGNISED: N_("Đã công nhận"),
    _S.CLOSED: N_("Không xét tiếp"),
    _S.WITHDRAWN: N_("Hộ đã rút"),
}
NEXT_WORDS: dict[str, str] = {  # for the family: what comes next, in plain words
    _S.REQUESTED: N_("Cán bộ xem nhanh giấy đề nghị của nhà mình."),
    _S.LISTED: N_("Cán bộ xem nhanh hoàn cảnh của nhà mình."),
    _S.SCREENED: N_("Cán bộ chấm điểm theo bản kê khai nhà mình đã gửi."),
    _S.SCORED: N_("Cán bộ tới nhà xem và hỏi thêm. Nhà mình cứ nói đúng như đang sống."),
    _S.VISITED: N_("Thôn họp, bà con giơ tay biểu quyết. Nhà mình được tới nghe và nói."),
    _S.MET: N_("Xã dán danh sách (niêm yết) để bà con xem."),
    _S.POSTED: N_(
        "Danh sách đang dán cho bà con xem (niêm yết). Hết ngày mà không ai có ý kiến thì hai cán bộ ký công nhận."
    ),
    OVER: N_(
        "Danh sách đã dán đủ ngày (niêm yết xong), không còn ý kiến nào. Hai cán bộ ký rồi mới là quyết định."
    ),
    _S.OBJECTED: N_("Cán bộ xem lại ý kiến rồi trả lời. Nếu phải đổi thì dán lại danh sách (niêm yết lại)."),
    _S.RECHECKED: N_("Xã dán lại (niêm yết lại) danh sách đã sửa."),
    _S.PROPOSED: N_("Cán bộ thứ hai xem rồi ký. Chưa ký thì chưa có gì là chắc."),
    _S.RECOGNISED: N_("Xã đã quyết định. Thấy chưa đúng thì tới xã hỏi."),
    _S.CLOSED: N_("Xã không xét tiếp lần này. Lý do ghi ở dưới; nhà mình được đề nghị lại."),
    _S.WITHDRAWN: N_("Nhà mình đã rút. Muốn xét lại thì đề nghị lại."),
}
PATH: tuple[tuple[str, ...], ...] = (  # the thread that a family sees, step by step
    (_S.REQUESTED, _S.LISTED),
    (_S.SCREENED,),
    (_S.SCORED,),
    (_S.VISITED,),
    (_S.MET,),
    (_S.POSTED, _S.OBJECTED, _S.RECHECKED),
    (OVER, _S.PROPOSED),
    (_S.RECOGNISED,),
)
