"""What a phone may take along, and what phones brought that differs from what stands here."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

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
from registry.operations import HELPING_ROLES
from registry.phones.models import PhoneEntry
from registry.phones.rules import LIST_MOST, EntryState, Kind
from registry.procedure import queries as procedure
from registry.procedure.models import CaseStep, ReviewCase
from registry.procedure.rules import CaseState
from registry.rules import State
from registry.traits.queries import traits_of_case

BODY, PHOTO = "phone_entry.body", "phone_entry.photo"
OFFICERS = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
FORM_A = (CaseState.REQUESTED, CaseState.LISTED)
FORM_B = (*FORM_A, CaseState.SCREENED)
WAITING = (*FORM_B, CaseState.SCORED, CaseState.VISITED)


def passport(actor: Actor) -> dict[str, Any]:
    """Who works on this phone now, the key that seals what waits in it, and what she may send from here."""
    return phone.passport(actor) | {
        "declaration": True,
        "village": actor.role in HELPING_ROLES,
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


def last_step_row(case: ReviewCase) -> CaseStep | None:
    """The newest step of a case."""
    query = select(CaseStep).where(CaseStep.case_id == case.id).order_by(CaseStep.id.desc()).limit(1)
    return db.session.execute(query).scalars().first()


def last_step(case: ReviewCase) -> str:
    """A fingerprint of where a case stands."""
    last = last_step_row(case)
    return keyed_hash(f"{case.key}:{case.state}:{last.id if last else 0}", purpose="phone base")[:24]


def traits_token(case: ReviewCase) -> str:
    """A fingerprint of what form C says of a case; '' for nothing."""
    held = traits_of_case(case.id)
    return keyed_hash(f"{case.key}:{held.written()}", purpose="phone base")[:24] if held else ""


def meeting_token(commune_id: int, village: str) -> str:
    """A fingerprint of a village's newest meeting; '' before the first."""
    held = procedure.newest_meeting(commune_id, village)
    return keyed_hash(held.key, purpose="phone base")[:24] if held else ""


# ---- the list of the day ----


@dataclass(frozen=True)
class DayRow:
    """A household of the list: only what its forms need. base_*: what stands here now. score, chosen: classes so far;
    is_demo: the score came from invented points.

    case: the key of the case, or of the declaration that a family asked help with (`asked`).
    """

    case: str
    head: str
    form_a: bool = False
    form_b: bool = False
    visits: bool = False
    meets: bool = False
    asked: bool = False
    base_a: str = ""
    base_b: str = ""
    base_c: str = ""
    score: str = ""
    chosen: str = ""
    declared: bool = False
    is_demo: bool = False


def day_list(actor: Actor, village: str) -> list[tuple[ReviewCase, DayRow]]:
    """Households of one village that wait for a form, a visit or the meeting, at most 40; none tied to the officer."""
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
        form_b=case.state in FORM_B,
        visits=case.state in (CaseState.SCORED, CaseState.VISITED),
        meets=case.state == CaseState.VISITED,
        base_a=last_step(case),
        base_b=token_of(review),
        base_c=traits_token(case),
        score=case.score,
        chosen=case.chosen,
        declared=review is not None and review.state == State.SUBMITTED,
        is_demo=bool(case.score) and case.is_demo,
    )


def _asked(actor: Actor) -> list[Review]:
    """Open declarations that families of the actor's commune asked this person to help with."""
    if actor.role not in HELPING_ROLES or actor.user_id is None:
        return []
    return [one for one in declarations.helped_by(actor.user_id) if one.commune_id == actor.unit_id]


def helped_list(actor: Actor, village: str, but: set[int]) -> list[tuple[Review, DayRow]]:
    """Families of a village that asked this person for help, but those on the list already."""
    found = [one for one in _asked(actor) if one.village == village and one.household_id not in but]
    heads = head_names({one.household_id for one in found}, clock.today())
    return [
        (one, DayRow(one.key, heads.get(one.household_id, ""), asked=True, base_b=token_of(one)))
        for one in found[: LIST_MOST - len(but)]
    ]


def villages(actor: Actor) -> dict[str, int]:
    """Villages with households to take along: on the list, for officers; that asked for help, for whoever helps."""
    found = procedure.villages_at(actor, *WAITING) if actor.role in OFFICERS else {}
    for one in _asked(actor):
        listed = procedure.has_open_case(one.household_id) and actor.role in OFFICERS
        near = actor.role not in OFFICERS or procedure.covers(actor, one.commune_id, one.village)
        if near and not listed:
            found[one.village] = found.get(one.village, 0) + 1
    return found


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
    if entry.kind in (Kind.OWN, Kind.HELP):
        return True
    if entry.household_id is None:
        return False
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
    if entry.kind == Kind.HELP:
        return helps_still(actor, entry)
    if entry.commune_id is not None:
        return actor.role in OFFICERS and procedure.covers(actor, entry.commune_id, entry.village)
    case = case_of(entry)
    return (
        not family_s_own(entry)
        and case is not None
        and actor.role in OFFICERS
        and procedure.covers(actor, case.commune_id, case.village)
    )


def helps_still(actor: Actor, entry: PhoneEntry) -> bool:
    """Whether the family still has this person help it, and has not sent its declaration itself."""
    review = review_of(entry)
    waits = review is not None and review.state in (State.DRAFT, State.TO_CONFIRM)
    return bool(waits and review and review.helped_by_user_id == actor.user_id)


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
        meetings = PhoneEntry.commune_id == actor.unit_id
        if actor.role is Role.VILLAGE_HEAD:
            meetings = meetings & (PhoneEntry.village == actor.village)
        reach = reach | PhoneEntry.case_id.in_(place) | meetings
    reach = reach | ((PhoneEntry.kind == Kind.HELP) & (PhoneEntry.user_id == actor.user_id))
    query = (
        select(PhoneEntry, User.name)
        .join(User, User.id == PhoneEntry.user_id)
        .where(PhoneEntry.state == EntryState.DIFFERS, reach)
        .order_by(PhoneEntry.id)
        .limit(most)
    )
    return [
        Waiting(one.key, one.kind, name, one.arrived_at)
        for one, name in db.session.execute(query)
        if may_settle(actor, one)
    ]


def of_household(household_id: int) -> list[PhoneEntry]:
    """Everything that phones brought for a household, newest first; for its own record."""
    query = select(PhoneEntry).where(PhoneEntry.household_id == household_id)
    return list(db.session.execute(query.order_by(PhoneEntry.id.desc())).scalars())
