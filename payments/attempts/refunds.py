"""Refunds over the rail that the money came by: sent under a stable key, booked once when the provider says so."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from payments.attempts import queries, rules
from payments.attempts.models import RailRefund
from payments.attempts.rules import RefundState
from payments.models import Refund
from payments.providers.protocol import (
    ProviderDown,
    ProviderRefused,
    Receipt,
    RefundAsk,
    RefundSeen,
    RefundStanding,
)
from payments.queries import organisation_of, payment_of
from payments.rails import queries as rails
from payments.rails.operations import call
from payments.refunds.operations import settle_payment
from payments.refunds.queries import subject_of
from payments.rules import RefundState as OwedState
from revenue.collector import operations as collector
from revenue.collector.rules import Part

REASON = "hoan tien"


def send(rail_refund_id: int) -> Receipt:
    """Ask the provider for a refund, or how it stands; write what it says. Outside any transaction.

    Raises ProviderDown; then it is asked again later under the same key, and counts once.
    """
    found = db.session.get_one(RailRefund, rail_refund_id)
    if found.state != RefundState.PENDING:
        return Receipt.AGAIN
    ask, refund_ref, account_id = _ask(found), found.refund_ref, found.rail_account_id
    try:
        if refund_ref:
            seen = call(account_id, lambda provider: provider.query_refund(ask, refund_ref))
        else:
            seen = call(account_id, lambda provider: provider.refund(ask))
    except ProviderDown:
        with transaction():
            db.session.get_one(RailRefund, rail_refund_id).look_at = rules.next_look(
                ask.asked_at, clock.now()
            )
        raise
    except ProviderRefused as error:
        seen = RefundSeen(RefundStanding.FAILED, f"refused {error.code}"[:60])
    with transaction():
        return apply(rail_refund_id, seen)


def _ask(found: RailRefund) -> RefundAsk:
    known = queries.known(queries.attempt(found.attempt_id))
    return RefundAsk(found.key, found.amount_vnd, known, REASON, found.asked_at)


def apply(rail_refund_id: int, seen: RefundSeen) -> Receipt:
    """Write what a provider says of a refund, inside the caller's transaction: what was owed has gone, or goes by hand.

    Repeated and old news change nothing.
    """
    order_id = db.session.get_one(RailRefund, rail_refund_id).order_id
    payment_of(order_id, lock=True)
    owed_id = db.session.get_one(RailRefund, rail_refund_id).refund_id
    owed = db.session.get_one(Refund, owed_id, with_for_update=True, populate_existing=True)
    found = db.session.get_one(RailRefund, rail_refund_id, with_for_update=True, populate_existing=True)
    before, now = (
        RefundState(found.state),
        rules.refund_after(RefundState(found.state), seen.standing),
    )
    found.refund_ref = found.refund_ref or seen.refund_ref
    found.raw_state = seen.raw_state[:60] or found.raw_state
    found.look_at = rules.next_look(found.asked_at, clock.now())
    found.state = now
    db.session.flush()
    if now is before:
        return Receipt.AGAIN
    if now is RefundState.DONE:
        _gone(found, owed)
    actor = Actor(None, Role.SYSTEM, organisation_of(owed.cooperative_id))
    audit(actor, "rail_refund", f"refund:{owed.id}", ("state", "sent_how"))
    return Receipt.APPLIED


def _gone(found: RailRefund, owed: Refund) -> None:
    found.done_at = clock.now()
    owed.state, owed.sent_at, owed.sent_how = OwedState.SENT, clock.now(), "rail"
    owed.reference = found.refund_ref[:80]
    db.session.flush()
    account = rails.account(found.rail_account_id)
    part = Part(found.order_id, owed.cooperative_id, organisation_of(owed.cooperative_id), found.amount_vnd)
    collector.give_back(account.organisation_id, account.rail, part, subject=subject_of(owed), ref=str(found.id),
                        on=clock.today())  # fmt: skip
    settle_payment(owed)
