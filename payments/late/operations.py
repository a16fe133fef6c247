"""What money is for its order, whichever door it came through: bank transfer, a collector's rail, another shop."""

from accounts.rules import Actor
from core.db import db
from core.errors import Conflict
from orders import operations as orders
from orders.models import Order
from orders.rules import CLOSED
from orders.rules import State as OrderState
from payments import rules
from payments.models import Payment
from payments.queries import received
from payments.rules import Judgement, Outcome, State
from revenue.subsidies.operations import hold


def judge(actor: Actor, order_id: int, payment: Payment, amount_vnd: int) -> Judgement:
    """What the money is for its order, whose payment the caller holds locked; the order is read anew. Late money
    revives an expired order whose goods can be held again.
    """
    order = db.session.get_one(Order, order_id, populate_existing=True)
    lapsed = order.state in CLOSED and order.state != OrderState.DELIVERED
    judged = rules.judge(
        amount_vnd, total_vnd=payment.amount_vnd, received_vnd=received(order_id), state=State(payment.state),
        lapsed=lapsed,
    )  # fmt: skip
    pays_all = payment.state == State.VOID and amount_vnd >= payment.amount_vnd
    if judged.outcome is Outcome.LATE and pays_all and _revived(actor, order):
        return Judgement(Outcome.LATE, payment.amount_vnd, amount_vnd - payment.amount_vnd)
    return judged


def _revived(actor: Actor, order: Order) -> bool:
    """Whether the goods of an expired order could be held again, and its subsidy if it had one."""
    try:
        with db.session.begin_nested():
            orders.revive(order, actor)
            if order.subsidy_vnd:
                hold(order.id, order.subsidy_vnd)
    except Conflict:
        return False
    return True
