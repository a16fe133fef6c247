"""States of a recall, kinds of steps, and what must be done before it is closed. Pure."""

from enum import StrEnum

from core.errors import Conflict, Invalid
from core.i18n import N_

REPORT_LEAST, NOTE_MOST = 10, 500


class CaseState(StrEnum):
    """A recall is open until somebody says how it ended."""

    OPEN = "open"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What somebody did."""

    STOPPED = "stopped"
    CALLED = "called"
    NOT_REACHED = "not_reached"
    NOTE = "note"
    CLOSED = "closed"


TRANSITIONS: dict[tuple[CaseState, StepKind], CaseState] = {
    (CaseState.OPEN, StepKind.STOPPED): CaseState.OPEN,
    (CaseState.OPEN, StepKind.CALLED): CaseState.OPEN,
    (CaseState.OPEN, StepKind.NOT_REACHED): CaseState.OPEN,
    (CaseState.OPEN, StepKind.NOTE): CaseState.OPEN,
    (CaseState.OPEN, StepKind.CLOSED): CaseState.CLOSED,
}
STEPS: dict[StepKind, str] = {
    StepKind.STOPPED: N_("Dừng bán, giữ hàng lại"),
    StepKind.CALLED: N_("Đã gọi được khách"),
    StepKind.NOT_REACHED: N_("Gọi khách chưa được"),
    StepKind.NOTE: N_("Ghi thêm"),
    StepKind.CLOSED: N_("Khép cuộc thu hồi"),
}


def after(state: CaseState, kind: StepKind) -> CaseState:
    """The state after a step. Raises Conflict once the recall is closed."""
    found = TRANSITIONS.get((state, kind))
    if found is None:
        raise Conflict(N_("Cuộc thu hồi này đã khép."), remedy=N_("Xem báo cáo ở cuối trang."))
    return found


def check_note(note: str) -> str:
    """What is written about a step. Raises Invalid."""
    if not 3 <= len(note) <= NOTE_MOST:
        raise Invalid(
            N_("Viết từ 3 đến 500 chữ."), remedy=N_("Ví dụ: nhà trường đã cất riêng 3 gói."), field="note"
        )
    return note


def check_report(report: str, unreached: int) -> str:
    """How a recall ended. Raises Invalid for an empty word, Conflict while a buyer was never called."""
    if unreached:
        raise Conflict(
            N_("Còn %(count)s đơn chưa ghi đã gọi khách hay chưa."),
            remedy=N_("Gọi rồi bấm “Đã gọi được” hoặc “Chưa gọi được” ở từng đơn."),
            count=unreached,
        )
    if len(report) < REPORT_LEAST:
        raise Invalid(
            N_("Viết cuộc thu hồi đã kết thúc thế nào."), field="report",
            remedy=N_("Ví dụ: thu lại 12 gói, 3 gói khách đã ăn, hàng đã huỷ ngày 25/11."),
        )  # fmt: skip
    return report
