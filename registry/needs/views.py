"""Pages of needs: the household's own, its helper's, and the commune's list."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role, show_phone
from core import clock, once
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _, language
from households.queries import head_name, household_of_user, phones_of_household
from places.queries import place_name
from registry import queries as declarations
from registry.needs import operations, queries
from registry.needs.forms import CloseForm, ConfirmNeedForm, SayForForm, SayForm
from registry.needs.kinds import KIND_ICONS, KIND_NAMES, URGENCY_NAMES, NeedKind, Urgency
from registry.needs.models import Need, NeedStep
from registry.needs.rules import DUE_DAYS, OUTCOME_NAMES, STATE_NAMES, NeedState, Outcome
from registry.operations import HELPING_ROLES
from registry.schemes.files import schemes
from registry.schemes.rules import Fit

bp = Blueprint("needs", __name__)
READERS = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
LINKS = [
    Link("needs.mine", N_("Nhà mình cần giúp gì"), "ask", roles=frozenset({Role.BUYER, Role.PRODUCER})),
    Link("needs.listed", N_("Nhu cầu của các hộ"), "ask", rank=1, roles=frozenset(READERS)),
    Link("needs.schemes_listed", N_("Chính sách hỗ trợ"), "list", roles=frozenset(READERS)),
]
PAGE_SIZE = 30
SHOWS = {
    "": N_("Đang chờ"),
    "mine": N_("Tôi đang lo"),
    "late": N_("Quá hẹn"),
    "unmet": N_("Chưa được giúp"),
    "all": N_("Tất cả"),
}
FITS = {
    Fit.YES: (N_("Có vẻ đúng điều kiện"), "good"),
    Fit.UNKNOWN: (N_("Chưa đủ thông tin"), "warn"),
    Fit.NO: (N_("Chưa đúng điều kiện"), ""),
}
EVENTS = {
    "say": N_("Nói nhu cầu"),
    "confirm": N_("Nhà mình xác nhận, gửi tới xã"),
    "take": N_("Cán bộ nhận lo"),
    "close": N_("Xã trả lời"),
    "reopen": N_("Nhà mình hỏi lại"),
    "withdraw": N_("Rút lại"),
}


def _words() -> dict[str, Any]:
    """What every page of needs shows in words."""
    return {
        "kinds": KIND_NAMES,
        "icons": KIND_ICONS,
        "urgencies": URGENCY_NAMES,
        "states": STATE_NAMES,
        "outcomes": OUTCOME_NAMES,
        "fits": FITS,
        "lang": 1 if language() == "en" else 0,
    }


@bp.get("/needs")
@signed_in
def mine() -> ResponseReturnValue:
    """What one's own household asks for, and the twelve things it may ask for."""
    me = actor()
    home = household_of_user(me.user_id or 0)
    return render_template(
        "registry/needs/mine.html",
        home=home,
        needs=queries.needs_of_household(home.id) if home else [],
        helping=[
            (need, head_name(need.household_id, clock.today()))
            for need in queries.helped_needs(me.user_id or 0)
        ],
        **_words(),
    )


@bp.route("/needs/new/<kind>", methods=["GET", "POST"])
@signed_in
def say(kind: str) -> ResponseReturnValue:
    """One need of one's own household; sent twice it is one."""
    me = actor()
    if kind not in set(NeedKind):
        raise NotFound(N_("Không có loại nhu cầu này."))
    if household_of_user(me.user_id or 0) is None:
        return redirect(url_for(".mine"))
    form = SayForm.ask(NeedKind(kind))
    made: list[str] = []

    def save() -> None:
        said = _said(form, NeedKind(kind))
        made.append(_once(form, said, lambda: operations.say(me, said)))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gửi tới xã. Xã phải trả lời trước ngày hẹn."))
        return redirect(url_for(".one", key=made[0]))
    page = render_template(
        "registry/needs/say.html", form=form, kind=NeedKind(kind), days=DUE_DAYS, **_words()
    )
    return page, 422 if form.errors or form.form_errors else 200


def _said(form: SayForm, kind: NeedKind) -> operations.Said:
    paid = form.copayment_vnd.data if "copayment_vnd" in form and kind is NeedKind.TELECOM else None
    return operations.Said(kind, Urgency(form.urgency.data), form.note.data or "", paid)


def _once(form: SayForm, said: operations.Said, verb: Callable[[], Need]) -> str:
    """Carry a need out once for one showing of its form; its key."""
    body = [said.kind, said.urgency, said.note, said.copayment_vnd]
    with transaction():
        before = once.done_before("needs.say", form.key.data or "", body)
        if before is not None:
            return before
        key = verb().key
        once.remember("needs.say", form.key.data or "", body, key)
    return key


@bp.route("/needs/for/<review_key>", methods=["GET", "POST"])
@roles(*HELPING_ROLES)
def say_for(review_key: str) -> ResponseReturnValue:
    """A helper writes a need of the household whose declaration she helps with."""
    me = actor()
    review = declarations.own_review(me, review_key)
    form = SayForForm.blank()
    made: list[str] = []

    def save() -> None:
        said = _said(form, NeedKind(form.kind.data))
        made.append(_once(form, said, lambda: operations.say_for(me, review_key, said)))

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for(".one", key=made[0]))
    page = render_template(
        "registry/needs/say_for.html",
        form=form,
        review_key=review_key,
        head=head_name(review.household_id, clock.today()),
        **_words(),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/needs/<key>")
@signed_in
def one(key: str) -> ResponseReturnValue:
    """One need of one's own household, or one that waits for a household's yes."""
    return _shown(queries.own_need(actor(), key), ConfirmNeedForm(formdata=None))


def _shown(need: Need, form: ConfirmNeedForm, *, sent: bool = False) -> ResponseReturnValue:
    own = queries.is_own(actor(), need)
    phones = phones_of_household(need.household_id, clock.today())
    found, is_demo, declared_on = queries.matches_of(need) if own else ([], False, None)
    page = render_template(
        "registry/needs/one.html",
        need=need,
        form=form,
        own=own,
        head=head_name(need.household_id, clock.today()),
        phone=show_phone(phones[0]) if phones else "",
        sent=sent,
        note_text=queries.note_of(need),
        steps=_steps(need),
        matches=found,
        trial_is_demo=is_demo,
        declared_on=declared_on,
        state=NeedState(need.state),
        **_words(),
    )
    return page, 422 if form.errors else 200


def _steps(need: Need) -> list[tuple[str, str, NeedStep]]:
    """(what happened, the officer's words, the step), oldest first."""
    return [(EVENTS[step.event], queries.answer_of(need, step), step) for step in need.steps]


@bp.post("/needs/<key>/confirm")
@signed_in
def confirm(key: str) -> ResponseReturnValue:
    """The household's yes: in its own session, by a code, or in person where it has no phone."""
    me, form, step = actor(), ConfirmNeedForm(), request.form.get("step", "")
    need = queries.own_need(me, key)
    if step == "send":
        with transaction():
            operations.ask_to_confirm(me, key)
        return _shown(queries.own_need(me, key), ConfirmNeedForm(formdata=None), sent=True)
    if step == "code":
        with transaction():
            fits = operations.confirm_by_code(me, key, form.code.data or "")
        if not fits:
            form.code.errors = [_("Mã không đúng hoặc đã quá 5 phút. Gửi mã mới.")]
            return _shown(queries.own_need(me, key), form, sent=True)
    else:
        with transaction():
            (operations.confirm_own if queries.is_own(me, need) else operations.confirm_present)(me, key)
    flash(_("Đã gửi tới xã. Xã phải trả lời trước ngày hẹn."))
    return redirect(url_for(".mine"))


@bp.post("/needs/<key>/withdraw")
@signed_in
def withdraw(key: str) -> ResponseReturnValue:
    """The household no longer asks."""
    with transaction():
        operations.withdraw(actor(), key)
    flash(_("Đã rút. Cần thì nói lại lúc nào cũng được."))
    return redirect(url_for(".mine"))


@bp.post("/needs/<key>/reopen")
@signed_in
def reopen(key: str) -> ResponseReturnValue:
    """The household still needs this."""
    with transaction():
        operations.reopen(actor(), key)
    flash(_("Đã hỏi lại xã."))
    return redirect(url_for(".one", key=key))


@bp.get("/registry/needs")
@roles(*READERS)
def listed() -> ResponseReturnValue:
    """The commune's needs, the soonest due first, and how many are unmet by kind."""
    me = actor()
    page = max(1, request.args.get("page", 1, type=int))
    kind, show = request.args.get("kind", ""), request.args.get("show", "")
    kind, show = kind if kind in set(NeedKind) else "", show if show in SHOWS else ""
    with transaction():
        audit(me, "list needs", f"commune:{me.unit_id}", ("head", "kind", "urgency"), "needs")
    rows, total = queries.listed(me, kind=kind, show=show, page=page, size=PAGE_SIZE)
    counted = queries.counts(me)
    return render_template(
        "registry/needs/list.html",
        rows=rows,
        total=total,
        page=page,
        page_count=-(-total // PAGE_SIZE),
        kind=kind,
        show=show,
        shows=SHOWS,
        counts=counted,
        unmet=sum(one.unmet for one in counted),
        said=sum(one.said for one in counted),
        place=place_name(me.unit_id or 0),
        village=me.village if me.role is Role.VILLAGE_HEAD else "",
        **_words(),
    )


@bp.route("/registry/needs/<key>", methods=["GET", "POST"])
@roles(*READERS)
def handle(key: str) -> ResponseReturnValue:
    """One need, read by an officer (the reading is in the audit chain first), and answered by its owner."""
    me = actor()
    with transaction():
        operations.read_by_officer(me, key, "needs")
    need = queries.need_for_officer(me, key)
    found, is_demo, declared_on = queries.matches_of(need)
    form = CloseForm.over([line.scheme for line in found], 1 if language() == "en" else 0)

    def save() -> None:
        given = (Outcome(form.outcome.data), form.answer.data or "", form.scheme_id.data or "")
        with transaction():
            operations.close(me, key, *given)

    if me.role is Role.COMMUNE_OFFICER and form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời hộ."))
        return redirect(url_for(".listed"))
    need = queries.need_for_officer(me, key)
    page = render_template(
        "registry/needs/handle.html",
        need=need,
        form=form,
        head=head_name(need.household_id, clock.today()),
        phones=[show_phone(phone) for phone in phones_of_household(need.household_id, clock.today())],
        note_text=queries.note_of(need),
        steps=_steps(need),
        matches=found,
        trial_is_demo=is_demo,
        declared_on=declared_on,
        state=NeedState(need.state),
        mine=need.owner_user_id == me.user_id,
        answers=me.role is Role.COMMUNE_OFFICER,
        place=place_name(need.commune_id),
        today=clock.today(),
        **_words(),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/registry/needs/<key>/take")
@roles(Role.COMMUNE_OFFICER)
def take(key: str) -> ResponseReturnValue:
    """Become the owner of a need."""
    with transaction():
        operations.take(actor(), key)
    flash(_("Nhu cầu này giờ do bạn lo."))
    return redirect(url_for(".handle", key=key))


@bp.get("/needs/schemes")
@signed_in
def schemes_listed() -> ResponseReturnValue:
    """Every support scheme with its dates, conditions and source, and whether it was verified."""
    return render_template(
        "registry/needs/schemes.html", schemes=schemes().values(), today=clock.today(), **_words()
    )
