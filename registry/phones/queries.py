"""What a phone may take along, and what phones brought that differs from what stands here."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from accounts import phone
from accounts.models import User
from accounts.rules import Actor, Role
from core import clock
from core.crypto import decrypt, keyed_hash
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.queries import head_names, household_of_user
from registry import queries as declarations
from registry.fairness.ties import kin_of, works_with
from registry.models import Review
from registry.phones.models import PhoneEntry
from registry.phones.rules import LIST_MOST, EntryState, Kind
from registry.procedure import queries as procedure
from registry.procedure.models import CaseStep, ReviewCase
from registry.procedure.rules import CaseState
from registry.rules import State

BODY, PHOTO = "phone_entry.body", "phone_entry.photo"
OFFICERS = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
WAITING = (CaseState.REQUESTED, CaseState.LISTED, CaseState.SCREENED)
FORM_A = (CaseState.REQUESTED, CaseState.LISTED)


def passport(actor: Actor) -> dict[str, Any]:
    """Who works on this phone now, the key that seals what waits in it, and what she may send from here."""
    return phone.passport(actor) | {
        "declaration": True,
        "village": actor.role in OFFICERS,
        "now": int(clock.now().timestamp()),
    }


# ---- what stands here, as a phone may remember it: hashes that say nothing ----


def newest(household_id: int) -> Review | None:
    """A household's newest declaration that was not taken back."""
    query = select(Review).where(Review.household_id == household_id, Review.state != State.WITHDRAWN)
    return db.session.execute(query.order_by(Review.id.desc()).limit(1)).scalars().first()


def token_of(review: Review | None) -> str:
    """A fingerprint of a declaration's answers; '' for none. Says nothing to whoever has no key."""
    if review is None or not declarations.answers_of(review):
        return ""
    return keyed_hash(f"{review.key}:{review.answers_hash}", purpose="phone base")[:24]


def last_step(case: ReviewCase) -> str:
    """A fingerprint of where a case stands."""
    last = db.session.execute(select(func.max(CaseStep.id)).where(CaseStep.case_id == case.id)).scalar()
    return keyed_hash(f"{case.key}:{case.state}:{last}", purpose="phone base")[:24]


# ---- the list of the day ----


@dataclass(frozen=True)
class DayRow:
    """A household of the list: only what filling in forms A and B needs. base_a, base_b: what stands here now."""

    case: str
    head: str
    form_a: bool
    base_a: str
    base_b: str
    declared: bool


def day_list(actor: Actor, village: str) -> list[tuple[ReviewCase, DayRow]]:
    """Households of one village that wait for form A or B, at most 40; none that the officer may not judge."""
    where = (
        ReviewCase.commune_id == actor.unit_id,
        ReviewCase.village == village,
        ReviewCase.state.in_(WAITING),
    )
    cases = db.session.execute(
        select(ReviewCase).where(*where).order_by(ReviewCase.due_on, ReviewCase.id)
    ).scalars()
    mine = household_of_user(actor.user_id or 0)
    user_id = actor.user_id or 0
    tied = kin_of([user_id])[user_id] | ({mine.id} if mine is not None else set())
    may = [
        one
        for one in cases
        if one.household_id not in tied
        and procedure.covers(actor, one.commune_id, one.village)
        and not works_with(user_id, one.household_id)
    ][:LIST_MOST]
    heads = head_names({one.household_id for one in may}, clock.today())
    return [(one, _day_row(one, heads.get(one.household_id, ""))) for one in may]


def _day_row(case: ReviewCase, head: str) -> DayRow:
    review = newest(case.household_id)
    return DayRow(
        case=case.key,
        head=head,
        form_a=case.state in FORM_A,
        base_a=last_step(case),
        base_b=token_of(review),
        declared=review is not None and review.state == State.SUBMITTED,
    )


def villages(actor: Actor) -> dict[str, int]:
    """Villages within reach with households that wait for form A or B."""
    return procedure.villages_at(actor, *WAITING)


# ---- what arrived and differs ----


def body_of(entry: PhoneEntry) -> dict[str, Any]:
    """What was filled in; {} once it was taken."""
    if entry.body is None:
        return {}
    return dict(json.loads(decrypt(entry.body, field=BODY, owner=f"phone_entry:{entry.key}")))


def photo_of(entry: PhoneEntry) -> bytes | None:
    """The photo of the signed sheet that came along."""
    if entry.photo is None:
        return None
    return base64.b64decode(decrypt(entry.photo, field=PHOTO, owner=f"phone_entry:{entry.key}"))


def family_s_own(entry: PhoneEntry) -> bool:
    """Whether what stands here is the family's own draft: then the family alone looks and chooses."""
    if entry.kind == Kind.OWN:
        return True
    review = newest(entry.household_id)
    return (
        entry.kind == Kind.ANSWERS
        and review is not None
        and review.state == State.DRAFT
        and review.helped_by_user_id is None
    )


def review_of(entry: PhoneEntry) -> Review | None:
    """The declaration that a form became."""
    return db.session.get(Review, entry.review_id) if entry.review_id else None


def case_of(entry: PhoneEntry) -> ReviewCase | None:
    """The case an officer's form was filled in for."""
    return db.session.get(ReviewCase, entry.case_id) if entry.case_id else None


def may_settle(actor: Actor, entry: PhoneEntry) -> bool:
    """The family where it is its own; else the officers of the place, who are not of the household."""
    mine = household_of_user(actor.user_id or 0)
    if mine is not None and mine.id == entry.household_id:
        return family_s_own(entry)
    case = case_of(entry)
    return (
        not family_s_own(entry)
        and case is not None
        and actor.role in OFFICERS
        and procedure.covers(actor, case.commune_id, case.village)
    )


def entry_for(actor: Actor, key: str) -> PhoneEntry:
    """A form that differs, for whoever may look at both. Its sender may know that it waits. Raises NotFound."""
    found = db.session.execute(select(PhoneEntry).where(PhoneEntry.key == key)).scalar_one_or_none()
    if found is None or not (may_settle(actor, found) or found.user_id == actor.user_id):
        raise NotFound(N_("Không tìm thấy bản này."), remedy=N_("Mở lại từ trang kê khai."))
    return found


@dataclass(frozen=True)
class Waiting:
    """One form that waits for somebody to choose."""

    key: str
    household_id: int
    kind: str
    by: str
    arrived_at: datetime


def differing(actor: Actor, most: int = 50) -> list[Waiting]:
    """Forms that differ from what stands here: of one's own household, and of an officer's place."""
    mine = household_of_user(actor.user_id or 0)
    reach = PhoneEntry.household_id == (mine.id if mine else 0)
    if actor.role in OFFICERS:
        place = select(ReviewCase.id).where(ReviewCase.commune_id == actor.unit_id)
        if actor.role is Role.VILLAGE_HEAD:
            place = place.where(ReviewCase.village == actor.village)
        reach = reach | PhoneEntry.case_id.in_(place)
    query = (
        select(PhoneEntry, User.name)
        .join(User, User.id == PhoneEntry.user_id)
        .where(PhoneEntry.state == EntryState.DIFFERS, reach)
        .order_by(PhoneEntry.id)
        .limit(most)
    )
    return [
        Waiting(one.key, one.household_id, one.kind, name, one.arrived_at)
        for one, name in db.session.execute(query)
        if may_settle(actor, one)
    ]


def of_household(household_id: int) -> list[PhoneEntry]:
    """Everything that phones brought for a household, newest first; for its own record."""
    query = select(PhoneEntry).where(PhoneEntry.household_id == household_id)
    return list(db.session.execute(query.order_by(PhoneEntry.id.desc())).scalars())
