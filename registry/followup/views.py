"""Pages of looking after: the officers' list and one household, and the household's own plan."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.forms import Form
from core.i18n import N_, _
from households.queries import head_name, household_of_user
from places.queries import place_name
from registry.fairness.ties import tied
from registry.followup import forms, operations, queries
from registry.followup.rules import (
    FINDING_WORDS,
    STANDING_WORDS,
    STEP_WORDS,
    WHO_WORDS,
    Finding,
    Standing,
    StepState,
    Who,
    next_look,
)
from registry.needs.kinds import KIND_NAMES, NeedKind

bp = Blueprint("followup", __name__)
KEEPERS = operations.KEEPERS
LINKS = [
    Link("followup.listed", N_("Theo dõi sau công nhận"), "people", rank=1, roles=frozenset(KEEPERS)),
    Link(
        "followup.mine",
        N_("Kế hoạch của nhà mình với xã"),
        "list",
        roles=frozenset({Role.BUYER, Role.PRODUCER}),
    ),
]
PAGE_SIZE = 30
WORDS = {
    "standings": STANDING_WORDS,
    "findings": FINDING_WORDS,
    "step_words": STEP_WORDS,
    "whos": WHO_WORDS,
    "kinds": KIND_NAMES,
}


@bp.get("/registry/followup")
@roles(*KEEPERS)
def listed() -> ResponseReturnValue:
    """Who is looked after, what is late first; who has no plan yet; what visits found between rounds."""
    me, page = actor(), max(1, request.args.get("page", 1, type=int))
    with transaction():
        audit(me, "list followup", f"commune:{me.unit_id}", ("head", "standing"), operations.PURPOSE)
    found = queries.board(me, page, PAGE_SIZE)
    return render_template(
        "registry/followup/list.html",
        board=found,
        page=page,
        page_count=-(-found.total // PAGE_SIZE),
        place=place_name(me.unit_id or 0),
        village=me.village if me.role is Role.VILLAGE_HEAD else "",
        **WORDS,
    )


@bp.get("/registry/followup/<key>")
@roles(*KEEPERS)
def home(key: str) -> ResponseReturnValue:
    """One household: its plan, its steps, visits, what it asked for. The reading is in the audit chain first."""
    me = actor()
    with transaction():
        operations.read(me, key)
    return _page(me, key)


def _page(me: Actor, key: str, sent: tuple[str, Form] | None = None) -> str:
    found = queries.home_for(me, key)
    plan, where, visits = queries.plan_of(found.id), queries.path_of(found.id), queries.visits_of(found.id)
    needs = queries.open_needs(found.id)
    drawn: dict[str, Any] = {
        "plan": forms.PlanForm(formdata=None, prefix="plan"),
        "step": forms.StepForm(formdata=None, prefix="step"),
        "visit": forms.VisitForm(formdata=None, prefix="visit", data={"visited_on": clock.today()}),
    }
    if sent is not None:
        drawn[sent[0]] = sent[1]
    said = [(one.key, _(KIND_NAMES[NeedKind(one.kind)])) for one in needs]
    drawn["step"].need.choices = [("", _("Không cho nhu cầu nào")), *said]
    look = None
    if where.standing is Standing.ESCAPED and where.since is not None:
        look = next_look(where.since, max((one.visited_on for one in visits), default=None))
    return render_template(
        "registry/followup/home.html",
        home=found,
        head=head_name(found.id, clock.today()),
        place=place_name(found.commune_id),
        path=where,
        look=look,
        today=clock.today(),
        plan=plan,
        goal=queries.goal_of(plan) if plan else "",
        steps=queries.steps_of(plan) if plan else [],
        visits=visits,
        needs=needs,
        forms=drawn,
        bad=sent[1] if sent else None,
        bad_name=sent[0] if sent else "",
        form=forms.EmptyForm(formdata=None),
        tied=tied(me.user_id or 0, found.id),
        by_demo=bool(queries.on_demo([found.id])),
        **WORDS,
    )


def _plan(me: Actor, key: str, form: Any) -> object:
    return operations.make_plan(me, key, form.goal.data or "")


def _step(me: Actor, key: str, form: Any) -> object:
    given = operations.Planned(
        form.what.data or "", Who(form.who.data), form.due_on.data, form.need.data or ""
    )
    return operations.add_step(me, key, given)


def _visit(me: Actor, key: str, form: Any) -> object:
    seen = operations.Visited(
        form.key.data, form.visited_on.data, Finding(form.found.data), form.note.data or "", form.review.data
    )
    return operations.visit(me, key, seen)


def _agreed(me: Actor, key: str, _form: Any) -> object:
    return operations.agree_present(me, key)


DEEDS: dict[str, tuple[type[Form], Callable[[Actor, str, Any], object], str]] = {
    "plan": (forms.PlanForm, _plan, N_("Đã ghi kế hoạch.")),
    "step": (forms.StepForm, _step, N_("Đã ghi một bước.")),
    "visit": (forms.VisitForm, _visit, N_("Đã ghi lần tới thăm.")),
    "agree": (forms.EmptyForm, _agreed, N_("Đã ghi: hộ đồng ý.")),
}


@bp.post("/registry/followup/<key>/<deed>")
@roles(*KEEPERS)
def act(key: str, deed: str) -> ResponseReturnValue:
    """Write a plan, a step or a visit down, or that the household agreed."""
    if deed not in DEEDS:
        raise NotFound(N_("Không có việc này."))
    me = actor()
    queries.home_for(me, key)
    made, verb, done = DEEDS[deed]
    form = made(prefix=deed) if deed != "agree" else made()

    def save() -> None:
        with transaction():
            verb(me, key, form)

    if form.validate_on_submit() and form.accepts(save):
        flash(_(done))
        return redirect(url_for(".home", key=key))
    return _page(me, key, (deed, form)), 422


@bp.post("/registry/followup/<key>/steps/<step_key>/<state>")
@roles(*KEEPERS)
def end_step(key: str, step_key: str, state: str) -> ResponseReturnValue:
    """A step is done, or dropped."""
    me, form = actor(), forms.EmptyForm()
    queries.home_for(me, key)
    if state not in (StepState.DONE, StepState.DROPPED):
        raise NotFound(N_("Không có việc này."))
    if form.validate_on_submit():
        with transaction():
            operations.end_step(me, key, step_key, StepState(state))
        flash(_("Đã ghi."))
    return redirect(url_for(".home", key=key))


# ---- the household ----


@bp.get("/declare/plan")
@signed_in
def mine() -> ResponseReturnValue:
    """The household's own plan, what was seen at its visits, and its yes."""
    own = household_of_user(actor().user_id or 0)
    plan = queries.plan_of(own.id) if own else None
    return render_template(
        "registry/followup/mine.html",
        plan=plan,
        goal=queries.goal_of(plan) if plan else "",
        steps=queries.steps_of(plan) if plan else [],
        visits=queries.visits_of(own.id) if own else [],
        path=queries.path_of(own.id) if own else None,
        by_demo=bool(own and queries.on_demo([own.id])),
        form=forms.EmptyForm(),
        **WORDS,
    )


@bp.post("/declare/plan/agree")
@signed_in
def agree() -> ResponseReturnValue:
    """The household says yes to its plan."""
    with transaction():
        operations.agree(actor())
    flash(_("Đã ghi: nhà mình đồng ý."))
    return redirect(url_for(".mine"))
