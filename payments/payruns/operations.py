"""Verbs of pay runs: make, approve, send one or all, fail, take back what returned, confirm by the bank, close."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.queries import of_organisation
from core import clock
from core.db import db
from core.errors import Conflict, DomainError, Invalid
from core.format import vnd
from core.i18n import N_, _
from core.once import next_number
from core.text import clean
from payments.payouts.models import ProducerAccount
from payments.payouts.queries import producer_of
from payments.payruns import queries, rules
from payments.payruns.models import Payrun, PayrunLine
from payments.payruns.queries import Choice
from payments.payruns.rules import LineEvent, LineState, RunEvent, RunState, Why
from payments.queries import organisation_of
from revenue.ledger.operations import lock_book
from revenue.ledger.queries import ledger_id
from revenue.models import Payout
from revenue.operations import pay_producer, return_payout
from revenue.payouts.operations import tell

STAFF = (Role.MANAGER, Role.TREASURER)
SENT = N_("Hợp tác xã đã chuyển %(amount)s vào tài khoản của nhà mình, lần trả %(number)s.")


def make_run(actor: Actor, choice: Choice, key: str, digest: str) -> Payrun:
    """Plan a run as it was shown. The same key is the same run.

    digest: of the plan that the person saw; Raises Conflict when it is another by now, Invalid when nobody can be paid.
    A sum above what one person may pay alone waits for a second.
    """
    actor.must_be(*STAFF)
    if actor.user_id is None or actor.organisation_id is None:
        raise Invalid(N_("Lượt trả cần một người có tên."))
    own = actor.organisation_id
    coop = of_organisation(own)
    head = lock_book(own)  # two treasurers at once: the second plans after the first
    known = select(Payrun).where(Payrun.cooperative_id == coop.id, Payrun.key == key)
    if (found := db.session.execute(known).scalar_one_or_none()) is not None:
        return found
    plan = queries.planned(own, choice)
    if not plan.lines:
        raise Invalid(N_("Chưa trả được cho nhà nào."), remedy=N_("Xem vì sao ở dưới, hoặc đổi ngày và mức."))
    if plan.digest != digest:
        raise Conflict(N_("Số tiền vừa thay đổi."), remedy=N_("Xem lại danh sách rồi lập lượt trả."))
    month = f"{clock.today():%y%m}"
    state = RunState.PROPOSED if queries.second_needed(own, plan.total_vnd) else RunState.OPEN
    made = Payrun(
        cooperative_id=coop.id, key=key, number=f"TL-{month}-{next_number(f'payrun:{own}:{month}'):03}",
        state=state, upto_on=choice.upto_on, book_seq=head.seq, made_by_user_id=actor.user_id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    changed = dict(db.session.execute(
        select(ProducerAccount.producer_id, ProducerAccount.changed_at)
        .where(ProducerAccount.producer_id.in_([one.producer_id for one in plan.lines]))
    ).tuples().all())  # fmt: skip
    db.session.add_all(
        PayrunLine(run_id=made.id, producer_id=one.producer_id, method=one.method, amount_vnd=one.amount_vnd,
                   owed_vnd=one.owed_vnd, state=LineState.PLANNED,
                   account_changed_at=changed.get(one.producer_id) if one.method == "bank" else None)
        for one in plan.lines
    )  # fmt: skip
    db.session.flush()
    audit(actor, "make_payrun", f"payrun:{made.id}", ("lines", "amount_vnd"))
    return made


def _locked(actor: Actor, run_id: int) -> Payrun:
    actor.must_be(*STAFF)
    return queries.run_for(run_id, actor.organisation_id, lock=True)


def approve_run(actor: Actor, run_id: int) -> Payrun:
    """A second person agrees: the run may be sent. Raises Invalid for the one who made it."""
    run = _locked(actor, run_id)
    if run.approved_by_user_id is not None and run.approved_by_user_id == actor.user_id:
        return run
    state = rules.next_run(run.state, RunEvent.APPROVE)
    if actor.user_id is None or actor.user_id == run.made_by_user_id:
        raise Invalid(
            N_("Người lập lượt trả không tự duyệt."),
            remedy=N_("Nhờ quản lý hoặc thủ quỹ khác mở trang này và duyệt."),
        )
    run.state, run.approved_by_user_id, run.approved_at = state, actor.user_id, clock.now()
    db.session.flush()
    audit(actor, "approve_payrun", f"payrun:{run.id}", ("state",))
    return run


def cancel_run(actor: Actor, run_id: int) -> Payrun:
    """Drop a run that waits for approval. Any one of the staff may: stopping is always safe."""
    return _end(actor, run_id, RunEvent.CANCEL)


def close_run(actor: Actor, run_id: int) -> Payrun:
    """End a run. What did not go stays owed, for the next one."""
    return _end(actor, run_id, RunEvent.CLOSE)


def _end(actor: Actor, run_id: int, event: RunEvent) -> Payrun:
    run = _locked(actor, run_id)
    if (run.state, event) in ((RunState.CLOSED, RunEvent.CLOSE), (RunState.CANCELLED, RunEvent.CANCEL)):
        return run
    run.state = rules.next_run(run.state, event)
    run.closed_by_user_id, run.closed_at = actor.user_id, clock.now()
    for line in _planned(run.id):
        _move(line, LineEvent.DROP)
    db.session.flush()
    audit(actor, f"{event}_payrun", f"payrun:{run.id}", ("state",))
    return run


def _planned(run_id: int, method: str = "") -> list[PayrunLine]:
    query = select(PayrunLine).where(PayrunLine.run_id == run_id, PayrunLine.state == LineState.PLANNED)
    query = query.where(PayrunLine.method == method) if method else query
    return list(db.session.execute(query.order_by(PayrunLine.id)).scalars())


def _move(line: PayrunLine, event: LineEvent, why: str = "") -> None:
    line.state, line.moved_at = rules.next_line(line.state, event).value, clock.now()
    line.why = why or line.why


def key_of(line: PayrunLine) -> str:
    """The stable key of a line's payout: however often it is sent, it is one."""
    return f"payrun-{line.run_id}-{line.id}"


def send_line(actor: Actor, run_id: int, line_id: int, reference: str = "") -> PayrunLine:
    """Somebody moved the money of a line (or handed the cash over): it goes into the book once.

    A line that went before is answered as it is. One whose account changed since the run was made fails instead, and
    the state says so. Raises Conflict while the run waits for approval or is over, Invalid when the book refuses.
    """
    run = _locked(actor, run_id)
    line = queries.line_of(run.id, line_id)
    db.session.refresh(line)
    if line.state in (LineState.SENT, LineState.CONFIRMED):
        return line
    _must_be_open(run)
    rules.next_line(line.state, LineEvent.SEND)
    if (why := _changed(actor, line)) is not None:
        return _fail(actor, line, why)
    return _send(actor, run, line, reference)


def _must_be_open(run: Payrun) -> None:
    if run.state == RunState.PROPOSED:
        raise Conflict(N_("Lượt trả này chờ người thứ hai duyệt."), remedy=N_("Chưa chuyển tiền vội."))
    if run.state != RunState.OPEN:
        raise Conflict(N_("Lượt trả này đã đóng."), remedy=N_("Lập lượt trả mới."))


def _changed(actor: Actor, line: PayrunLine) -> Why | None:
    """Why a line's account may not be paid to any more; the producer is locked, so that it stays as seen."""
    if line.method != "bank":
        return None
    producer_of(line.producer_id, organisation_of(_cooperative(line)), lock=True)
    query = select(ProducerAccount).where(ProducerAccount.producer_id == line.producer_id)
    account = db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    return None if account is not None and account.changed_at == line.account_changed_at else Why.CHANGED


def _cooperative(line: PayrunLine) -> int:
    return db.session.get_one(Payrun, line.run_id).cooperative_id


def _send(actor: Actor, run: Payrun, line: PayrunLine, reference: str) -> PayrunLine:
    second = run.approved_by_user_id
    if second is not None and second == actor.user_id:
        second = (
            run.made_by_user_id
        )  # the one who approved moves the money: the other of the two is who made the run
    paid = pay_producer(
        actor,
        line.producer_id,
        line.amount_vnd,
        line.method,
        key_of(line),
        reference=reference,
        second_user_id=second,
    )
    line.payout_id, line.sent_by_user_id = paid.id, actor.user_id
    _move(line, LineEvent.SEND)
    db.session.flush()
    audit(actor, "send_payrun_line", f"payrun_line:{line.id}", ("state",))
    if line.method == "bank":
        tell(
            line.producer_id,
            f"payout:{paid.id}:sent",
            _(SENT, amount=vnd(paid.amount_vnd), number=paid.number),
        )
    return line


def _fail(actor: Actor, line: PayrunLine, why: str) -> PayrunLine:
    _move(line, LineEvent.FAIL, str(why))
    db.session.flush()
    audit(actor, "fail_payrun_line", f"payrun_line:{line.id}", ("state",))
    return line


def fail_line(actor: Actor, run_id: int, line_id: int, reason: str) -> PayrunLine:
    """The bank's app refused a line: it stays owed, the run goes on."""
    run = _locked(actor, run_id)
    line = queries.line_of(run.id, line_id)
    db.session.refresh(line)
    if line.state == LineState.FAILED:
        return line
    if len(reason := clean(reason)[:120]) < 3:
        raise Invalid(
            N_("Viết vì sao không chuyển được."), remedy=N_("Ví dụ: app báo sai số."), field="reason"
        )
    return _fail(actor, line, reason)


def send_all(actor: Actor, run_id: int, reference: str = "") -> tuple[int, int]:
    """The bank took the file: every bank line that waits goes into the book. A line that cannot go fails with its
    reason and does not stop the others. Returns how many went, how many failed."""
    run = _locked(actor, run_id)
    _must_be_open(run)
    sent = failed = 0
    for line in _planned(run.id, "bank"):
        why: str | None = _changed(actor, line)
        if why is None:
            try:
                with db.session.begin_nested():
                    _send(actor, run, line, reference)
                sent += 1
                continue
            except DomainError as error:
                db.session.refresh(line)
                why = _reason(error)
        _fail(actor, line, why)
        failed += 1
    return sent, failed


def _reason(error: DomainError) -> str:
    """A refusal of the book as it is kept beside the line."""
    return _(error.message, **error.params)[:200]


def take_return(actor: Actor, payout_id: int, reason: str, on: date | None = None) -> Payout:
    """The bank sent a payout back, of a run or not: owed again, the producer told, its line says so. Once."""
    actor.must_be(*STAFF)
    line = queries.line_of_payout(payout_id)
    if line is not None:
        db.session.get(Payrun, line.run_id, with_for_update=True)
        db.session.refresh(line)
    return_payout(actor, payout_id, reason, on)
    if line is not None and line.state != LineState.RETURNED:
        _move(line, LineEvent.RETURN, clean(reason)[:120])
        db.session.flush()
    return db.session.get_one(Payout, payout_id)


# ---- what a bank's statement says ----


class Seen(StrEnum):
    """What a debit on a bank's statement turned out to be."""

    CONFIRMED = "confirmed"  # a payout of ours, now confirmed
    AGAIN = "again"  # confirmed before
    RETURNED = "returned"  # of a payout that came back since
    DIFFERENT = "different"  # names a line of ours with another sum: nothing was changed
    REFUSED = "refused"  # names a line of ours that the book does not take: a person must look
    UNKNOWN = "unknown"  # none of ours


@dataclass(frozen=True)
class Debit:
    """The answer about a debit: what it was, and the line and payout it belongs to."""

    seen: Seen
    line_id: int | None = None
    payout_id: int | None = None


def confirm_sent(
    actor: Actor, organisation_id: int, amount_vnd: int, *, reference: str = "", content: str = ""
) -> Debit:
    """A bank's statement shows that money left. amount_vnd: đồng, more than 0.

    Found by the line's code in `content`, else by the bank's own `reference` and the sum. A line that nobody had
    marked goes into the book now: the bank knows best. The same row twice is answered `AGAIN`. Writes nothing else.
    """
    coop = of_organisation(organisation_id)
    for line_id in rules.lines_in(content):
        line = db.session.get(PayrunLine, line_id)
        run = db.session.get(Payrun, line.run_id, with_for_update=True) if line else None
        if line is not None and run is not None and run.cooperative_id == coop.id:
            db.session.refresh(line)
            return _debit_of(actor, run, line, amount_vnd, reference)
    return _by_reference(organisation_id, amount_vnd, reference)


def _debit_of(actor: Actor, run: Payrun, line: PayrunLine, amount_vnd: int, reference: str) -> Debit:
    if amount_vnd != line.amount_vnd:
        return Debit(Seen.DIFFERENT, line.id, line.payout_id)
    if line.state == LineState.PLANNED and run.state == RunState.OPEN:
        try:
            with db.session.begin_nested():
                _send(actor, run, line, reference)
        except DomainError:
            db.session.refresh(line)
            return Debit(Seen.REFUSED, line.id)
    seen = {
        LineState.CONFIRMED: Seen.AGAIN,
        LineState.RETURNED: Seen.RETURNED,
        LineState.SENT: Seen.CONFIRMED,
    }
    found = seen.get(LineState(line.state), Seen.REFUSED)
    if found is Seen.CONFIRMED:
        _move(line, LineEvent.CONFIRM)
        db.session.flush()
        audit(actor, "confirm_payrun_line", f"payrun_line:{line.id}", ("state",))
    return Debit(found, line.id, line.payout_id)


def _by_reference(organisation_id: int, amount_vnd: int, reference: str) -> Debit:
    """A payout that somebody entered with the bank's number. Two of one number and sum are no answer."""
    if not reference:
        return Debit(Seen.UNKNOWN)
    rows = list(db.session.execute(
        select(Payout).where(Payout.ledger_id == ledger_id(organisation_id), Payout.reference == clean(reference)[:60],
                             Payout.amount_vnd == amount_vnd, Payout.method == "bank")
    ).scalars())  # fmt: skip
    if len(rows) != 1:
        return Debit(Seen.UNKNOWN)
    line = queries.line_of_payout(rows[0].id)
    if line is None:
        return Debit(Seen.CONFIRMED, None, rows[0].id)
    seen = {LineState.SENT: Seen.CONFIRMED, LineState.CONFIRMED: Seen.AGAIN}.get(
        LineState(line.state), Seen.RETURNED
    )
    if seen is Seen.CONFIRMED:
        _move(line, LineEvent.CONFIRM)
        db.session.flush()
    return Debit(seen, line.id, rows[0].id)


def take_file(actor: Actor, run_id: int) -> Payrun:
    """Somebody takes the bank's file, which names accounts: an audit line says who. Raises Conflict before approval."""
    run = _locked(actor, run_id)
    _must_be_open(run)
    audit(actor, "take_payrun_file", f"payrun:{run.id}", ("account_number",), purpose="bank transfer")
    return run
