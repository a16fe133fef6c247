"""Pages of one's own record: everything held, who read it, consents, requests, a copy; and the officer's answers."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from core import clock, once
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from households.queries import head_name, head_names, household_of_user
from places.queries import place_name
from registry.record import held, operations, queries
from registry.record.forms import AnswerForm, AskForm, DeedForm
from registry.record.rules import ASK_NAMES, ASK_STATES, PART_NAMES, STAYS, Ask, Part

bp = Blueprint("record", __name__)
LINKS = [
    Link(
        "record.mine",
        N_("Hồ sơ của nhà mình"),
        "shield",
        N_("Xã giữ gì, ai đã xem"),
        roles=frozenset({Role.BUYER, Role.PRODUCER}),
    ),
    Link(
        "record.requests",
        N_("Yêu cầu về hồ sơ"),
        "shield",
        rank=2,
        roles=frozenset({Role.COMMUNE_OFFICER}),
    ),
]


def _words() -> dict[str, Any]:
    return {"asks": ASK_NAMES, "ask_states": ASK_STATES, "part_names": PART_NAMES}


@bp.get("/me/record")
@signed_in
def mine() -> ResponseReturnValue:
    """Everything that is held about one's own household, by part, with who wrote it, read it and why."""
    home = household_of_user(actor().user_id or 0)
    if home is None:
        return render_template("households/none.html")
    return render_template(
        "registry/record/mine.html",
        home=home,
        place=place_name(home.commune_id).full,
        head=head_name(home.id, clock.today()),
        sections=held.held(home),
        consents=held.consent_lines(home),
        requests=[(one, queries.answer_of(one)) for one in queries.requests_of(home.id)],
        form=DeedForm(formdata=None),
        **_words(),
    )


@bp.post("/me/record/copy")
@signed_in
def copy() -> ResponseReturnValue:
    """The record as JSON, to keep or to take elsewhere; who took it and when stands in it."""
    me = actor()
    with transaction():
        home = operations.take_copy(me)
        text = json.dumps(held.as_document(home, me.name), ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": 'attachment; filename="ho-so.json"', "Cache-Control": "no-store"}
    return Response(text, mimetype="application/json", headers=headers)


@bp.post("/me/record/consents/<held_by>/<int:consent_id>/withdraw")
@signed_in
def withdraw(held_by: str, consent_id: int) -> ResponseReturnValue:
    """Take one consent back, at once."""
    with transaction():
        operations.withdraw_consent(actor(), held_by, consent_id)
    flash(_("Đã bỏ đồng ý. Từ giờ không dùng nữa."))
    return redirect(url_for(".mine"))


@bp.route("/me/record/ask/<what>", methods=["GET", "POST"])
@signed_in
def ask(what: str) -> ResponseReturnValue:
    """Ask to correct, to stop, or to erase; an erasure says first what stays and why."""
    me = actor()
    if what not in set(Ask):
        raise NotFound(N_("Không có yêu cầu này."))
    if household_of_user(me.user_id or 0) is None:
        return redirect(url_for(".mine"))
    form = AskForm.about(Ask(what))

    def save() -> None:
        part = Part(form.part.data) if "part" in form and form.part.data in set(Part) else None
        words = form.words.data or ""
        with transaction():
            if once.done_before("record.ask", form.key.data or "", [what, words]) is None:
                made = operations.ask(me, Ask(what), words, part)
                once.remember("record.ask", form.key.data or "", [what, words], made.key)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gửi. Xã phải trả lời bằng lời, có lý do."))
        return redirect(url_for(".mine", _anchor="requests"))
    page = render_template("registry/record/ask.html", form=form, what=Ask(what), stays=STAYS, **_words())
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/registry/requests")
@roles(*operations.READERS)
def requests() -> ResponseReturnValue:
    """What the commune's households ask about their records, the soonest due first."""
    me = actor()
    with transaction():
        audit(me, "list record requests", f"commune:{me.unit_id}", ("head", "ask"), "record request")
    found = queries.requests_of_commune(me)
    heads = head_names({one.household_id for one in found}, clock.today())
    return render_template(
        "registry/record/requests.html",
        rows=[(one, heads.get(one.household_id, "")) for one in found],
        place=place_name(me.unit_id or 0),
        today=clock.today(),
        **_words(),
    )


@bp.route("/registry/requests/<key>", methods=["GET", "POST"])
@roles(*operations.READERS)
def answer(key: str) -> ResponseReturnValue:
    """One request, read (the reading is in the audit chain first) and answered in words."""
    me = actor()
    with transaction():
        operations.read_by_officer(me, key, "record request")
    form = AnswerForm.blank()

    def save() -> None:
        with transaction():
            operations.answer(me, key, form.granted.data == "yes", form.words.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời hộ."))
        return redirect(url_for(".requests"))
    found = queries.request_for_officer(me, key)
    page = render_template(
        "registry/record/answer.html",
        found=found,
        form=form,
        head=head_name(found.household_id, clock.today()),
        said=queries.words_of(found),
        answered=queries.answer_of(found),
        stays=STAYS,
        **_words(),
    )
    return page, 422 if form.errors or form.form_errors else 200
