"""Pages of sales as evidence: the family's, first; the commune's list and one revisit."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from core import clock
from core.db import transaction
from core.i18n import N_, _
from households.queries import head_name, head_names
from registry.sales import operations, queries
from registry.sales.forms import CloseForm, SayForm
from registry.sales.rules import STANDING_WORDS, Standing

bp = Blueprint("sales_evidence", __name__)
LINKS = [
    Link(
        "sales_evidence.listed",
        N_("Hỏi lại về mức bán hàng"),
        "money",
        rank=30,
        roles=frozenset({Role.COMMUNE_OFFICER}),
    )
]


@bp.route("/declare/sales/<key>", methods=["GET", "POST"])
@signed_in
def own(key: str) -> ResponseReturnValue:
    """What the family is to see first; it answers, or only sends it on."""
    me, form = actor(), SayForm()
    found = queries.own(me, key)

    def save() -> None:
        with transaction():
            operations.say(me, key, form.words.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gửi xã. Xã hỏi lại rồi trả lời ở đây."))
        return redirect(url_for(".own", key=key))
    page = render_template(
        "registry/sales/own.html",
        form=form,
        found=found,
        by_demo=found.state != Standing.QUIET and bool(queries.on_demo([found.household_id])),
        words=queries.words_of(found),
        answer=queries.answer_of(found),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/registry/sales")
@roles(Role.COMMUNE_OFFICER)
def listed() -> ResponseReturnValue:
    """Households to ask again; the opening of the list is in the audit chain."""
    me = actor()
    with transaction():
        audit(me, "list sales", f"commune:{me.unit_id}", ("head", "sales_bands"), "review")
    rows = queries.asked_of_commune(me)
    names = head_names({home.id for _one, home in rows}, clock.today())
    demo = queries.on_demo(names.keys())
    return render_template(
        "registry/sales/listed.html", rows=rows, names=names, standing=STANDING_WORDS, demo=demo
    )


@bp.route("/registry/sales/<key>", methods=["GET", "POST"])
@roles(Role.COMMUNE_OFFICER)
def one(key: str) -> ResponseReturnValue:
    """One revisit: the band, what the family says, and what was found."""
    me, form = actor(), CloseForm()
    with transaction():
        found = operations.read(me, key)
        household_id = found.household_id

    def save() -> None:
        with transaction():
            operations.close(me, key, form.words.data or "", review=form.review.data == "yes")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi. Hộ đọc được câu trả lời."))
        return redirect(url_for(".listed"))
    found = queries.for_officer(me, key)
    page = render_template(
        "registry/sales/one.html",
        form=form,
        found=found,
        head=head_name(household_id, clock.today()),
        by_demo=bool(queries.on_demo([household_id])),
        words=queries.words_of(found),
        answer=queries.answer_of(found),
    )
    return page, 422 if form.errors or form.form_errors else 200
