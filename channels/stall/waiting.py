"""What waits for a person at a cooperative's stalls: sales that the books cannot hold, transfers that never came."""

from sqlalchemy import case, func, select

from channels.doors.standing import Matter
from channels.stall.models import StallOuting, StallSale
from channels.stall.rules import SaleState
from core.db import db
from core.i18n import N_
from orders.models import Order
from orders.rules import State


def waits(cooperative_id: int) -> list[Matter]:
    """Sales that wait for a decision; transfers not seen of outings that are back. One statement."""
    held = StallSale.state == str(SaleState.HELD)
    asked = StallOuting.closed_at.is_not(None) & (Order.state == str(State.AWAITING_PAYMENT))
    row = db.session.execute(
        select(func.sum(case((held, 1), else_=0)), func.sum(case((asked, 1), else_=0)))
        .select_from(StallSale)
        .join(StallOuting, StallOuting.id == StallSale.stall_outing_id)
        .outerjoin(Order, Order.id == StallSale.order_id)
        .where(StallOuting.cooperative_id == cooperative_id)
    ).one()  # fmt: skip
    return [
        Matter(
            N_("Lần bán chờ quyết ai nhường"), int(row[0] or 0), "bad", N_("Mở chuyến bán, xem cách xử rồi đồng ý.")
        ),
        Matter(
            N_("Đã về mà chưa thấy tiền chuyển"), int(row[1] or 0), "bad",
            N_("Mở chuyến bán, trả lời từng lần: tiền đâu, hàng đâu."),
        ),
    ]  # fmt: skip
