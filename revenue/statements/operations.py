"""Verbs of statements on paper: give one out, make it void, put another in its place; and confirm an amount."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.once import allow_attempt, one_at_a_time
from core.text import clean
from revenue.statements.models import Paper
from revenue.statements.queries import Statement
from revenue.statements.rules import PaperEvent, PaperState, next_paper, number_from

STAFF = (Role.MANAGER, Role.TREASURER)
ASK_MOST, ASK_WITHIN = 5, timedelta(hours=1)
OWN_MOST = 10  # papers that a family may give itself in a day
SUMS = ("earned_vnd", "withheld_vnd", "advanced_vnd", "open_advance_vnd", "debt_vnd", "paid_vnd", "owed_vnd")


def new_number() -> str:
    """A number that says nothing: 15 digits of chance and a check digit."""
    return number_from(f"{secrets.randbelow(10**15):015}")


@dataclass(frozen=True)
class Drawn:
    """A paper that is drawn and not given out yet: its number, its file, the statement it shows."""

    number: str
    file: str
    seen: Statement


def _serves(actor: Actor, producer_id: int) -> int:
    """The organisation of a producer, when the actor is its staff or the producer herself. NotFound for others."""
    one = cooperatives.producer(producer_id)
    own = cooperatives.cooperative(one.cooperative_id).organisation_id or 0
    staff = actor.role is Role.SYSTEM or (actor.role in STAFF and actor.organisation_id == own)
    if not staff and producer_id not in {
        mine.id for mine in cooperatives.producers_of_user(actor.user_id or 0)
    }:
        raise NotFound(N_("Không có bảng kê này."), remedy=N_("Mở lại từ danh sách."))
    return own


def issue(actor: Actor, producer_id: int, key: str, drawn: Drawn) -> Paper:
    """Give out a statement under its random number. The same key is the same paper.

    By staff of the cooperative, or by the producer herself, ten a day. drawn: made outside the transaction.
    """
    own = _serves(actor, producer_id)
    one_at_a_time(
        "statement_paper", f"{producer_id}:{key}"
    )  # a second tap waits here, then finds the first's
    known = db.session.execute(
        select(Paper).where(Paper.producer_id == producer_id, Paper.key == key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    if actor.role not in (*STAFF, Role.SYSTEM) or actor.organisation_id != own:
        allow_attempt("own-statement", str(producer_id), most=OWN_MOST, within=timedelta(days=1))
    seen = drawn.seen
    if seen.producer_id != producer_id or seen.organisation_id != own:
        raise Invalid(N_("Bảng kê này là của nhà khác."))
    made = Paper(
        number=drawn.number, key=key, producer_id=producer_id, organisation_id=own, issued_at=clock.now(),
        issued_by_user_id=actor.user_id, upto_seq=seen.upto_seq, upto_hash=seen.upto_hash,
        delivered_g=seen.delivered_g, file=drawn.file, state=PaperState.VALID,
        **{name: getattr(seen, name) for name in SUMS},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "issue_statement", f"statement_paper:{made.id}", ("number",))
    return made


def _staffs(actor: Actor, paper_id: int) -> Paper:
    actor.must_be(*STAFF)
    found = db.session.get(Paper, paper_id, with_for_update=True, populate_existing=True)
    if found is None or (actor.role is not Role.SYSTEM and found.organisation_id != actor.organisation_id):
        raise NotFound(N_("Không có bảng kê này."), remedy=N_("Mở lại từ danh sách."))
    return found


def _why(reason: str) -> str:
    if len(words := clean(reason)[:200]) < 3:
        raise Invalid(N_("Viết vì sao."), remedy=N_("Ví dụ: in nhầm nhà."), field="reason")
    return words


def void(actor: Actor, paper_id: int, reason: str) -> Paper:
    """Say that a paper does not count; whoever asks about its number learns it. A second time changes nothing."""
    found = _staffs(actor, paper_id)
    if found.state == PaperState.VOID:
        return found
    state, words = next_paper(found.state, PaperEvent.VOID), _why(reason)
    found.state, found.reason, found.moved_at = state, words, clock.now()
    db.session.flush()
    audit(actor, "void_statement", f"statement_paper:{found.id}", ("state",))
    return found


def replace(actor: Actor, paper_id: int, reason: str, key: str, drawn: Drawn) -> Paper:
    """Give out a new paper in the place of one; the old number says from now on that it was replaced."""
    found = _staffs(actor, paper_id)
    known = db.session.execute(
        select(Paper).where(Paper.producer_id == found.producer_id, Paper.key == key)
    ).scalar_one_or_none()
    if known is not None and found.replaced_by_id == known.id:
        return known
    state, words = next_paper(found.state, PaperEvent.REPLACE), _why(reason)
    made = issue(actor, found.producer_id, key, drawn)
    found.state, found.reason, found.moved_at, found.replaced_by_id = state, words, clock.now(), made.id
    db.session.flush()
    audit(actor, "replace_statement", f"statement_paper:{found.id}", ("state",))
    return made


def asked(number: str) -> None:
    """Count a question about an amount, five an hour for a number; commit it whatever follows. Raises TooMany."""
    allow_attempt("verify-amount", number, most=ASK_MOST, within=ASK_WITHIN)
