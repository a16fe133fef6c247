"""Verbs of money that a collector took at another shop: written into both books, given back over the same shop.

Locks as everywhere: the orders' payments by id, then the cooperatives' books, the collector's last.
"""

from collections.abc import Mapping

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.i18n import N_
from orders import operations as orders
from orders.models import Order
from orders.rules import Event as OrderEvent
from payments.elsewhere.models import MoneyElsewhere
from payments.elsewhere.queries import collector_of_order, known
from payments.late.operations import judge
from payments.models import Payment, Refund
from payments.queries import organisation_of, payment_of, received
from payments.refunds.operations import settle_payment
from payments.refunds.queries import subject_of
from payments.rules import Event, RefundSource, RefundState
from revenue.collector import operations as collector
from revenue.collector.rules import Part


def take(collector_id: int, place: str, amounts: Mapping[int, int], ref: str) -> int:
    """A collector took these sums {order id: đồng} at another shop: the orders are paid; how many took money now.

    Inside the caller's transaction; the same `ref` for an order again changes nothing. Late money revives an expired
    order whose goods can be held again; what an order cannot use is owed back.
    """
    payments = {order_id: payment_of(order_id, lock=True) for order_id in sorted(amounts)}
    fresh = {one: amounts[one] for one in payments if not known(one, ref)}
    if not fresh:
        return 0
    judged = {
        order_id: judge(_actor(db.session.get_one(Order, order_id)), order_id, payments[order_id], sum_vnd)
        for order_id, sum_vnd in fresh.items()
    }
    parts = []
    for order_id, one in judged.items():
        surplus = fresh[order_id] - one.to_order_vnd
        cooperative_id = db.session.get_one(Order, order_id).cooperative_id
        parts.append(
            Part(order_id, cooperative_id, organisation_of(cooperative_id), one.to_order_vnd, surplus)
        )
        db.session.add(MoneyElsewhere(
            order_id=order_id, organisation_id=collector_id, place=place, ref=ref, taken_vnd=one.to_order_vnd,
            surplus_vnd=surplus, at=clock.now(),
        ))  # fmt: skip
    db.session.flush()
    collector.collect(collector_id, place, parts, ref=ref, on=clock.today())
    for part in parts:
        _tell_order(part, payments[part.order_id], ref)
    audit(Actor(None, Role.SYSTEM, collector_id), "receive_elsewhere", f"order:{min(fresh)}", ("amount_vnd",))
    return len(fresh)


def _actor(order: Order) -> Actor:
    return Actor(None, Role.SYSTEM, organisation_of(order.cooperative_id))


def _tell_order(part: Part, payment: Payment, ref: str) -> None:
    order = db.session.get_one(Order, part.order_id, populate_existing=True)
    if part.surplus_vnd:
        db.session.add(Refund(
            key=f"elsewhere:{ref}:{part.order_id}", cooperative_id=part.cooperative_id, order_id=part.order_id,
            transfer_id=None, source=RefundSource.SURPLUS, state=RefundState.DUE, amount_vnd=part.surplus_vnd,
            goods_vnd=0, shipping_vnd=0, reason=N_("Trả hai lần hoặc trả muộn"), goods_back=False,
            created_at=clock.now(),
        ))  # fmt: skip
        db.session.flush()
    if not part.to_order_vnd:
        return
    if received(part.order_id) < payment.amount_vnd:
        payment.happen(Event.PART)
        return
    payment.happen(Event.FULL)
    orders.advance(order, OrderEvent.PAY, _actor(order))


def gave_back(refund_id: int, reference: str) -> bool:
    """The other shop paid a buyer back: what was owed has gone, and the collector owes the cooperative less.

    Inside the caller's transaction. False when it had gone already, or the order was not paid there.
    """
    order_id = db.session.get_one(Refund, refund_id).order_id
    if order_id is None or (holder := collector_of_order(order_id)) is None:
        return False
    payment_of(order_id, lock=True)
    owed = db.session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    if owed.state != RefundState.DUE:
        return False
    owed.state, owed.sent_at, owed.sent_how = RefundState.SENT, clock.now(), "rail"
    owed.reference = reference[:80]
    db.session.flush()
    part = Part(order_id, owed.cooperative_id, organisation_of(owed.cooperative_id), owed.amount_vnd)
    collector.give_back(
        holder[0], holder[1], part, subject=subject_of(owed), ref=f"elsewhere:{owed.id}", on=clock.today()
    )
    settle_payment(owed)
    audit(Actor(None, Role.SYSTEM, part.organisation_id), "refund_elsewhere", f"refund:{owed.id}", ("state",))
    return True
