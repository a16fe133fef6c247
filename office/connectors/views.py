"""Pages of connectors: administrators write them down, managers see what was sent and what came of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from cooperatives.queries import approved, of_organisation
from core.db import transaction
from core.i18n import N_, _
from office.connectors import operations, queries
from office.connectors.forms import KINDS, ConnectorForm, SwitchForm
from office.passports.rules import NOTICE

bp = Blueprint("connectors", __name__)
LINKS = [
    Link("connectors.index", N_("Hệ thống bên ngoài"), "next", N_("Nơi nhận tài liệu của hợp tác xã"),
         frozenset({Role.ADMINISTRATOR})),
]  # fmt: skip


@bp.get("/manage/passports/letters")
@roles(Role.MANAGER)
def letters() -> ResponseReturnValue:
    """What was sent, what waits and why, what was refused."""
    own = of_organisation(actor().organisation_id).id
    return render_template("office/connectors/letters.html", rows=queries.letters(own), notice=NOTICE,
                           form=SwitchForm(formdata=None))  # fmt: skip


@bp.post("/manage/passports/letters/<int:letter_id>/again")
@roles(Role.MANAGER)
def again(letter_id: int) -> ResponseReturnValue:
    """Try a letter that was given up once more."""
    if SwitchForm().validate_on_submit():
        with transaction():
            operations.try_again(actor(), letter_id)
        flash(_("Đã xếp lại vào hàng chờ gửi."))
    return redirect(url_for("connectors.letters"))


def _page(form: ConnectorForm) -> str:
    form.offer([(one.id, one.name) for one in approved()])
    return render_template("office/connectors/index.html", rows=queries.everything(), form=form, kinds=KINDS,
                           notice=NOTICE, deed=SwitchForm(formdata=None))  # fmt: skip


@bp.route("/admin/connectors", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Every connector, and a form for one more."""
    form = ConnectorForm()
    form.offer([(one.id, one.name) for one in approved()])

    def save() -> None:
        with transaction():
            operations.add_connector(actor(), form.key.data, form.kind.data, form.name.data or "",
                                     form.address.data or "", form.secret.data or "",
                                     form.cooperative_id.data or None)  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi nơi nhận. Khoá ký không hiện lại nữa."))
        return redirect(url_for("connectors.index"))
    return _page(form), 422 if form.errors or form.form_errors else 200


@bp.post("/admin/connectors/<int:connector_id>/switch")
@roles(Role.ADMINISTRATOR)
def switch(connector_id: int) -> ResponseReturnValue:
    """On or off."""
    if SwitchForm().validate_on_submit():
        with transaction():
            operations.switch(actor(), connector_id, active=request.form.get("active") == "yes")
    return redirect(url_for("connectors.index"))
