"""How a door of our own stands: when it was last used, what failed, and what to do; the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from core import clock
from core.db import db
from core.i18n import N_
from orders.models import Order, Purchase
from orders.rules import UNPAID, Door, State

FAILED_DAYS = 7  # a buyer who let an order lapse may be asked again within a week


@dataclass(frozen=True)
class Matter:
    """Something that failed or waits. text, todo: message ids; tone: bad where it failed, warn where it waits."""

    text: str
    count: int
    tone: str
    todo: str


@dataclass(frozen=True)
class Standing:
    """A door. last_at: its last order, or None; matters: what failed or waits, the worst first; first: what to do with
    a door that was never used.
    """

    last_at: datetime | None
    matters: tuple[Matter, ...]
    first: str

    @property
    def text(self) -> str:
        """The door in a word."""
        if self.matters:
            return self.matters[0].text
        return N_("Đang chạy") if self.last_at else N_("Chưa dùng")

    @property
    def tone(self) -> str:
        """good, warn, bad or ''."""
        if self.matters:
            return self.matters[0].tone
        return "good" if self.last_at else ""

    @property
    def todo(self) -> str:
        """What to do next; '' for nothing."""
        if self.matters:
            return self.matters[0].todo
        return "" if self.last_at else self.first


FIRST = {
    Door.WEB: N_("Đăng hàng, chia sẻ trang bán."),
    Door.CHAT: N_("Dán tin khách nhắn vào, ba chạm là thành đơn."),
    Door.LIVE: N_("Mở một buổi trước khi lên sóng."),
    Door.STALL: N_("Mở quầy trước khi xuống phiên."),
}


@dataclass(frozen=True)
class Used:
    """What orders say of a door. unpaid: their buyer still has time; lapsed: of the last week, not paid in time."""

    last_at: datetime | None = None
    unpaid: int = 0
    lapsed: int = 0


def used(cooperative_id: int) -> dict[str, Used]:
    """What orders say of each door of a cooperative. One statement."""
    since = clock.now() - timedelta(days=FAILED_DAYS)
    unpaid = Order.state.in_([str(one) for one in UNPAID])
    lapsed = (Order.state == str(State.EXPIRED)) & (Order.placed_at >= since)
    rows = db.session.execute(
        select(
            Purchase.door, func.max(Purchase.placed_at),
            func.sum(case((unpaid, 1), else_=0)), func.sum(case((lapsed, 1), else_=0)),
        )
        .join(Order, Order.purchase_id == Purchase.id)
        .where(Order.cooperative_id == cooperative_id)
        .group_by(Purchase.door)
    )  # fmt: skip
    return {door: Used(last, int(waits), int(gone)) for door, last, waits, gone in rows.tuples()}


def standing(door: Door, seen: Used, more: Sequence[Matter] = ()) -> Standing:
    """How a door stands. more: what its own part knows to have failed or to wait."""
    told = list(more)
    if door in (Door.CHAT, Door.LIVE):  # at the others nobody wrote to the buyer by hand
        told += [
            Matter(
                N_("Đơn hết giờ, khách chưa trả"), seen.lapsed, "bad",
                N_("Nhắn lại khách; còn muốn mua thì đặt đơn mới."),
            ),
            Matter(
                N_("Đơn chờ khách trả tiền"), seen.unpaid, "warn",
                N_("Chờ khách chuyển, hoặc nhắn lại đường dẫn trả tiền."),
            ),
        ]  # fmt: skip
    real = sorted((one for one in told if one.count), key=lambda one: one.tone != "bad")
    return Standing(seen.last_at, tuple(real), FIRST[door])
