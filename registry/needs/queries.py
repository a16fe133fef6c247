"""Reads of needs. A household reads its own, its helper until it is confirmed, an officer those of the commune."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from accounts.models import User
from accounts.rules import Actor, Role
from core import clock
from core.crypto import decrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.queries import head_names, household_of_user
from places.queries import province_of
from registry import queries as declarations
from registry.models import Review
from registry.needs.kinds import NeedKind, Urgency
from registry.needs.models import Need, NeedStep
from registry.needs.rules import MET, OPEN_STATES, WAITING_STATES, NeedState, Outcome
from registry.questions import BY_ID, DUNNO
from registry.rules import State
from registry.schemes.files import schemes
from registry.schemes.rules import Known, Match, matches

FIELD, ANSWER_FIELD = "need.note", "need_step.answer"


def note_of(need: Need) -> str:
    """What the household added, decrypted; '' for nothing."""
    return decrypt(need.note, field=FIELD, owner=f"need:{need.key}") if need.note else ""


def answer_of(need: Need, step: NeedStep) -> str:
    """The officer's words of one step, decrypted; '' for none."""
    return decrypt(step.answer, field=ANSWER_FIELD, owner=f"need:{need.key}") if step.answer else ""


def _by_key(key: str, *, lock: bool) -> Need | None:
    query = select(Need).where(Need.key == key)
    return db.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def _missing() -> NotFound:
    return NotFound(N_("Không tìm thấy nhu cầu này."), remedy=N_("Mở lại từ trang Tôi."))


def is_own(actor: Actor, need: Need) -> bool:
    """Whether the actor lives in the household that asks."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    return bool(mine and mine.id == need.household_id)


def own_need(actor: Actor, key: str, *, lock: bool = False) -> Need:
    """A need of the actor's household, or one she writes for another that has not confirmed it. Raises NotFound."""
    need = _by_key(key, lock=lock)
    if need is None:
        raise _missing()
    helps = need.state == NeedState.TO_CONFIRM and need.helped_by_user_id == actor.user_id is not None
    if not helps and not is_own(actor, need):
        raise _missing()
    return need


def need_for_officer(actor: Actor, key: str, *, lock: bool = False) -> Need:
    """A confirmed need of the officer's commune (a head's village), not of the officer's own household.

    Raises NotFound for all others: nobody handles what the own household asks.
    """
    need = _by_key(key, lock=lock)
    if need is None or need.state in (NeedState.TO_CONFIRM, NeedState.WITHDRAWN):
        raise _missing()
    if need.commune_id != actor.unit_id or is_own(actor, need):
        raise _missing()
    if actor.role is not Role.COMMUNE_OFFICER and (
        actor.role is not Role.VILLAGE_HEAD or actor.village != need.village
    ):
        raise _missing()
    return need


def needs_of_household(household_id: int) -> list[Need]:
    """All needs a household ever said, open ones first, then the newest."""
    closed = Need.state.not_in(OPEN_STATES)
    query = select(Need).where(Need.household_id == household_id).order_by(closed, Need.id.desc())
    return list(db.session.execute(query).scalars())


def helped_needs(user_id: int) -> list[Need]:
    """Needs a helper wrote that still wait for their household."""
    where = (Need.helped_by_user_id == user_id, Need.state == NeedState.TO_CONFIRM)
    return list(db.session.execute(select(Need).where(*where).order_by(Need.id.desc())).scalars())


def _newest_review(household_id: int) -> Review | None:
    where = (Review.household_id == household_id, Review.state == State.SUBMITTED)
    return db.session.execute(
        select(Review).where(*where).order_by(Review.id.desc()).limit(1)
    ).scalar_one_or_none()


def known_of(household_id: int) -> tuple[Known, bool, date | None]:
    """What the newest sent declaration says, by fact; whether its class is DEMO; the day it was sent.

    The class is the trial result under today's standard, never a recognition; without a declaration nothing is known.
    """
    review = _newest_review(household_id)
    if review is None:
        return {}, False, None
    answers = declarations.answers_of(review)
    result = declarations.explain(review, answers)[0]
    known: dict[str, str | int | bool] = {"area": "urban" if review.urban else "rural"}
    if result.outcome != "unsaid":
        known["class"] = str(result.outcome)
    for line in result.indicators:
        if line.deprived is not None:
            known[f"lack:{line.code}"] = line.deprived
    for name, given in answers.items():
        if given != DUNNO and name in BY_ID:
            known[f"answer:{name}"] = given
    return known, result.is_demo, review.submitted_on


def matches_of(need: Need) -> tuple[list[Match], bool, date | None]:
    """The schemes in force today beside what the household declared; whether its class is DEMO; the day it did."""
    known, is_demo, on = known_of(need.household_id)
    province = province_of(need.commune_id).code
    return matches(schemes(), NeedKind(need.kind), known, clock.today(), province), is_demo, on


@dataclass(frozen=True)
class NeedRow:
    """One line of the commune's list. owner: the officer's name or ''. late: past its due date and not closed."""

    key: str
    head: str
    village: str
    kind: NeedKind
    urgency: Urgency
    state: NeedState
    outcome: Outcome | None
    owner: str
    due_on: date | None
    late: bool
    helped: bool


def _reach(actor: Actor) -> list[ColumnElement[bool]]:
    """What an officer may see of all needs: confirmed ones of the commune, for a head of the village."""
    where = [Need.commune_id == actor.unit_id, Need.state.not_in((NeedState.TO_CONFIRM, NeedState.WITHDRAWN))]
    if actor.role is Role.VILLAGE_HEAD:
        where.append(Need.village == actor.village)
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is not None:
        where.append(Need.household_id != mine.id)
    return where


def _unmet() -> ColumnElement[bool]:
    return or_(Need.state.in_(WAITING_STATES), Need.outcome.not_in(MET))


def _listed(actor: Actor, kind: str, show: str) -> Select[tuple[Need, str]]:
    where = _reach(actor)
    if kind:
        where.append(Need.kind == kind)
    if show == "mine":
        where.append(Need.owner_user_id == actor.user_id)
    elif show == "late":
        where += [Need.state.in_(WAITING_STATES), Need.due_on < clock.today()]
    elif show == "unmet":
        where.append(_unmet())
    elif show != "all":
        where.append(Need.state.in_(WAITING_STATES))
    return select(Need, User.name).outerjoin(User, User.id == Need.owner_user_id).where(*where)


def listed(
    actor: Actor, *, kind: str = "", show: str = "", page: int = 1, size: int = 30
) -> tuple[list[NeedRow], int]:
    """The commune's needs, the soonest due first, and how many. show: '' (waiting), mine, late, unmet, all."""
    query = _listed(actor, kind, show)
    total = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    closed = Need.state == NeedState.CLOSED
    rows = db.session.execute(
        query.order_by(closed, Need.due_on, Need.id).limit(size).offset((page - 1) * size)
    ).all()
    heads = head_names({need.household_id for need, _owner in rows}, clock.today())
    today = clock.today()
    return [
        NeedRow(
            key=need.key,
            head=heads.get(need.household_id, ""),
            village=need.village,
            kind=NeedKind(need.kind),
            urgency=Urgency(need.urgency),
            state=NeedState(need.state),
            outcome=Outcome(need.outcome) if need.outcome else None,
            owner=owner or "",
            due_on=need.due_on,
            late=need.state in WAITING_STATES and need.due_on is not None and need.due_on < today,
            helped=need.helped_by_user_id is not None,
        )
        for need, owner in rows
    ], total


@dataclass(frozen=True)
class Count:
    """One kind's needs in a place. said = waiting + met + answered without help; unmet = waiting + without help."""

    kind: NeedKind
    said: int
    waiting: int
    late: int
    met: int
    unmet: int


def counts(actor: Actor) -> list[Count]:
    """Needs by kind in the officer's reach, the most unmet first; kinds nobody asked for are left out. One query."""

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    waiting = Need.state.in_(WAITING_STATES)
    query = (
        select(
            Need.kind,
            func.count(Need.id),
            number(waiting),
            number(waiting & (Need.due_on < clock.today())),
            number(Need.outcome.in_(MET)),
            number(_unmet()),
        )
        .where(*_reach(actor))
        .group_by(Need.kind)
    )
    found = [
        Count(NeedKind(kind), *(int(one) for one in numbers))
        for kind, *numbers in db.session.execute(query).all()
    ]
    return sorted(found, key=lambda one: (-one.unmet, one.kind))
