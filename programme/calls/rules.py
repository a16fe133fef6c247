"""When somebody should ring a cooperative. Days are counted in Vietnam's calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.i18n import N_

QUIET_DAYS = 30  # without a sale
LATE_DAYS = 3  # an order that has not left
LOW_PIECES = 8  # as on the manager's own page of the day
SOON_DAYS = 30  # before a certificate ends


class Reason(StrEnum):
    """Why to call, the most pressing first."""

    LATE_ORDERS = "late_orders"
    EXPIRED = "expired"
    QUIET = "quiet"
    OUT_OF_STOCK = "out_of_stock"
    EXPIRING = "expiring"
    LOW_STOCK = "low_stock"


REASON_TEXTS = {
    Reason.LATE_ORDERS: N_("%(count)s đơn chờ gửi quá 3 ngày, lâu nhất %(days)s ngày"),
    Reason.EXPIRED: N_("%(count)s giấy chứng nhận đã hết hạn"),
    Reason.QUIET: N_("%(days)s ngày chưa có đơn"),
    Reason.OUT_OF_STOCK: N_("%(count)s gói hàng đã hết"),
    Reason.EXPIRING: N_("%(count)s giấy chứng nhận hết hạn trong 30 ngày, gần nhất sau %(days)s ngày"),
    Reason.LOW_STOCK: N_("%(count)s gói hàng còn dưới 8"),
}
URGENT = frozenset({Reason.LATE_ORDERS, Reason.EXPIRED, Reason.QUIET})


@dataclass(frozen=True)
class State:
    """What is known of one cooperative today.

    selling_since: the day it was approved. waiting_since: when each order that has not left was paid or, on delivery,
    placed. ends: the last day of each certificate. pieces: what can be sold of each published pack.
    """

    selling_since: date
    last_sale_on: date | None
    waiting_since: tuple[date, ...] = ()
    ends: tuple[date, ...] = ()
    pieces: tuple[int, ...] = ()


@dataclass(frozen=True)
class Matter:
    """One thing to talk about, with how many and how many days, where they matter."""

    reason: Reason
    count: int = 0
    days: int = 0

    @property
    def is_urgent(self) -> bool:
        """Whether it should not wait until next week."""
        return self.reason in URGENT

    @property
    def text(self) -> str:
        """The message id of its sentence."""
        return REASON_TEXTS[self.reason]


def matters(state: State, today: date) -> tuple[Matter, ...]:
    """What to talk about, the most pressing first; nothing when all is well."""
    quiet = (today - (state.last_sale_on or state.selling_since)).days
    late = [(today - day).days for day in state.waiting_since if today - day > timedelta(days=LATE_DAYS)]
    left = [(day - today).days for day in state.ends]
    soon = [days for days in left if 0 <= days <= SOON_DAYS]
    found = (
        Matter(Reason.LATE_ORDERS, len(late), max(late, default=0)),
        Matter(Reason.EXPIRED, sum(days < 0 for days in left)),
        Matter(Reason.QUIET, int(quiet >= QUIET_DAYS), quiet),
        Matter(Reason.OUT_OF_STOCK, sum(pieces <= 0 for pieces in state.pieces)),
        Matter(Reason.EXPIRING, len(soon), min(soon, default=0)),
        Matter(Reason.LOW_STOCK, sum(0 < pieces < LOW_PIECES for pieces in state.pieces)),
    )
    return tuple(one for one in found if one.count)


def urgency(found: tuple[Matter, ...]) -> tuple[int, int]:
    """A sort key: the most pressing reason, then how many reasons."""
    order = list(Reason)
    return (min((order.index(one.reason) for one in found), default=len(order)), -len(found))
