"""Verbs of complaints: receive, acknowledge, answer, accept, escalate, forward, decide; and what the clock does."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import func, insert, select, update

from accounts.operations import audit
from accounts.queries import staff_of
from accounts.rules import SYSTEM, Actor, Role
from cooperatives.queries import cooperative, of_organisation
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_, _
from core.limits import limit
from core.once import allow_attempt
from core.text import clean
from messages.operations import send
from orders import queries as orders
from orders.complaints import rules
from orders.complaints.models import Complaint, ComplaintStep
from orders.complaints.rules import Event, Kind, State
from orders.rules import read_code

RECEIVED = N_("Chợ Phiên: đã nhận khiếu nại của bạn. Theo dõi từng bước ở đây: %(link)s")
MOVED = N_("Chợ Phiên: khiếu nại của bạn, %(state)s. Xem ở đây: %(link)s")
TO_MANAGER = N_("Chợ Phiên: có khiếu nại mới, trả lời trước %(days)s ngày. Mở mục Khiếu nại.")


@dataclass(frozen=True)
class Said:
    """What somebody complains of. phone: E.164. code: of an order as typed, or empty. photo: a private file's name."""

    kind: str
    text: str
    wish: str
    name: str
    phone: str
    code: str = ""
    about: str = ""
    language: str = "vi"
    photo: str | None = None


def receive(key: str, said: Said) -> Complaint:
    """Take a complaint in; the same key is the same complaint.

    With an order's code and the phone it was ordered with it goes to that cooperative, except what is the market's own
    to judge; without, to the market. Raises Invalid for an empty text or a code that does not belong to that phone,
    TooMany past five a day from one number.
    """
    earlier = db.session.execute(select(Complaint).where(Complaint.key == key)).scalar_one_or_none()
    if earlier is not None:
        return earlier
    allow_attempt("complaint", said.phone, most=5, within=timedelta(days=1))
    words = clean(said.text, lines=True)[:3000]
    if not words:
        raise Invalid(N_("Viết chuyện đã xảy ra."), remedy=N_("Vài câu là đủ."), field="text")
    order = orders.find(said.phone, read_code(said.code)) if said.code.strip() else None
    if said.code.strip() and order is None:
        raise Invalid(
            N_("Không có đơn nào với số và mã này."), remedy=N_("Để trống mã nếu không nhớ."), field="code"
        )
    kind = Kind(said.kind)
    seller = order.cooperative_id if order is not None and kind not in rules.MARKETS_OWN else None
    state = State.WITH_COOPERATIVE if seller else State.ESCALATED
    made = Complaint(
        key=key, token=secrets.token_urlsafe(18), kind=kind, order_id=order.id if order else None,
        cooperative_id=seller, about=clean(said.about)[:300], name=clean(said.name)[:120], phone=said.phone,
        language=said.language, text=words,
        wish=clean(said.wish, lines=True)[:1000], photo=said.photo, state=state, received_at=clock.now(),
        since_at=clock.now(), due_at=_due(state),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _note(made.id, "receive", state, SYSTEM, "")
    audit(SYSTEM, "receive complaint", f"complaint:{made.id}", ("kind", "order_id"))
    _tell(made, RECEIVED, "received")
    _tell_managers(made)
    return made


def _due(state: State) -> datetime | None:
    name = rules.LIMIT_OF.get(state)
    return rules.due(clock.now(), limit(name)) if name else None


def _note(complaint_id: int, event: str, to: State, actor: Actor, text: str) -> None:
    seq = select(func.coalesce(func.max(ComplaintStep.seq), 0)).where(
        ComplaintStep.complaint_id == complaint_id
    )
    db.session.execute(insert(ComplaintStep).values(
        complaint_id=complaint_id, seq=db.session.execute(seq).scalar_one() + 1, event=str(event), to_state=to,
        at=clock.now(), by_user_id=actor.user_id, role=actor.role, text=text,
    ))  # fmt: skip


def _move(actor: Actor, found: Complaint, event: Event, text: str = "", **values: object) -> Complaint:
    """Move a complaint along its table, write the step, tell the person; of two at once one wins."""
    before, to = found.state, rules.after(found.state, event)
    stamps: dict[str, object] = {"since_at": clock.now(), "due_at": _due(to)} if to != before else {}
    if to is State.SETTLED:
        stamps["settled_at"] = clock.now()
    changed = db.session.execute(
        update(Complaint).where(Complaint.id == found.id, Complaint.state == before).values(
            state=to, **stamps, **values)
    )  # fmt: skip
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        rules.after(State.SETTLED, event)
    db.session.refresh(found)
    _note(found.id, event, to, actor, text)
    audit(actor, f"complaint {event}", f"complaint:{found.id}", ("state",))
    if event is not Event.ACCEPT:
        _tell(found, MOVED, f"{event}:{int(found.since_at.timestamp())}")
    return found


def link_of(found: Complaint) -> str:
    """The address by which a complaint is followed, in its language."""
    address = f"{current_app.config['BASE_URL']}/complaints/{found.token}"
    return address if found.language == "vi" else f"{address}?hl={found.language}"


def _tell(found: Complaint, template: str, key: str) -> None:
    if not found.phone:
        return
    with force_locale(found.language):
        state = _(rules.STATE_TEXT[State(found.state)])
        text = _(template, link=link_of(found), state=state[:1].lower() + state[1:])
    send(found.phone, "complaint", text, f"complaint:{found.id}:{key}", party=f"complaint:{found.id}")


def _tell_managers(found: Complaint) -> None:
    if found.cooperative_id is None or found.state != State.WITH_COOPERATIVE:
        return
    organisation_id = cooperative(found.cooperative_id).organisation_id
    text = _(TO_MANAGER, days=limit("complaint_answer_days"))
    for grant, person in staff_of(organisation_id) if organisation_id else []:
        if grant.role == Role.MANAGER:
            send(
                person.phone,
                "complaint",
                text,
                f"complaint:{found.id}:to:{person.id}:{int(found.since_at.timestamp())}",
            )


def _words(text: str, field: str) -> str:
    words = clean(text, lines=True)[:3000]
    if not words:
        raise Invalid(N_("Viết vài câu cho người kia biết."), field=field)
    return words


def _locked(complaint_id: int) -> Complaint:
    found = db.session.get(Complaint, complaint_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(N_("Không có khiếu nại này."))
    return found


# ---- the cooperative ----


def _own(actor: Actor, complaint_id: int) -> Complaint:
    actor.must_be(Role.MANAGER)
    found = _locked(complaint_id)
    if found.cooperative_id != of_organisation(actor.organisation_id).id:
        raise NotFound(N_("Không có khiếu nại này."))
    return found


def acknowledge(actor: Actor, complaint_id: int) -> Complaint:
    """The cooperative has seen it; the person is told. A second time changes nothing."""
    found = _own(actor, complaint_id)
    if found.acknowledged_at is not None:
        return found
    return _move(actor, found, Event.ACKNOWLEDGE, acknowledged_at=clock.now())


def answer(actor: Actor, complaint_id: int, text: str) -> Complaint:
    """How the cooperative will settle it."""
    found = _own(actor, complaint_id)
    return _move(
        actor,
        found,
        Event.ANSWER,
        _words(text, "answer"),
        acknowledged_at=found.acknowledged_at or clock.now(),
    )


# ---- who complained ----


def by_token(token: str, *, lock: bool = False) -> Complaint:
    """The complaint of an unguessable link. Raises NotFound."""
    wanted = select(Complaint).where(Complaint.token == token)
    found = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có khiếu nại này."), remedy=N_("Mở đường dẫn trong tin nhắn."))
    return found


def accept(token: str) -> Complaint:
    """The person agrees with the answer."""
    return _move(SYSTEM, by_token(token, lock=True), Event.ACCEPT)


def escalate(token: str, text: str) -> Complaint:
    """The person does not agree, saying why: the market looks at it."""
    return _move(SYSTEM, by_token(token, lock=True), Event.ESCALATE, _words(text, "text"))


# ---- the market ----


def forward(actor: Actor, complaint_id: int, cooperative_id: int, text: str) -> Complaint:
    """Send it (back) to a cooperative, with a word."""
    actor.must_be(Role.ADMINISTRATOR)
    cooperative(cooperative_id)
    found = _move(actor, _locked(complaint_id), Event.FORWARD, clean(text, lines=True)[:3000],
                  cooperative_id=cooperative_id, acknowledged_at=None)  # fmt: skip
    _tell_managers(found)
    return found


def decide(actor: Actor, complaint_id: int, text: str) -> Complaint:
    """The market's answer, which settles it here; other ways stay open to the person."""
    actor.must_be(Role.ADMINISTRATOR)
    return _move(actor, _locked(complaint_id), Event.DECIDE, _words(text, "answer"))


# ---- the clock ----


def act_on_time() -> int:
    """What nobody did in time: unanswered goes to the market, answered without objection is settled; how many.

    What waits for the market itself stays there and is shown as overdue: no clock settles it.
    """
    late = select(Complaint.id, Complaint.state).where(
        Complaint.state.in_((State.WITH_COOPERATIVE, State.ANSWERED)), Complaint.due_at <= clock.now()
    )
    rows = db.session.execute(late.order_by(Complaint.id).limit(50)).all()
    for complaint_id, state in rows:
        event = Event.ESCALATE if state == State.WITH_COOPERATIVE else Event.LAPSE
        _move(SYSTEM, _locked(complaint_id), event)
    return len(rows)
