"""The manager's page of keys: a machine of a supermarket or of the state writes for the cooperative by one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from core.db import transaction
from core.i18n import N_, _
from traceability.epcis.exchange import operations, queries
from traceability.epcis.exchange.forms import KeyForm
from traceability.slips.views import own

bp = Blueprint("epcis_keys", __name__, url_prefix="/manage/events")
MANAGER = frozenset({Role.MANAGER})
BLUEPRINTS = [bp]
LINKS = [
    Link("epcis_keys.keys", N_("Nối máy"), "list", N_("Khoá để máy nơi khác gửi và đọc chuyến hàng"), MANAGER)
]


@bp.route("/keys", methods=["GET", "POST"])
@roles(Role.MANAGER)
def keys() -> ResponseReturnValue:
    """Keys of the cooperative; a new one is shown on the answer to its form, this once."""
    form, shown = KeyForm(), None

    def save() -> None:
        nonlocal shown
        with transaction():
            _row, shown = operations.make_key(actor(), str(form.key.data), str(form.name.data))

    if form.validate_on_submit() and form.accepts(save):
        if shown is None:
            flash(
                _("Khoá này đã tạo rồi và chỉ hiện một lần. Không chép được thì thu lại rồi tạo khoá khác.")
            )
            return redirect(url_for("epcis_keys.keys"))
        form = KeyForm(formdata=None)
    page = render_template(
        "traceability/epcis/keys.html", form=form, shown=shown, keys=queries.keys_of(own())
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/keys/<int:key_id>/revoke")
@roles(Role.MANAGER)
def revoke(key_id: int) -> ResponseReturnValue:
    """Take a key back."""
    with transaction():
        operations.revoke_key(actor(), key_id)
    flash(_("Đã thu lại khoá. Máy cầm khoá ấy không gửi được nữa."))
    return redirect(url_for("epcis_keys.keys"))
