"""The page that pays one producer by bank: what is owed, the code, and 'it has gone'."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from cooperatives import queries as cooperatives
from core.db import transaction
from core.i18n import _
from payments.payouts import queries, rules
from payments.payouts.forms import AccountForm, AmountForm, PaidForm
from payments.payouts.operations import STAFF, set_producer_account
from payments.payouts.queries import Due
from revenue.operations import pay_producer
from revenue.rules import PayMethod

bp = Blueprint("payouts", __name__, url_prefix="/manage/payouts")


def _forms() -> tuple[Any, Any, Any]:
    """The three forms of the page; only the one that was sent is filled."""
    step = request.form.get("step")
    asked = request.args if "amount_vnd" in request.args else None
    return (
        AmountForm(asked, meta={"csrf": False}),
        PaidForm(request.form if step == "paid" else None),
        AccountForm(request.form if step == "account" else None),
    )


@bp.get("/<int:producer_id>")
@roles(*STAFF)
def payout(producer_id: int) -> ResponseReturnValue:
    """What a producer is owed and the code that pays it; `?amount_vnd=` asks for another sum than all."""
    queries.producer_of(producer_id, actor().organisation_id)
    return _page(producer_id, *_forms())


@bp.post("/<int:producer_id>")
@roles(*STAFF)
def settle(producer_id: int) -> ResponseReturnValue:
    """Write down that the money has gone, or note another account."""
    who, (amount, paid, account) = actor(), _forms()
    queries.producer_of(producer_id, who.organisation_id)
    made: list[int] = []

    def save() -> None:
        with transaction():
            queries.usable_account(producer_id)
            made.append(pay_producer(who, producer_id, paid.amount_vnd.data, PayMethod.BANK, paid.key.data,
                                     reference=paid.reference.data or "").id)  # fmt: skip

    def note() -> None:
        with transaction():
            set_producer_account(
                who, producer_id, account.bank_bin.data, account.account_number.data, account.holder.data
            )

    if request.form.get("step") == "account":
        if account.validate() and account.accepts(note):
            flash(_("Đã ghi tài khoản."))
            return redirect(url_for("payouts.payout", producer_id=producer_id))
    elif paid.validate() and paid.accepts(save):
        return redirect(url_for("revenue.payout", payout_id=made[0]))
    return _page(producer_id, amount, paid, account)


def _page(producer_id: int, amount: Any, paid: Any, account: Any) -> ResponseReturnValue:
    producer = queries.producer_of(producer_id, actor().organisation_id)
    due, to = queries.due(producer), queries.account_of(producer_id)
    sum_vnd = _sum(amount, paid, due)
    code = queries.code_for(to, producer.code, sum_vnd) if to and sum_vnd and not to.held else None
    faulty = next((form for form in (paid, account, amount) if form.errors or form.form_errors), None)
    page = render_template(
        "payments/payout.html", who=cooperatives.producer_view(producer_id), due=due, to=to, code=code, sum_vnd=sum_vnd,
        amount=amount, paid=paid, account=account, faulty=faulty or amount,
    )  # fmt: skip
    return page, 422 if faulty else 200


def _sum(amount: Any, paid: Any, due: Due) -> int:
    """The đồng that the code shall say: as asked, as just sent, else all that can go; 0 when it cannot be."""
    if request.form.get("step") == "paid":
        amount.amount_vnd.data = paid.amount_vnd.data
    elif "amount_vnd" not in request.args:
        amount.amount_vnd.data = due.most_vnd
        return due.most_vnd
    elif not amount.validate():
        return 0
    asked = amount.amount_vnd.data or 0
    fits = amount.accepts(lambda: rules.check_amount(asked, due.owed_vnd, due.bank_vnd))
    return asked if fits else 0
