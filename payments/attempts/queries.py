"""Reads of attempts: what is on its way for an order, what a rail holds of it, what a provider must be asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, exists, func, or_, select

from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.models import Order
from orders.rules import COLLECTED, UNPAID
from payments.attempts.models import Attempt, AttemptShare, AttemptTaken, RailDispute, RailRefund
from payments.attempts.rules import GRACE, UNFINISHED, DisputeState, RefundState, State
from payments.providers.protocol import Known
from payments.rails.models import RailAccount
from payments.rails.rules import RAIL_OF, RAILS

OPEN_STATES = [str(one) for one in UNFINISHED]


def attempt(attempt_id: int, *, lock: bool = False) -> Attempt:
    """An attempt; `lock` after its orders' payments. Raises NotFound."""
    found = db.session.get(Attempt, attempt_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound(N_("Không tìm thấy lần trả này."))
    return found


def shares(attempt_id: int) -> dict[int, int]:
    """An attempt's parts, order id → đồng, by order id."""
    rows = db.session.execute(
        select(AttemptShare.order_id, AttemptShare.amount_vnd)
        .where(AttemptShare.attempt_id == attempt_id)
        .order_by(AttemptShare.order_id)
    )
    return {row.order_id: row.amount_vnd for row in rows}


def taken(attempt_id: int) -> list[AttemptTaken]:
    """What each order took of a paid attempt, by order id."""
    wanted = select(AttemptTaken).where(AttemptTaken.attempt_id == attempt_id)
    return list(db.session.execute(wanted.order_by(AttemptTaken.order_id)).scalars())


def known(found: Attempt) -> Known:
    """An attempt as its provider is asked about it."""
    return Known(
        found.key, found.amount_vnd, found.asked_at, found.provider_ref, found.payment_ref, found.paid_at
    )


def rail_of(account_id: int) -> str:
    """The rail of a merchant account."""
    return db.session.get_one(RailAccount, account_id).rail


def _of(order_id: int) -> ColumnElement[bool]:
    return exists().where(AttemptShare.attempt_id == Attempt.id, AttemptShare.order_id == order_id)


def latest(order_id: int) -> Attempt | None:
    """The newest attempt for an order."""
    wanted = select(Attempt).where(_of(order_id)).order_by(Attempt.id.desc()).limit(1)
    return db.session.execute(wanted).scalar_one_or_none()


def unfinished(order_id: int) -> list[Attempt]:
    """Attempts for an order that may still be paid, oldest first."""
    wanted = select(Attempt).where(_of(order_id), Attempt.state.in_(OPEN_STATES)).order_by(Attempt.id)
    return list(db.session.execute(wanted).scalars())


def may_still_pay(order_id: int, now: datetime) -> bool:
    """Whether an order must not be let go yet: a provider that may hold its money has not said how it ended."""
    return any(one.expires_at + GRACE > now for one in unfinished(order_id))


def is_current(found: Attempt) -> bool:
    """Whether an attempt is still what all its orders wait for: unpaid, this rail, this amount."""
    from payments.queries import received_by

    wanted = shares(found.id)
    rows = db.session.execute(
        select(Order.id, Order.state, Order.method, Order.total_vnd).where(Order.id.in_(wanted))
    ).all()
    rail, came = rail_of(found.rail_account_id), received_by(list(wanted))
    return all(
        row.state in UNPAID
        and RAIL_OF.get(row.method) == rail
        and row.total_vnd - came[row.id] == wanted[row.id]
        for row in rows
    )


def received_over_rails(order_ids: Collection[int]) -> dict[int, int]:
    """Đồng that orders took of paid attempts."""
    rows = db.session.execute(
        select(AttemptTaken.order_id, func.sum(AttemptTaken.taken_vnd))
        .where(AttemptTaken.order_id.in_(order_ids))
        .group_by(AttemptTaken.order_id)
    )
    return {order_id: int(amount) for order_id, amount in rows}


def left_on_rails(order_id: int) -> list[tuple[Attempt, int]]:
    """Paid attempts of an order with what can still go back over each, đồng: nothing while a bank disputes it."""
    back = db.session.execute(
        select(RailRefund.attempt_id, func.sum(RailRefund.amount_vnd))
        .where(RailRefund.order_id == order_id, RailRefund.state != str(RefundState.FAILED))
        .group_by(RailRefund.attempt_id)
    )
    gone = {attempt_id: int(amount) for attempt_id, amount in back}
    disputed = exists().where(
        RailDispute.attempt_id == Attempt.id, RailDispute.state != str(DisputeState.WON)
    )
    rows = db.session.execute(
        select(Attempt, AttemptTaken.taken_vnd + AttemptTaken.surplus_vnd)
        .join(AttemptTaken, AttemptTaken.attempt_id == Attempt.id)
        .where(AttemptTaken.order_id == order_id, ~disputed)
        .order_by(Attempt.id)
    )
    return [(one, int(came) - gone.get(one.id, 0)) for one, came in rows]


def rail_refund_of(refund_id: int) -> RailRefund | None:
    """How a refund goes back over its rail; None when it goes another way."""
    wanted = select(RailRefund).where(RailRefund.refund_id == refund_id)
    return db.session.execute(wanted).scalar_one_or_none()


def on_its_way(refund_id: int) -> bool:
    """Whether a provider has been, or is about to be, asked to send a refund."""
    found = rail_refund_of(refund_id)
    return found is not None and found.state == RefundState.PENDING


def due(rail: str, most: int = 50) -> list[int]:
    """Attempts of a rail that its provider must be asked about now, the longest waiting first."""
    mine = RailAccount.rail == rail
    waits: ColumnElement[bool] = Attempt.state.in_(OPEN_STATES)
    if RAILS[rail].tells_fee:
        waits = or_(waits, (Attempt.state == str(State.PAID)) & Attempt.fee_vnd.is_(None))
    wanted = (
        select(Attempt.id)
        .join(RailAccount, RailAccount.id == Attempt.rail_account_id)
        .where(mine, waits, Attempt.look_at <= clock.now())
        .order_by(Attempt.look_at)
        .limit(most)
    )
    return list(db.session.execute(wanted).scalars())


def refunds_due(rail: str, most: int = 50) -> list[int]:
    """Refunds that a rail's provider must be asked for, or about, now."""
    wanted = (
        select(RailRefund.id)
        .join(RailAccount, RailAccount.id == RailRefund.rail_account_id)
        .where(RailAccount.rail == rail, RailRefund.state == str(RefundState.PENDING))
        .where(RailRefund.look_at <= clock.now())
        .order_by(RailRefund.look_at)
        .limit(most)
    )
    return list(db.session.execute(wanted).scalars())


@dataclass(frozen=True)
class RailView:
    """What a buyer sees of paying an order over a rail.

    state: of the newest attempt that is current, "none" when there is none, or it ended. pay_url: where to pay.
    codes: the orders that it pays together. amount_vnd: of all of them.
    """

    state: str
    label: str
    raw_state: str
    pay_url: str
    amount_vnd: int
    codes: tuple[str, ...]
    expires_at: datetime | None

    @property
    def host(self) -> str:
        """Whose machine the page of paying is on, for the buyer to compare with the browser's address line."""
        return urlsplit(self.pay_url).hostname or ""


def rail_view(order_id: int, method: str) -> RailView | None:
    """How an order is paid over its rail; None for one that is not."""
    if method not in COLLECTED:
        return None
    label = RAILS[RAIL_OF[method]].label  # type: ignore[index]
    found = latest(order_id)
    if found is None or RAIL_OF[method] != rail_of(found.rail_account_id):  # type: ignore[index]
        return RailView("none", label, "", "", 0, (), None)
    codes = db.session.execute(
        select(Order.code)
        .join(AttemptShare, AttemptShare.order_id == Order.id)
        .where(AttemptShare.attempt_id == found.id)
        .order_by(Order.id)
    ).scalars()
    state = found.state if found.state in (*UNFINISHED, State.PAID) and _fits(found) else "none"
    return RailView(
        state, label, found.raw_state, found.pay_url, found.amount_vnd, tuple(codes), found.expires_at
    )


def _fits(found: Attempt) -> bool:
    return found.state == State.PAID or is_current(found)
