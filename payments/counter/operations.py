"""Verbs of the counter. Locks as everywhere: the order's payment, stock, then the cooperative's book."""

from sqlalchemy import update

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict
from core.i18n import N_, _
from orders.holds.operations import switch
from orders.models import Order
from orders.rules import Method, State, is_code
from payments.cod.operations import collect_cod
from payments.counter.queries import waiting_for
from payments.models import Payment
from payments.queries import payment_of, received
from payments.rules import KIND, Event, codes_in
from payments.transfers.operations import match_transfer
from revenue.ledger.operations import post
from revenue.ledger.queries import balance, posted
from revenue.rules import AccountKind, Line, order
from revenue.split.operations import deliver

BY_CODE = N_("Mã đơn khách chuyển ở quầy")


def take_cash(actor: Actor, order_id: int) -> Order:
    """The buyer paid in cash across the counter: the order is delivered and shared, its money lies in the till.

    Twice is harmless. Raises Conflict for an order that was not handed over, or is paid another way.
    """
    actor.must_be(Role.MANAGER)
    sold = collect_cod(actor, order_id)
    lines = [
        Line(AccountKind.CASH, "", sold.total_vnd),
        Line(AccountKind.COD_RECEIVABLE, order(order_id), -sold.total_vnd),
    ]
    post(
        actor.organisation_id or 0, KIND["counter"], f"counter:{order_id}", lines, clock.today(),
        order_id=order_id, note=sold.code,
    )  # fmt: skip
    payment = payment_of(order_id)
    if payment.state == "collected":
        payment.happen(Event.REMIT)
    audit(actor, "take_cash", f"order:{order_id}", ("state",))
    return sold


def pay_in_cash(actor: Actor, order_id: int) -> None:
    """A buyer who was to transfer paid in cash across the counter after all: the order is one in cash from now on.

    Nothing is posted yet; `take_cash` does. Raises Conflict where money came already, or none is awaited.
    """
    actor.must_be(Role.MANAGER)
    payment = payment_of(order_id, lock=True)
    sold = db.session.get_one(Order, order_id, populate_existing=True)
    if sold.state != State.AWAITING_PAYMENT or received(order_id):
        raise Conflict(
            N_("Đơn %(code)s đã có tiền chuyển khoản, hoặc không còn chờ."),
            remedy=N_("Mở lại trang xem."),
            code=sold.code,
        )
    payment.happen(Event.AT_DOOR)
    db.session.flush()
    changed = update(Payment).where(Payment.id == payment.id)
    db.session.execute(changed.values(method=str(Method.COD), bank_account_id=None))
    switch(sold, Method.COD, actor)
    audit(actor, "pay_in_cash", f"order:{order_id}", ("method",))
    db.session.expire(payment)


def book_count(actor: Actor, subject: str, key: str, difference_vnd: int, reason: str) -> None:
    """A cash box was counted: what lacks (−) or is too much (+) against the book, đồng, with the reason given.

    key names the counting: the same again is one entry. Raises Invalid where the till has less than lacks.
    """
    if difference_vnd:
        lines = [
            Line(AccountKind.CASH, "", difference_vnd),
            Line(AccountKind.CASH_DIFFERENCE, subject, -difference_vnd),
        ]
        post(actor.organisation_id or 0, KIND["counted"], f"counted:{key}", lines, clock.today(), note=reason)


def explain_surplus(actor: Actor, subject: str, order_id: int) -> int:
    """A cash sale came to light after its box was counted: what was too much then is its money, and not more of it.

    To be called once the sale's own cash was taken; how much was explained, đồng. Twice is harmless.
    """
    own, key = actor.organisation_id or 0, f"explained:{order_id}"
    if posted(own, key) is not None:
        return 0
    total_vnd = db.session.get_one(Order, order_id).total_vnd
    explained = min(max(0, -balance(own, AccountKind.CASH_DIFFERENCE, subject)), total_vnd)
    if explained:
        lines = [
            Line(AccountKind.CASH_DIFFERENCE, subject, explained),
            Line(AccountKind.CASH, "", -explained),
        ]
        post(own, KIND["explained"], key, lines, clock.today(), order_id=order_id)
    return explained


def hand_in_transfers(actor: Actor, sold: Order) -> int:
    """Give an order the money that came under its code before it was there; how many transfers.

    A transfer that names several orders, or that the order cannot take, stays for a person.
    """
    found = [
        one.id for one in waiting_for(sold.cooperative_id) if codes_in(one.content, is_code) == (sold.code,)
    ]
    for taken, transfer_id in enumerate(found):
        if sold.state != State.AWAITING_PAYMENT:
            return taken
        match_transfer(actor, transfer_id, sold.code, _(BY_CODE))
        db.session.refresh(sold)
    return len(found)


def finish(actor: Actor, order_id: int) -> None:
    """An order whose goods the buyer has was paid by transfer: it is delivered, and shared. Twice is harmless."""
    deliver(actor, order_id)
