"""What is held about one household, by part, and who touched it. Only that household's own page asks.

A part that stores more about households adds its subjects to `_subjects` and its rows to `held`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from accounts.models import User
from accounts.rules import Actor, Role
from core import clock
from core.audit import AuditLine
from core.crypto import decrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.models import Consent, Household, HouseholdMember, Person
from households.queries import household_of_user
from registry.models import CommuneConsent, Review
from registry.needs.models import Need
from registry.phones.models import PhoneEntry
from registry.procedure.models import MeetingVote, ReviewCase, WallLine
from registry.record.models import RecordRequest
from registry.rules import State

WORDS, ANSWER = "record_request.words", "record_request.answer"
READS_MOST = 200
SUBJECT_KINDS = {
    "household", "village_meeting", "wall_list", "review", "case", "need", "consent", "phone_entry", "commune_consent",
    "record_request", "person",
}  # fmt: skip
# Openings of whole lists of a commune: of its roster, in which a household stands since it was recorded; and of what
# was sent, in which it stands since it first sent something.
ROSTERS = ("list households", "list doubles")
LISTINGS = (
    *ROSTERS, "list declarations", "list needs", "list cases", "list followup", "list record requests", "list sales",
)  # fmt: skip


def words_of(one: RecordRequest) -> str:
    """What the household wrote, decrypted."""
    return decrypt(one.words, field=WORDS, owner=f"record_request:{one.key}")


def answer_of(one: RecordRequest) -> str:
    """What the officer answered, decrypted; '' while open."""
    return decrypt(one.answer, field=ANSWER, owner=f"record_request:{one.key}") if one.answer else ""


def requests_of(household_id: int) -> list[RecordRequest]:
    """A household's requests, newest first."""
    query = select(RecordRequest).where(RecordRequest.household_id == household_id)
    return list(db.session.execute(query.order_by(RecordRequest.id.desc())).scalars())


def request_for_officer(actor: Actor, key: str, *, lock: bool = False) -> RecordRequest:
    """A request to the officer's commune, not by the officer's own household. Raises NotFound."""
    query = select(RecordRequest).where(RecordRequest.key == key)
    found = db.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if (
        found is None
        or actor.role is not Role.COMMUNE_OFFICER
        or found.commune_id != actor.unit_id
        or (mine is not None and mine.id == found.household_id)
    ):
        raise NotFound(N_("Không tìm thấy yêu cầu này."))
    return found


def requests_of_commune(actor: Actor) -> list[RecordRequest]:
    """Requests to the officer's commune: open ones by due date, then the newest answered; at most 100."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    where = [RecordRequest.commune_id == actor.unit_id]
    if mine is not None:
        where.append(RecordRequest.household_id != mine.id)
    query = select(RecordRequest).where(*where)
    answered = RecordRequest.state != "open"
    rows = query.order_by(answered, RecordRequest.due_on, RecordRequest.id.desc()).limit(100)
    return list(db.session.execute(rows).scalars())


def names_of(user_ids: set[int]) -> dict[int, str]:
    """The names of people with accounts, in one query."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True)
class Touch:
    """One line of who read or wrote. own: the household itself. times: how often, where alike lines are one."""

    at: datetime
    name: str
    role: str
    verb: str
    fields: tuple[str, ...]
    purpose: str
    own: bool
    times: int = 1


def _ids(model: type, household_id: int) -> list[int]:
    query = select(model.id).where(model.household_id == household_id)  # type: ignore[attr-defined]
    return list(db.session.execute(query).scalars())


def _with_case(model: Any, of: Any, household_id: int) -> list[int]:
    """Meetings that voted on the household, lists on the wall that named it: their papers hold its name."""
    cases = select(ReviewCase.id).where(ReviewCase.household_id == household_id)
    return list(db.session.execute(select(of).where(model.case_id.in_(cases)).distinct()).scalars())


def person_ids(household_id: int) -> set[int]:
    """Everybody who ever belonged to a household."""
    query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)
    return set(db.session.execute(query).scalars())


def _subjects(household_id: int) -> list[str]:
    """How the audit chains name this household and all that belongs to it."""
    kinds = {
        "review": _ids(Review, household_id),
        "case": _ids(ReviewCase, household_id),
        "need": _ids(Need, household_id),
        "consent": _ids(Consent, household_id),
        "phone_entry": _ids(PhoneEntry, household_id),
        "commune_consent": _ids(CommuneConsent, household_id),
        "record_request": _ids(RecordRequest, household_id),
        "person": sorted(person_ids(household_id)),
        "village_meeting": _with_case(MeetingVote, MeetingVote.meeting_id, household_id),
        "wall_list": _with_case(WallLine, WallLine.posting_id, household_id),
    }
    assert {"household", *kinds} == SUBJECT_KINDS
    named = [f"{kind}:{one}" for kind, ids in kinds.items() for one in ids]
    return [f"household:{household_id}", *named]


def _own_users(household_id: int) -> set[int]:
    query = select(Person.user_id).where(Person.id.in_(person_ids(household_id)), Person.user_id.is_not(None))
    return {one for one in db.session.execute(query).scalars() if one is not None}


def touches(household: Household) -> list[Touch]:
    """Who read or wrote anything of a household and why, newest first, at most 200 lines.

    Openings of a commune's whole list are one line per reader and day, since the household first stood in such a list.
    """
    own = _own_users(household.id)
    about = select(AuditLine).where(AuditLine.subject.in_(_subjects(household.id)))
    lines = list(db.session.execute(about.order_by(AuditLine.id.desc()).limit(READS_MOST)).scalars())
    listed = _listings(household)
    names = names_of({one.user_id for one in [*lines, *listed] if one.user_id is not None})
    rows = [_touch(one, names, own) for one in lines]
    alike: dict[tuple[int | None, str, date], Touch] = {}
    for one in listed:
        place = (one.user_id, one.verb, clock.day_of(one.at))
        before = alike.get(place)
        alike[place] = _touch(one, names, own, before.times + 1 if before else 1)
    return sorted([*rows, *alike.values()], key=lambda one: one.at, reverse=True)[:READS_MOST]


def _touch(line: AuditLine, names: dict[int, str], own: set[int], times: int = 1) -> Touch:
    name = names.get(line.user_id or 0, "")
    fields = tuple(line.fields.split(",")) if line.fields else ()
    return Touch(line.at, name, line.role, line.verb, fields, line.purpose, line.user_id in own, times)


def _listings(household: Household) -> list[AuditLine]:
    """Openings of the commune's lists since the household stands in them."""
    sent = (Review.household_id == household.id, Review.state != State.DRAFT)
    first = [
        db.session.execute(select(Review.confirmed_at).where(*sent).order_by(Review.id).limit(1)).scalar(),
        db.session.execute(
            select(Need.confirmed_at).where(Need.household_id == household.id).order_by(Need.id).limit(1)
        ).scalar(),
    ]
    sent_at = min((one for one in first if one is not None), default=None)
    stands = AuditLine.verb.in_(ROSTERS) & (AuditLine.at >= household.created_at)
    if sent_at is not None:
        stands |= AuditLine.verb.in_(LISTINGS) & (AuditLine.at >= sent_at)
    query = (
        select(AuditLine)
        .where(
            AuditLine.chain == f"commune:{household.commune_id}",
            AuditLine.subject == f"commune:{household.commune_id}",
            stands,
        )
        .order_by(AuditLine.id.desc())
        .limit(1_000)
    )
    return list(reversed(db.session.execute(query).scalars().all()))


def cases_of(household_id: int) -> list[ReviewCase]:
    """Every case of a household, newest first."""
    query = select(ReviewCase).where(ReviewCase.household_id == household_id)
    return list(db.session.execute(query.order_by(ReviewCase.id.desc())).scalars())


def commune_consents(household_id: int) -> list[CommuneConsent]:
    """Every consent the household gave its commune, newest first."""
    query = select(CommuneConsent).where(CommuneConsent.household_id == household_id)
    return list(db.session.execute(query.order_by(CommuneConsent.id.desc())).scalars())
