"""The page of form C, one for each case."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from core import clock
from core.db import transaction
from core.i18n import _
from households.queries import head_name
from registry.procedure import operations as procedure
from registry.traits.forms import TraitsForm
from registry.traits.operations import note
from registry.traits.queries import traits_of_case
from registry.traits.rules import Traits

bp = Blueprint("traits", __name__)


@bp.route("/registry/procedure/<key>/traits", methods=["GET", "POST"])
@roles(*procedure.JUDGES)
def one(key: str) -> ResponseReturnValue:
    """What form C says of a household; reading it is in the audit chain first."""
    me = actor()
    with transaction():
        case = procedure.read(me, key)
        case_id, household_id = case.id, case.household_id
    held = traits_of_case(case_id) or Traits()
    form = TraitsForm(data={"causes": list(held.causes), "disability": held.disability})
    if request.method == "POST":
        form = TraitsForm()

    def save() -> None:
        with transaction():
            note(me, key, form.causes.data or [], form.disability.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi đặc điểm hộ."))
        return redirect(url_for("procedure.case", key=key))
    page = render_template(
        "registry/traits/one.html", form=form, key=key, head=head_name(household_id, clock.today())
    )
    return page, 422 if form.errors or form.form_errors else 200
