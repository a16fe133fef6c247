"""Reads of transfers: the list with what waits first, one transfer, and whether money was booked before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from cooperatives import queries as cooperatives
from core.db import db
from orders.models import Order
from payments.models import Transfer
from payments.queries import no_such
from payments.rules import TransferState

PAGE = 30


def same_money(account_id: int, source: tuple[str, str], amount_vnd: int, reference: str) -> Transfer | None:
    """The transfer that this news tells of again: same provider and id, or the bank's own reference of the same
    amount through another door (entered by hand first, told by the bank later)."""
    mine = select(Transfer).where(Transfer.bank_account_id == account_id)
    known = db.session.execute(
        mine.where(Transfer.provider == source[0], Transfer.provider_id == source[1])
    ).scalar_one_or_none()
    if known is not None or not reference:
        return known
    other = mine.where(
        Transfer.provider != source[0], Transfer.reference == reference, Transfer.amount_vnd == amount_vnd
    )
    return db.session.execute(other.order_by(Transfer.id).limit(1)).scalar_one_or_none()


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
