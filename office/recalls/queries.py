"""Reads of recalls: which are open, whom each one reached, what is still to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from accounts.models import User
from core.db import db
from office.recalls.models import RecallCase, RecallLot, RecallRehearsal, RecallStep
from office.recalls.rules import CaseState, StepKind
from office.tracing.queries import chunks
from orders.models import Allocation, Order, OrderLine
from orders.repicks.operations import SENT
from payments.models import Refund
from payments.refunds.queries import can_refund
from traceability.models import Lot, Stock

LISTED, REHEARSALS_LISTED = 50, 3


@dataclass(frozen=True)
class Done:
    """One step, with who did it."""

    kind: str
    order_code: str
    note: str
    at: datetime
    by: str


@dataclass(frozen=True)
class ToCall:
    """An order that left with recalled packs. state: '' (not called), called, not_reached. refund_vnd: prepared.

    unpaid_count: packs of it whose money nobody prepared to give back, 0 where it cannot be given back yet.
    """

    order_id: int
    code: str
    state: str
    packs: int
    value_vnd: int
    refund_vnd: int
    unpaid_count: int


@dataclass(frozen=True)
class Progress:
    """How far a recall has come."""

    lots: tuple[tuple[int, str], ...]
    calls: tuple[ToCall, ...]
    quarantined: int
    back: int
    out: int
    steps: tuple[Done, ...]

    @property
    def called(self) -> int:
        """Orders whose buyer answered."""
        return sum(one.state == StepKind.CALLED for one in self.calls)

    @property
    def refund_vnd(self) -> int:
        """Đồng that go back to buyers, sent already or not."""
        return sum(one.refund_vnd for one in self.calls)


def cases(cooperative_id: int) -> list[RecallCase]:
    """A cooperative's recalls, open ones first, then the newest."""
    wanted = select(RecallCase).where(RecallCase.cooperative_id == cooperative_id)
    newest = wanted.order_by(RecallCase.state.desc(), RecallCase.id.desc()).limit(LISTED)
    return list(db.session.execute(newest).scalars())


def rehearsals(cooperative_id: int) -> list[RecallRehearsal]:
    """A cooperative's last rehearsals, the newest first."""
    mine = select(RecallRehearsal).where(RecallRehearsal.cooperative_id == cooperative_id)
    newest = mine.order_by(RecallRehearsal.at.desc(), RecallRehearsal.id.desc()).limit(REHEARSALS_LISTED)
    return list(db.session.execute(newest).scalars())


def open_case_of(lot_id: int) -> int | None:
    """The recall, open first, that stopped a lot; None for lots stopped before recalls were kept."""
    return db.session.execute(
        select(RecallCase.id).join(RecallLot, RecallLot.case_id == RecallCase.id)
        .where(RecallLot.lot_id == lot_id).order_by(RecallCase.state.desc(), RecallCase.id.desc()).limit(1)
    ).scalar_one_or_none()  # fmt: skip


def lots_of(case_id: int) -> list[tuple[int, str]]:
    """The lots that a recall stopped: id and code."""
    rows = db.session.execute(
        select(Lot.id, Lot.code).join(RecallLot, RecallLot.lot_id == Lot.id).where(RecallLot.case_id == case_id)
        .order_by(Lot.id)
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def _sent(case_id: int) -> list[tuple[int, str, int, int, int]]:
    """Orders that left with packs of a recall's lots: id, code, packs, of them back, đồng of those still out."""
    out = (Allocation.quantity - Allocation.returned_quantity) * OrderLine.unit_price_vnd
    rows = db.session.execute(
        select(Order.id, Order.code, func.sum(Allocation.quantity), func.sum(Allocation.returned_quantity),
               func.sum(out))
        .select_from(RecallLot).join(Allocation, Allocation.lot_id == RecallLot.lot_id)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id).join(Order, Order.id == OrderLine.order_id)
        .where(RecallLot.case_id == case_id, Order.state.in_(SENT))
        .group_by(Order.id, Order.code).order_by(Order.id)
    )  # fmt: skip
    return [(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]


def orders_out(case_id: int) -> set[int]:
    """Ids of orders that left with packs of a recall's lots."""
    return {row[0] for row in _sent(case_id)}


def pieces_out(case_id: int) -> dict[int, dict[int, int]]:
    """Order → line → packs of a recall's lots that the buyer has and whose money was not given back."""
    out = func.sum(Allocation.quantity - Allocation.returned_quantity)
    rows = db.session.execute(
        select(OrderLine.order_id, OrderLine.id, out, OrderLine.quantity - OrderLine.refunded_quantity)
        .select_from(RecallLot).join(Allocation, Allocation.lot_id == RecallLot.lot_id)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id).join(Order, Order.id == OrderLine.order_id)
        .where(RecallLot.case_id == case_id, Order.state.in_(SENT))
        .group_by(OrderLine.order_id, OrderLine.id, OrderLine.quantity, OrderLine.refunded_quantity)
    )  # fmt: skip
    found: dict[int, dict[int, int]] = {}
    for order_id, line_id, held, unpaid in rows:
        found.setdefault(order_id, {})[line_id] = min(int(held), unpaid)
    return found


def _payable(order_ids: Collection[int]) -> set[int]:
    """Orders whose money can be given back by pieces now: delivered, or paid before (`payments` says so too)."""
    rows = db.session.execute(select(Order).where(Order.id.in_(order_ids))).scalars()
    return {order.id for order in rows if can_refund(order)}


def _calls(case_id: int) -> dict[int, str]:
    """The newest call of each order: called or not_reached."""
    rows = db.session.execute(
        select(RecallStep.order_id, RecallStep.kind)
        .where(RecallStep.case_id == case_id, RecallStep.order_id.is_not(None)).order_by(RecallStep.id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def never_called(case_id: int) -> set[int]:
    """Orders with packs still out whose buyer nobody called yet."""
    out = {row[0] for row in _sent(case_id) if row[3] < row[2]}
    return out - _calls(case_id).keys()


def progress(case_id: int) -> Progress:
    """All that a recall's page shows, in eight statements."""
    lots, sent, calls = lots_of(case_id), _sent(case_id), _calls(case_id)
    unpaid, payable = pieces_out(case_id), _payable([row[0] for row in sent])
    refunds: dict[int, int] = {}
    for some in chunks([row[0] for row in sent]):
        refunds |= {
            row[0]: int(row[1])
            for row in db.session.execute(
                select(Refund.order_id, func.sum(Refund.amount_vnd)).where(Refund.order_id.in_(some))
                .group_by(Refund.order_id)
            )
        }  # fmt: skip
    held = sum(
        int(db.session.execute(
            select(func.coalesce(func.sum(Stock.on_hand), 0)).where(Stock.lot_id.in_(some))
        ).scalar_one())
        for some in chunks([lot_id for lot_id, _code in lots])
    )  # fmt: skip
    steps = db.session.execute(
        select(RecallStep.kind, func.coalesce(Order.code, ""), RecallStep.note, RecallStep.at,
               func.coalesce(User.name, ""))
        .outerjoin(Order, Order.id == RecallStep.order_id).outerjoin(User, User.id == RecallStep.by_user_id)
        .where(RecallStep.case_id == case_id).order_by(RecallStep.id.desc())
    )  # fmt: skip
    return Progress(
        tuple(lots),
        tuple(ToCall(row[0], row[1], calls.get(row[0], ""), row[2] - row[3], row[4], refunds.get(row[0], 0),
                     sum(unpaid[row[0]].values()) if row[0] in payable else 0) for row in sent),
        held, sum(row[3] for row in sent), sum(row[2] - row[3] for row in sent),
        tuple(Done(*row) for row in steps),
    )  # fmt: skip


def open_count(cooperative_id: int) -> int:
    """How many recalls of a cooperative are under way."""
    mine = (RecallCase.cooperative_id == cooperative_id, RecallCase.state == CaseState.OPEN)
    return int(db.session.execute(select(func.count()).select_from(RecallCase).where(*mine)).scalar_one())
