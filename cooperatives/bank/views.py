"""The page of a cooperative's bank account, and the three deeds on it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.queries import user
from accounts.rules import Role
from cooperatives import queries
from cooperatives.bank import operations
from cooperatives.bank.forms import BankForm, WebhookForm
from cooperatives.bank.rules import bank
from cooperatives.models import BankAccount
from core import clock
from core.db import transaction
from core.errors import Conflict, Invalid
from core.forms import Form
from core.i18n import _

bp = Blueprint("bank", __name__)


def _account_view(account: BankAccount) -> dict[str, object]:
    return {
        "row": account,
        "bank": bank(account.bank_bin).name,
        "proposer": user(account.proposed_by).name,
        "approver": user(account.approved_by).name if account.approved_by else "",
    }


@bp.route("/manage/cooperative/bank", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.TREASURER)
def account() -> ResponseReturnValue:
    """Where money goes now, the change under way, and proposing another account."""
    me, form = actor(), BankForm()

    def save() -> None:
        with transaction():
            operations.propose_account(
                me, form.bank_bin.data or "", form.account_number.data or "", form.holder.data or ""
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi đề nghị. Nhờ một quản lý hoặc thủ quỹ khác duyệt."))
        return redirect(url_for("bank.account"))
    return _page(form), 422 if form.errors else 200


def _page(form: BankForm) -> str:
    me, found = actor(), queries.of_organisation(actor().organisation_id)
    active, change = queries.active_account(found.id), queries.open_change(found.id)
    shown = {one.id for one in (active, change) if one}
    return render_template(
        "cooperatives/bank.html",
        form=form,
        webhook=WebhookForm(formdata=None),
        me=me,
        active=_account_view(active) if active else None,
        change=_account_view(change) if change else None,
        past=[one for one in queries.accounts(found.id) if one.id not in shown],
        now=clock.now(),
    )


def _deed(verb: Callable[[], object], done: str) -> ResponseReturnValue:
    """Carry out one deed, or say on the page why not."""
    form = BankForm(formdata=None)
    if not Form().validate_on_submit():
        return redirect(url_for("bank.account"))
    try:
        with transaction():
            verb()
    except (Invalid, Conflict) as error:
        form.take(error)
        return _page(form), error.status
    flash(done)
    return redirect(url_for("bank.account"))


@bp.post("/manage/cooperative/bank/<int:account_id>/approve")
@roles(Role.MANAGER, Role.TREASURER)
def approve(account_id: int) -> ResponseReturnValue:
    """The second person agrees."""
    me = actor()
    return _deed(
        lambda: operations.approve_account(me, account_id),
        _("Đã duyệt. Sau 48 giờ tiền mới vào tài khoản này."),
    )


@bp.post("/manage/cooperative/bank/<int:account_id>/withdraw")
@roles(Role.MANAGER, Role.TREASURER)
def withdraw(account_id: int) -> ResponseReturnValue:
    """Stop a change before it takes effect."""
    me = actor()
    return _deed(lambda: operations.withdraw_account(me, account_id), _("Đã dừng việc đổi tài khoản."))


@bp.post("/manage/cooperative/bank/<int:account_id>/webhook")
@roles(Role.MANAGER, Role.TREASURER)
def webhook(account_id: int) -> ResponseReturnValue:
    """Keep the key with which SePay tells of money on this account."""
    me, key = actor(), WebhookForm().webhook_key.data or ""
    return _deed(
        lambda: operations.set_webhook_key(me, account_id, key),
        _("Đã ghi khoá. Chuyển thử một khoản nhỏ để xem tin có tới không.")
        if key
        else _("Đã thôi nhận tin báo."),
    )
