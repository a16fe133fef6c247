"""A recalled lot leaves reserved lines without goods; they are held again on other lots, or refused whole."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Select, delete, select

from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.format import day
from core.i18n import N_
from orders.models import Allocation, Order, OrderLine
from orders.notices.operations import tell
from orders.parcels.operations import line_ref
from orders.rules import BEFORE_PACKING, State
from orders.weighed.queries import piece_g
from traceability import operations as goods
from traceability.models import Lot
from traceability.rules import LotKind

NOT_SENT = [state.value for state in (*BEFORE_PACKING, State.PACKED)]
SENT = [State.SHIPPED.value, State.DELIVERED.value]
RECALLED = N_(
    "Chợ Phiên: %(seller)s thu hồi lô %(lots)s trong đơn %(code)s. Lý do: %(reason)s. Đừng dùng nữa; báo ở đây để được "
    "đổi hoặc trả tiền: %(link)s"
)
WAITS = N_(
    "Chợ Phiên: lô của đơn %(code)s bị thu hồi nên lấy lô mới, có hàng ngày %(day)s. Không chờ được thì huỷ ở đây: "
    "%(link)s"
)


def lines_of(refs: Iterable[str]) -> dict[int, list[int]]:
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


def _carrying(lot_ids: Collection[int], states: Sequence[str]) -> Select[tuple[int]]:
    """Ids of orders in these states that hold or carry packs of these lots which did not come back, ascending."""
    return (
        select(Order.id).distinct().order_by(Order.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .where(
            Order.state.in_(states),
            Allocation.lot_id.in_(lot_ids),
            Allocation.returned_quantity < Allocation.quantity,
        )
    )  # fmt: skip


def not_sent(lot_ids: Collection[int]) -> list[int]:
    """Ids of orders, ascending, that hold these lots or are packed from them and are still in the house."""
    return list(db.session.execute(_carrying(lot_ids, NOT_SENT)).scalars())


def parcels_in_house(lot_ids: Collection[int]) -> list[int]:
    """Ids of packed orders, ascending, whose parcel holds packs of these lots and has not left."""
    return list(db.session.execute(_carrying(lot_ids, [State.PACKED.value])).scalars())


def packs_of(order_ids: Collection[int]) -> list[int]:
    """The packs that orders ask for, ascending: the order in which stock is locked."""
    wanted = select(OrderLine.pack_id).distinct().where(OrderLine.order_id.in_(order_ids))
    return list(db.session.execute(wanted.order_by(OrderLine.pack_id)).scalars())


def repick(actor: Actor, line_id: int) -> date | None:
    """Hold a line's goods on lots that can be sold today. Raises OutOfStock, nothing changed, when there are none.

    Returns the day promised by a planned lot that the line did not wait for before; None when the goods are there.
    """
    actor.must_be(Role.MANAGER, Role.ADMINISTRATOR)
    line = db.session.get_one(OrderLine, line_id)
    mine = Allocation.order_line_id == line.id
    before = set(db.session.execute(select(Allocation.lot_id).where(mine)).scalars())
    with db.session.begin_nested():
        goods.release(line_ref(line.id))
        db.session.execute(delete(Allocation).where(mine, ~Allocation.packed))
        held = goods.reserve(
            line.pack_id, line.quantity, line_ref(line.id), clock.today(), piece_g=piece_g(line.id)
        )
        for one in held:
            db.session.add(Allocation(order_line_id=line.id, lot_id=one.lot_id, quantity=one.quantity))
        db.session.flush()
    promised = select(Lot.made_on).where(
        Lot.id.in_({one.lot_id for one in held} - before), Lot.kind == LotKind.PLANNED
    )
    return max(db.session.execute(promised).scalars(), default=None)


def let_go(actor: Actor, line_id: int) -> None:
    """Free what a line holds and has not packed, so that another may have it; `repick` holds it again elsewhere."""
    actor.must_be(Role.MANAGER, Role.ADMINISTRATOR)
    goods.release(line_ref(line_id))
    db.session.execute(delete(Allocation).where(Allocation.order_line_id == line_id, ~Allocation.packed))


def tell_wait(order_id: int, until: date) -> None:
    """Tell the buyer that the goods come from a lot not made yet; she may cancel instead."""
    order = db.session.get_one(Order, order_id)
    tell(order, WAITS, f"order:{order.id}:waits:{until}", day=day(until))


def buyers_of(lot_ids: Collection[int]) -> list[tuple[Order, list[str]]]:
    """Orders that left the house with packs of these lots which did not come back, and the codes of those lots."""
    codes: dict[int, list[str]] = {}
    left = _carrying(lot_ids, SENT).add_columns(Lot.code).join(Lot, Lot.id == Allocation.lot_id)
    for order_id, code in db.session.execute(left.order_by(Lot.code)).tuples():
        codes.setdefault(order_id, []).append(code)
    found = db.session.execute(select(Order).where(Order.id.in_(codes)).order_by(Order.id)).scalars()
    return [(order, codes[order.id]) for order in found]


def warn_buyer(order: Order, codes: Sequence[str], reason: str, key: str) -> None:
    """Tell the buyer of an order that left the house that lots in it are taken back. The key names the recall."""
    said = reason.rstrip(" .!;,…")
    tell(order, RECALLED, f"order:{order.id}:recall:{key}", lots=", ".join(codes), reason=said)
