"""Verbs of the counter. Locks as everywhere: the order's payment, stock, then the cooperative's book."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.i18n import N_, _
from orders.models import Order
from orders.rules import State, is_code
from payments.cod.operations import collect_cod
from payments.counter.queries import waiting_for
from payments.queries import payment_of
from payments.rules import KIND, Event, codes_in
from payments.transfers.operations import match_transfer
from revenue.ledger.operations import post
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
