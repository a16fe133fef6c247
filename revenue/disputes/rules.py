"""What a dispute is about, how it moves and how it ends. Pure."""

import re
from enum import StrEnum

from core.errors import Conflict
from core.i18n import N_


class About(StrEnum):
    """What a family says is wrong."""

    SLIP = "slip"  # a weighing
    SALE = "sale"  # its share of an order
    PAYOUT = "payout"  # money that did or did not come
    SUM = "sum"  # something else in the statement


class State(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  # the cooperative's
    ANSWERED = "answered"  # the family's
    CLOSED = "closed"


class Event(StrEnum):
    """What may happen."""

    ASK = "ask"
    ANSWER = "answer"
    CLOSE = "close"


class Outcome(StrEnum):
    """How it ended."""

    MENDED = "mended"
    EXPLAINED = "explained"
    WITHDRAWN = "withdrawn"
    UNRESOLVED = "unresolved"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.OPEN, Event.ASK): State.OPEN,
    (State.OPEN, Event.ANSWER): State.ANSWERED,
    (State.OPEN, Event.CLOSE): State.CLOSED,
    (State.ANSWERED, Event.ASK): State.OPEN,
    (State.ANSWERED, Event.ANSWER): State.ANSWERED,
    (State.ANSWERED, Event.CLOSE): State.CLOSED,
}
ABOUT_TEXT: dict[str, str] = {
    About.SLIP: N_("Cân sai"), About.SALE: N_("Chia sai"), About.PAYOUT: N_("Tiền chưa tới"), About.SUM: N_("Chỗ khác"),
}  # fmt: skip
ABOUT_ICON: dict[str, str] = {
    About.SLIP: "scale",
    About.SALE: "chart",
    About.PAYOUT: "money",
    About.SUM: "ask",
}
STATE_TEXT: dict[str, str] = {
    State.OPEN: N_("Chờ hợp tác xã trả lời"), State.ANSWERED: N_("Hợp tác xã đã trả lời"), State.CLOSED: N_("Đã xong"),
}  # fmt: skip
OUTCOME_TEXT: dict[str, str] = {
    Outcome.MENDED: N_("Đã sửa"), Outcome.EXPLAINED: N_("Đã giải thích, nhà đồng ý"),
    Outcome.WITHDRAWN: N_("Nhà rút lại"), Outcome.UNRESOLVED: N_("Chưa thống nhất, đưa ra họp hợp tác xã"),
}  # fmt: skip
STAFF_OUTCOMES = (Outcome.MENDED, Outcome.EXPLAINED, Outcome.UNRESOLVED)


def after(state: str, event: Event) -> State:
    """The state after an event. Raises Conflict where there is no such step."""
    found = TRANSITIONS.get((State(state), event))
    if found is None:
        raise Conflict(N_("Cuộc trao đổi này đã khép."), remedy=N_("Mở một cuộc trao đổi mới."))
    return found


def read_subject(text: str) -> tuple[About, int | None]:
    """What an address names: 'payout:12' or 'sum'; anything else is the whole statement.

    >>> read_subject("payout:12"), read_subject("sum"), read_subject("x:1")
    ((<About.PAYOUT: 'payout'>, 12), (<About.SUM: 'sum'>, None), (<About.SUM: 'sum'>, None))
    """
    match = re.fullmatch(r"(slip|payout):([0-9]{1,15})", text)
    if match:
        return About(match[1]), int(match[2])
    return (About(text), None) if text in list(About) else (About.SUM, None)
