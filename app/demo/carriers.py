"""What a carrier owes the first cooperative and does not bring: cash kept back, a loss in the end, a parcel gone.

No dice, and the last minutes of the year: orders that other stories brought so far, the oldest first. Goods ordered and
what was paid out stay what they were; a claim moves money inside the cooperative's own book.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from core.db import db
from orders.models import Order
from orders.rules import Method, State
from payments.carriers.operations import claim_loss, settle_claim
from payments.carriers.queries import claim_of_order
from payments.models import Payment
from payments.rules import State as PaymentState

MINUTE = timedelta(minutes=1)
PAID_BP = 6_000  # of the claim that ended, the carrier brought so much


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Each step a minute after the one before."""
    stall = cast.stalls[0]
    for number, step in enumerate((_kept_back, _disputed, _parcel_gone)):
        yield end - (9 - number) * MINUTE, Step(step, stall)


def _kept_back(stall: Stall) -> None:
    """The oldest cash that a carrier holds is claimed; it brings a part, and the rest is the cooperative's loss."""
    order = _held(stall)
    if order is None:
        return
    claim = claim_loss(
        stall.treasurer, order.id, "Bên giao đã thu tiền, ba lần hỏi vẫn không nộp đủ (minh hoạ)."
    )
    settle_claim(stall.treasurer, claim.id, claim.claimed_vnd * PAID_BP // 10_000)


def _disputed(stall: Stall) -> None:
    """The next one is still being argued about."""
    order = _held(stall)
    if order is not None:
        claim_loss(stall.treasurer, order.id, "Bưu tá nói đã nộp về bưu cục, bưu cục chưa thấy (minh hoạ).")


def _held(stall: Stall) -> Order | None:
    """The order whose cash a carrier has held longest, of those that nobody claims."""
    wanted = (
        select(Order).join(Payment, Payment.order_id == Order.id)
        .where(Order.cooperative_id == stall.cooperative_id, Payment.state == str(PaymentState.COLLECTED))
        .order_by(Order.id).limit(2)
    )  # fmt: skip
    found = db.session.execute(wanted).scalars()
    return next((one for one in found if claim_of_order(one.id) is None), None)


def _parcel_gone(stall: Stall) -> None:
    """A prepaid parcel that has been on the road longest is lost: the buyer's money is owed back."""
    wanted = select(Order.id).where(
        Order.cooperative_id == stall.cooperative_id, Order.state == str(State.SHIPPED),
        Order.method == str(Method.VIETQR),
    )  # fmt: skip
    order_id = db.session.execute(wanted.order_by(Order.id).limit(1)).scalar_one_or_none()
    if order_id is not None:
        claim_loss(stall.manager, order_id, "Bên giao báo thất lạc ở kho trung chuyển (minh hoạ).")
