"""A recalled lot leaves reserved lines without goods; they are held again on other lots, or refused whole."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.i18n import N_
from orders.models import Allocation, Order, OrderLine, Purchase
from orders.notices.operations import tell
from orders.operations import line_ref
from orders.rules import BEFORE_PACKING
from traceability import operations as goods

RECALLED = N_(
    "Chợ Phiên: %(seller)s thu hồi lô %(lot)s trong đơn %(code)s: %(reason)s Đừng dùng nữa; báo ở đây để được "
    "đổi hoặc trả tiền: %(link)s"
)


def lines_of(refs: Sequence[str]) -> dict[int, list[int]]:
    """Open orders by their lines that lost goods: {order id: [line id, …]}. refs: "line:17"."""
    ids = [int(ref.removeprefix("line:")) for ref in refs if ref.startswith("line:")]
    rows = db.session.execute(
        select(OrderLine.order_id, OrderLine.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.id.in_(ids), Order.state.in_([state.value for state in BEFORE_PACKING]))
        .order_by(OrderLine.order_id, OrderLine.pack_id)
    )
    found: dict[int, list[int]] = {}
    for order_id, line_id in rows:
        found.setdefault(order_id, []).append(line_id)
    return found


def repick(actor: Actor, line_id: int) -> None:
    """Hold a line's goods on lots that can be sold today. Raises OutOfStock, nothing changed, when there are none."""
    actor.must_be(Role.MANAGER, Role.ADMINISTRATOR)
    line = db.session.get_one(OrderLine, line_id)
    with db.session.begin_nested():
        goods.release(line_ref(line.id))
        db.session.execute(delete(Allocation).where(Allocation.order_line_id == line.id, ~Allocation.packed))
        for held in goods.reserve(line.pack_id, line.quantity, ref=line_ref(line.id), on=clock.today()):
            db.session.add(Allocation(order_line_id=line.id, lot_id=held.lot_id, quantity=held.quantity))
        db.session.flush()


def buyers_of_lot(lot_id: int) -> list[Order]:
    """Orders that carry packs of a lot, packed and not come back."""
    return list(
        db.session.execute(
            select(Order)
            .join(OrderLine, OrderLine.order_id == Order.id)
            .join(Allocation, Allocation.order_line_id == OrderLine.id)
            .join(Purchase, Purchase.id == Order.purchase_id)
            .where(
                Allocation.lot_id == lot_id,
                Allocation.packed,
                Allocation.returned_quantity < Allocation.quantity,
            )
            .distinct()
            .order_by(Order.id)
        ).scalars()
    )


def warn_buyer(order: Order, lot_id: int, lot_code: str, reason: str) -> None:
    """Tell the buyer of a packed order that its lot is taken back; once for each lot."""
    tell(order, RECALLED, f"order:{order.id}:recall:{lot_id}", lot=lot_code, reason=reason)
