"""Weighing pays an advance; a voided slip takes it back."""

from datetime import datetime

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from cooperatives.rules import WHOLE_BP
from cooperatives.terms.queries import advance_bp_on
from core import clock
from core.db import db
from core.errors import Invalid
from core.format import vnd
from core.i18n import N_
from core.money import share_bp
from revenue.closing.operations import late_note
from revenue.closing.queries import day_for
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import balance, lines_of, posted
from revenue.rules import AccountKind, EntryKind, Line, PayMethod, producer, slip
from traceability.models import Slip
from traceability.rules import Confirmation
from traceability.slips import operations as slips
from traceability.slips.rules import value_vnd

MONEY_OF = {PayMethod.CASH: AccountKind.CASH, PayMethod.BANK: AccountKind.BANK}


def weigh_and_advance(
    actor: Actor, *, key: str, producer_id: int, crop_id: int, gross_g: int, tare_g: int, grade: str,
    price_vnd_per_kg: int, advance_vnd: int = 0, pay_from: str = PayMethod.CASH, weighed_at: datetime | None = None,
    confirmed_how: str = Confirmation.IN_PERSON,
) -> Slip:  # fmt: skip
    """Write a weighing slip and pay its advance, if any, from cash or bank. Weights in grams, money in đồng.

    The same `key` gives the same slip and pays once. Raises what `traceability` raises for wrong figures, and
    Invalid when cash or bank does not hold the advance.
    """
    if advance_vnd:
        actor.must_be(Role.MANAGER)
        _hold_book(actor)
    row = slips.weigh(actor, key, producer_id, crop_id, gross_g, tare_g, grade, price_vnd_per_kg, advance_vnd,
                      weighed_at, confirmed_how=confirmed_how)  # fmt: skip
    if advance_vnd:
        _refuse_more_than_agreed(row)
        lines = [
            Line(AccountKind.PRODUCER_ADVANCE, slip(row.id), advance_vnd, producer_id=producer_id,
                 household_id=row.household_id),
            Line(MONEY_OF[PayMethod(pay_from)], "", -advance_vnd),
        ]  # fmt: skip
        own = organisation_of(row.cooperative_id)
        if posted(own, f"advance:{row.id}") is None:
            dated = day_for(own, row.weighed_on)  # weighed offline, and its month was closed meanwhile
            post(own, EntryKind.ADVANCE, f"advance:{row.id}", lines, dated.on, slip_id=row.id,
                 note=late_note(dated, row.number))  # fmt: skip
    return row


def _refuse_more_than_agreed(row: Slip) -> None:
    """The terms of the day say how much of a slip's value is paid at the scale at most."""
    rate = advance_bp_on(row.cooperative_id, row.weighed_on)
    most = share_bp(value_vnd(row.net_g, row.price_vnd_per_kg), rate)
    if rate < WHOLE_BP and row.advance_vnd > most:
        raise Invalid(
            N_("Quy chế cho ứng nhiều nhất %(most)s cho phiếu này."), remedy=N_("Ghi số nhỏ hơn."), most=vnd(most),
            field="advance_vnd",
        )  # fmt: skip


def void_slip(actor: Actor, slip_id: int, reason: str, *, money_back: bool = True) -> Slip:
    """Say that a slip does not count and undo its advance. A second void changes nothing.

    money_back: the advance is in the till again (or never left it); else the producer keeps it and owes it, netted
    from later shares. What other sales had settled of it becomes payable again. Refused while the slip is in a batch.
    """
    known = db.session.get(Slip, slip_id)
    if known is not None and known.advance_vnd:
        _hold_book(actor)
    row = slips.void_slip(actor, slip_id, reason)
    organisation_id = organisation_of(row.cooperative_id)
    paid = posted(organisation_id, f"advance:{slip_id}")
    if paid is None or posted(organisation_id, f"advance-back:{slip_id}"):
        return row
    still_open = balance(organisation_id, AccountKind.PRODUCER_ADVANCE, slip(slip_id))
    who, home = row.producer_id, row.household_id
    to = Line(_paid_from(paid.id), "", row.advance_vnd) if money_back else Line(
        AccountKind.PRODUCER_RECEIVABLE, producer(who), row.advance_vnd, producer_id=who, household_id=home
    )  # fmt: skip
    back = [
        Line(AccountKind.PRODUCER_ADVANCE, slip(slip_id), -still_open, producer_id=who, household_id=home),
        Line(AccountKind.PRODUCER_PAYABLE, producer(who), still_open - row.advance_vnd, producer_id=who,
             household_id=home),
    ]  # fmt: skip
    lines = [to, *(line for line in back if line.amount_vnd)]
    made = post(organisation_id, EntryKind.ADVANCE_BACK, f"advance-back:{slip_id}", lines, clock.today(),
                slip_id=slip_id, note=row.number)  # fmt: skip
    audit(actor, "take_back_advance", f"entry:{made.id}", fields=("postings",))
    return row


def _hold_book(actor: Actor) -> None:
    """The book before the log and the chain of audit, as all verbs hold them (`traceability.log`)."""
    if actor.organisation_id is not None:
        lock_book(actor.organisation_id)


def _paid_from(entry_id: int) -> AccountKind:
    return next(line.kind for line in lines_of(entry_id) if line.amount_vnd < 0)


def organisation_of(cooperative_id: int) -> int:
    """The organisation whose ledger a cooperative's money stands in. Raises Invalid before its approval."""
    found = db.session.get_one(Cooperative, cooperative_id).organisation_id
    if found is None:
        raise Invalid(N_("Hợp tác xã chưa được duyệt."))
    return found
