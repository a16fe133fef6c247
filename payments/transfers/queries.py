"""Reads of transfers: the list with what waits first, one transfer, and whether money was booked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, select

from cooperatives import queries as cooperatives
from core import clock
from core.db import db
from orders.models import Order, Purchase
from orders.rules import Method
from orders.rules import State as OrderState
from payments.models import Payment, Refund, Transfer, TransferPart, TransferSighting
from payments.queries import no_such, received_by
from payments.rules import RefundState, State, TransferState
from payments.transfers.rules import WINDOW, Candidate, Money, News, Suggestion, pick, stands_out, suggest

PAGE = 30
UNUSED = frozenset(
    {OrderState.AWAITING_PAYMENT, OrderState.TO_PACK}
)  # an order that has not used its money yet


def parts_of(transfer_id: int) -> list[TransferPart]:
    """The orders that a transfer of several names."""
    wanted = (
        select(TransferPart).where(TransferPart.transfer_id == transfer_id).order_by(TransferPart.order_id)
    )
    return list(db.session.execute(wanted).scalars())


def refunds_of(transfer_id: int) -> list[Refund]:
    """What is owed back of a transfer: its surplus, or all of it."""
    return list(db.session.execute(select(Refund).where(Refund.transfer_id == transfer_id)).scalars())


def suggestions(found: Sequence[Transfer], cooperative_id: int) -> dict[int, tuple[Suggestion, ...]]:
    """What each transfer in suspense may be for, {transfer id: suggestions}. Four statements however many there are."""
    waiting = {one.id: one for one in found if one.state == TransferState.SUSPENSE}
    if not waiting:
        return {}
    named: dict[int, set[int]] = {one.id: {one.order_id} for one in waiting.values() if one.order_id}
    parts = select(TransferPart.transfer_id, TransferPart.order_id).where(
        TransferPart.transfer_id.in_(waiting)
    )
    for transfer_id, order_id in db.session.execute(parts):
        named.setdefault(transfer_id, set()).add(order_id)
    open_orders = candidates(cooperative_id)
    return {
        one.id: suggest(
            Money(one.amount_vnd, one.content, one.at, frozenset(named.get(one.id, ()))), open_orders
        )
        for one in waiting.values()
    }


def best_offers(page: "TransferList", cooperative_id: int) -> dict[int, Suggestion]:
    """For each transfer in suspense on a page the one order that stands out, if one does."""
    ids = [row.id for row in page.rows if row.state == TransferState.SUSPENSE]
    rows = db.session.execute(select(Transfer).where(Transfer.id.in_(ids))).scalars().all() if ids else []
    offered = suggestions(rows, cooperative_id)
    return {transfer_id: found[0] for transfer_id, found in offered.items() if stands_out(found)}


def named_codes(transfer_id: int) -> dict[str, int]:
    """The orders that a transfer of several names, {code: what it took, đồng}."""
    wanted = (
        select(Order.code, TransferPart.amount_vnd)
        .join(TransferPart, TransferPart.order_id == Order.id)
        .where(TransferPart.transfer_id == transfer_id)
        .order_by(Order.id)
    )
    return {row.code: row.amount_vnd for row in db.session.execute(wanted)}


def candidates(cooperative_id: int) -> list[Candidate]:
    """Orders of the last sixty days that lack money: waiting, paid in part, or expired unpaid. The newest 500."""
    lacking = Payment.state.in_([State.AWAITING, State.PARTLY]) | (
        (Payment.state == State.VOID) & (Order.state == OrderState.EXPIRED)
    )
    wanted = (
        select(
            Order.id,
            Order.code,
            Purchase.buyer_name,
            Purchase.buyer_phone,
            Order.placed_at,
            Payment.amount_vnd,
        )
        .join(Payment, Payment.order_id == Order.id)
        .join(Purchase, Purchase.id == Order.purchase_id)
        .where(Order.cooperative_id == cooperative_id, lacking, Payment.method == Method.VIETQR)
        .where(Order.placed_at >= clock.now() - timedelta(days=60))
        .order_by(Order.id.desc())
        .limit(500)
    )
    rows = db.session.execute(wanted).all()
    came = received_by([row.id for row in rows])
    return [
        Candidate(
            row.id, row.code, row.buyer_name, row.buyer_phone, row.placed_at, row.amount_vnd - came[row.id]
        )
        for row in rows
    ]


def may_undo(found: Transfer) -> bool:
    """Whether a person's decision can still be taken back, as far as the page knows."""
    if found.settled_at is None or found.state == TransferState.SUSPENSE:
        return False
    if found.state == TransferState.RETURNED:
        return all(owed.state == RefundState.DUE for owed in refunds_of(found.id))
    parts: list[int | None] = [part.order_id for part in parts_of(found.id) if part.amount_vnd]
    ids = parts or [found.order_id]
    states = db.session.execute(select(Order.state).where(Order.id.in_(ids))).scalars()
    return all(state in UNUSED for state in states)


def has_other_refunds(order_id: int, transfer_id: int) -> bool:
    """Whether anything else of an order is owed back or went back than what this transfer brought too much."""
    other = Refund.transfer_id.is_(None) | (Refund.transfer_id != transfer_id)
    return db.session.execute(select(Refund.id).where(Refund.order_id == order_id, other)).first() is not None


def same_money(account_id: int, news: News) -> Transfer | None:
    """The transfer that this news tells of again: same door and id; else money of that amount which another door told
    of and this one has not yet: by the bank's own reference first, then by day and text."""
    mine = select(Transfer).where(Transfer.bank_account_id == account_id)
    known = db.session.execute(
        mine.where(Transfer.provider == news.provider, Transfer.provider_id == news.provider_id)
    ).scalar_one_or_none()
    return known or _seen(account_id, news) or _told_elsewhere(mine, news)


def _seen(account_id: int, news: News) -> Transfer | None:
    wanted = (
        select(Transfer)
        .join(TransferSighting, TransferSighting.transfer_id == Transfer.id)
        .where(TransferSighting.bank_account_id == account_id)
        .where(TransferSighting.provider == news.provider, TransferSighting.provider_id == news.provider_id)
    )
    return db.session.execute(wanted).scalar_one_or_none()


def _told_elsewhere(mine: Select[tuple[Transfer]], news: News) -> Transfer | None:
    """Money that only other doors told of. Each telling takes one transfer, so two alike stay two."""
    told = select(TransferSighting.id).where(
        TransferSighting.transfer_id == Transfer.id, TransferSighting.provider == news.provider
    )
    wanted = mine.where(
        Transfer.provider != news.provider, Transfer.amount_vnd == news.amount_vnd, ~told.exists(),
        (Transfer.reference == news.reference) | Transfer.at.between(news.at - WINDOW, news.at + WINDOW),
    )  # fmt: skip
    return pick(news, list(db.session.execute(wanted.order_by(Transfer.id)).scalars()))


def told_between(
    account_id: int, provider: str, since: datetime, until: datetime
) -> tuple[set[str], list[Transfer]]:
    """What is known of an account's money before a whole list is told: the ids this door has used, and the transfers
    that only other doors told of. Three statements, for a preview."""
    mine = select(Transfer).where(Transfer.bank_account_id == account_id)
    used = set(db.session.execute(
        select(Transfer.provider_id).where(Transfer.bank_account_id == account_id, Transfer.provider == provider)
    ).scalars())  # fmt: skip
    sightings = db.session.execute(
        select(TransferSighting.provider_id, TransferSighting.transfer_id).where(
            TransferSighting.bank_account_id == account_id, TransferSighting.provider == provider
        )
    ).all()
    seen = {row.transfer_id for row in sightings}
    others = db.session.execute(
        mine.where(
            Transfer.provider != provider, Transfer.at.between(since - WINDOW, until + WINDOW)
        ).order_by(Transfer.id)
    ).scalars()
    return used | {row.provider_id for row in sightings}, [one for one in others if one.id not in seen]


def was_seen(transfer_id: int, provider: str) -> bool:
    """Whether a door has told of a transfer that another had told of first."""
    wanted = select(TransferSighting.id).where(
        TransferSighting.transfer_id == transfer_id, TransferSighting.provider == provider
    )
    return db.session.execute(wanted).first() is not None


def transfer_for(transfer_id: int, organisation_id: int | None, *, lock: bool = False) -> Transfer:
    """A transfer of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    wanted = select(Transfer).where(Transfer.id == transfer_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None or cooperatives.cooperative(found.cooperative_id).organisation_id != organisation_id:
        raise no_such()
    return found


@dataclass(frozen=True)
class TransferRow:
    """One line of the list."""

    id: int
    amount_vnd: int
    content: str
    at: datetime
    outcome: str
    state: str
    surplus_vnd: int
    order_code: str | None


@dataclass(frozen=True)
class TransferList:
    """A page of transfers. `waiting`, `waiting_vnd`: how many are in suspense, and how much."""

    rows: tuple[TransferRow, ...]
    page: int
    page_count: int
    waiting: int
    waiting_vnd: int


def transfers(cooperative_id: int, *, state: str = "", outcome: str = "", page: int = 1) -> TransferList:
    """A cooperative's transfers: those in suspense first, then the newest; 30 a page. Three statements."""
    mine = Transfer.cooperative_id == cooperative_id
    waiting = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Transfer.amount_vnd), 0)).where(
            mine, Transfer.state == TransferState.SUSPENSE
        )
    ).one()
    filters = [mine]
    if state in set(TransferState):
        filters.append(Transfer.state == state)
    if outcome:
        filters.append(Transfer.outcome == outcome)
    count = int(db.session.execute(select(func.count()).select_from(Transfer).where(*filters)).scalar_one())
    page_count = max(1, -(-count // PAGE))
    page = min(max(1, page), page_count)
    first = case((Transfer.state == TransferState.SUSPENSE, 0), else_=1)
    rows = db.session.execute(
        select(Transfer.id, Transfer.amount_vnd, Transfer.content, Transfer.at, Transfer.outcome, Transfer.state,
               Transfer.surplus_vnd, Order.code)
        .outerjoin(Order, Order.id == Transfer.order_id).where(*filters)
        .order_by(first, Transfer.at.desc(), Transfer.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    )  # fmt: skip
    return TransferList(
        tuple(TransferRow(*row) for row in rows), page, page_count, waiting[0], int(waiting[1])
    )
