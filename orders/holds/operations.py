"""Verbs of the hold. Called by `payments`, which knows the money; the order is locked by its payment's row."""

from datetime import datetime, timedelta

from sqlalchemy import update

from accounts.rules import SYSTEM, Actor
from core import clock
from core.db import db
from core.errors import Conflict
from core.i18n import N_
from orders.models import Order
from orders.operations import advance, check_open_cod
from orders.rules import CHANGEABLE, COLLECTED, HOLD_MINUTES, SOLD_THERE, Event, Method, State

HOLD_MOST = timedelta(hours=3)  # from placing: changing the way to pay again and again holds goods no longer


def promise(order: Order, actor: Actor = SYSTEM) -> Order:
    """The provider has the payment: the buyer is told and may pay. Twice is harmless."""
    return advance(order, Event.PROMISE, actor) if order.state == State.AWAITING_PROVIDER else order


def may_hold(order: Order) -> bool:
    """Whether its goods may be held anew for money that comes before the parcel leaves."""
    return order.placed_at + HOLD_MOST > clock.now()


def _until(order: Order) -> datetime:
    if not may_hold(order):
        raise Conflict(N_("Hàng đã giữ quá lâu."), remedy=N_("Huỷ đơn này rồi đặt lại."))
    return min(clock.now() + timedelta(minutes=HOLD_MINUTES), order.placed_at + HOLD_MOST)


def switch(order: Order, method: Method, actor: Actor = SYSTEM) -> Order:
    """An unpaid order is paid another way: by transfer at once, through a provider once that has answered, in cash at
    the door once it is confirmed.

    The hold starts anew, but ends three hours after placing at the latest; cash on delivery has none. Raises Conflict
    for an order that is paid, confirmed, closed, or out of that time, Invalid where the buyer's number has too many
    orders open to pay on delivery.
    """
    if order.state not in CHANGEABLE:
        raise Conflict(
            N_("Đơn này không đổi cách trả được nữa."), remedy=N_("Mở lại đơn để xem đơn đang ở bước nào.")
        )
    if method is Method.COD and order.purchase.door not in SOLD_THERE:
        check_open_cod(order.purchase.buyer_phone)
    until = None if method is Method.COD else _until(order)
    db.session.execute(update(Order).where(Order.id == order.id).values(method=str(method), hold_until=until))
    db.session.refresh(order)
    if method is Method.COD:
        return advance(order, Event.ON_DELIVERY, actor)
    if order.state == State.TO_CONFIRM:
        advance(order, Event.SWITCH, actor, str(method))
    provider = method in COLLECTED
    if provider and order.state == State.AWAITING_PAYMENT:
        return advance(order, Event.SWITCH, actor, str(method))
    if not provider and order.state == State.AWAITING_PROVIDER:
        return advance(order, Event.PROMISE, actor, str(method))
    return order
