"""How a complaint moves, and by when the next step is due. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import Conflict
from core.i18n import N_


class Kind(StrEnum):
    """What it is about."""

    GOODS = "goods"
    DELIVERY = "delivery"
    MONEY = "money"
    LISTING = "listing"
    PRIVACY = "privacy"
    OTHER = "other"


KIND_TEXT: dict[Kind, str] = {
    Kind.GOODS: N_("Hàng không đúng, hỏng, thiếu"),
    Kind.DELIVERY: N_("Giao chậm hoặc chưa nhận được"),
    Kind.MONEY: N_("Tiền trả, tiền hoàn"),
    Kind.LISTING: N_("Báo hàng giả, hàng cấm, lời sai sự thật"),
    Kind.PRIVACY: N_("Thông tin riêng của tôi: xem, sửa, xoá"),
    Kind.OTHER: N_("Chuyện khác"),
}
MARKETS_OWN = frozenset({Kind.LISTING, Kind.PRIVACY})  # not the cooperative's to judge


class State(StrEnum):
    """Where a complaint stands."""

    WITH_COOPERATIVE = "with_cooperative"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    SETTLED = "settled"


class Event(StrEnum):
    """What may happen to a complaint."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    ACCEPT = "accept"
    ESCALATE = "escalate"
    FORWARD = "forward"
    DECIDE = "decide"
    LAPSE = "lapse"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.WITH_COOPERATIVE, Event.ACKNOWLEDGE): State.WITH_COOPERATIVE,
    (State.WITH_COOPERATIVE, Event.ANSWER): State.ANSWERED,
    (State.WITH_COOPERATIVE, Event.ESCALATE): State.ESCALATED,
    (State.ANSWERED, Event.ACCEPT): State.SETTLED,
    (State.ANSWERED, Event.ESCALATE): State.ESCALATED,
    (State.ANSWERED, Event.LAPSE): State.SETTLED,
    (State.ESCALATED, Event.FORWARD): State.WITH_COOPERATIVE,
    (State.ESCALATED, Event.DECIDE): State.SETTLED,
}
STATE_TEXT: dict[State, str] = {
    State.WITH_COOPERATIVE: N_("Hợp tác xã đang xem"),
    State.ANSWERED: N_("Hợp tác xã đã trả lời"),
    State.ESCALATED: N_("Chợ đang xem"),
    State.SETTLED: N_("Đã xong"),
}
EVENT_TEXT: dict[str, str] = {
    "receive": N_("Chợ nhận khiếu nại"),
    Event.ACKNOWLEDGE: N_("Hợp tác xã báo đã nhận"),
    Event.ANSWER: N_("Hợp tác xã trả lời"),
    Event.ACCEPT: N_("Bạn đồng ý cách giải quyết"),
    Event.ESCALATE: N_("Chuyển cho người quản trị chợ"),
    Event.FORWARD: N_("Chuyển cho hợp tác xã"),
    Event.DECIDE: N_("Chợ trả lời"),
    Event.LAPSE: N_("Xong, vì không có ý kiến thêm"),
}
LIMIT_OF: dict[State, str] = {
    State.WITH_COOPERATIVE: "complaint_answer_days",
    State.ANSWERED: "complaint_market_days",
    State.ESCALATED: "complaint_verdict_days",
}


def after(state: str, event: Event) -> State:
    """The state after an event. Raises Conflict when it may not happen."""
    found = TRANSITIONS.get((State(state), event))
    if found is None:
        raise Conflict(N_("Khiếu nại này đã ở bước khác."), remedy=N_("Mở lại trang để xem đang ở bước nào."))
    return found


def due(since: datetime, days: int) -> datetime:
    """By when the next step is due, counted from the last change of state in whole days."""
    return since + timedelta(days=days)
