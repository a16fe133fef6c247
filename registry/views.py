"""Pages of declaring: the household's own, its helper's, and the commune officer's queue."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role, show_phone
from core import clock
from core.db import transaction
from core.errors import DomainError, NotFound
from core.i18n import N_, _
from households.operations import PersonFacts, create_household
from households.queries import head_name, household_of_user
from households.roster import views as roster_views
from places.queries import place_name
from registry import operations, queries, reasons, sentences
from registry.confirming import views as confirming_views
from registry.confirming.queries import pin_of
from registry.desk import officer_links
from registry.fairness import views as fairness_views
from registry.figures import views as figure_views
from registry.followup import views as followup_views
from registry.forms import (
    AnswerForm,
    BeginHelpForm,
    ConfirmForm,
    EmptyForm,
    FindHouseholdForm,
    NewHouseholdForm,
)
from registry.lists import views as list_views
from registry.models import Review
from registry.needs import views as need_views
from registry.papers import views as paper_views
from registry.phones import views as phone_views
from registry.phones.queries import differing
from registry.pictures import pictures_of
from registry.procedure import views as procedure_views
from registry.published import views as published_views
from registry.questions import BY_ID, INDICATOR_NAMES, QUESTIONS, shown_answer
from registry.record import views as record_views
from registry.rules import CLASS_NAMES, Area, HouseholdClass, Result, State
from registry.safety import views as safety_views
from registry.sales import queries as sales
from registry.sales import views as sales_views
from registry.standards import views as standard_views
from registry.standards.queries import scored_under, standards
from registry.standards.rules import Standard
from registry.traits import views as trait_views

bp = Blueprint("registry", __name__)
BLUEPRINTS = [
    bp,
    safety_views.bp,
    list_views.bp,
    procedure_views.bp,
    fairness_views.bp,
    followup_views.bp,
    paper_views.bp,
    standard_views.bp,
    need_views.bp,
    record_views.bp,
    figure_views.bp,
    published_views.bp,
    trait_views.bp,
    confirming_views.bp,
    phone_views.bp,
    sales_views.bp,
]
LINKS = [
    *safety_views.LINKS,
    *list_views.LINKS,
    Link(
        "registry.declare",
        N_("Kê khai của hộ nhà mình"),
        "list",
        roles=frozenset({Role.BUYER, Role.PRODUCER}),
    ),
    Link(
        "registry.help_household",
        N_("Giúp một hộ kê khai"),
        "people",
        roles=frozenset(operations.HELPING_ROLES),
    ),
    Link(
        "registry.queue",
        N_("Các hộ đã kê khai"),
        "list",
        rank=0,
        roles=frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD}),
    ),
    *procedure_views.LINKS,
    *fairness_views.LINKS,
    *followup_views.LINKS,
    *paper_views.LINKS,
    *standard_views.LINKS,
    *figure_views.LINKS,
    *published_views.LINKS,
    *need_views.LINKS,
    *sales_views.LINKS,
    *record_views.LINKS,
]
ORDER = [question.id for question in QUESTIONS]
bp.add_app_template_global(lambda: officer_links([*LINKS, *roster_views.LINKS]), "officer_links")
PAGE_SIZE = 30


@bp.get("/declare")
@signed_in
def declare() -> ResponseReturnValue:
    """What declaring is, where one's own stands, and what the commune may see."""
    me = actor()
    mine = household_of_user(me.user_id or 0)
    return render_template(
        "registry/declare.html",
        household=mine,
        reviews=queries.reviews_of_household(mine.id) if mine else [],
        helping=[
            (review, head_name(review.household_id, clock.today()))
            for review in queries.helped_by(me.user_id or 0)
        ],
        consent=queries.open_consent(mine.id) if mine else None,
        differing=differing(me),
        to_see=sales.waiting_for(mine.id) if mine else [],
        has_pin=bool(mine and pin_of(mine.id)),
        form=EmptyForm(),
        helps=me.role in operations.HELPING_ROLES,
    )


@bp.post("/declare/start")
@signed_in
def start() -> ResponseReturnValue:
    """Begin, or go on with, the household's own declaration."""
    me = actor()
    with transaction():
        key = operations.start(me).key
    return redirect(_next(me, key))


def _next(me: Any, key: str) -> str:
    """The first question without an answer, or the page that checks all."""
    left = operations.unanswered(queries.own_review(me, key))
    if left:
        return url_for("registry.question", key=key, question_id=left[0])
    return url_for("registry.check", key=key)


@bp.get("/declare/<key>")
@signed_in
def resume(key: str) -> ResponseReturnValue:
    """Where this declaration stands."""
    me = actor()
    review = queries.own_review(me, key)
    if review.state == State.DRAFT:
        return redirect(_next(me, key))
    endpoint = "registry.confirm" if review.state == State.TO_CONFIRM else "registry.result"
    return redirect(url_for(endpoint, key=key))


@bp.route("/declare/<key>/q/<question_id>", methods=["GET", "POST"])
@signed_in
def question(key: str, question_id: str) -> ResponseReturnValue:
    """One question a page; each answer is kept at once."""
    if question_id not in BY_ID:
        raise NotFound(N_("Không có câu hỏi này."))
    me, asked = actor(), BY_ID[question_id]
    review = queries.own_review(me, key)
    if review.state != State.DRAFT:
        return redirect(url_for("registry.resume", key=key))
    form = AnswerForm.ask(asked, queries.answers_of(review).get(question_id))

    def save() -> None:
        with transaction():
            operations.answer(me, key, question_id, form.given())

    if form.validate_on_submit():
        target = form.number if asked.kind == "number" else form.answer
        try:
            save()
            return redirect(
                url_for("registry.check", key=key) if request.args.get("from") == "check" else _next(me, key)
            )
        except DomainError as error:
            target.errors = [
                f"{_(error.message, **error.params)} {_(error.remedy, **error.params) if error.remedy else ''}".strip()
            ]
    at = ORDER.index(question_id)
    page = render_template(
        "registry/question.html",
        form=form,
        asked=asked,
        key=key,
        at=at + 1,
        total=len(ORDER),
        before=ORDER[at - 1] if at else None,
        helping=_helped(me, review),
        pictures=pictures_of(question_id),
    )
    return page, 422 if form.errors else 200


def _helped(me: Any, review: Review) -> str:
    """Whose declaration a helper is writing, '' for one's own."""
    return "" if queries.is_own(me, review) else head_name(review.household_id, clock.today())


@bp.route("/declare/<key>/check", methods=["GET", "POST"])
@signed_in
def check(key: str) -> ResponseReturnValue:
    """All answers, each to be changed; then sent."""
    me, form = actor(), EmptyForm()
    review = queries.own_review(me, key)
    if review.state != State.DRAFT:
        return redirect(url_for("registry.resume", key=key))

    def save() -> None:
        with transaction():
            operations.finish(me, key)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("registry.resume", key=key))
    answers = queries.answers_of(queries.own_review(me, key))
    rows = [(one, shown_answer(one.id, answers.get(one.id)), answers.get(one.id)) for one in QUESTIONS]
    page = render_template("registry/check.html", form=form, key=key, rows=rows, helped=_helped(me, review))
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/declare/<key>/confirm", methods=["GET", "POST"])
@signed_in
def confirm(key: str) -> ResponseReturnValue:
    """The household says yes: in its own session, by a code to its phone, by its PIN, or by a mark before a witness."""
    me, form = actor(), ConfirmForm()
    review = queries.own_review(me, key)
    if review.state != State.TO_CONFIRM:
        return redirect(url_for("registry.resume", key=key))
    own, phones = queries.is_own(me, review), operations.household_phones(review.household_id)
    step = request.form.get("step", "")
    if step == "pin":
        if confirming_views.confirmed_by_pin(me, key, form.code.data or ""):
            return redirect(url_for("registry.resume", key=key))
        form.code.errors = [_("Mã PIN không đúng. Thử tối đa 5 lần một ngày.")]
    elif step and _confirm_step(me, key, step, phones, form):
        return redirect(url_for("registry.resume", key=key))
    answers = queries.answers_of(queries.own_review(me, key))
    page = render_template(
        "registry/confirm.html",
        form=form,
        key=key,
        own=own,
        phones=[(phone, show_phone(phone)) for phone in phones],
        head=head_name(review.household_id, clock.today()),
        sent=step in ("send", "code"),
        pin=pin_of(review.household_id) is not None,
        by_pin=step == "pin",
        phone=request.form.get("phone", ""),
        rows=[(one, shown_answer(one.id, answers.get(one.id))) for one in QUESTIONS],
    )
    return page, 422 if form.code.errors else 200


def _confirm_step(me: Any, key: str, step: str, phones: list[str], form: ConfirmForm) -> bool:
    """Carry out one button of the page; True when the declaration is confirmed or reopened."""
    phone = request.form.get("phone", phones[0] if phones else "")
    with transaction():
        if step == "send":
            operations.ask_to_confirm(me, key, phone)
            return False
        if step == "own":
            operations.confirm_own(me, key)
        elif step == "reopen":
            operations.reopen(me, key)
        elif not operations.confirm_by_code(me, key, phone, form.code.data or ""):
            form.code.errors = [_("Mã không đúng hoặc đã quá 5 phút. Gửi mã mới.")]
            return False
    return True


@bp.get("/declare/<key>/result")
@signed_in
def result(key: str) -> ResponseReturnValue:
    """What the standards say of the answers, with every point and every reason. Not a decision."""
    me = actor()
    review = queries.own_review(me, key)
    if review.state != State.SUBMITTED:
        return redirect(url_for("registry.resume", key=key))
    answers = queries.answers_of(review)
    page = _explained(queries.explain(review, answers), answers, queries.area_of(review))
    return render_template(
        "registry/result.html",
        review=review,
        key=key,
        own=queries.is_own(me, review),
        form=EmptyForm(),
        **page,
    )


def _explained(results: list[Result], answers: dict[str, str | int], area: Area) -> dict[str, Any]:
    """What templates need to show results in words."""
    held = standards()
    return {
        "results": [(one, held[one.standard_id]) for one in results],
        "class_names": {outcome.value: CLASS_NAMES[outcome] for outcome in HouseholdClass},
        "indicator_names": INDICATOR_NAMES,
        "rows": [(one, shown_answer(one.id, answers.get(one.id))) for one in QUESTIONS],
        "why": _reasons(results[0], held[results[0].standard_id], answers, area),
    }


def _reasons(result: Result, standard: Standard, answers: dict[str, str | int], area: Area) -> dict[str, Any]:
    """How far from each line, the answers behind each point and lack, and what this standard leaves out."""

    return {
        "income": reasons.from_income_line(result),
        "lacks": reasons.from_lacks_line(result, standard),
        "items": sentences.items(result, standard, answers, area),
        "lack": {
            code: [(BY_ID[one], shown_answer(one, answers.get(one))) for one in asked if one in BY_ID]
            for code, asked in reasons.questions_of_lacks(standard).items()
        },
        "left_out": [BY_ID[one] for one in reasons.not_counted(standard, answers) if one in BY_ID],
    }


@bp.post("/declare/<key>/withdraw")
@signed_in
def withdraw(key: str) -> ResponseReturnValue:
    """Take the declaration back."""
    me = actor()
    with transaction():
        operations.withdraw(me, key)
    flash(_("Đã rút bản kê khai. Kê lại lúc nào cũng được."))
    return redirect(url_for("registry.declare"))


@bp.post("/declare/consent")
@signed_in
def consent() -> ResponseReturnValue:
    """Let the commune see bands of sales, or take that back."""
    me = actor()
    with transaction():
        if request.form.get("give"):
            operations.give_sales_consent(me)
        else:
            operations.withdraw_sales_consent(me)
    flash(_("Đã ghi lựa chọn của nhà mình."))
    return redirect(url_for("registry.declare"))


@bp.route("/declare/help", methods=["GET", "POST"])
@roles(*operations.HELPING_ROLES)
def help_household() -> ResponseReturnValue:
    """A household asks for help: it gets a code to read aloud. The answer is the same whoever is recorded."""
    me, form = actor(), FindHouseholdForm()
    if form.validate_on_submit():
        with transaction():
            operations.offer_help(me, form.phone.data)
        session["help"] = form.phone.data
        return redirect(url_for("registry.begin_help"))
    return render_template("registry/help.html", form=form), 422 if form.errors else 200


@bp.route("/declare/help/code", methods=["GET", "POST"])
@roles(*operations.HELPING_ROLES)
def begin_help() -> ResponseReturnValue:
    """The household read its code aloud."""
    me, form = actor(), BeginHelpForm(data={"phone": session.get("help", "")})
    if form.validate_on_submit():
        with transaction():
            begun = operations.begin_help(me, form.phone.data, form.code.data)
            key = begun.key if begun else None
        if key:
            session.pop("help", None)
            return redirect(url_for("registry.resume", key=key))
        form.code.errors = [_("Mã không đúng, đã quá 5 phút, hoặc số này chưa có trong sổ của xã.")]
    return render_template("registry/begin_help.html", form=form), 422 if form.errors else 200


@bp.route("/declare/help/new", methods=["GET", "POST"])
@roles(*operations.HELPING_ROLES)
def new_household() -> ResponseReturnValue:
    """Record a household that is in no list yet, and begin its declaration."""
    me, form = actor(), NewHouseholdForm()
    keys: list[str] = []

    def save() -> None:
        facts = PersonFacts(form.name.data, birth_year=form.birth_year.data, phone=form.phone.data or "")
        with transaction():
            made = create_household(me, me.unit_id or 0, form.village.data, facts)
            keys.append(operations.start_for(me, made.id, asked=True).key)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("registry.resume", key=keys[0]))
    return render_template(
        "registry/new_household.html", form=form
    ), 422 if form.errors or form.form_errors else 200


@bp.get("/registry")
@roles(Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
def queue() -> ResponseReturnValue:
    """The commune's declarations: the class under today's standard and under the next."""
    me = actor()
    page = max(1, request.args.get("page", 1, type=int))
    village, outcome = request.args.get("village", ""), request.args.get("outcome", "")
    rows, total = queries.queue(me, village=village, outcome=outcome, page=page, size=PAGE_SIZE)
    with transaction():
        audit(me, "list declarations", f"commune:{me.unit_id}", ("head", "outcome"), "review")
    return render_template(
        "registry/queue.html",
        rows=rows,
        total=total,
        page=page,
        page_count=-(-total // PAGE_SIZE),
        village=village,
        outcome=outcome,
        villages=queries.villages(me.unit_id or 0),
        place=place_name(me.unit_id or 0),
        class_names={one.value: CLASS_NAMES[one] for one in HouseholdClass},
        standards=scored_under(clock.today()),
    )


@bp.get("/registry/reviews/<key>")
@roles(Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
def review(key: str) -> ResponseReturnValue:
    """One declaration, read by an officer. The reading is in the audit chain before the page is sent."""
    me = actor()
    with transaction():
        operations.read_by_officer(me, key, "review")
    found = queries.review_for_officer(me, key)
    answers = queries.answers_of(found)
    return render_template(
        "registry/review.html",
        review=found,
        head=head_name(found.household_id, clock.today()),
        sales=sales.bands(found.household_id),
        consent=queries.open_consent(found.household_id),
        place=place_name(found.commune_id),
        **_explained(queries.explain(found, answers), answers, queries.area_of(found)),
    )
