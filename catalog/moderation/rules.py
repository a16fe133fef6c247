"""What the market never sells, what a text may not promise, and the states of a take-down. Pure functions.

The lists are a first net, not the law's text: the goods named are forbidden or need licences that a cooperative's shop
does not have (wildlife, narcotics, explosives, medicine, tobacco); the claims are those the advertising rules forbid
without proof. Both are matched as written, with marks: unmarked text would catch "ban" (to sell) for "bắn" (to shoot).
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import Conflict
from core.i18n import N_

FORBIDDEN = (
    "cao hổ", "xương hổ", "mật gấu", "tay gấu", "ngà voi", "sừng tê giác", "vảy tê tê", "thịt thú rừng", "thịt rừng",
    "động vật hoang dã", "thuốc phiện", "cần sa", "ma tuý", "ma túy", "pháo nổ", "thuốc nổ", "súng", "đạn", "thuốc lá",
    "thuốc lào", "thuốc kê đơn", "thuốc tân dược", "tiền giả",
)  # fmt: skip
CLAIMS = (
    "khỏi bệnh", "dứt điểm", "trị dứt", "tiêu diệt tế bào", "thần dược", "cam kết hiệu quả", "không tác dụng phụ",
    "tốt nhất việt nam", "số một việt nam", "duy nhất tại việt nam",
)  # fmt: skip
HARMLESS = ("không bán thuốc lá", "cỏ thuốc lá", "đạn phản lực")
AUTOMATIC_BEFORE = timedelta(hours=2)  # nobody acted: the worker takes it down while there is still time


class State(StrEnum):
    """Where a take-down stands."""

    ASKED = "asked"  # recorded, still shown: the clock runs
    DOWN = "down"
    APPEALED = "appealed"
    KEPT = "kept"  # the appeal was answered: it stays down
    LIFTED = "lifted"  # the cooperative may publish again


class Event(StrEnum):
    """What may happen to a take-down."""

    TAKE_DOWN = "take_down"
    APPEAL = "appeal"
    KEEP = "keep"
    LIFT = "lift"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.ASKED, Event.TAKE_DOWN): State.DOWN,
    (State.DOWN, Event.APPEAL): State.APPEALED,
    (State.DOWN, Event.LIFT): State.LIFTED,
    (State.APPEALED, Event.KEEP): State.KEPT,
    (State.APPEALED, Event.LIFT): State.LIFTED,
    (State.KEPT, Event.LIFT): State.LIFTED,
}
BLOCKING = frozenset({State.ASKED, State.DOWN, State.APPEALED, State.KEPT})
STATE_TEXT: dict[State, str] = {
    State.ASKED: N_("Chờ gỡ"),
    State.DOWN: N_("Đã gỡ"),
    State.APPEALED: N_("Hợp tác xã xin xem lại"),
    State.KEPT: N_("Giữ quyết định gỡ"),
    State.LIFTED: N_("Cho bán lại"),
}


class NoticeState(StrEnum):
    """Where a notice of suspension stands."""

    GIVEN = "given"
    DONE = "done"
    WITHDRAWN = "withdrawn"


NOTICE_TEXT: dict[NoticeState, str] = {
    NoticeState.GIVEN: N_("Đã báo trước"),
    NoticeState.DONE: N_("Đã tạm dừng"),
    NoticeState.WITHDRAWN: N_("Đã rút lại"),
}


def next_state(state: str, event: Event) -> State:
    """The state after an event. Raises Conflict when it may not happen."""
    found = TRANSITIONS.get((State(state), event))
    if found is None:
        raise Conflict(N_("Yêu cầu này đã ở bước khác."), remedy=N_("Mở lại trang để xem."))
    return found


def _named(text: str, words: tuple[str, ...]) -> list[str]:
    plain = text.casefold()
    for phrase in HARMLESS:
        plain = plain.replace(phrase, " ")
    return [word for word in words if re.search(rf"\b{word}\b", plain)]


def forbidden_goods(text: str) -> list[str]:
    """Goods the market never sells that a text names, each once.

    >>> forbidden_goods("Vòng tay ngà voi thật")
    ['ngà voi']
    """
    return _named(text, FORBIDDEN)


def claims(text: str) -> list[str]:
    """Promises that may not be made of any goods without proof, each once."""
    return _named(text, CLAIMS)


def due_at(received_at: datetime, hours: int) -> datetime:
    """By when a listing must be down: so many hours after the authority's request arrived."""
    return received_at + timedelta(hours=hours)


def left(due: datetime, now: datetime) -> tuple[int, int]:
    """Whole hours and minutes until `due`; (0, 0) when it has passed."""
    minutes = max(0, int((due - now).total_seconds() // 60))
    return divmod(minutes, 60)
