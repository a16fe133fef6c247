"""Refunds of money that a shop took: what it paid back is matched with what we owe, what it has not is asked of it."""

from collections.abc import Sequence

from sqlalchemy import select

from accounts.rules import Actor, Role
from channels.saleor.models import SaleorOrder, SaleorRefundAsk
from channels.saleor.remote import RemoteOrder
from channels.saleor.rules import Problem
from core import clock
from core.db import db
from core.errors import DomainError
from core.i18n import N_
from orders import queries as orders
from orders.models import Order
from orders.rules import BEFORE_PACKING, State
from payments.elsewhere.operations import gave_back
from payments.elsewhere.queries import collector_of_order
from payments.models import Refund
from payments.operations import cancel, refund
from payments.queries import organisation_of
from payments.refunds.queries import REFUNDABLE, shipping_left
from payments.rules import RefundState

REFUNDED_THERE = N_("Cửa hàng Saleor đã trả lại tiền cho khách")


def give_back(row: SaleorOrder, remote: RemoteOrder, mine: Sequence[Order]) -> None:
    """Inside the caller's transaction: match, and put down what is still to be asked.

    The row says what a person must do. Only money that was paid in the shop: what was paid here goes back from here.
    """
    mine = [order for order in mine if collector_of_order(order.id) is not None]
    if not mine:
        return
    gone = [one for one in _refunds(mine, RefundState.SENT) if one.sent_how == "rail"]
    spare = remote.refunded_there_vnd - sum(one.amount_vnd for one in gone)
    spare = _match(mine, spare, row)
    if spare > 0:
        if spare == sum(_left(order) for order in mine):
            _refund_all(mine)
            spare = _match(mine, spare, row)
        if spare > 0:
            row.problem = Problem.REFUNDED_THERE
    _ask(row, remote, mine)


def _refunds(mine: Sequence[Order], state: RefundState) -> list[Refund]:
    wanted = select(Refund).where(Refund.order_id.in_([order.id for order in mine]), Refund.state == state)
    return list(db.session.execute(wanted.order_by(Refund.id)).scalars())


def _match(mine: Sequence[Order], spare_vnd: int, row: SaleorOrder) -> int:
    """What the shop paid back settles what is owed, oldest first; what is left over."""
    for owed in _refunds(mine, RefundState.DUE):
        if owed.amount_vnd <= spare_vnd and gave_back(owed.id, f"Saleor {row.number}"):
            spare_vnd -= owed.amount_vnd
    return spare_vnd


def _left(order: Order) -> int:
    """Đồng of an order that nobody owes back or gave back yet."""
    rows = [one for state in RefundState for one in _refunds([order], state)]
    return order.total_vnd - sum(one.amount_vnd for one in rows if one.source in ("prepayment", "delivered"))


def _refund_all(mine: Sequence[Order]) -> None:
    """The shop gave everything back: what was not sent is cancelled, what was is refunded whole."""
    for order in mine:
        actor = Actor(None, Role.SYSTEM, organisation_of(order.cooperative_id))
        try:
            with db.session.begin_nested():
                if order.state in BEFORE_PACKING | {State.PACKED}:
                    cancel(actor, order.id, REFUNDED_THERE)
                elif order.state in REFUNDABLE:
                    pieces = {
                        line.id: line.quantity - line.refunded_quantity for line in orders.lines(order.id)
                    }
                    refund(
                        actor,
                        order.id,
                        pieces,
                        REFUNDED_THERE,
                        shipping_left(order),
                        key=f"saleor-all:{order.id}",
                    )
        except DomainError:
            continue  # the money stays unexplained, and the row says so


def _ask(row: SaleorOrder, remote: RemoteOrder, mine: Sequence[Order]) -> None:
    """Write down each refund that the shop must pay and was not asked for; note those that it could not pay."""
    asked = {
        ask.refund_id: ask
        for ask in db.session.execute(
            select(SaleorRefundAsk).where(SaleorRefundAsk.saleor_order_id == row.id, ~SaleorRefundAsk.wish)
        ).scalars()
    }
    pending = {one.id: one.pending_vnd for one in remote.payments}
    free = {one.id: one.charged_vnd for one in remote.payments if not one.ours and one.may_refund}
    failed = {one.id: one.failed_count for one in remote.payments}
    for owed in _refunds(mine, RefundState.DUE):
        ask = asked.get(owed.id)
        if ask is not None:
            if pending.get(ask.transaction, 0) >= ask.amount_vnd:
                ask.certain = True  # its answer was lost: the shop is at it
            elif ask.certain and failed.get(ask.transaction):
                row.problem = Problem.REFUND_FAILED
            continue
        where = next((one for one, left in free.items() if left >= owed.amount_vnd), None)
        if where is None:
            row.problem = Problem.REFUND_FAILED
            continue
        free[where] -= owed.amount_vnd
        db.session.add(SaleorRefundAsk(
            saleor_order_id=row.id, refund_id=owed.id, transaction=where, psp=f"CP-R{owed.id}",
            amount_vnd=owed.amount_vnd, asked_at=clock.now(),
        ))  # fmt: skip
    db.session.flush()
