"""Verbs of attempts: ask a provider for a payment, take what came, close what nobody waits for.

Every HTTP call stands outside a transaction; what it brought is written in a short one that reads everything again.
Locks in one order: payments of the orders by id, then the attempt, then the books.
"""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime

from flask import current_app

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.clock import day_of
from core.db import db, transaction
from core.errors import Invalid
from core.i18n import N_
from orders import operations as orders
from orders.holds.operations import promise
from orders.models import Order
from orders.rules import Event as OrderEvent
from orders.rules import Method
from payments.attempts import queries, rules
from payments.attempts.models import Attempt, AttemptShare, AttemptTaken
from payments.attempts.outbox import put
from payments.attempts.rules import State
from payments.late.operations import judge
from payments.models import Payment, Refund
from payments.providers.protocol import (
    NOBODY,
    Ask,
    Opened,
    ProviderDown,
    ProviderRefused,
    Receipt,
    Seen,
    Standing,
)
from payments.queries import organisation_of, payment_of, received
from payments.rails import queries as rails
from payments.rails.operations import call
from payments.rules import Event, Judgement, RefundSource, RefundState
from revenue.collector import operations as collector
from revenue.collector.rules import Part, divided

log = logging.getLogger(__name__)


def begin(purchase_id: int, method: Method, amounts: Mapping[int, int]) -> Attempt:
    """Write down that these orders {id: đồng} are to be paid at once by a method. The provider is asked after commit.

    Raises Invalid when no rail of that kind answers now.
    """
    offer = rails.offer_for(method)
    if offer is None:
        raise Invalid(
            N_("Cách trả này đang không dùng được."), remedy=N_("Chọn cách trả khác."), field="method"
        )
    now = clock.now()
    made = Attempt(
        key=secrets.token_hex(12), purchase_id=purchase_id, rail_account_id=offer.account_id,
        amount_vnd=sum(amounts.values()), state=State.ASKED, raw_state="", provider_ref="", payment_ref="", pay_url="",
        asked_at=now, expires_at=_hold_of(list(amounts)), look_at=now + rules.FIRST_LOOK, problem="",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        AttemptShare(attempt_id=made.id, order_id=order_id, amount_vnd=amount)
        for order_id, amount in sorted(amounts.items())
    )
    db.session.flush()
    return made


def _hold_of(order_ids: list[int]) -> datetime:
    """Until when all of the goods are held."""
    return min(db.session.get_one(Order, one).hold_until or clock.now() for one in order_ids)


def open_attempt(attempt_id: int, ip: str = NOBODY) -> State:
    """Ask the provider for a payment that was written down, under its stable key. Twice is one payment.

    Outside any transaction. Where it does not answer, the attempt stays asked for and the worker tries again.
    ip: the buyer's, for a rail that wants it; passed on and never stored.
    """
    found = queries.attempt(attempt_id)
    if found.state != State.ASKED:
        return State(found.state)
    ask = _ask(found, ip)
    account_id = found.rail_account_id
    try:
        opened = call(account_id, lambda provider: provider.create(ask))
    except ProviderDown:
        return _put_off(attempt_id)
    except ProviderRefused as error:
        return _refused(attempt_id, error.code)
    with transaction():
        return _opened(attempt_id, opened)


def _ask(found: Attempt, ip: str) -> Ask:
    codes, first = [], None
    for order_id in queries.shares(found.id):
        order = db.session.get_one(Order, order_id)
        first = first or order
        codes.append(order.code)
    assert first is not None, "an attempt has orders"
    language = first.purchase.language
    address = f"{current_app.config['BASE_URL']}/orders/{first.token}/paid"
    return Ask(
        key=found.key, amount_vnd=found.amount_vnd, description=rules.description(codes),
        return_url=address if language == "vi" else f"{address}?hl={language}",
        notify_url=rails.webhook_address(rails.account(found.rail_account_id)), asked_at=found.asked_at,
        expires_at=found.expires_at, language=language, ip=ip,
    )  # fmt: skip


def _locked(attempt_id: int) -> tuple[Attempt, dict[int, int], dict[int, Payment]]:
    """An attempt with its parts and payments, all locked in order."""
    parts = queries.shares(attempt_id)
    payments = {order_id: payment_of(order_id, lock=True) for order_id in parts}
    return queries.attempt(attempt_id, lock=True), parts, payments


def hold_still(attempt_id: int) -> None:
    """Lock an attempt and its payments until the transaction ends: other news of it waits here."""
    _locked(attempt_id)


def _put_off(attempt_id: int) -> State:
    with transaction():
        found = queries.attempt(attempt_id, lock=True)
        found.look_at = rules.next_look(found.asked_at, clock.now())
        return State(found.state)


def _refused(attempt_id: int, code: str) -> State:
    with transaction():
        found = queries.attempt(attempt_id, lock=True)
        if found.state == State.ASKED:
            found.state, found.raw_state, found.problem = State.FAILED, code[:60], "refused"
        return State(found.state)


def _opened(attempt_id: int, opened: Opened) -> State:
    found, parts, _payments = _locked(attempt_id)
    found.provider_ref = found.provider_ref or opened.provider_ref
    found.payment_ref = found.payment_ref or opened.payment_ref
    if found.state == State.ASKED:
        found.state, found.raw_state, found.pay_url = State.OPEN, opened.raw_state[:60], opened.pay_url
        found.look_at = clock.now() + rules.FIRST_LOOK
        db.session.flush()
        for order_id in parts:
            promise(db.session.get_one(Order, order_id, populate_existing=True), _actor(order_id))
    return State(found.state)


def _actor(order_id: int) -> Actor:
    order = db.session.get_one(Order, order_id)
    return Actor(None, Role.SYSTEM, organisation_of(order.cooperative_id))


# --- what came


def apply(attempt_id: int, seen: Seen) -> Receipt:
    """Write what a provider says of an attempt, inside the caller's transaction; old and repeated news change nothing.

    Money that came is taken whatever the state was: for its orders as far as they lack some, else owed back.
    """
    found, parts, payments = _locked(attempt_id)
    before, now = State(found.state), rules.after(State(found.state), seen.standing)
    if now is State.PAID and seen.amount_vnd not in (None, found.amount_vnd):
        found.problem, found.look_at = "amount", rules.next_look(found.asked_at, clock.now())
        log.error("amount differs", extra={"attempt": attempt_id})
        return Receipt.WRONG_AMOUNT
    found.provider_ref = found.provider_ref or seen.provider_ref
    found.payment_ref = seen.payment_ref or found.payment_ref
    if now is not before or now in rules.UNFINISHED:
        found.raw_state = seen.raw_state[:60] or found.raw_state
        found.pay_url = (seen.pay_url or found.pay_url) if now in rules.UNFINISHED else ""
    found.look_at = rules.next_look(found.asked_at, clock.now())
    if now is State.PAID and before is not State.PAID:
        found.state, found.paid_at, found.problem = State.PAID, seen.paid_at or clock.now(), ""
        found.look_at = clock.now() + rules.FIRST_LOOK
        _take(found, parts, payments)
    elif now is not before:
        found.state = now
    db.session.flush()
    if now is State.PAID and seen.fee_vnd is not None and found.fee_vnd is None:
        _charge_fee(found, seen.fee_vnd)
        return Receipt.APPLIED
    return Receipt.AGAIN if now is before else Receipt.APPLIED


def _take(found: Attempt, parts: Mapping[int, int], payments: Mapping[int, Payment]) -> None:
    """The orders take the money; what one cannot use is owed back over the same rail."""
    assert found.paid_at is not None, "set by the caller"
    account = rails.account(found.rail_account_id)
    judged = {
        order_id: judge(_actor(order_id), order_id, payments[order_id], amount)
        for order_id, amount in parts.items()
    }
    booked = []
    for order_id, one in judged.items():
        surplus = parts[order_id] - one.to_order_vnd
        booked.append(_part(order_id, one.to_order_vnd, surplus))
        db.session.add(AttemptTaken(attempt_id=found.id, order_id=order_id, taken_vnd=one.to_order_vnd,
                                    surplus_vnd=surplus, fee_vnd=0))  # fmt: skip
    db.session.flush()
    collector.collect(
        account.organisation_id, account.rail, booked, ref=_ref(found), on=day_of(found.paid_at)
    )
    for order_id, one in judged.items():
        _tell_order(found, order_id, payments[order_id], one, parts[order_id] - one.to_order_vnd)
    audit(Actor(None, Role.SYSTEM, account.organisation_id), "receive_payment", f"payment_attempt:{found.id}",
          ("state", "amount_vnd"))  # fmt: skip


def _ref(found: Attempt) -> str:
    return f"attempt:{found.id}"


def _part(order_id: int, to_order_vnd: int, surplus_vnd: int = 0) -> Part:
    cooperative_id = db.session.get_one(Order, order_id).cooperative_id
    return Part(order_id, cooperative_id, organisation_of(cooperative_id), to_order_vnd, surplus_vnd)


def _tell_order(found: Attempt, order_id: int, payment: Payment, judged: Judgement, surplus_vnd: int) -> None:
    order = db.session.get_one(Order, order_id, populate_existing=True)
    if surplus_vnd:
        owed = Refund(
            key=f"attempt:{found.id}:{order_id}", cooperative_id=order.cooperative_id, order_id=order_id,
            transfer_id=None, source=RefundSource.SURPLUS, state=RefundState.DUE, amount_vnd=surplus_vnd, goods_vnd=0,
            shipping_vnd=0, reason=N_("Trả hai lần hoặc trả muộn"), goods_back=False, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(owed)
        db.session.flush()
        put(owed)
    if not judged.to_order_vnd:
        return
    if received(order_id) < payment.amount_vnd:
        payment.happen(Event.PART)
        return
    payment.happen(Event.FULL)
    orders.advance(order, OrderEvent.PAY, _actor(order_id))


def _charge_fee(found: Attempt, fee_vnd: int) -> None:
    """What the provider kept, divided over the orders by largest remainder and stored beside each."""
    found.fee_vnd = fee_vnd
    rows = queries.taken(found.id)
    parts = (
        divided(fee_vnd, {row.order_id: row.taken_vnd + row.surplus_vnd for row in rows}) if fee_vnd else {}
    )
    for row in rows:
        row.fee_vnd = parts.get(row.order_id, 0)
    db.session.flush()
    account = rails.account(found.rail_account_id)
    borne = [_part(row.order_id, row.fee_vnd) for row in rows if row.fee_vnd]
    collector.charge_fee(account.organisation_id, account.rail, borne, ref=_ref(found), on=clock.today())


# --- asking, closing


def look(attempt_id: int) -> Receipt:
    """Ask the provider how an attempt stands, close it when nobody waits for it any more, write what it says.

    Outside any transaction. Raises ProviderDown; then it is asked again later.
    """
    found = queries.attempt(attempt_id)
    state, current = State(found.state), queries.is_current(found)
    now, known, account_id = clock.now(), queries.known(found), found.rail_account_id
    young = now - found.asked_at < rules.CREATE_WITHIN
    if state is State.ASKED and current and young:
        after = open_attempt(attempt_id)
        return Receipt.LATER if after is State.ASKED else Receipt.APPLIED
    over, ends_at = not current or now > found.expires_at, found.expires_at + rules.GRACE / 2
    ended = state not in rules.UNFINISHED
    try:
        if over and not ended and known.provider_ref:
            seen = call(account_id, lambda provider: provider.cancel(known))
        else:
            seen = call(account_id, lambda provider: provider.query(known))
    except ProviderDown:
        _put_off(attempt_id)
        raise
    if seen.standing is Standing.MISSING and not young:
        seen = Seen(Standing.EXPIRED, "never opened")
    if seen.standing is Standing.OPEN and now > ends_at:
        seen = Seen(
            Standing.EXPIRED, seen.raw_state
        )  # a rail that cannot close: late money still finds its orders
    with transaction():
        return apply(attempt_id, seen)


def close(attempt_id: int) -> State:
    """Close an attempt at its provider before another way to pay is offered; its state then.

    PAID when the money was faster. A rail that cannot close, or does not answer, leaves it unfinished: the worker goes
    on asking, and money that still comes by it is taken or sent back. Outside any transaction.
    """
    found = queries.attempt(attempt_id)
    if found.state not in rules.UNFINISHED:
        return State(found.state)
    known, account_id = queries.known(found), found.rail_account_id
    try:
        seen = call(account_id, lambda provider: provider.cancel(known))
    except (ProviderDown, ProviderRefused):
        return State(queries.attempt(attempt_id).state)
    if seen.standing is Standing.MISSING:
        seen = Seen(Standing.CANCELLED, "never opened")
    with transaction():
        apply(attempt_id, seen)
        return State(queries.attempt(attempt_id).state)
