"""Verbs of the hold. Called by `payments`, which knows the money; the order is locked by its payment's row."""

from datetime import timedelta

from sqlalchemy import update

from accounts.rules import SYSTEM, Actor
from core import clock
from core.db import db
from core.errors import Conflict
from core.i18n import N_
from orders.models import Order
from orders.operations import advance
from orders.rules import COLLECTED, HOLD_MINUTES, UNPAID, Event, Method, State

HOLD_MOST = timedelta(hours=3)  # from placing: changing the way to pay again and again holds goods no longer


def promise(order: Order, actor: Actor = SYSTEM) -> Order:
    """The provider has the payment: the buyer is told and may pay. Twice is harmless."""
    return advance(order, Event.PROMISE, actor) if order.state == State.AWAITING_PROVIDER else order


def switch(order: Order, method: Method, actor: Actor = SYSTEM) -> Order:
    """An unpaid order is paid another way: by transfer at once, through a provider once that has answered.

    The hold starts anew, but ends three hours after placing at the latest. Raises Conflict for an order that is paid,
    closed, or out of that time, and for cash on delivery, which has its own confirmation.
    """
    if order.state not in UNPAID or method is Method.COD:
        raise Conflict(
            N_("Đơn này không đổi cách trả được nữa."), remedy=N_("Mở lại đơn để xem đơn đang ở bước nào.")
        )
    until = min(clock.now() + timedelta(minutes=HOLD_MINUTES), order.placed_at + HOLD_MOST)
    if until <= clock.now():
        raise Conflict(N_("Hàng đã giữ quá lâu."), remedy=N_("Huỷ đơn này rồi đặt lại."))
    db.session.execute(update(Order).where(Order.id == order.id).values(method=str(method), hold_until=until))
    db.session.refresh(order)
    provider = method in COLLECTED
    if provider and order.state == State.AWAITING_PAYMENT:
        return advance(order, Event.SWITCH, actor, str(method))
    if not provider and order.state == State.AWAITING_PROVIDER:
        return advance(order, Event.PROMISE, actor, str(method))
    return order
