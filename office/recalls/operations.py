"""Begin a recall, write down what was done about it, close it with a report; or only rehearse it."""

import time
from dataclasses import dataclass

from sqlalchemy import insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.queries import of_organisation
from core import clock
from core.db import db
from core.errors import Conflict, NotFound
from core.format import vnd
from core.i18n import N_
from core.text import clean
from office.operations import recall_lots
from office.recalls.models import RecallCase, RecallLot, RecallRehearsal, RecallStep
from office.recalls.rules import CaseState, StepKind, after, check_note, check_report
from office.tracing import dossiers
from office.tracing.dossiers import Dossier
from office.tracing.queries import chunks, find, lots_forward
from office.tracing.rules import Kind, Start
from orders.models import Order
from payments.operations import refund
from traceability.models import Lot
from traceability.rules import LotState


@dataclass(frozen=True)
class Rehearsal:
    """What a recall would do, and how long it took to find that out. Nothing was changed and nobody told."""

    found: Dossier
    took_ms: int


def start_of(actor: Actor, text: str) -> Start:
    """The thing of the actor's cooperative that an id names. Raises Invalid, or NotFound for another's."""
    actor.must_be(Role.MANAGER)
    return find(text, of_organisation(actor.organisation_id).id)


def rehearse(actor: Actor, text: str) -> Rehearsal:
    """Walk as a recall would, and stop there. All that stays of it is a line saying when, how far and how long."""
    began = time.perf_counter()
    start = start_of(actor, text)
    found = dossiers.forward(start)
    took_ms = round((time.perf_counter() - began) * 1000)
    db.session.add(RecallRehearsal(
        cooperative_id=start.cooperative_id, subject=start.text, name=start.name, lot_count=len(found.lots),
        order_count=len(found.order_ids), away_count=found.gone, took_ms=took_ms, at=clock.now(),
        by_user_id=actor.user_id,
    ))  # fmt: skip
    audit(
        actor, "rehearse_recall", start.text, purpose=f"{len(found.lots)} lots, {len(found.order_ids)} orders"
    )
    return Rehearsal(found, took_ms)


def begin(actor: Actor, key: str, text: str, reason: str) -> RecallCase:
    """Stop everything made of a start at once and open its case. The same key gives the same case.

    An order is no start: what a buyer holds is in a lot. Raises Conflict where everything was stopped before.
    """
    began = time.perf_counter()
    start = start_of(actor, text)
    same = select(RecallCase).where(RecallCase.cooperative_id == start.cooperative_id, RecallCase.key == key)
    known = db.session.execute(same).scalar_one_or_none()
    if known is not None:
        return known
    if start.kind is Kind.ORDER:
        raise Conflict(N_("Một đơn thì không thu hồi được."), remedy=N_("Chọn lô nằm trong đơn ấy."))
    lots = lots_forward(start)
    open_lots = select(Lot.id).where(Lot.state != LotState.RECALLED)
    fresh = {
        one
        for some in chunks(lots)
        for one in db.session.execute(open_lots.where(Lot.id.in_(some))).scalars()
    }
    if not fresh:
        raise Conflict(
            N_("Không có lô nào để dừng: chưa làm ra lô, hoặc các lô đã được thu hồi."),
            remedy=N_("Xem lại mã."),
        )
    reason = clean(reason)
    done = recall_lots(actor, start.cooperative_id, lots, reason, f"{min(lots)}", start.text)
    case = RecallCase(
        key=key, cooperative_id=start.cooperative_id, subject=start.text, name=start.name, reason=reason,
        opened_at=clock.now(), opened_by_user_id=actor.user_id, refilled_count=done.refilled, told_count=done.told,
        cancelled=", ".join(done.cancelled), took_ms=round((time.perf_counter() - began) * 1000),
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    db.session.execute(
        insert(RecallLot), [{"case_id": case.id, "lot_id": lot_id} for lot_id in sorted(fresh)]
    )
    _step(actor, case, StepKind.STOPPED, key)
    audit(actor, "begin_recall", f"recall:{case.id}")
    return case


def locked(actor: Actor, case_id: int) -> RecallCase:
    """A recall of the actor's cooperative that nobody else changes until the transaction ends. Raises NotFound."""
    return _case(actor, case_id, lock=True)


def case_of(actor: Actor, case_id: int) -> RecallCase:
    """A recall of the actor's cooperative. Raises NotFound for another's as well."""
    return _case(actor, case_id, lock=False)


def _case(actor: Actor, case_id: int, *, lock: bool) -> RecallCase:
    actor.must_be(Role.MANAGER)
    own = of_organisation(actor.organisation_id).id
    wanted = select(RecallCase).where(RecallCase.id == case_id, RecallCase.cooperative_id == own)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có cuộc thu hồi này."), remedy=N_("Xem lại danh sách thu hồi."))
    return found


def called(actor: Actor, case_id: int, key: str, order_id: int, *, reached: bool) -> None:
    """Write down that the buyer of an order was called, and whether she answered. The same key counts once."""
    from office.recalls.queries import orders_out

    case = locked(actor, case_id)
    if order_id not in orders_out(case.id):
        raise NotFound(N_("Đơn này không nằm trong cuộc thu hồi."), remedy=N_("Xem lại danh sách đơn."))
    _step(actor, case, StepKind.CALLED if reached else StepKind.NOT_REACHED, key, order_id=order_id)
    audit(actor, "call_buyer", f"recall:{case.id}", fields=("order",))


def prepare_refund(actor: Actor, case_id: int, key: str, order_id: int) -> None:
    """Owe the buyer of an order back what recalled packs cost, eaten or not. A key counts once.

    Packs that came back and were paid back are not counted again. The money goes by hand or rail, from the page of
    refunds. Raises NotFound for an order outside the recall, Conflict where it cannot be paid back yet, Invalid where
    nothing is left to pay back.
    """
    from office.recalls.queries import pieces_out

    case = locked(actor, case_id)
    if _known(case, key):
        return
    pieces = pieces_out(case.id).get(order_id)
    if pieces is None:
        raise NotFound(N_("Đơn này không nằm trong cuộc thu hồi."), remedy=N_("Xem lại danh sách đơn."))
    made = refund(actor, order_id, pieces, case.reason, key=key)
    code = db.session.execute(select(Order.code).where(Order.id == order_id)).scalar_one()
    _step(actor, case, StepKind.NOTE, key, f"{code}: {vnd(made.amount_vnd)}")
    audit(actor, "prepare_refund", f"recall:{case.id}", fields=("refund",))


def note(actor: Actor, case_id: int, key: str, text: str) -> None:
    """Write down anything else that was done."""
    case = locked(actor, case_id)
    _step(actor, case, StepKind.NOTE, key, check_note(clean(text)))
    audit(actor, "note_recall", f"recall:{case.id}")


def close(actor: Actor, case_id: int, key: str, report: str) -> RecallCase:
    """End a recall with a report, once every buyer was called at least once. Closing twice changes nothing."""
    from office.recalls.queries import never_called

    case = locked(actor, case_id)
    if case.state == CaseState.CLOSED:
        return case
    text = check_report(clean(report), len(never_called(case.id)))
    _step(actor, case, StepKind.CLOSED, key, text)
    audit(actor, "close_recall", f"recall:{case.id}", fields=("state", "report"))
    return case


def _known(case: RecallCase, key: str) -> bool:
    again = select(RecallStep.id).where(RecallStep.case_id == case.id, RecallStep.key == key)
    return db.session.execute(again).first() is not None


def _step(
    actor: Actor, case: RecallCase, kind: StepKind, key: str, text: str = "", *, order_id: int | None = None
) -> None:
    if _known(case, key):
        return
    state = after(CaseState(case.state), kind)
    db.session.add(RecallStep(case_id=case.id, key=key, kind=kind, order_id=order_id, note=text, at=clock.now(),
                              by_user_id=actor.user_id))  # fmt: skip
    if kind is StepKind.CLOSED:
        case.closed_at, case.report = clock.now(), text
    case.state = state
    db.session.flush()
