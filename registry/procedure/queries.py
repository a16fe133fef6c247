"""Reads of the procedure: a case within reach, the officer's queue, who is kin, what a posting may show."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, or_, select

from accounts.models import User
from accounts.rules import Actor, Role
from core import clock
from core.crypto import decrypt, encrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.models import Household
from households.queries import head_names, household_of_user
from registry.fairness.ties import tied_homes
from registry.models import Review, ReviewResult
from registry.procedure.daysoff import works
from registry.procedure.models import (
    CaseStep,
    MeetingVote,
    Objection,
    Recognition,
    ReviewCase,
    VillageMeeting,
    WallLine,
    WallList,
)
from registry.procedure.rules import (
    ENDED,
    SOON_DAYS,
    CaseState,
    after_working_days,
    is_late,
    running_clock,
    shown_state,
)
from registry.rules import State
from registry.standards.queries import standard_on

NOTE, MINUTES, DISSENT = "case_step.note", "village_meeting.minutes", "meeting_vote.dissent"
SAID, CONTACT, ANSWER = "objection.said", "objection.contact", "objection.answer"


def sealed(words: str, field: str, owner: str) -> bytes | None:
    """Words of a person as they are kept: encrypted, bound to their row; None for none."""
    return encrypt(json.dumps(words), field=field, owner=owner) if words else None


def opened(kept: bytes | None, field: str, owner: str) -> str:
    """The words again; '' for none."""
    return str(json.loads(decrypt(kept, field=field, owner=owner))) if kept else ""


def _missing() -> NotFound:
    return NotFound(N_("Không tìm thấy hồ sơ này."), remedy=N_("Mở lại từ danh sách của xã."))


def covers(actor: Actor, commune_id: int, village: str) -> bool:
    """Whether an officer's place covers a village: the commune, and the village itself for its head."""
    if actor.unit_id is None or actor.unit_id != commune_id:
        return False
    return actor.role is Role.COMMUNE_OFFICER or (
        actor.role is Role.VILLAGE_HEAD and actor.village == village
    )


def case_for(actor: Actor, key: str) -> ReviewCase:
    """A case within the officer's reach. Raises NotFound for any other, and for the officer's own household."""
    found = db.session.execute(select(ReviewCase).where(ReviewCase.key == key)).scalar_one_or_none()
    if found is None or not covers(actor, found.commune_id, found.village):
        raise _missing()
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is not None and mine.id == found.household_id:
        raise _missing()
    return found


def case_of_household(household_id: int) -> ReviewCase | None:
    """The household's newest case."""
    where = ReviewCase.household_id == household_id
    return (
        db.session.execute(select(ReviewCase).where(where).order_by(ReviewCase.id.desc()).limit(1))
        .scalars()
        .first()
    )


def has_open_case(household_id: int) -> bool:
    """Whether a case of the household has not ended."""
    found = case_of_household(household_id)
    return found is not None and found.state not in ENDED


# ---- the officer's queue ----


@dataclass(frozen=True)
class Row:
    """One line of the queue. state: as it is said, `rules.shown_state`. due_on: the clock that ends first; soon: it
    ends within two working days. is_demo: scored by invented points."""

    key: str
    head: str
    village: str
    state: str
    due_on: date
    late: bool
    soon: bool
    departs: bool
    is_demo: bool


@dataclass(frozen=True)
class Board:
    """What stands on the queue: a page of open cases, late first, and counts with their denominators.

    is_demo: whether any case counted here was scored by invented points.
    to_propose: posting over and nothing open; to_sign: proposed, and waiting for somebody else than this officer.
    """

    rows: list[Row]
    total: int
    late: int
    soon: int
    to_propose: int
    to_sign: int
    departed: int
    chosen: int
    is_demo: bool


def _reach(actor: Actor) -> list[object]:
    where: list[object] = [ReviewCase.commune_id == actor.unit_id]
    if actor.role is Role.VILLAGE_HEAD:
        where.append(ReviewCase.village == actor.village)
    return where


def board(actor: Actor, page: int = 1, size: int = 30) -> Board:
    """Cases on their way, the nearest last day first. As many queries whatever the size."""
    reach, today = _reach(actor), clock.today()
    going, ends = [*reach, ReviewCase.state.not_in(ENDED)], running()
    counts = db.session.execute(
        select(func.count(), *standing(today), _demo()).select_from(ReviewCase).where(*going)  # type: ignore[arg-type]
    ).one()
    waiting = db.session.execute(
        select(ReviewCase.state, func.count())
        .where(*reach, _waits(actor.user_id or 0, today))  # type: ignore[arg-type]
        .group_by(ReviewCase.state)
    )
    ready = {row[0]: row[1] for row in waiting}
    judged = db.session.execute(
        select(func.count(), func.count().filter(ReviewCase.departs), _demo())
        .select_from(ReviewCase)
        .where(*reach, ReviewCase.chosen != "", ReviewCase.round_year == today.year)  # type: ignore[arg-type]
    ).one()
    query = select(ReviewCase, hangs(today)).where(*going).order_by(ends, ReviewCase.id)  # type: ignore[arg-type]
    found = db.session.execute(query.limit(size).offset((page - 1) * size)).all()
    heads = head_names({one.household_id for one, _hangs in found}, today)
    rows = [_row(one, heads.get(one.household_id, ""), today, hanging) for one, hanging in found]
    posted, proposed = ready.get(CaseState.POSTED, 0), ready.get(CaseState.PROPOSED, 0)
    demo = bool(counts[3] or judged[2])
    return Board(rows, counts[0], counts[1], counts[2], posted, proposed, judged[1], judged[0], demo)


def _demo() -> ColumnElement[int]:
    return func.count().filter(ReviewCase.is_demo)


def _row(one: ReviewCase, head: str, today: date, hanging: bool) -> Row:
    ends = running_clock(one.state, one.due_on, one.recheck_due_on)
    late = is_late(one.state, one.due_on, one.recheck_due_on, today)
    near = not late and ends <= soon_until(today)
    said = shown_state(one.state, hanging)
    return Row(one.key, head, one.village, said, ends, late, near, one.departs, one.is_demo)


def soon_until(today: date) -> date:
    """The last day that is near: so many working days ahead."""
    return after_working_days(today, SOON_DAYS, works)


def running() -> ColumnElement[date]:
    """`running_clock` in the database."""
    earlier = (ReviewCase.state == CaseState.OBJECTED) & (ReviewCase.recheck_due_on < ReviewCase.due_on)
    return case((earlier, ReviewCase.recheck_due_on), else_=ReviewCase.due_on)


def standing(today: date) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many are late, how many near their last day; of cases that have not ended."""
    ends = running()
    near = (ends >= today) & (ends <= soon_until(today))
    return func.count().filter(ends < today), func.count().filter(near)


def hangs(today: date) -> ColumnElement[bool]:
    """Whether a list that shows the case is on the wall."""
    return (
        select(WallLine.id)
        .join(WallList, WallList.id == WallLine.posting_id)
        .where(WallLine.case_id == ReviewCase.id, WallList.closes_on >= today)
        .exists()
    )


def _waits(user_id: int, today: date) -> ColumnElement[bool]:
    """Posting over: to be proposed; proposed by somebody else: to be signed."""
    by_others = (
        select(Recognition.id)
        .where(Recognition.case_id == ReviewCase.id, Recognition.proposed_by_user_id != user_id)
        .exists()
    )
    posted, proposed = ReviewCase.state == CaseState.POSTED, ReviewCase.state == CaseState.PROPOSED
    return or_(posted & ~hangs(today), proposed & by_others)


def villages_at(actor: Actor, *states: str) -> dict[str, int]:
    """Villages within reach that have cases at these steps, with how many."""
    query = (
        select(ReviewCase.village, func.count())
        .where(*_reach(actor), ReviewCase.state.in_(states))  # type: ignore[arg-type]
        .group_by(ReviewCase.village)
        .order_by(ReviewCase.village)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def to_open(actor: Actor, most: int = 100) -> list[tuple[int, str, str, bool]]:
    """Households within reach, not of kin, without a case on its way: (id, head, village, declared), by village."""
    busy = select(ReviewCase.household_id).where(ReviewCase.state.not_in(ENDED))
    where = [Household.commune_id == actor.unit_id, Household.id.not_in(busy)]
    if actor.role is Role.VILLAGE_HEAD:
        where.append(Household.village == actor.village)
    if actor.user_id is not None:
        where.append(Household.id.not_in(tied_homes(actor.user_id)))  # the own household is one of them
    found = list(
        db.session.execute(
            select(Household).where(*where).order_by(Household.village, Household.id).limit(most)
        ).scalars()
    )
    ids = {one.id for one in found}
    heads = head_names(ids, clock.today())
    sent = set(
        db.session.execute(
            select(Review.household_id).where(Review.household_id.in_(ids), Review.state == State.SUBMITTED)
        ).scalars()
    )
    return [(one.id, heads.get(one.id, ""), one.village, one.id in sent) for one in found]


# ---- one case ----


def latest_score(household_id: int) -> tuple[Review, ReviewResult] | None:
    """The household's newest sent declaration and what the standard of today says of it."""
    query = (
        select(Review, ReviewResult)
        .join(ReviewResult, ReviewResult.review_id == Review.id)
        .where(
            Review.household_id == household_id,
            Review.state == State.SUBMITTED,
            ReviewResult.standard_id == standard_on(clock.today()).id,
        )
        .order_by(Review.id.desc(), ReviewResult.id.desc())
        .limit(1)
    )
    found = db.session.execute(query).first()
    return (found[0], found[1]) if found else None


@dataclass(frozen=True)
class StepView:
    """One step as it is told: what, when, by whom, and the words given."""

    event: str
    after: str
    at: object
    by: str
    chosen: str
    note: str


def history(case: ReviewCase) -> list[StepView]:
    """Every step of a case, the oldest first, with its words."""
    query = (
        select(CaseStep, User.name)
        .outerjoin(User, User.id == CaseStep.user_id)
        .where(CaseStep.case_id == case.id)
        .order_by(CaseStep.id)
    )
    return [
        StepView(one.event, one.after, one.at, by or "", one.chosen, opened(one.note, NOTE, one.key))
        for one, by in db.session.execute(query)
    ]


def last_at(case: ReviewCase) -> datetime:
    """When the newest step of a case was taken."""
    last = select(CaseStep.at).where(CaseStep.case_id == case.id).order_by(CaseStep.id.desc()).limit(1)
    return db.session.execute(last).scalar_one()


def newest_meeting(commune_id: int, village: str) -> VillageMeeting | None:
    """The newest meeting that was written down of a village, whether or not enough households came."""
    where = (VillageMeeting.commune_id == commune_id, VillageMeeting.village == village)
    query = select(VillageMeeting).where(*where).order_by(VillageMeeting.id.desc()).limit(1)
    return db.session.execute(query).scalars().first()


def waits_for_meeting(commune_id: int, village: str) -> bool:
    """Whether a household of the village was visited and waits for the meeting."""
    where = (ReviewCase.commune_id == commune_id, ReviewCase.village == village)
    query = select(ReviewCase.id).where(*where, ReviewCase.state == CaseState.VISITED).limit(1)
    return db.session.execute(query).first() is not None


def heads_of_cases(actor: Actor, keys: Collection[str]) -> dict[str, str]:
    """Case → head of its household, within the officer's reach; the officer's own household is left out."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    query = select(ReviewCase.key, ReviewCase.household_id).where(ReviewCase.key.in_(keys), *_reach(actor))  # type: ignore[arg-type]
    homes = {row[0]: row[1] for row in db.session.execute(query) if mine is None or row[1] != mine.id}
    heads = head_names(set(homes.values()), clock.today())
    return {key: heads.get(home, "") for key, home in homes.items()}


@dataclass(frozen=True)
class ObjectionView:
    """An objection as an officer reads it."""

    id: int
    how: str
    state: str
    received_at: object
    said: str
    contact: str
    answer: str


def objections(case: ReviewCase) -> list[ObjectionView]:
    """What was said against a case, the oldest first."""
    query = select(Objection).where(Objection.case_id == case.id).order_by(Objection.id)
    return [
        ObjectionView(
            one.id,
            one.how,
            one.state,
            one.received_at,
            opened(one.said, SAID, one.key),
            opened(one.contact, CONTACT, one.key),
            opened(one.answer, ANSWER, one.key),
        )
        for one in db.session.execute(query).scalars()
    ]


def meeting_for(case: ReviewCase) -> VillageMeeting | None:
    """The newest meeting of the case's village with enough households, held since the case was last visited."""
    visited = (
        select(func.max(CaseStep.at))
        .where(CaseStep.case_id == case.id, CaseStep.event == "visit")
        .scalar_subquery()
    )
    voted = select(MeetingVote.meeting_id).where(MeetingVote.case_id == case.id)
    query = (
        select(VillageMeeting)
        .where(
            VillageMeeting.commune_id == case.commune_id,
            VillageMeeting.village == case.village,
            VillageMeeting.quorate,
            VillageMeeting.recorded_at >= visited,
            VillageMeeting.id.not_in(voted),
        )
        .order_by(VillageMeeting.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalars().first()


def votes(case: ReviewCase) -> list[tuple[MeetingVote, VillageMeeting, str]]:
    """How meetings voted on a case, with the dissent in words."""
    query = (
        select(MeetingVote, VillageMeeting)
        .join(VillageMeeting, VillageMeeting.id == MeetingVote.meeting_id)
        .where(MeetingVote.case_id == case.id)
        .order_by(MeetingVote.id)
    )
    return [
        (vote, meeting, opened(vote.dissent, DISSENT, f"{meeting.key}:{case.key}"))
        for vote, meeting in db.session.execute(query)
    ]


def posting_of(case: ReviewCase) -> WallList | None:
    """The newest posting that shows a case."""
    query = (
        select(WallList)
        .join(WallLine, WallLine.posting_id == WallList.id)
        .where(WallLine.case_id == case.id)
        .order_by(WallList.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalars().first()


def said_state(case: ReviewCase) -> str:
    """Where a case stands, as people read it today."""
    posting = posting_of(case)
    return shown_state(case.state, posting is not None and clock.today() <= posting.closes_on)


def postings(actor: Actor) -> list[WallList]:
    """Lists on the wall today within reach."""
    where = [WallList.commune_id == actor.unit_id, WallList.closes_on >= clock.today()]
    if actor.role is Role.VILLAGE_HEAD:
        where.append(WallList.village == actor.village)
    return list(db.session.execute(select(WallList).where(*where).order_by(WallList.closes_on)).scalars())


def recognition_of(case: ReviewCase) -> Recognition | None:
    """What was proposed, or decided, on a case."""
    return db.session.execute(select(Recognition).where(Recognition.case_id == case.id)).scalar_one_or_none()


def review_key(case: ReviewCase) -> str:
    """The key of the declaration that a case was scored by; '' before."""
    if case.review_id is None:
        return ""
    return db.session.execute(select(Review.key).where(Review.id == case.review_id)).scalar_one()
