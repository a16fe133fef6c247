"""The door at which payOS tells of transfers, and the page where its key is kept."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles
from accounts.rules import Role
from cooperatives import queries as cooperatives
from core.db import transaction
from core.i18n import _
from payments.feeds import queries
from payments.feeds.forms import PayosForm
from payments.feeds.operations import set_payos_key
from payments.providers import payos
from payments.transfers.operations import receive_transfer

bp = Blueprint("feeds", __name__)


@bp.post("/webhooks/payos/<int:account_id>")
@public
def payos_webhook(account_id: int) -> ResponseReturnValue:
    """News of a transfer. The key is chosen by the account in the address, and must have signed what is told."""
    body = request.get_json(silent=True)
    if not payos.proves(body, queries.secret_of(account_id, payos.PROVIDER)):
        return jsonify(success=False), 401
    told = payos.parse(body)
    if told is not None and not payos.is_example(told):
        with transaction():
            receive_transfer(account_id, told)
    return jsonify(success=True)


CSRF_EXEMPT = [payos_webhook]


@bp.route("/manage/transfers/feeds/<int:account_id>", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.TREASURER)
def feed(account_id: int) -> ResponseReturnValue:
    """Which services tell of money on an account, and the key of payOS."""
    who = actor()
    account = queries.account_for(account_id, who.organisation_id)
    form: Any = PayosForm()

    def save() -> None:
        with transaction():
            set_payos_key(who, account_id, form.payos_key.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi khoá. Chuyển thử một khoản nhỏ để xem tin có tới không.") if form.payos_key.data
              else _("Đã thôi nhận tin báo."))  # fmt: skip
        return redirect(url_for("feeds.feed", account_id=account_id))
    account = queries.account_for(account_id, who.organisation_id)
    mine = cooperatives.of_organisation(who.organisation_id)
    return render_template(
        "payments/feed.html", form=form, account=account, others=queries.accounts_in_use(mine.id),
        on=bool(queries.fed([account_id], payos.PROVIDER)),
    ), 422 if form.errors or form.form_errors else 200  # fmt: skip
