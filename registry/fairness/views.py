"""Pages against favouritism: the officer's own, a re-check, and what the province reads."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from households.queries import head_name, members
from households.roster.queries import listed
from places.queries import communes_of, place_name, unit
from registry.fairness import forms, operations, queries
from registry.fairness.rules import (
    ALIKE_COUNT,
    ALIKE_LEAST,
    FAST_LEAST,
    FAST_MINUTES,
    HEAP_LEAST,
    HEAP_WIDTH,
    OVERRIDES_COUNT,
    OVERRIDES_LEAST,
    PEERS_LEAST,
    STATE_WORDS,
    VERDICT_WORDS,
    Pattern,
    RecheckState,
    Verdict,
)
from registry.procedure.queries import history
from registry.procedure.rules import CLASS_WORDS
from registry.procedure.words import EVENT_WORDS

bp = Blueprint("fairness", __name__)
OFFICERS = operations.OFFICERS
LINKS = [
    Link(
        "fairness.mine",
        N_("Công bằng khi xét: việc của tôi"),
        "shield",
        rank=2,
        roles=frozenset(OFFICERS),
    ),
    Link(
        "fairness.province",
        N_("Công bằng khi xét hộ nghèo"),
        "shield",
        rank=1,
        roles=frozenset({Role.PROVINCE_OFFICER}),
    ),
]


def _words() -> dict[str, Any]:
    """What every page here shows in words, and the numbers from which anything is asked."""
    return {
        "class_words": CLASS_WORDS,
        "state_words": STATE_WORDS,
        "verdict_words": VERDICT_WORDS,
        "least": {
            "overrides": OVERRIDES_LEAST,
            "peers": PEERS_LEAST,
            "count": OVERRIDES_COUNT,
            "alike": ALIKE_LEAST,
            "same": ALIKE_COUNT,
            "fast": FAST_LEAST,
            "minutes": FAST_MINUTES,
            "heap": HEAP_LEAST,
            "width": HEAP_WIDTH,
        },
    }


# ---- the officer's own ----


@bp.route("/registry/fairness/mine", methods=["GET", "POST"])
@roles(*OFFICERS)
def mine() -> ResponseReturnValue:
    """What figures ask of me, my answers, the kin I declared, and what was drawn for me to look at again."""
    me, form = actor(), forms.KinForm()
    if "find" in request.form:
        return _mine(me, forms.KinForm(formdata=None))

    def save() -> None:
        with transaction():
            operations.declare_kin(me, form.household.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi. Từ nay cán bộ khác xét hộ này."))
        return redirect(url_for(".mine"))
    return _mine(me, form)


def _mine(me: Actor, form: Any, answered: tuple[str, Any] | None = None) -> ResponseReturnValue:
    text = request.form.get("q", "").strip()  # by POST: no address says a name
    found = listed(me, text=text)[0] if text else []
    form.household.choices = [(one.key, f"{one.head}, {one.village}") for one in found]
    if found:
        with transaction():
            audit(me, "list households", f"commune:{me.unit_id}", ("head",), "review")
    asked = queries.asked_of(me)
    drawn = {one.kind: forms.AnswerForm(formdata=None, prefix=one.kind) for one in asked}
    if answered is not None:
        drawn[Pattern(answered[0])] = answered[1]
    bad = answered[1] if answered else form
    page = render_template(
        "registry/fairness/mine.html",
        asked=asked,
        answers=queries.own_answers(me),
        forms=drawn,
        form=form,
        bad=bad,
        text=text,
        found=found,
        kin=queries.declared_by(me.user_id or 0),
        looks=queries.mine_to_look(me),
        by_demo=queries.on_demo([me.unit_id or 0], clock.today().year),
        **_words(),
    )
    return page, 422 if bad.errors or bad.form_errors else 200


@bp.post("/registry/fairness/mine/<kind>")
@roles(*OFFICERS)
def answer(kind: str) -> ResponseReturnValue:
    """Answer a question that figures ask of me."""
    me = actor()
    if kind not in set(Pattern):
        raise NotFound(N_("Không có câu hỏi này."))
    form = forms.AnswerForm(prefix=kind)

    def save() -> None:
        with transaction():
            operations.answer(me, Pattern(kind), form.words.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gửi câu trả lời. Cán bộ tỉnh đọc được."))
        return redirect(url_for(".mine"))
    return _mine(me, forms.KinForm(formdata=None), (kind, form))


@bp.route("/registry/fairness/looks/<key>", methods=["GET", "POST"])
@roles(Role.COMMUNE_OFFICER)
def look(key: str) -> ResponseReturnValue:
    """A household of another commune, drawn for me: go, see, say which class is right."""
    me, form = actor(), forms.FindForm()

    def save() -> None:
        with transaction():
            operations.find(me, key, form.chosen.data or "", form.note.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi lần kiểm tra lại."))
        return redirect(url_for(".mine"))
    with transaction():
        found = operations.read_recheck(me, key)
    case = queries.case_of(found)
    page = render_template(
        "registry/fairness/look.html",
        recheck=found,
        by_demo=case.is_demo,
        head=head_name(case.household_id, clock.today()),
        people=len(members(case.household_id, clock.today())),
        village=case.village,
        place=place_name(case.commune_id),
        form=form,
        waiting=found.state == RecheckState.WAITING,
        **_words(),
    )
    return page, 422 if form.errors or form.form_errors else 200


# ---- the province ----


@bp.get("/registry/fairness")
@roles(Role.PROVINCE_OFFICER)
def province() -> ResponseReturnValue:
    """Departures, kin, the draw, differences that wait, and what figures ask of officers. Questions, not verdicts."""
    me, year = actor(), clock.today().year
    year = request.args.get("round", year, type=int)
    with transaction():
        operations.read_questions(me)
    rows = queries.by_commune(me.unit_id or 0, year)
    return render_template(
        "registry/fairness/province.html",
        place=unit(me.unit_id or 0),
        year=year,
        rows=rows,
        recognised=sum(one.recognised for one in rows),
        departed=sum(one.departed for one in rows),
        certified=sum(one.certified for one in rows),
        kin=sum(one.kin for one in rows),
        draw=queries.draw_of(me.unit_id or 0, year),
        differences=queries.differences(me.unit_id or 0),
        by_demo=queries.on_demo([one.id for one in communes_of(me.unit_id or 0)], year),
        asked=queries.questions(me.unit_id or 0, year),
        **_words(),
    )


@bp.route("/registry/fairness/<key>", methods=["GET", "POST"])
@roles(Role.PROVINCE_OFFICER)
def difference(key: str) -> ResponseReturnValue:
    """A difference between two communes: both with their reasons, and the province's decision."""
    me, form = actor(), forms.SettleForm()

    def save() -> None:
        with transaction():
            operations.settle(me, key, Verdict(form.verdict.data), form.words.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi quyết định."))
        return redirect(url_for(".province"))
    with transaction():
        found = operations.read_difference(me, key)
    case = queries.case_of(found)
    note, words = queries.words_of(found)
    page = render_template(
        "registry/fairness/difference.html",
        recheck=found,
        case=case,
        head=head_name(case.household_id, clock.today()),
        place=place_name(case.commune_id),
        steps=history(case),
        events=EVENT_WORDS,
        note_text=note,
        words_text=words,
        form=form,
        waiting=found.state == RecheckState.DIFFERS,
        **_words(),
    )
    return page, 422 if form.errors or form.form_errors else 200
