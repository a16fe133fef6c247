"""Pages of what an officer notes of a person's papers: look, note, take away."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from households.identity import operations, queries
from households.identity.forms import ForgetForm, PaperForm
from households.identity.rules import HEALTH_TEXT, WHY_TEXT, Health, Why
from households.queries import person
from households.roster.queries import by_key, last_household_id

bp = Blueprint("identity", __name__, url_prefix="/roster")


def _of(key: str, person_id: int) -> int:
    """The person, where she belongs, or last belonged, to the household of this address."""
    if last_household_id(person_id) != by_key(actor(), key).id:
        raise NotFound(N_("Không tìm thấy người này."))
    return person_id


@bp.route("/<key>/identity/<int:person_id>", methods=["GET", "POST"])
@roles(*operations.READERS)
def paper(key: str, person_id: int) -> ResponseReturnValue:
    """What is noted of a person: three digits, flags. Each look is in the audit chain before anything is shown."""
    me, form, who = actor(), PaperForm(), _of(key, person_id)

    def save() -> None:
        said = operations.Said(
            Why(form.why.data),
            form.number.data or "",
            [Health(one) for one in form.health.data or ()],
            bool(form.agreed.data),
        )
        with transaction():
            operations.note_paper(me, who, said)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi. Số được mã hoá, chỉ xem lại được 3 số cuối."))
        return redirect(url_for(".paper", key=key, person_id=who))
    with transaction():
        noted = operations.look(me, who)
    page = render_template(
        "households/identity/paper.html",
        key=key,
        person_id=who,
        name=person(who).name,
        noted=noted,
        others=queries.others_with(me, who),
        form=form,
        forget=ForgetForm(formdata=None),
        whys=WHY_TEXT,
        flags=HEALTH_TEXT,
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/<key>/identity/<int:person_id>/forget")
@roles(*operations.READERS)
def forget(key: str, person_id: int) -> ResponseReturnValue:
    """Take away what is noted."""
    who = _of(key, person_id)
    with transaction():
        operations.forget_paper(actor(), who)
    flash(_("Đã xoá số và điều ghi về sức khoẻ của người này."))
    return redirect(url_for("roster.household", key=key))
