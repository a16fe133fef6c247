"""The manager's vouchers."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core import clock
from core.db import transaction
from core.i18n import N_, _
from orders.vouchers import operations, queries
from orders.vouchers.forms import StopForm, VoucherForm

bp = Blueprint("vouchers", __name__)


@bp.get("/manage/vouchers")
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """The cooperative's vouchers, and those that programmes pay for its goods."""
    own = of_organisation(actor().organisation_id).id
    return render_template(
        "orders/vouchers/index.html", rows=queries.own_vouchers(own), paid=queries.subsidised_for(own),
        today=clock.today(), form=StopForm(),
    )  # fmt: skip


@bp.route("/manage/vouchers/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def new() -> ResponseReturnValue:
    """Make one."""
    cooperative, form = of_organisation(actor().organisation_id), VoucherForm()

    def save() -> None:
        draft = form.draft(budget_vnd=form.budget_vnd.data)
        with transaction():
            operations.make_voucher(actor(), cooperative.id, str(form.key.data), draft)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã tạo mã. Gửi mã cho khách là dùng được."))
        return redirect(url_for(".index"), 303)
    page = render_template("orders/vouchers/new.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/manage/vouchers/<int:voucher_id>/stop")
@roles(Role.MANAGER)
def stop(voucher_id: int) -> ResponseReturnValue:
    """Nobody uses it from now on."""
    if StopForm().validate_on_submit():
        with transaction():
            operations.stop_voucher(actor(), voucher_id)
        flash(_("Đã ngừng mã."))
    return redirect(url_for(".index"), 303)


BLUEPRINTS = [bp]
LINKS = [
    Link(
        "vouchers.index",
        N_("Mã giảm giá"),
        "money",
        N_("Tạo mã, xem mã đã dùng bao nhiêu"),
        frozenset({Role.MANAGER}),
    ),
]
