"""Reads of looking after: who is due, one household's plan with its steps and visits."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from accounts.models import User
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.models import Household
from households.queries import head_names, household_of_user
from registry.followup.models import CarePlan, CareStep, CareVisit
from registry.followup.rules import (
    LOOK_BACKS,
    SOON_DAYS,
    Finding,
    Path,
    Standing,
    StepState,
    months_after,
    next_look,
    path,
)
from registry.needs.models import Need
from registry.needs.rules import OPEN_STATES
from registry.procedure.models import Recognition, ReviewCase
from registry.procedure.queries import covers, opened
from registry.reports.rules import parts

GOAL, WHAT, NOTE = "care_plan.goal", "care_step.what", "care_visit.note"


def home_for(actor: Actor, key: str) -> Household:
    """A household of the officer's place, not the officer's own. Raises NotFound."""
    found = db.session.execute(select(Household).where(Household.key == key)).scalar_one_or_none()
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if found is None or not covers(actor, found.commune_id, found.village) or (mine and mine.id == found.id):
        raise NotFound(N_("Không tìm thấy hộ này trong xã."))
    return found


def plan_of(household_id: int) -> CarePlan | None:
    """The household's open plan."""
    where = (CarePlan.household_id == household_id, CarePlan.ended_on.is_(None))
    return db.session.execute(select(CarePlan).where(*where)).scalar_one_or_none()


def goal_of(plan: CarePlan) -> str:
    """What the household wants to reach, decrypted."""
    return opened(plan.goal, GOAL, plan.key)


@dataclass(frozen=True)
class StepView:
    """One step of a plan. need_kind: the kind of the need that it answers, '' for none."""

    key: str
    what: str
    who: str
    due_on: date
    state: str
    ended_on: date | None
    late: bool
    need_kind: str


def steps_of(plan: CarePlan) -> list[StepView]:
    """A plan's steps, open ones first, by day."""
    query = (
        select(CareStep, Need.kind)
        .outerjoin(Need, Need.id == CareStep.need_id)
        .where(CareStep.plan_id == plan.id)
        .order_by(CareStep.state != StepState.OPEN, CareStep.due_on, CareStep.id)
    )
    today = clock.today()
    return [
        StepView(
            one.key,
            opened(one.what, WHAT, one.key),
            one.who,
            one.due_on,
            one.state,
            one.ended_on,
            one.state == StepState.OPEN and one.due_on < today,
            kind or "",
        )
        for one, kind in db.session.execute(query)
    ]


@dataclass(frozen=True)
class VisitView:
    """A visit as it is told."""

    visited_on: date
    found: str
    note: str
    by: str
    reviewed: bool


def visits_of(household_id: int) -> list[VisitView]:
    """Visits between rounds, the newest first."""
    query = (
        select(CareVisit, User.name)
        .join(User, User.id == CareVisit.user_id)
        .where(CareVisit.household_id == household_id)
        .order_by(CareVisit.visited_on.desc(), CareVisit.id.desc())
    )
    return [
        VisitView(one.visited_on, one.found, opened(one.note, NOTE, one.key), by, one.case_id is not None)
        for one, by in db.session.execute(query)
    ]


def plans_of(household_id: int) -> list[CarePlan]:
    """Every plan of a household, the newest first."""
    query = select(CarePlan).where(CarePlan.household_id == household_id).order_by(CarePlan.id.desc())
    return list(db.session.execute(query).scalars())


def open_needs(household_id: int) -> list[Need]:
    """What the household has asked for and still waits for."""
    where = (Need.household_id == household_id, Need.state.in_(OPEN_STATES))
    return list(db.session.execute(select(Need).where(*where).order_by(Need.id)).scalars())


def path_of(household_id: int) -> Path:
    """Where the decisions on a household leave it."""
    return path(_decisions([household_id]).get(household_id, []))


def on_demo(household_ids: Collection[int]) -> set[int]:
    """Those of these households of which a decision came from invented points: then so does where it leaves them."""
    query = select(ReviewCase.household_id).where(
        ReviewCase.household_id.in_(household_ids), ReviewCase.state == "recognised", ReviewCase.is_demo
    )
    return set(db.session.execute(query.distinct()).scalars())


def _decisions(household_ids: Collection[int]) -> dict[int, list[tuple[date, str]]]:
    query = (
        select(ReviewCase.household_id, Recognition.decided_on, Recognition.chosen)
        .join(Recognition, Recognition.case_id == ReviewCase.id)
        .where(ReviewCase.household_id.in_(household_ids), Recognition.decided_on.is_not(None))
        .order_by(Recognition.decided_on, Recognition.id)
    )
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for household_id, day, chosen in db.session.execute(query):
        found[household_id].append((day, chosen))
    return found


@dataclass(frozen=True)
class Row:
    """One household that is looked after. due_on: the next look or the next open step, whichever comes first."""

    key: str
    head: str
    village: str
    standing: str
    since: date | None
    planned: bool
    late_steps: int
    due_on: date | None
    late: bool
    found: str
    is_demo: bool


@dataclass(frozen=True)
class Board:
    """The officer's list with its counts. better, worse: found by the newest visit, between rounds.

    demo: keys of the households of the whole list whose class came from invented points.
    """

    rows: list[Row]
    total: int
    late: int
    soon: int
    unplanned: int
    better: int
    worse: int
    demo: frozenset[str]


def board(actor: Actor, page: int = 1, size: int = 30) -> Board:
    """Households with a decision that is not 'never', or with a plan: what is late first. Seven queries."""
    today = clock.today()
    rows = sorted(_rows(actor, today), key=lambda row: (row.due_on is None, row.due_on, row.head, row.key))
    soon = today + timedelta(days=SOON_DAYS)
    return Board(
        rows[(page - 1) * size : page * size],
        len(rows),
        sum(row.late for row in rows),
        sum(not row.late and row.due_on is not None and row.due_on <= soon for row in rows),
        sum(not row.planned and row.standing in (Standing.CERTIFIED, Standing.RELAPSED) for row in rows),
        sum(row.found == Finding.BETTER for row in rows),
        sum(row.found == Finding.WORSE for row in rows),
        frozenset(row.key for row in rows if row.is_demo),
    )


def _rows(actor: Actor, today: date) -> list[Row]:
    here = [Household.commune_id == actor.unit_id]
    if actor.role is Role.VILLAGE_HEAD:
        here.append(Household.village == actor.village)
    mine = household_of_user(actor.user_id) if actor.user_id else None
    decided = select(ReviewCase.household_id).where(ReviewCase.state == "recognised")
    planned = select(CarePlan.household_id).where(CarePlan.ended_on.is_(None))
    query = select(Household).where(*here, Household.id.in_(decided.union(planned)))
    homes = [one for one in db.session.execute(query).scalars() if mine is None or one.id != mine.id]
    ids = [one.id for one in homes]
    decisions, steps, seen = _decisions(ids), _open_steps(ids), _last_visits(ids)
    heads, demo = head_names(set(ids), today), on_demo(ids)
    found = []
    for home in homes:
        where, dues = path(decisions.get(home.id, [])), steps.get(home.id)
        visited_on, finding = seen.get(home.id, (None, ""))
        look = None
        if where.standing is Standing.ESCAPED and where.since is not None:
            look = next_look(where.since, visited_on)
        if (
            where.standing is Standing.NEVER or (where.standing is Standing.ESCAPED and look is None)
        ) and dues is None:
            continue
        due = min((day for day in [look, *(dues or [])] if day is not None), default=None)
        found.append(
            Row(home.key, heads.get(home.id, ""), home.village, where.standing, where.since, dues is not None,
                sum(day < today for day in dues or []), due, due is not None and due < today, finding, home.id in demo)
        )  # fmt: skip
    return found


def _open_steps(household_ids: Collection[int]) -> dict[int, list[date]]:
    """Household with an open plan → the days of its open steps."""
    query = (
        select(CarePlan.household_id, CareStep.due_on)
        .outerjoin(CareStep, (CareStep.plan_id == CarePlan.id) & (CareStep.state == StepState.OPEN))
        .where(CarePlan.household_id.in_(household_ids), CarePlan.ended_on.is_(None))
    )
    found: dict[int, list[date]] = {}
    for household_id, day in db.session.execute(query):
        found.setdefault(household_id, []).extend([day] if day else [])
    return found


def _last_visits(household_ids: Collection[int]) -> dict[int, tuple[date, str]]:
    newest = (
        select(func.max(CareVisit.id))
        .where(CareVisit.household_id.in_(household_ids))
        .group_by(CareVisit.household_id)
    )
    query = select(CareVisit).where(CareVisit.id.in_(newest))
    return {one.household_id: (one.visited_on, one.found) for one in db.session.execute(query).scalars()}


def due_by_commune(today: date) -> dict[int, int]:
    """Commune of today → households overdue for a look or a step. For the worker's reminders."""
    years = max(one.years for one in LOOK_BACKS)
    escaped = select(ReviewCase.household_id).join(Recognition, Recognition.case_id == ReviewCase.id)
    escaped = escaped.where(
        Recognition.chosen == "none", Recognition.decided_on > months_after(today, -12 * years)
    )
    stepped = (
        select(CarePlan.household_id)
        .join(CareStep, CareStep.plan_id == CarePlan.id)
        .where(CarePlan.ended_on.is_(None), CareStep.state == StepState.OPEN, CareStep.due_on < today)
    )
    rows = db.session.execute(
        select(Household.id, Household.commune_id).where(Household.id.in_(escaped.union(stepped)))
    )
    homes = {row.id: row.commune_id for row in rows}
    late = set(db.session.execute(stepped).scalars())
    for some in parts(sorted(homes)):
        seen = _last_visits(some)
        for home_id, decisions in _decisions(some).items():
            where = path(decisions)
            if where.standing is not Standing.ESCAPED or where.since is None:
                continue
            look = next_look(where.since, seen.get(home_id, (None, ""))[0])
            if look is not None and look < today:
                late.add(home_id)
    return dict(Counter(homes[one] for one in late if one in homes))
