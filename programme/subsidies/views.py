"""Subsidies: make one, set money aside, give out codes, see what became of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from core import clock
from core.db import transaction
from core.i18n import N_, _
from orders.vouchers import operations as vouchers
from orders.vouchers import queries as voucher_queries
from orders.vouchers.forms import StopForm
from orders.vouchers.models import Subsidy
from programme.menu import menu
from programme.subsidies.forms import DepositForm, SubsidyForm, code_form
from programme.subsidies.queries import sellers
from revenue.subsidies import operations, queries

bp = Blueprint("subsidies", __name__, url_prefix="/programme/subsidies")
LINKS = [
    Link(
        "subsidies.index",
        N_("Trợ giá"),
        "money",
        N_("Ngân sách, mã, đã chi tới đâu"),
        frozenset({Role.PROJECT_STAFF}),
    )
]


def _page(name: str, **values: Any) -> str:
    return render_template(f"programme/subsidies/{name}.html", links=menu("subsidies.index"), **values)


def _own(subsidy_id: int) -> Subsidy:
    return voucher_queries.subsidy(subsidy_id, actor().organisation_id or 0)


@bp.get("")
@roles(Role.PROJECT_STAFF)
def index() -> ResponseReturnValue:
    """Every subsidy of the project with its money."""
    own = actor().organisation_id
    return _page("index", budgets=queries.budgets(own) if own else [], has_project=own is not None)


@bp.route("/new", methods=["GET", "POST"])
@roles(Role.PROJECT_STAFF)
def new() -> ResponseReturnValue:
    """A new subsidy, with its first money."""
    form, made = SubsidyForm(), list[int]()

    def save() -> None:
        key = str(form.key.data)
        with transaction():
            one = vouchers.make_subsidy(actor(), key, form.name.data, form.basis.data or "")
            if form.amount_vnd.data:
                operations.deposit(actor(), one.id, form.amount_vnd.data, key)
            made.append(one.id)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã tạo chương trình. Thêm mã để khách dùng."))
        return redirect(url_for(".code", subsidy_id=made[0]), 303)
    return _page("new", form=form), 422 if form.is_submitted() else 200


@bp.route("/<int:subsidy_id>", methods=["GET", "POST"])
@roles(Role.PROJECT_STAFF)
def one(subsidy_id: int) -> ResponseReturnValue:
    """One subsidy: what is left, held, delivered, owed to whom; its codes; and more money."""
    found, form = _own(subsidy_id), DepositForm()

    def save() -> None:
        with transaction():
            move = operations.deposit if form.way.data == "in" else operations.withdraw
            move(actor(), subsidy_id, form.amount_vnd.data, str(form.key.data), form.reference.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi vào sổ của chương trình."))
        return redirect(url_for(".one", subsidy_id=subsidy_id), 303)
    budget = next(one for one in queries.budgets(found.organisation_id) if one.subsidy.id == subsidy_id)
    page = _page(
        "one", budget=budget, claims=queries.claims_on(found), rows=voucher_queries.of_subsidy(subsidy_id),
        orders=queries.order_count(subsidy_id), form=form, stop=StopForm(formdata=None), today=clock.today(),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.route("/<int:subsidy_id>/codes/new", methods=["GET", "POST"])
@roles(Role.PROJECT_STAFF)
def code(subsidy_id: int) -> ResponseReturnValue:
    """A code that buyers type."""
    found, form = _own(subsidy_id), code_form(sellers())

    def save() -> None:
        with transaction():
            vouchers.make_subsidised_voucher(
                actor(), subsidy_id, str(form.key.data), form.draft(), form.cooperative_id.data
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã tạo mã."))
        return redirect(url_for(".one", subsidy_id=subsidy_id), 303)
    return _page("code", subsidy=found, form=form), 422 if form.is_submitted() else 200


@bp.post("/<int:subsidy_id>/codes/<int:voucher_id>/stop")
@roles(Role.PROJECT_STAFF)
def stop(subsidy_id: int, voucher_id: int) -> ResponseReturnValue:
    """Nobody uses the code from now on."""
    _own(subsidy_id)
    if StopForm().validate_on_submit():
        with transaction():
            vouchers.stop_voucher(actor(), voucher_id)
        flash(_("Đã ngừng mã."))
    return redirect(url_for(".one", subsidy_id=subsidy_id), 303)
