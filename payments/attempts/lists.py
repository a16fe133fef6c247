"""What a collector's staff see of payments: each attempt with its orders, what needs a person, disputes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from orders.models import Order
from payments.attempts.models import Attempt, AttemptShare, BookDifference, RailDispute
from payments.rails.models import RailAccount

PAGE = 30


@dataclass(frozen=True)
class AttemptRow:
    """One attempt. codes: the orders that it pays."""

    id: int
    rail: str
    amount_vnd: int
    fee_vnd: int | None
    state: str
    raw_state: str
    problem: str
    asked_at: datetime
    paid_at: datetime | None
    payment_ref: str
    codes: str


@dataclass(frozen=True)
class DisputeRow:
    """One dispute."""

    id: int
    amount_vnd: int
    fee_vnd: int
    state: str
    raw_state: str
    opened_at: datetime
    codes: str


@dataclass(frozen=True)
class AttemptList:
    """A page of attempts, newest first; all open disputes and all differences between the books."""

    rows: tuple[AttemptRow, ...]
    page: int
    page_count: int
    disputes: tuple[DisputeRow, ...]
    differences: tuple[BookDifference, ...]


def _codes(attempt_ids: list[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(AttemptShare.attempt_id, Order.code)
        .join(Order, Order.id == AttemptShare.order_id)
        .where(AttemptShare.attempt_id.in_(attempt_ids))
        .order_by(Order.id)
    )
    for attempt_id, code in rows:
        found.setdefault(attempt_id, []).append(code)
    return {attempt_id: ", ".join(codes) for attempt_id, codes in found.items()}


def last_paid(organisation_id: int) -> dict[str, datetime]:
    """When a collector last got money over each rail, by rail; those that never did are not in it."""
    rows = db.session.execute(
        select(RailAccount.rail, func.max(Attempt.paid_at).label("at"))
        .join(Attempt, Attempt.rail_account_id == RailAccount.id)
        .where(RailAccount.organisation_id == organisation_id, Attempt.paid_at.is_not(None))
        .group_by(RailAccount.rail)
    )
    return {row.rail: row.at for row in rows}


def attempts(organisation_id: int, page: int = 1) -> AttemptList:
    """A collector's attempts, 30 a page. Six statements."""
    mine = RailAccount.organisation_id == organisation_id
    joined = Attempt.rail_account_id == RailAccount.id
    count = db.session.execute(
        select(func.count(Attempt.id)).join(RailAccount, joined).where(mine)
    ).scalar_one()
    page_count = max(1, -(-int(count) // PAGE))
    page = min(max(1, page), page_count)
    rows = db.session.execute(
        select(Attempt.id, RailAccount.rail, Attempt.amount_vnd, Attempt.fee_vnd, Attempt.state, Attempt.raw_state,
               Attempt.problem, Attempt.asked_at, Attempt.paid_at, Attempt.payment_ref)
        .join(RailAccount, joined).where(mine).order_by(Attempt.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    disputes = db.session.execute(
        select(RailDispute).join(RailAccount, RailDispute.rail_account_id == RailAccount.id).where(mine)
        .order_by((RailDispute.state != "opened").asc(), RailDispute.id.desc()).limit(PAGE)
    ).scalars().all()  # fmt: skip
    codes = _codes([row.id for row in rows])
    theirs = _codes([one.attempt_id for one in disputes])
    differences = db.session.execute(
        select(BookDifference).join(RailAccount, BookDifference.rail_account_id == RailAccount.id)
        .where(mine, BookDifference.settled_at.is_(None)).order_by(BookDifference.id)
    ).scalars()  # fmt: skip
    return AttemptList(
        tuple(AttemptRow(row.id, row.rail, row.amount_vnd, row.fee_vnd, row.state, row.raw_state, row.problem,
                         row.asked_at, row.paid_at, row.payment_ref, codes.get(row.id, "")) for row in rows),
        page, page_count,
        tuple(DisputeRow(one.id, one.amount_vnd, one.fee_vnd, one.state, one.raw_state, one.opened_at,
                         theirs.get(one.attempt_id, "")) for one in disputes),
        tuple(differences),
    )  # fmt: skip
