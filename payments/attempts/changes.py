"""What a buyer does to an unpaid order's payment: try again, or pay another way. The old attempt is closed first."""

from sqlalchemy import update

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core.clock import now
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.i18n import N_
from orders import queries as orders
from orders.holds.operations import may_hold, switch
from orders.models import Order
from orders.rules import CHANGEABLE, COD_OPEN_MAX, COLLECTED, UNPAID, Method
from payments.attempts import operations, queries
from payments.models import Payment
from payments.providers.protocol import NOBODY
from payments.queries import organisation_of, payment_of, received
from payments.rails import queries as rails
from payments.rules import Event


def choices(order_id: int) -> list[Method]:
    """The other ways in which an unpaid order, and those paid together with it, can be paid now."""
    order = orders.order(order_id)
    if order.state not in CHANGEABLE:
        return []
    together = _together(order)
    found = [one.method for one in rails.offers() if one.up]
    if all(cooperatives.active_account_id(one.cooperative_id, now()) for one in together):
        found.insert(0, Method.VIETQR)
    if not may_hold(order):
        found = []
    if _may_pay_at_door(together):
        found.append(Method.COD)
    return [one for one in found if one != order.method]


def _may_pay_at_door(together: list[Order]) -> bool:
    """Nothing was paid yet, and the buyer's number has few enough orders open to pay on delivery."""
    already_open = orders.open_cod_count(together[0].purchase.buyer_phone)
    return already_open + len(together) <= COD_OPEN_MAX and not any(received(one.id) for one in together)


def _together(order: Order) -> list[Order]:
    """The unpaid orders of the same purchase that are paid the same way over a rail; else the order alone."""
    if order.method not in COLLECTED:
        return [order]
    return [
        one
        for one in orders.orders_of(order.purchase_id)
        if one.method == order.method and one.state in UNPAID
    ]


def change_method(token: str, method: Method, ip: str = NOBODY) -> Order:
    """Pay an unpaid order another way; the order as it stands then, paid if the money was faster.

    Attempts under way are closed at their provider first, outside any transaction. Money that comes by an old way all
    the same finds the order, or goes back. Cash on delivery may be chosen while nothing was paid, and left again until
    the order is confirmed. Raises Conflict for an order that is paid or closed, Invalid for a way that is not offered.
    """
    order = orders.order_by_token(token)
    if order.state not in CHANGEABLE:
        _check_unpaid(order)
    if method not in choices(order.id):
        raise Invalid(
            N_("Cách trả này đang không dùng được."), remedy=N_("Chọn cách trả khác."), field="method"
        )
    order_id = order.id
    _close_all([one.id for one in _together(order)])
    made = None
    with transaction():
        order = orders.order(order_id)
        if order.state not in CHANGEABLE:
            return order  # the money was faster
        made = _move(order, method)
    if made is not None:
        operations.open_attempt(made, ip)
    return orders.order(order_id)


def pay_again(token: str, ip: str = NOBODY) -> Order:
    """Open the payment of an unpaid order again: the same one while it may be paid, else a new one. Twice is once."""
    order = orders.order_by_token(token)
    _check_unpaid(order)
    if order.method not in COLLECTED:
        return order
    order_id = order.id
    ended = [one.id for one in queries.unfinished(order_id) if not queries.is_current(one)]
    for one_id in ended:
        operations.close(one_id)
    attempt_id = None
    with transaction():
        order = orders.order(order_id)
        payments = [payment_of(one.id, lock=True) for one in _together(order)]
        db.session.refresh(order)
        if order.state in UNPAID and payments:
            attempt_id = _current(order_id) or _move(order, Method(order.method))
    if attempt_id is not None:
        operations.open_attempt(attempt_id, ip)
    return orders.order(order_id)


def ask_now(token: str) -> Order:
    """Ask the provider how an order's payments stand: its buyer came back from there and does not want to wait."""
    order_id = orders.order_by_token(token).id
    for one in [found.id for found in queries.unfinished(order_id)]:
        operations.look(one)
    return orders.order(order_id)


def _current(order_id: int) -> int | None:
    return next((one.id for one in queries.unfinished(order_id) if queries.is_current(one)), None)


def _check_unpaid(order: Order) -> None:
    if order.state not in UNPAID:
        raise Conflict(
            N_("Đơn này không còn chờ trả tiền."), remedy=N_("Mở lại đơn để xem đơn đang ở bước nào.")
        )


def _close_all(order_ids: list[int]) -> None:
    for order_id in order_ids:
        for attempt_id in [one.id for one in queries.unfinished(order_id)]:
            operations.close(attempt_id)


def _move(order: Order, method: Method) -> int | None:
    """Move the orders paid together to another way; the attempt to be opened after commit, if it is a rail."""
    together = sorted(one.id for one in _together(order))
    actor = Actor(None, Role.BUYER, organisation_of(order.cooperative_id))
    amounts = {}
    for order_id in together:
        payment = payment_of(order_id, lock=True)
        one = db.session.get_one(Order, order_id, populate_existing=True)
        if one.state not in CHANGEABLE:
            continue
        account_id = cooperatives.active_account_id(one.cooperative_id, now())
        keeps = payment.bank_account_id or (account_id if method is Method.VIETQR else None)
        if Method.COD in (method, one.method) and method != one.method:
            payment.happen(Event.AT_DOOR if method is Method.COD else Event.BEFOREHAND)
            db.session.flush()
        db.session.execute(
            update(Payment).where(Payment.id == payment.id).values(method=str(method), bank_account_id=keeps)
        )
        switch(one, method, actor)
        amounts[order_id] = payment.amount_vnd - received(order_id)
        audit(actor, "change_method", f"order:{order_id}", ("method",))
    db.session.expire_all()
    if method not in COLLECTED or not amounts:
        return None
    return operations.begin(order.purchase_id, method, amounts).id
