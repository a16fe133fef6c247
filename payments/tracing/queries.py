"""What came in and went out for one order, over every rail."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from core.db import db
from payments.attempts.models import Attempt, AttemptShare
from payments.carriers.models import CarrierClaim
from payments.carriers.queries import claim_of_order
from payments.elsewhere.models import MoneyElsewhere
from payments.models import CodRemittance, CodRemittanceLine, Refund, Transfer
from payments.rails.models import RailAccount
from payments.transfers.models import TransferPart


@dataclass(frozen=True)
class Came:
    """A bank transfer: all of it, and what the order took."""

    id: int
    at: datetime
    amount_vnd: int
    outcome: str
    state: str
    content: str
    reference: str


@dataclass(frozen=True)
class Tried:
    """A try over a collector's rail, with this order's part."""

    id: int
    rail: str
    at: datetime
    state: str
    amount_vnd: int
    reference: str


@dataclass(frozen=True)
class PaidThere:
    """A payment at another shop, with this order's part and what was too much for it."""

    place: str
    at: datetime
    amount_vnd: int
    surplus_vnd: int
    reference: str


@dataclass(frozen=True)
class PaidOver:
    """The line of a carrier's list that names the order."""

    remittance_id: int
    carrier: str
    on: date
    amount_vnd: int
    reference: str


@dataclass(frozen=True)
class GivenBack:
    """A refund."""

    id: int
    state: str
    source: str
    amount_vnd: int
    reason: str
    sent_at: datetime | None


@dataclass(frozen=True)
class Moves:
    """Everything that moved for one order outside the book."""

    transfers: list[Came]
    attempts: list[Tried]
    remittances: list[PaidOver]
    refunds: list[GivenBack]
    claim: CarrierClaim | None
    elsewhere: list[PaidThere]


def moves_of(order_id: int) -> Moves:
    """What came and went for an order. Six statements."""
    parts = select(TransferPart.transfer_id).where(TransferPart.order_id == order_id)
    transfers = db.session.execute(
        select(Transfer.id, Transfer.at, Transfer.amount_vnd, Transfer.outcome, Transfer.state, Transfer.content,
               Transfer.reference)
        .where(or_(Transfer.order_id == order_id, Transfer.id.in_(parts))).order_by(Transfer.at, Transfer.id)
    )  # fmt: skip
    attempts = db.session.execute(
        select(Attempt.id, RailAccount.rail, Attempt.asked_at, Attempt.state, AttemptShare.amount_vnd,
               Attempt.payment_ref)
        .join(AttemptShare, AttemptShare.attempt_id == Attempt.id)
        .join(RailAccount, RailAccount.id == Attempt.rail_account_id)
        .where(AttemptShare.order_id == order_id).order_by(Attempt.id)
    )  # fmt: skip
    remittances = db.session.execute(
        select(CodRemittance.id, CodRemittance.carrier, CodRemittance.received_on, CodRemittanceLine.amount_vnd,
               CodRemittance.reference)
        .join(CodRemittanceLine, CodRemittanceLine.remittance_id == CodRemittance.id)
        .where(CodRemittanceLine.order_id == order_id).order_by(CodRemittance.id)
    )  # fmt: skip
    refunds = db.session.execute(
        select(Refund.id, Refund.state, Refund.source, Refund.amount_vnd, Refund.reason, Refund.sent_at)
        .where(Refund.order_id == order_id).order_by(Refund.id)
    )  # fmt: skip
    elsewhere = db.session.execute(
        select(MoneyElsewhere.place, MoneyElsewhere.at, MoneyElsewhere.taken_vnd + MoneyElsewhere.surplus_vnd,
               MoneyElsewhere.surplus_vnd, MoneyElsewhere.ref)
        .where(MoneyElsewhere.order_id == order_id).order_by(MoneyElsewhere.id)
    )  # fmt: skip
    return Moves(
        [Came(*row) for row in transfers], [Tried(*row) for row in attempts], [PaidOver(*row) for row in remittances],
        [GivenBack(*row) for row in refunds], claim_of_order(order_id),
        [PaidThere(*row) for row in elsewhere],
    )  # fmt: skip
