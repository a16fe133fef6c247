"""No transfer came for goods that were handed over: the seller is asked at the return, and says what happened."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from channels.stall import queries
from channels.stall.models import StallOuting, StallSaleLine
from channels.stall.rules import CARRIER, Answer
from channels.stall.settling import bank_cash, locked, picks_of
from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_
from core.text import clean
from orders.elsewhere.operations import carry_through
from orders.models import Order
from orders.rules import Method, State
from payments.counter.operations import pay_in_cash
from payments.operations import cancel
from payments.queries import payment_of
from traceability import operations as stock
from traceability.models import Lot
from traceability.rules import LotState, MovementKind, Place

REASON_MIN_CHARS = 5


def answer(actor: Actor, cooperative_id: int, sale_id: int, said: Answer, reason: str = "") -> Order:
    """What became of a transfer that did not come: cash was paid; or it was not paid, and the goods are here, or gone.

    Paid: delivered, shared, in the till. Not paid: the order is cancelled; goods that are here are for sale again
    (unless their lot may no longer be sold: then they stay in quarantine), others are written off. The same answer
    twice is harmless. Raises Conflict for a sale that was paid, or does not wait for money; Invalid without a reason
    where one is due.
    """
    actor.must_be(Role.MANAGER)
    why = clean(reason)[:300]
    if said is not Answer.CASH and len(why) < REASON_MIN_CHARS:
        raise Invalid(N_("Viết lý do, từ 5 đến 300 chữ."), field="reason")
    before = queries.sale_of(cooperative_id, sale_id)
    outing = queries.outing_of(cooperative_id, before.stall_outing_id, lock=True)
    sale = queries.sale_of(cooperative_id, sale_id, lock=True)
    if sale.order_id is None or sale.method != Method.VIETQR:
        raise Conflict(N_("Lần bán này không chờ chuyển khoản."))
    payment_of(sale.order_id, lock=True)
    order = db.session.get_one(Order, sale.order_id, populate_existing=True)
    if sale.answer == said:
        return order
    if sale.answer or order.state != State.AWAITING_PAYMENT:
        raise Conflict(N_("Đơn này đã có tiền, hoặc đã huỷ."), remedy=N_("Mở lại trang xem."))
    lines = locked(actor, sale.id)
    sale.answer = said
    if said is Answer.CASH:
        _in_cash(actor, outing, order, lines)
    else:
        cancel(actor, order.id, why)
        for line in lines:
            _put_back(actor, outing, line, why) if said is Answer.RETURNED else _write_off(actor, line, why)
    db.session.flush()
    audit(actor, "answer_unpaid_sale", f"stall_sale:{sale.id}", ("answer", "reason"))
    return order


def _in_cash(actor: Actor, outing: StallOuting, order: Order, lines: list[StallSaleLine]) -> None:
    pay_in_cash(actor, order.id)
    db.session.refresh(order)
    carry_through(actor, order.id, picks_of(order, lines), CARRIER)
    bank_cash(actor, outing, order.id)


def _write_off(actor: Actor, line: StallSaleLine, why: str) -> None:
    stock.lose_stock(
        actor, line.lot_id, line.pack_id, line.quantity, why, MovementKind.LOST, Place.QUARANTINE
    )


def _put_back(actor: Actor, outing: StallOuting, line: StallSaleLine, why: str) -> None:
    """Out of quarantine into the store, and on to the stall while that is open; the outing's list follows."""
    row = queries.good_row(outing.id, line.lot_id, line.pack_id)
    ours = min(line.quantity, row.sold_quantity) if row is not None else 0
    if row is not None:
        row.sold_quantity -= ours
        row.beyond_quantity -= min(row.beyond_quantity, line.quantity - ours)
    lot = db.session.get_one(Lot, line.lot_id, populate_existing=True)
    good = lot.state == LotState.OPEN and (lot.expires_on is None or lot.expires_on >= clock.today())
    if good:
        stock.restock(actor, line.lot_id, line.pack_id, line.quantity, why)
    if row is None or not ours:
        return
    if outing.closed_at is not None or not good:
        row.returned_quantity += ours
        return
    stock.move_stock(actor, line.lot_id, line.pack_id, ours, Place.STORE, Place.STALL, why)
