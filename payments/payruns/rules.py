"""How a pay run is planned and how it and its lines move. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import Conflict
from core.i18n import N_


class RunState(StrEnum):
    """Where a pay run stands."""

    PROPOSED = "proposed"  # more than one person may pay alone: waits for a second
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class RunEvent(StrEnum):
    """What happens to a pay run."""

    APPROVE = "approve"
    CANCEL = "cancel"
    CLOSE = "close"


class LineState(StrEnum):
    """Where one producer's line stands."""

    PLANNED = "planned"
    SENT = "sent"  # somebody said so; in the book
    CONFIRMED = "confirmed"  # the bank's statement says so too
    RETURNED = "returned"  # the bank sent it back; owed again
    FAILED = "failed"  # never went; still owed
    DROPPED = "dropped"  # the run ended before it went; still owed


class LineEvent(StrEnum):
    """What happens to a line."""

    SEND = "send"
    CONFIRM = "confirm"
    RETURN = "return"
    FAIL = "fail"
    DROP = "drop"


RUN_TRANSITIONS: dict[tuple[RunState, RunEvent], RunState] = {
    (RunState.PROPOSED, RunEvent.APPROVE): RunState.OPEN,
    (RunState.PROPOSED, RunEvent.CANCEL): RunState.CANCELLED,
    (RunState.OPEN, RunEvent.APPROVE): RunState.OPEN,
    (RunState.OPEN, RunEvent.CLOSE): RunState.CLOSED,
}
LINE_TRANSITIONS: dict[tuple[LineState, LineEvent], LineState] = {
    (LineState.PLANNED, LineEvent.SEND): LineState.SENT,
    (LineState.PLANNED, LineEvent.FAIL): LineState.FAILED,
    (LineState.PLANNED, LineEvent.DROP): LineState.DROPPED,
    (LineState.SENT, LineEvent.CONFIRM): LineState.CONFIRMED,
    (LineState.SENT, LineEvent.RETURN): LineState.RETURNED,
    (LineState.CONFIRMED, LineEvent.RETURN): LineState.RETURNED,
}
RUN_TEXT: dict[str, str] = {
    RunState.PROPOSED: N_("Chờ người thứ hai duyệt"),
    RunState.OPEN: N_("Đang trả"),
    RunState.CLOSED: N_("Đã đóng"),
    RunState.CANCELLED: N_("Đã bỏ"),
}
LINE_TEXT: dict[str, str] = {
    LineState.PLANNED: N_("Chưa chuyển"),
    LineState.SENT: N_("Đã chuyển"),
    LineState.CONFIRMED: N_("Ngân hàng đã báo chuyển"),
    LineState.RETURNED: N_("Ngân hàng trả lại"),
    LineState.FAILED: N_("Không chuyển được"),
    LineState.DROPPED: N_("Để lượt sau"),
}
LINE_KIND: dict[str, str] = {
    LineState.SENT: "good", LineState.CONFIRMED: "good", LineState.RETURNED: "bad", LineState.FAILED: "bad",
    LineState.PLANNED: "warn", LineState.DROPPED: "",
}  # fmt: skip


class Why(StrEnum):
    """Why a producer is left out of a run, or why her line did not go."""

    LITTLE = "little"
    NO_MONEY = "no_money"
    HELD = "held"
    IN_RUN = "in_run"
    CHANGED = "changed"
    OWED_LESS = "owed_less"
    NEEDS_SECOND = "needs_second"
    TOLD = "told"  # a person wrote why


WHY_TEXT: dict[str, str] = {
    Why.LITTLE: N_("Dưới mức nhỏ nhất của lượt này"),
    Why.NO_MONEY: N_("Không đủ tiền theo sổ"),
    Why.HELD: N_("Số tài khoản mới đổi, chờ đủ 48 giờ"),
    Why.IN_RUN: N_("Đang ở lượt trả khác"),
    Why.CHANGED: N_("Số tài khoản đã đổi sau khi lập lượt trả"),
    Why.OWED_LESS: N_("Số còn nợ nay ít hơn"),
    Why.NEEDS_SECOND: N_("Quá mức một người tự trả trong ngày"),
}


def next_run(state: str, event: RunEvent) -> RunState:
    """The state of a run after an event. Raises Conflict where there is no such step."""
    found = RUN_TRANSITIONS.get((RunState(state), event))
    if found is None:
        raise Conflict(N_("Lượt trả này đã ở bước khác."), remedy=N_("Tải lại trang để thấy đang ở đâu."))
    return found


def next_line(state: str, event: LineEvent) -> LineState:
    """The state of a line after an event. Raises Conflict where there is no such step."""
    found = LINE_TRANSITIONS.get((LineState(state), event))
    if found is None:
        raise Conflict(N_("Dòng này đã ở bước khác."), remedy=N_("Tải lại trang để thấy đang ở đâu."))
    return found


@dataclass(frozen=True)
class Owed:
    """A producer to whom something is owed, đồng: what this run may pay of it, and all of it (0: the same).

    paid_at: when she was last paid. held: her account is too new to be used. in_run: another run plans to pay her.
    """

    producer_id: int
    owed_vnd: int
    paid_at: datetime | None = None
    account: bool = True
    held: bool = False
    in_run: bool = False
    all_vnd: int = 0


@dataclass(frozen=True)
class Planned:
    """A line to be: to whom, how much, by bank or in cash."""

    producer_id: int
    amount_vnd: int
    owed_vnd: int
    method: str


@dataclass(frozen=True)
class Left:
    """A producer left out, with what she is owed and why."""

    producer_id: int
    owed_vnd: int
    why: Why


@dataclass(frozen=True)
class Plan:
    """What a run would pay, and whom it leaves out."""

    lines: tuple[Planned, ...]
    left: tuple[Left, ...]

    @property
    def total_vnd(self) -> int:
        """All of it, đồng."""
        return sum(one.amount_vnd for one in self.lines)

    def of(self, method: str) -> int:
        """What goes by bank, or in cash, đồng."""
        return sum(one.amount_vnd for one in self.lines if one.method == method)

    @property
    def digest(self) -> str:
        """What the form carries, so that what is made is what was shown."""
        text = ";".join(f"{one.producer_id}:{one.amount_vnd}:{one.method}" for one in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan(
    owed: Sequence[Owed], bank_vnd: int, cash_vnd: int, *, least_vnd: int = 0, most_vnd: int | None = None
) -> Plan:
    """Who is paid what. Who waited longest comes first; the last may get a part; never more than there is.

    bank_vnd, cash_vnd: what the book says is there and no other run has planned. least_vnd: smaller sums wait.
    most_vnd: the most that the whole run may pay. Those with an account are paid by bank, the others in cash.
    """
    there = {"bank": max(0, bank_vnd), "cash": max(0, cash_vnd)}
    room = sum(there.values()) if most_vnd is None else max(0, most_vnd)
    lines: list[Planned] = []
    left: list[Left] = []
    for one in sorted(owed, key=_waited):
        why = _excluded(one, least_vnd)
        method = "bank" if one.account else "cash"
        amount = 0 if why else min(one.owed_vnd, there[method], room)
        if why or amount <= 0 or amount < least_vnd:
            left.append(Left(one.producer_id, one.owed_vnd, why or Why.NO_MONEY))
            continue
        there[method] -= amount
        room -= amount
        lines.append(Planned(one.producer_id, amount, max(one.owed_vnd, one.all_vnd), method))
    return Plan(tuple(lines), tuple(left))


def _waited(one: Owed) -> tuple[bool, float, int]:
    return one.paid_at is not None, one.paid_at.timestamp() if one.paid_at else 0.0, one.producer_id


def _excluded(one: Owed, least_vnd: int) -> Why | None:
    if one.in_run:
        return Why.IN_RUN
    if one.held:
        return Why.HELD
    return Why.LITTLE if one.owed_vnd < max(1, least_vnd) else None


# ---- the words by which a bank's line finds its way back ----


def code_of(line_id: int) -> str:
    """What stands in the transfer of a line: letters around digits, with two digits that hold against a slip.

    >>> code_of(412)
    'TLB41226Z'
    """
    return f"TLB{line_id}{98 - line_id * 100 % 97:02d}Z"


def lines_in(text: str) -> list[int]:
    """The lines whose code stands in a bank's text, however it is written; accidents fail the two digits.

    >>> lines_in("MBVCB.123 Tra 014 tlb 412 26 z FT26")
    [412]
    """
    found = re.findall(r"TLB(\d{1,12})(\d\d)Z", re.sub(r"[^0-9A-Za-z]", "", text).upper())
    return list(
        dict.fromkeys(int(number) for number, check in found if 98 - int(number) * 100 % 97 == int(check))
    )


def purpose(producer_code: str, line_id: int) -> str:
    """What the transfer says: no name, the producer's code and the line's.

    >>> purpose("014", 412)
    'TRA 014 TLB41226Z'
    """
    return f"TRA {producer_code} {code_of(line_id)}"
