"""One duty for each rail: ask its provider about everything unfinished, and hold its own book against ours."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from core.errors import DomainError
from core.once import one_at_a_time
from payments.attempts import operations, queries, refunds, rules
from payments.attempts.models import Attempt, BookDifference, RailDispute, RailRefund
from payments.attempts.rules import RefundState, State
from payments.providers.protocol import Movement, ProviderDown, Receipt
from payments.rails import queries as rails
from payments.rails.models import RailAccount
from payments.rails.operations import call, probe_rails

log = logging.getLogger(__name__)
BOOK_EVERY = timedelta(hours=1)
BOOK_BACK = timedelta(
    days=2
)  # read again each time: a line may be booked late, and reading twice is harmless
BOOK_FIRST = timedelta(days=30)
SETTLES = timedelta(minutes=30)  # a line this young may only be ahead of its news


@dataclass
class Tally:
    """What one round did. asked: attempts and refunds; changed: of them; down: not answered; differences: in books."""

    asked: int = 0
    changed: int = 0
    down: int = 0
    differences: int = 0


def reconcile(rail: str, *, everything: bool = False) -> Tally:
    """Ask the provider of a rail about everything unfinished that is due; everything: about the rest as well."""
    tally = Tally()
    if not rails.accounts(rail):
        return tally
    probe_rails(rail)
    if everything:
        _due_now(rail)
    for attempt_id in queries.due(rail):
        _one(tally, operations.look, attempt_id)
    for refund_id in queries.refunds_due(rail):
        _one(tally, refunds.send, refund_id)
    for account in rails.accounts(rail):
        if everything or account.book_read_to is None or clock.now() - account.book_read_to > BOOK_EVERY:
            _compare(tally, account.id)
    return tally


def _due_now(rail: str) -> None:
    """Let everything unfinished be due: payments, fees that are not known, refunds."""
    now = clock.now()
    with transaction():
        for account in rails.accounts(rail):
            waits = Attempt.state.in_(queries.OPEN_STATES) | Attempt.fee_vnd.is_(None)
            for model, condition in (
                (Attempt, waits),
                (RailRefund, RailRefund.state == str(RefundState.PENDING)),
            ):
                mine: Any = update(model).where(
                    model.rail_account_id == account.id, condition, model.look_at > now
                )
                db.session.execute(mine.values(look_at=now))


def _one(tally: Tally, verb: Any, row_id: int) -> None:
    """One row; what goes wrong with it is logged and does not stop the others."""
    tally.asked += 1
    try:
        tally.changed += verb(row_id) is Receipt.APPLIED
    except ProviderDown:
        tally.down += 1
    except DomainError as error:
        log.warning("not reconciled", extra={"row": row_id, "error": type(error).__name__})
        db.session.rollback()


def _compare(tally: Tally, account_id: int) -> None:
    """Read the provider's book where it has one, and note every line that ours does not have."""
    account = rails.account(account_id)
    if not hasattr(rails.provider(account), "movements"):
        return  # nothing is asked: an answer that nobody gave would pass for a sign of life
    since = (account.book_read_to or clock.now() - BOOK_FIRST) - BOOK_BACK
    started = clock.now()

    def read(provider: Any) -> list[Movement]:
        return list(provider.movements(since))

    try:
        found = call(account_id, read)
    except ProviderDown:
        tally.down += 1
        return
    tally.changed += _ask_again(account_id, found)
    with transaction():
        tally.differences += _note(account_id, found)
    with transaction():
        db.session.get_one(RailAccount, account_id).book_read_to = started


def _ask_again(account_id: int, found: Iterable[Movement]) -> int:
    """Money in the provider's book whose attempt we hold for unpaid: ask at once; how many were."""
    changed = 0
    for one in found:
        attempt = _attempt(account_id, one.ref) if one.kind == "payment" else None
        if attempt is not None and attempt.state != State.PAID:
            try:
                changed += operations.look(attempt.id) is Receipt.APPLIED
            except ProviderDown:
                return changed
    return changed


def _attempt(account_id: int, payment_ref: str) -> Attempt | None:
    wanted = select(Attempt).where(Attempt.rail_account_id == account_id, Attempt.payment_ref == payment_ref)
    return db.session.execute(wanted).scalar_one_or_none() if payment_ref else None


def _note(account_id: int, found: Iterable[Movement]) -> int:
    """Write down what differs, each line once; the worker and a person's command may compare at the same moment."""
    one_at_a_time("rail_book", str(account_id))
    count = 0
    for one in found:
        if one.kind not in ("payment", "refund", "dispute") or clock.now() - one.at < SETTLES:
            continue
        ours = _ours(account_id, one)
        same = (one.currency != "VND" and ours != 0) or ours == one.amount_vnd
        known = db.session.execute(
            select(BookDifference).where(
                BookDifference.rail_account_id == account_id, BookDifference.movement_ref == one.movement_ref
            )
        ).scalar_one_or_none()
        if same:
            if known is not None and known.settled_at is None:
                known.settled_at = clock.now()
        elif known is None:
            count += 1
            db.session.add(BookDifference(
                rail_account_id=account_id, movement_ref=one.movement_ref, kind=one.kind, theirs_vnd=one.amount_vnd,
                ours_vnd=ours, currency=one.currency[:3], at=one.at,
            ))  # fmt: skip
    db.session.flush()
    return count


def _ours(account_id: int, one: Movement) -> int:
    """What our rows say of a line of the provider's book, signed as it is there; 0 when we do not know it."""
    if one.kind == "payment":
        attempt = _attempt(account_id, one.ref)
        return attempt.amount_vnd if attempt and attempt.state == State.PAID else 0
    if one.kind == "refund":
        wanted: Any = select(RailRefund.amount_vnd).where(
            RailRefund.rail_account_id == account_id, RailRefund.refund_ref == one.ref
        )
    else:
        wanted = select(RailDispute.amount_vnd).where(
            RailDispute.rail_account_id == account_id, RailDispute.dispute_ref == one.ref
        )
    return -int(db.session.execute(wanted).scalar_one_or_none() or 0)


def unfinished_count(rail: str) -> int:
    """How many attempts and refunds of a rail are not finished."""
    ids = [account.id for account in rails.accounts(rail)]
    open_ones = select(Attempt.id).where(
        Attempt.rail_account_id.in_(ids), Attempt.state.in_(rules.UNFINISHED)
    )
    back = select(RailRefund.id).where(
        RailRefund.rail_account_id.in_(ids), RailRefund.state == str(RefundState.PENDING)
    )
    return len(db.session.execute(open_ones).all()) + len(db.session.execute(back).all())
