"""Verbs of orders that a marketplace sold for a cooperative: paid there, kept there, settled by its own transfers.

Unlike a collector's, this money lies with nobody who has a book here: the cooperative's own says what the site holds.
"""

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from orders import operations as orders
from orders.discounts.operations import bear_discount
from orders.models import Order
from orders.queries import orders_of
from orders.rules import Event as OrderEvent
from orders.rules import Method
from payments.elsewhere.models import MoneyElsewhere
from payments.models import Refund
from payments.operations import Buyer, Wanted, check_out
from payments.queries import organisation_of, payment_of
from payments.refunds.operations import settle_payment
from payments.refunds.queries import subject_of
from payments.rules import Event, RefundState
from revenue.markets import operations as markets


def sell(
    actor: Actor, site: str, key: str, buyer: Buyer, lines: list[Wanted], discount_vnd: int = 0
) -> Order:
    """A site sold these goods of one cooperative: goods reserved, the order paid there. The same key is the same order.

    lines: with the prices as sold there, đồng. discount_vnd: what the seller's own vouchers took off the whole order.
    Raises what `check_out` raises: OutOfStock among others; nothing is written then (the caller's savepoint).
    """
    actor.must_be(Role.MANAGER)
    order = orders_of(check_out(key, buyer, lines, Method.VIETQR, quiet=True).id)[0]
    payment = payment_of(order.id, lock=True)
    if payment.state != "awaiting":
        return order
    if discount_vnd:
        bear_discount(order, discount_vnd)
        payment.amount_vnd = order.total_vnd
    own = organisation_of(order.cooperative_id)
    db.session.add(MoneyElsewhere(
        order_id=order.id, organisation_id=own, place=site, ref=key, taken_vnd=order.total_vnd, at=clock.now(),
    ))  # fmt: skip
    db.session.flush()
    markets.sell(own, site, order.id, order.total_vnd)
    payment.happen(Event.FULL)
    audit(actor, "sell_at_market", f"order:{order.id}", ("amount_vnd",))
    return orders.advance(order, OrderEvent.PAY, actor)


def gave_back(refund_id: int, site: str) -> bool:
    """The site paid a buyer back what was owed: it holds so much less. False when it had gone already."""
    found = db.session.get_one(Refund, refund_id)
    if found.order_id is None:
        return False
    payment_of(found.order_id, lock=True)
    owed = db.session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    if owed.state != RefundState.DUE:
        return False
    owed.state, owed.sent_at, owed.sent_how, owed.reference = RefundState.SENT, clock.now(), "rail", site
    db.session.flush()
    own = organisation_of(owed.cooperative_id)
    markets.give_back(own, site, found.order_id, owed.amount_vnd, subject=subject_of(owed), ref=str(owed.id))
    settle_payment(owed)
    audit(Actor(None, Role.SYSTEM, own), "refund_elsewhere", f"refund:{owed.id}", ("state",))
    return True
