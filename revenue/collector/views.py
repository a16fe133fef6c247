"""Pages of collected money: the collector's desk (what is owed, sending it on), and the cooperative's (what comes)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from revenue.collector import operations, queries
from revenue.collector.forms import PlainForm, RemitForm, SettleForm
from revenue.collector.moves import moves
from revenue.ledger.queries import balance
from revenue.rules import AccountKind
from revenue.words import ENTRY_WORDS

bp = Blueprint("collector", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)
LINKS = [
    Link("collector.desk", N_("Thu hộ: nợ hợp tác xã nào bao nhiêu"), "money", "", frozenset(STAFF), rank=1,
         kind="collector"),
    Link("collector.index", N_("Tiền ở bên thu hộ"), "money", N_("Khách trả bằng thẻ hoặc ví"), frozenset(STAFF)),
]  # fmt: skip
RAIL_NAMES = {
    "stripe": N_("Thẻ quốc tế"),
    "momo": N_("Ví MoMo"),
    "vnpay": N_("VNPay"),
    "zalopay": N_("Ví ZaloPay"),
    "saleor": N_("Cửa hàng Saleor"),
}


def _collector() -> int:
    return queries.collector_of(actor().organisation_id).id


# --- the collector's desk


@bp.get("/manage/collector")
@roles(*STAFF)
def desk() -> ResponseReturnValue:
    """What is owed to each cooperative, what providers and the bank hold, what was sent."""
    own = _collector()
    return render_template(
        "revenue/collector/desk.html", owed=queries.owed(own), held=queries.held_by_rails(own), rail_names=RAIL_NAMES,
        bank_vnd=balance(own, AccountKind.BANK), sent=queries.sent_by(own), form=PlainForm(),
        moves=moves(own, AccountKind.DUE_TO_COOPERATIVE), words=ENTRY_WORDS,
    )  # fmt: skip


@bp.route("/manage/collector/remit/<int:cooperative_id>", methods=["GET", "POST"])
@roles(*STAFF)
def remit(cooperative_id: int) -> ResponseReturnValue:
    """Enter a bank transfer to a cooperative."""
    own, form = _collector(), RemitForm()
    one = next((row for row in queries.owed(own) if row.cooperative_id == cooperative_id), None)
    if one is None:
        raise NotFound(N_("Không có hợp tác xã này."), remedy=N_("Chọn lại trong danh sách."))
    number: list[str] = []

    def save() -> None:
        with transaction():
            made = operations.remit(
                actor(), cooperative_id, form.amount_vnd.data, str(form.key.data), form.reference.data or ""
            )
            number.append(made.number)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi lần chuyển %(number)s. Chuyển tiền với nội dung %(number)s.", number=number[0]))
        return redirect(url_for(".desk"), 303)
    bank = balance(own, AccountKind.BANK)
    if not form.is_submitted() and one.owed_vnd > 0:
        form.amount_vnd.data = min(one.owed_vnd, bank) or None
    page = render_template("revenue/collector/remit.html", form=form, one=one, bank_vnd=bank)
    return page, 422 if form.is_submitted() else 200


@bp.route(
    "/manage/collector/settle/<any(stripe, momo, vnpay, zalopay, saleor):rail>", methods=["GET", "POST"]
)
@roles(*STAFF)
def settle(rail: str) -> ResponseReturnValue:
    """Enter what a provider paid out to the collector's bank."""
    own, form = _collector(), SettleForm()

    def save() -> None:
        with transaction():
            operations.settle(
                actor(), rail, form.amount_vnd.data, str(form.key.data), form.reference.data or ""
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi tiền vào tài khoản."))
        return redirect(url_for(".desk"), 303)
    held = queries.held_by_rails(own).get(rail, 0)
    page = render_template("revenue/collector/settle.html", form=form, held_vnd=held, name=RAIL_NAMES[rail])
    return page, 422 if form.is_submitted() else 200


@bp.post("/manage/collector/remittances/<int:remittance_id>/returned")
@roles(*STAFF)
def returned(remittance_id: int) -> ResponseReturnValue:
    """The bank sent a transfer back."""
    with transaction():
        operations.take_back(actor(), remittance_id)
    flash(_("Đã ghi tiền bị trả lại. Khoản nợ hợp tác xã tăng lại như cũ."))
    return redirect(url_for(".desk"), 303)


# --- the cooperative's page


@bp.get("/manage/money/collector")
@roles(*STAFF)
def index() -> ResponseReturnValue:
    """What collectors owe the cooperative, and what they have sent."""
    mine = of_organisation(actor().organisation_id)
    return render_template(
        "revenue/collector/index.html", due=queries.due_to(mine.organisation_id or 0), sent=queries.sent_to(mine.id),
        form=PlainForm(), moves=moves(mine.organisation_id or 0, AccountKind.DUE_FROM_COLLECTOR), words=ENTRY_WORDS,
    )  # fmt: skip


@bp.post("/manage/money/collector/<int:remittance_id>/arrived")
@roles(*STAFF)
def arrived(remittance_id: int) -> ResponseReturnValue:
    """The money is in the cooperative's bank."""
    with transaction():
        operations.confirm(actor(), remittance_id)
    flash(_("Đã ghi tiền vào tài khoản."))
    return redirect(url_for(".index"), 303)
