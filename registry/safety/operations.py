"""Verbs: write a breach down, add what was done, say who was told; forget what has stayed long enough."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from accounts.models import Grant, User
from accounts.operations import audit
from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Invalid
from core.i18n import N_, _
from households.imports.operations import drop_previews
from messages.operations import send
from registry.models import Review
from registry.operations import advance
from registry.procedure.models import Objection
from registry.record import erasing
from registry.rules import Event, State
from registry.safety import queries
from registry.safety.models import Breach
from registry.safety.queries import MEASURES, WHAT
from registry.safety.rules import TEXT_MAX, Standing, kept_for, standing

KEEPERS = (Role.ADMINISTRATOR,)
REMIND = {
    Standing.SOON: N_("Vụ lộ dữ liệu: còn dưới 24 giờ để báo. Mở trang Vụ lộ dữ liệu."),
    Standing.LATE: N_("Vụ lộ dữ liệu: đã quá 72 giờ mà chưa báo. Mở trang Vụ lộ dữ liệu."),
}


@dataclass(frozen=True)
class Noticed:
    """What is known at first. key: the form's own. affected: people, 0 where it is not known yet."""

    key: str
    at: datetime
    what: str
    affected: int = 0


def record_breach(actor: Actor, noticed: Noticed) -> Breach:
    """Write a breach down; its clock runs since it was noticed. Sent twice is one. Raises Invalid."""
    actor.must_be(*KEEPERS)
    held = db.session.execute(select(Breach).where(Breach.key == noticed.key)).scalar_one_or_none()
    if held is not None:
        return held
    if noticed.at > clock.now():
        raise Invalid(N_("Giờ phát hiện chưa tới."), remedy=N_("Xem lại ngày giờ."), field="noticed_at")
    if not 10 <= len(noticed.what) <= TEXT_MAX:
        raise Invalid(N_("Viết rõ điều gì đã xảy ra, dữ liệu nào."), field="what")
    made = Breach(
        key=noticed.key,
        noticed_at=noticed.at,
        what=encrypt(noticed.what, field=WHAT, owner=f"breach:{noticed.key}"),
        affected_count=max(0, noticed.affected),
        recorded_at=clock.now(),
        recorded_by_user_id=actor.user_id or 0,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "record breach", f"breach:{made.id}", ("what", "affected"), "breach")
    return made


def add_measures(actor: Actor, key: str, words: str, affected: int) -> Breach:
    """Write what was done so far, and how many people are affected by what is known now."""
    actor.must_be(*KEEPERS)
    found = queries.by_key(key)
    if not words or len(words) > TEXT_MAX:
        raise Invalid(N_("Viết đã làm gì để chặn và sửa."), field="measures")
    found.measures = encrypt(words, field=MEASURES, owner=f"breach:{key}")
    found.affected_count = max(0, affected)
    db.session.flush()
    audit(actor, "write measures", f"breach:{found.id}", ("measures", "affected"), "breach")
    return found


def tell(actor: Actor, key: str, whom: str) -> Breach:
    """Say who was told, now. Twice keeps the first. Raises Invalid without a name."""
    actor.must_be(*KEEPERS)
    found = queries.by_key(key)
    if not whom.strip():
        raise Invalid(N_("Viết đã báo cho cơ quan nào, những ai."), field="whom")
    if found.notified_at is None:
        found.notified_at, found.notified_whom = clock.now(), whom.strip()[:200]
        db.session.flush()
        audit(actor, "notify breach", f"breach:{found.id}", ("notified",), "breach")
    return found


def remind_of_breaches() -> int:
    """One message to each administrator when a day is left, one when it is late; how many were written."""
    phones = list(
        db.session.execute(
            select(User.phone)
            .join(Grant, Grant.user_id == User.id)
            .where(Grant.role == Role.ADMINISTRATOR, Grant.to_on.is_(None) | (Grant.to_on >= clock.today()))
            .distinct()
        ).scalars()
    )
    written = 0
    for one in queries.waiting():
        stage = standing(one.noticed_at, None, clock.now())
        if stage in REMIND:
            for number, phone in enumerate(sorted(phones)):
                send(phone, "breach", _(REMIND[stage]), f"breach:{one.id}:{stage}:{number}")
                written += 1
    return written


def forget_drafts(most: int = 200) -> int:
    """Declarations begun and left: withdrawn and emptied, as if the household had asked. How many."""
    before = clock.now() - kept_for("draft", clock.today())
    query = select(Review).where(Review.state == State.DRAFT, Review.started_at < before).limit(most)
    found = list(db.session.execute(query).scalars())
    for review in found:
        advance(review, Event.WITHDRAW)
        review.answers, review.answers_hash = None, ""
        audit(SYSTEM, "forget draft", f"review:{review.id}", ("answers",), "retention")
    db.session.flush()
    return len(found)


def forget_contacts() -> int:
    """Where to answer an objection, long after it was answered. How many."""
    before = clock.now() - kept_for("contact", clock.today())
    where = (Objection.decided_at < before, Objection.contact.is_not(None))
    gone = db.session.execute(update(Objection).where(*where).values(contact=None))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def forget_decided() -> int:
    """What was said in cases decided long ago, and in plans and visits that are long over. How many pieces; one line in
    the audit chain says so, and names nobody."""
    today = clock.today()
    cases = erasing.decided_before(today - kept_for("decided", today))
    care = erasing.followed_before(today - kept_for("followed", today))
    if cases or care:
        audit(SYSTEM, "forget decided", f"registry:{cases}+{care}", ("words", "photos"), "retention")
    return cases + care


def forget_old() -> int:
    """All that has stayed long enough; how many pieces."""
    previews = drop_previews(clock.now() - kept_for("preview", clock.today()))
    return forget_drafts() + forget_contacts() + previews
