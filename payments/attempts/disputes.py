"""Disputes: a buyer asked their bank for the money back. Held while it is argued about, then returned or lost."""

from collections.abc import Mapping

from sqlalchemy import func, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.clock import day_of
from core.db import db
from core.i18n import N_
from orders.models import Order
from payments.attempts import queries, rules
from payments.attempts.models import Attempt, RailDispute, RailRefund
from payments.attempts.rules import DisputeState, RefundState
from payments.models import Refund
from payments.providers.protocol import DisputeTold, Receipt
from payments.queries import organisation_of, payment_of
from payments.rails import queries as rails
from payments.rails.models import RailAccount
from payments.refunds.operations import settle_payment
from payments.rules import Event, RefundSource
from payments.rules import RefundState as OwedState
from revenue.collector import operations as collector
from revenue.collector.rules import Part, divided
from revenue.split.queries import prepaid


def apply(attempt_id: int, told: DisputeTold) -> Receipt:
    """Write news of a dispute, inside the caller's transaction. News of the end that comes first opens it as well."""
    for order_id in queries.shares(attempt_id):
        payment_of(order_id, lock=True)
    attempt = queries.attempt(attempt_id, lock=True)
    if attempt.state != "paid":
        attempt.look_at = clock.now()  # shuffled: the payment's own news is on its way, or we ask for it
        return Receipt.LATER
    account = rails.account(attempt.rail_account_id)
    found = _dispute(attempt, told)
    opened = found is None
    if found is None:
        found = _open(attempt, account, told)
    if told.fee_vnd and not found.fee_vnd:
        _charge(attempt, account, found, told)
    before, now = DisputeState(found.state), rules.dispute_after(DisputeState(found.state), told.standing)
    found.raw_state = told.raw_state[:60]
    if now is before:
        return Receipt.APPLIED if opened else Receipt.AGAIN
    found.state, found.closed_at = now, told.at
    db.session.flush()
    if now is DisputeState.WON:
        collector.win_dispute(
            account.organisation_id, account.rail, found.id, found.amount_vnd, clock.today()
        )
    else:
        _lose(attempt, account, found)
    audit(
        Actor(None, Role.SYSTEM, account.organisation_id),
        "close_dispute",
        f"rail_dispute:{found.id}",
        ("state",),
    )
    return Receipt.APPLIED


def _dispute(attempt: Attempt, told: DisputeTold) -> RailDispute | None:
    wanted = select(RailDispute).where(
        RailDispute.rail_account_id == attempt.rail_account_id, RailDispute.dispute_ref == told.dispute_ref
    )
    return db.session.execute(wanted.with_for_update()).scalar_one_or_none()


def _open(attempt: Attempt, account: RailAccount, told: DisputeTold) -> RailDispute:
    made = RailDispute(
        rail_account_id=account.id, attempt_id=attempt.id, dispute_ref=told.dispute_ref, amount_vnd=told.amount_vnd,
        fee_vnd=0, state=DisputeState.OPENED, raw_state=told.raw_state[:60], opened_at=told.at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    collector.open_dispute(account.organisation_id, account.rail, made.id, told.amount_vnd, day_of(told.at))
    audit(
        Actor(None, Role.SYSTEM, account.organisation_id),
        "open_dispute",
        f"dispute:{made.id}",
        ("amount_vnd",),
    )
    return made


def _charge(attempt: Attempt, account: RailAccount, found: RailDispute, told: DisputeTold) -> None:
    """The provider's own charge, which it may name with the first news or with a later one."""
    found.fee_vnd = told.fee_vnd
    fees = _parts(divided(told.fee_vnd, _left(attempt)))
    collector.charge_dispute(account.organisation_id, account.rail, found.id, fees, clock.today())


def _left(attempt: Attempt) -> dict[int, int]:
    """What of a payment was not given back, order id → đồng; all of it where nothing is left."""
    came = {row.order_id: row.taken_vnd + row.surplus_vnd for row in queries.taken(attempt.id)}
    rows = db.session.execute(
        select(RailRefund.order_id, func.sum(RailRefund.amount_vnd))
        .where(RailRefund.attempt_id == attempt.id, RailRefund.state == str(RefundState.DONE))
        .group_by(RailRefund.order_id)
    )
    gone = {order_id: int(amount) for order_id, amount in rows}
    left = {order_id: amount - gone.get(order_id, 0) for order_id, amount in came.items()}
    return left if any(left.values()) else came


def _parts(amounts: Mapping[int, int]) -> list[Part]:
    rows = []
    for order_id, amount in sorted(amounts.items()):
        cooperative_id = db.session.get_one(Order, order_id).cooperative_id
        rows.append(Part(order_id, cooperative_id, organisation_of(cooperative_id), amount))
    return [part for part in rows if part.to_order_vnd]


def _lose(attempt: Attempt, account: RailAccount, found: RailDispute) -> None:
    """What the buyer had paid ahead is the buyer's again; for goods that were delivered the cooperative bears it."""
    parts = _parts(divided(found.amount_vnd, _left(attempt)))
    own = {
        part.order_id: min(part.to_order_vnd, prepaid(part.organisation_id, part.order_id)) for part in parts
    }
    collector.lose_dispute(account.organisation_id, found.id, parts, clock.today(), prepaid=own)
    for part in parts:
        if own[part.order_id]:
            _went_back(found, part, own[part.order_id])


def _went_back(found: RailDispute, part: Part, amount_vnd: int) -> None:
    """A row that says so, so that a later cancelling gives nothing back twice."""
    made = Refund(
        key=f"dispute:{found.id}:{part.order_id}", cooperative_id=part.cooperative_id, order_id=part.order_id,
        transfer_id=None, source=RefundSource.PREPAYMENT, state=OwedState.SENT, amount_vnd=amount_vnd,
        goods_vnd=amount_vnd, shipping_vnd=0, reason=N_("Ngân hàng của khách lấy lại tiền"), goods_back=False,
        created_at=clock.now(), sent_at=clock.now(), sent_how="rail", reference=found.dispute_ref[:80],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    payment_of(part.order_id).happen(Event.OWE)
    settle_payment(made)
