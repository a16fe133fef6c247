"""Verbs of disputes: a family opens one and asks, the cooperative answers, either closes it with an outcome."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from accounts.operations import audit
from accounts.queries import staff_of
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_, _
from core.once import allow_attempt
from messages.conversations import operations as conversations
from messages.operations import send
from revenue.disputes import queries
from revenue.disputes.models import Dispute
from revenue.disputes.rules import STAFF_OUTCOMES, About, Event, Outcome, State, after
from revenue.payouts.operations import tell

STAFF = (Role.MANAGER, Role.TREASURER)
FAMILY, COOPERATIVE = "family", "cooperative"
A_DAY = 10
TO_STAFF = N_("Chợ Phiên: một nhà hỏi về bảng kê. Mở Tiền, mục Nhà hỏi lại, để trả lời.")
TO_FAMILY = N_("Hợp tác xã đã trả lời chỗ nhà mình hỏi. Mở Bảng kê nhà mình để xem.")
CLOSED = N_("Chỗ nhà mình hỏi đã xong. Mở Bảng kê nhà mình để xem kết quả.")


@dataclass(frozen=True)
class Asked:
    """What a family says is wrong: of what kind, about which slip or payout, in its words."""

    about: About
    about_id: int | None
    text: str


def open_dispute(actor: Actor, producer_id: int, key: str, asked: Asked) -> Dispute:
    """A family says that something is wrong. The same key is the same dispute; ten a day.

    Raises NotFound for somebody else's statement, slip or payout, Invalid for an empty text.
    """
    if actor.user_id is None or producer_id not in {
        one.id for one in cooperatives.producers_of_user(actor.user_id)
    }:
        raise queries.no_dispute()
    if asked.about_id and not queries.subject_text(asked.about, asked.about_id, producer_id):
        raise NotFound(N_("Không có dòng này trong bảng kê."), remedy=N_("Mở lại bảng kê."))
    own = cooperatives.cooperative(cooperatives.producer(producer_id).cooperative_id).organisation_id or 0
    talk = conversations.begin(f"dispute:{producer_id}:{key}", f"producer:{producer_id}", FAMILY, actor.user_id,
                               asked.text)  # fmt: skip
    known = db.session.execute(select(Dispute).where(Dispute.conversation_id == talk.id)).scalar_one_or_none()
    if known is not None:
        return known
    allow_attempt("dispute", str(producer_id), most=A_DAY, within=timedelta(days=1))
    made = Dispute(
        conversation_id=talk.id, producer_id=producer_id, organisation_id=own, about=asked.about,
        about_id=asked.about_id, state=State.OPEN, opened_by_user_id=actor.user_id, opened_at=clock.now(),
        moved_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "open_dispute", f"dispute:{made.id}", ("about",))
    _tell_staff(made)
    return made


def _tell_staff(dispute: Dispute) -> None:
    turn = f"dispute:{dispute.id}:{dispute.moved_at.timestamp():.0f}"
    for grant, person in staff_of(dispute.organisation_id):
        if grant.role in STAFF:
            send(person.phone, "dispute", _(TO_STAFF), f"{turn}:{person.id}")


def ask(actor: Actor, dispute_id: int, key: str, text: str) -> Dispute:
    """The family says more."""
    found = _locked(dispute_id)
    queries.for_user(dispute_id, actor.user_id or 0)
    _say(actor, found, Event.ASK, key, FAMILY, text)
    _tell_staff(found)
    return found


def answer(actor: Actor, dispute_id: int, key: str, text: str) -> Dispute:
    """The cooperative answers; the family is told that there is an answer, not what it says."""
    actor.must_be(*STAFF)
    found = _locked(dispute_id)
    queries.for_staff(dispute_id, actor.organisation_id)
    _say(actor, found, Event.ANSWER, key, COOPERATIVE, text)
    tell(found.producer_id, f"dispute:{found.id}:answer:{found.moved_at.timestamp():.0f}", _(TO_FAMILY))
    return found


def _locked(dispute_id: int) -> Dispute:
    found = db.session.get(Dispute, dispute_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise queries.no_dispute()
    return found


def _say(actor: Actor, found: Dispute, event: Event, key: str, side: str, text: str) -> None:
    state = after(found.state, event)
    conversations.say(found.conversation_id, key, side, actor.user_id, text)
    found.state, found.moved_at = state, clock.now()
    db.session.flush()
    audit(actor, f"{event}_dispute", f"dispute:{found.id}", ("text",))


def close_dispute(actor: Actor, dispute_id: int, outcome: Outcome, text: str = "") -> Dispute:
    """End a dispute with its outcome: staff say how, with words; the family may withdraw its own.

    A second close changes nothing. Nothing that was said is ever erased.
    """
    found = _locked(dispute_id)
    if actor.role in STAFF and found.organisation_id == actor.organisation_id:
        if outcome not in STAFF_OUTCOMES:
            raise Invalid(N_("Chỉ nhà mới rút lại được."), field="outcome")
        side = COOPERATIVE
    else:
        queries.for_user(dispute_id, actor.user_id or 0)
        side, outcome = FAMILY, Outcome.WITHDRAWN
    if found.state == State.CLOSED:
        return found
    state = after(found.state, Event.CLOSE)
    if text.strip() or side == COOPERATIVE:
        conversations.say(found.conversation_id, f"close:{found.id}", side, actor.user_id, text)
    conversations.close(found.conversation_id)
    found.state, found.outcome, found.moved_at, found.closed_by_user_id = (
        state,
        outcome,
        clock.now(),
        actor.user_id,
    )
    db.session.flush()
    audit(actor, "close_dispute", f"dispute:{found.id}", ("outcome",))
    if side == COOPERATIVE:
        tell(found.producer_id, f"dispute:{found.id}:closed", _(CLOSED))
    return found
