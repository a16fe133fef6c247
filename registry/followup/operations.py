"""Verbs of looking after: a plan with the household, its steps, visits between rounds. Nobody looks after kin."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from households.models import Household
from households.queries import household_of_user
from registry.fairness.ties import must_be_free
from registry.followup import queries
from registry.followup.models import CarePlan, CareStep, CareVisit
from registry.followup.rules import PLAN_GOAL_MAX, WORDS_MAX, Finding, StepState, Who
from registry.needs.models import Need
from registry.procedure import operations as procedure
from registry.procedure.queries import sealed
from registry.turns import household_turn

KEEPERS = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
PURPOSE = "followup"
WORDS_LEAST = 5


def read(actor: Actor, key: str) -> Household:
    """An officer opens what is kept of looking after a household: the line in the audit chain first."""
    actor.must_be(*KEEPERS)
    home = queries.home_for(actor, key)
    audit(actor, "read plan", f"household:{home.id}", ("plan", "visits"), PURPOSE)
    return home


def _kept(actor: Actor, key: str) -> Household:
    actor.must_be(*KEEPERS)
    home = queries.home_for(actor, key)
    must_be_free(actor, home.id)
    return home


def _said(words: str, field: str, most: int) -> str:
    if not WORDS_LEAST <= len(words) <= most:
        raise Invalid(N_("Viết ít nhất vài chữ."), field=field)
    return words


def make_plan(actor: Actor, key: str, goal: str) -> CarePlan:
    """Write down what the household wants to reach; the plan before, if any, ends today."""
    home = _kept(actor, key)
    words = _said(goal, "goal", PLAN_GOAL_MAX)
    household_turn(home.id)
    before = queries.plan_of(home.id)
    if before is not None:
        before.ended_on = clock.today()
        db.session.flush()
    plan_key = secrets.token_urlsafe(12)
    made = CarePlan(
        key=plan_key,
        household_id=home.id,
        commune_id=home.commune_id,
        goal=sealed(words, queries.GOAL, plan_key),
        made_at=clock.now(),
        made_by_user_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "make plan", f"household:{home.id}", ("goal",), PURPOSE)
    return made


def _plan(home: Household) -> CarePlan:
    found = queries.plan_of(home.id)
    if found is None:
        raise Conflict(N_("Hộ này chưa có kế hoạch."), remedy=N_("Viết kế hoạch trước."))
    return found


@dataclass(frozen=True)
class Planned:
    """A step as it is agreed. need_key: the need it answers, '' for none."""

    what: str
    who: Who
    due_on: date
    need_key: str = ""


def add_step(actor: Actor, key: str, given: Planned) -> CareStep:
    """One more step of the open plan. Raises Invalid for a day that has passed, NotFound for another's need."""
    home = _kept(actor, key)
    plan = _plan(home)
    if given.due_on < clock.today():
        raise Invalid(N_("Ngày này đã qua."), field="due_on")
    need_id = None
    if given.need_key:
        where = (Need.key == given.need_key, Need.household_id == home.id)
        need_id = db.session.execute(select(Need.id).where(*where)).scalar_one_or_none()
        if need_id is None:
            raise NotFound(N_("Không tìm thấy nhu cầu này."))
    step_key = secrets.token_urlsafe(12)
    made = CareStep(
        key=step_key,
        plan_id=plan.id,
        what=sealed(_said(given.what, "what", PLAN_GOAL_MAX), queries.WHAT, step_key),
        who=given.who,
        due_on=given.due_on,
        need_id=need_id,
        state=StepState.OPEN,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "write plan step", f"household:{home.id}", ("what", "who", "due_on"), PURPOSE)
    return made


def end_step(actor: Actor, key: str, step_key: str, state: StepState) -> CareStep:
    """A step is done, or is not done any more. Raises NotFound for a step of another plan, Conflict where it ended."""
    home = _kept(actor, key)
    plan = _plan(home)
    where = (CareStep.key == step_key, CareStep.plan_id == plan.id)
    found = db.session.execute(select(CareStep).where(*where)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không tìm thấy bước này."))
    if found.state != StepState.OPEN or state is StepState.OPEN:
        raise Conflict(N_("Bước này đã ghi xong rồi."), remedy=N_("Mở lại trang để xem."))
    found.state, found.ended_on = state, clock.today()
    db.session.flush()
    audit(actor, "end plan step", f"household:{home.id}", (state,), PURPOSE)
    return found


@dataclass(frozen=True)
class Visited:
    """A visit as it was. key: from the form; review: whether the household should be reviewed anew."""

    key: str
    on: date
    found: Finding
    note: str
    review: bool


def visit(actor: Actor, key: str, seen: Visited) -> CareVisit:
    """Write a visit between rounds down, once for one form. Nothing changes class by itself: a review may be opened."""
    home = _kept(actor, key)
    held = db.session.execute(select(CareVisit).where(CareVisit.key == seen.key)).scalar_one_or_none()
    if held is not None and held.household_id == home.id:
        return held
    if seen.on > clock.today():
        raise Invalid(N_("Ngày này chưa tới."), field="visited_on")
    note = _said(seen.note, "note", WORDS_MAX)
    case_id = procedure.open_again(actor, home.id).id if seen.review else None
    made = CareVisit(
        key=seen.key,
        household_id=home.id,
        visited_on=seen.on,
        found=seen.found,
        note=sealed(note, queries.NOTE, seen.key),
        case_id=case_id,
        at=clock.now(),
        user_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "visit household", f"household:{home.id}", ("found", "note"), PURPOSE)
    return made


def _agree(actor: Actor, home: Household, how: str) -> CarePlan:
    plan = _plan(home)
    if not plan.agreed_how:
        plan.agreed_how, plan.agreed_at = how, clock.now()
        db.session.flush()
        audit(actor, "agree plan", f"household:{home.id}", (), how)
    return plan


def agree(actor: Actor) -> CarePlan:
    """The household says yes to its plan in its own session. Twice is once."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is None:
        raise NotFound(N_("Nhà mình chưa có kế hoạch nào."))
    return _agree(actor, mine, "self")


def agree_present(actor: Actor, key: str) -> CarePlan:
    """The household said yes by word of mouth, before the officer who writes it down. Recorded as such."""
    return _agree(actor, _kept(actor, key), "present")
