"""Pages of money for a cooperative's staff, and the door at which SePay tells of transfers."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict
from wtforms.fields.choices import SelectChoice

from accounts.access import actor, public, roles
from accounts.menu import Link
from accounts.rules import Role
from cooperatives import queries as cooperatives
from cooperatives.bank.operations import WEBHOOK_PURPOSE
from cooperatives.models import BankAccount
from core import clock
from core.clock import HANOI
from core.crypto import keyed_hash
from core.db import db, transaction
from core.errors import DomainError, Invalid
from core.i18n import N_, _
from orders import queries as orders
from orders.models import Order
from orders.rules import STATE_TEXT
from payments import operations
from payments.attempts.queries import rail_refund_of
from payments.bank_statements.queries import line_of_refund
from payments.bank_statements.views import LINKS as STATEMENT_LINKS
from payments.bank_statements.views import bp as statements
from payments.carriers import queries as carrier_queries
from payments.carriers.rules import ADVICE, AGE_TEXT, Age
from payments.carriers.views import bp as carriers
from payments.cod.queries import cod_page
from payments.feeds.views import bp as feeds
from payments.feeds.views import payos_webhook
from payments.forms import (
    CancelForm,
    MatchForm,
    PayeeForm,
    ProofForm,
    RefundForm,
    RefuseForm,
    RemittanceForm,
    ReturnForm,
    SentForm,
    TransferForm,
)
from payments.payouts.views import bp as payouts
from payments.payruns.views import LINKS as RUN_LINKS
from payments.payruns.views import bp as payruns
from payments.providers import sepay
from payments.queries import order_of_staff, pay_view
from payments.rails.views import bp as rails
from payments.rails.views import notify
from payments.refunds import queries as refunds
from payments.refunds.slips import keep_slip
from payments.refunds.views import bp as slips
from payments.rules import (
    OUTCOME_TEXT,
    PAYMENT_TEXT,
    SOURCE_TEXT,
    TRANSFER_STATE_TEXT,
    Outcome,
    TransferState,
)
from payments.tracing.views import bp as tracing
from payments.transfers import queries as transfers
from payments.transfers.rules import REASON_TEXT
from payments.transfers.views import bp as pictures
from payments.weighed.views import bp as scale

bp = Blueprint("payments", __name__)
BLUEPRINTS = [bp, payouts, payruns, pictures, scale, feeds, rails, tracing, statements, slips, carriers]
STAFF = (Role.MANAGER, Role.TREASURER)
LINKS = [
    Link(
        "payments.transfer_list",
        N_("Tiền khách chuyển"),
        "money",
        N_("Khoản nào chưa rõ của đơn nào"),
        frozenset(STAFF),
    ),
    Link("payments.refund_list", N_("Tiền trả lại khách"), "back", "", frozenset(STAFF)),
    Link(
        "payments.cod", N_("Tiền thu hộ"), "truck", N_("Bên giao hàng đang giữ bao nhiêu"), frozenset(STAFF)
    ),
    *STATEMENT_LINKS,
    *RUN_LINKS,
]


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"OUTCOME_TEXT": OUTCOME_TEXT, "PAYMENT_TEXT": PAYMENT_TEXT, "SOURCE_TEXT": SOURCE_TEXT,
            "TRANSFER_STATE_TEXT": TRANSFER_STATE_TEXT, "REASON_TEXT": REASON_TEXT,
            "ORDER_STATE": STATE_TEXT}  # fmt: skip


# --- SePay


@bp.post("/webhooks/sepay/<int:account_id>")
@public
def sepay_webhook(account_id: int) -> ResponseReturnValue:
    """News of a transfer. The secret is chosen by the account in the address, before the body is looked at."""
    account = db.session.get(BankAccount, account_id)
    sent = keyed_hash(sepay.bearer(request.headers.get("Authorization")), purpose=WEBHOOK_PURPOSE)
    if not sepay.key_fits(sent, account.webhook_key_hash if account else None):
        return jsonify(success=False), 401
    told = sepay.parse(request.get_json(silent=True))
    with transaction():
        operations.receive_transfer(account_id, told)
    return jsonify(success=True)


CSRF_EXEMPT = [sepay_webhook, payos_webhook, notify]


# --- transfers


def _page() -> int:
    return request.args.get("page", 1, type=int)


@bp.get("/manage/transfers")
@roles(*STAFF)
def transfer_list() -> ResponseReturnValue:
    """Money that came; what nobody could place stands first."""
    mine = cooperatives.of_organisation(actor().organisation_id)
    chosen = {"state": request.args.get("state", ""), "outcome": request.args.get("outcome", "")}
    found = transfers.transfers(mine.id, **chosen, page=_page())
    return render_template(
        "payments/transfers.html",
        found=found,
        offered=transfers.best_offers(found, mine.id),
        chosen=chosen,
        states=list(TransferState),
        outcomes=list(Outcome),
    )


@bp.route("/manage/transfers/new", methods=["GET", "POST"])
@roles(*STAFF)
def transfer_new() -> ResponseReturnValue:
    """Enter a transfer from the bank's book."""
    who = actor()
    form: Any = TransferForm(at=clock.now().astimezone(HANOI).time(), on=clock.today())
    mine = cooperatives.of_organisation(who.organisation_id)
    used = [account for account in cooperatives.accounts(mine.id) if account.state != "proposed"]
    form.account_id.choices = [
        SelectChoice(str(one.id), f"{one.bank_name} {one.account_number}") for one in used
    ]
    made: list[int] = []

    def save() -> None:
        with transaction():
            made.append(operations.enter_transfer(
                who, form.key.data, form.account_id.data, form.amount_vnd.data, form.content.data or "", form.booked_at,
                form.reference.data or "",
            ).id)  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("payments.transfer_page", transfer_id=made[0]))
    return render_template("payments/transfer_new.html", form=form), _status(form)


def _status(form: Any) -> int:
    return 422 if form.errors or form.form_errors else 200


@bp.route("/manage/transfers/<int:transfer_id>", methods=["GET", "POST"])
@roles(*STAFF)
def transfer_page(transfer_id: int) -> ResponseReturnValue:
    """One transfer; while it waits in suspense it is given to an order or back to its sender here."""
    who = actor()
    returning = request.form.get("step") == "return"
    match: Any = MatchForm(None if returning else request.form or None)
    back: Any = ReturnForm(request.form if returning else None)

    def save() -> None:
        with transaction():
            if returning:
                operations.return_transfer(who, transfer_id, back.reason.data)
            else:
                operations.match_transfer(who, transfer_id, match.code.data, match.reason.data)

    form = back if returning else match
    found = transfers.transfer_for(transfer_id, who.organisation_id)
    if request.method == "POST" and form.validate() and form.accepts(save):
        flash(_("Đã ghi: trả lại người chuyển.") if returning else _("Đã ghi vào đơn."))
        return redirect(url_for("payments.refund_list" if returning else "payments.transfer_list"))
    found = transfers.transfer_for(transfer_id, who.organisation_id)
    order = orders.order(found.order_id) if found.order_id else None
    account = db.session.get_one(BankAccount, found.bank_account_id)
    return render_template(
        "payments/transfer.html",
        found=found,
        offered=transfers.suggestions([found], found.cooperative_id).get(found.id, ()),
        named=transfers.named_codes(found.id),
        may_undo=transfers.may_undo(found),
        order=order,
        account=account,
        match=match,
        back_form=back,
        returning=returning,
        form=form,
    ), _status(form)


# --- cancel, refuse, refund


def _order_with_reason(order_id: int, form: Any, verb: Any, template: str, done: str) -> ResponseReturnValue:
    """A page that asks why, and does one thing to an order."""
    who, order = actor(), order_of_staff(order_id, actor().organisation_id)

    def save() -> None:
        with transaction():
            verb(who, order_id, form.reason.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(done)
        return redirect(url_for("orders.order", order_id=order_id))
    order = order_of_staff(order_id, actor().organisation_id)
    return render_template(
        template, form=form, order=order, pay=pay_view(order_id), lines=orders.lines(order_id)
    ), _status(form)


@bp.route("/manage/orders/<int:order_id>/cancel", methods=["GET", "POST"])
@roles(*STAFF)
def order_cancel(order_id: int) -> ResponseReturnValue:
    """Cancel an order that was not shipped."""
    return _order_with_reason(
        order_id, CancelForm(), operations.cancel, "payments/cancel.html", _("Đã huỷ đơn.")
    )


@bp.route("/manage/orders/<int:order_id>/refuse", methods=["GET", "POST"])
@roles(*STAFF)
def order_refuse(order_id: int) -> ResponseReturnValue:
    """The parcel came back."""
    done = _("Đã ghi hàng quay về. Hàng nằm ở khu chờ kiểm.")
    return _order_with_reason(order_id, RefuseForm(), operations.refuse_cod, "payments/refuse.html", done)


def _pieces(order: Order) -> dict[int, int]:
    """How many of each line were asked for; empty fields are none. Raises Invalid for anything but a whole number."""
    wanted = {}
    for line in orders.lines(order.id):
        typed = request.form.get(f"q-{line.id}", "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 5):
            raise Invalid(
                N_("Chưa đọc được số gói “%(typed)s”."), remedy=N_("Viết số, ví dụ 1."), typed=typed[:20]
            )
        wanted[line.id] = int(typed or 0)
    return {line_id: quantity for line_id, quantity in wanted.items() if quantity}


@bp.route("/manage/orders/<int:order_id>/refund", methods=["GET", "POST"])
@roles(*STAFF)
def order_refund(order_id: int) -> ResponseReturnValue:
    """Choose pieces, see what they come to, then confirm. The sum seen must be the sum given back."""
    who = actor()
    form: Any = RefundForm()
    order = order_of_staff(order_id, who.organisation_id)
    quote: list[Any] = []

    def ask() -> None:
        quote.append(refunds.quote(order, _pieces(order), form.shipping_vnd.data or 0))

    def save() -> None:
        with transaction():
            operations.refund(who, order_id, _pieces(order), form.reason.data, form.shipping_vnd.data or 0,
                              goods_back=form.goods_back.data, key=form.key.data)  # fmt: skip

    if form.validate_on_submit() and (_again(form) or form.accepts(ask)):
        seen = request.form.get("seen_vnd")
        if not quote or (seen == str(quote[0].total_vnd) and form.accepts(save)):
            flash(_("Đã ghi khoản trả lại. Chuyển tiền rồi đánh dấu ở đây."))
            return redirect(url_for("payments.refund_list"))
    order = order_of_staff(order_id, who.organisation_id)
    return render_template(
        "payments/refund_new.html", form=form, order=order, choices=refunds.choices(order), typed=request.form,
        shipping_left=refunds.shipping_left(order), quote=quote[0] if quote else None, can=refunds.can_refund(order),
    ), _status(form)  # fmt: skip


def _again(form: Any) -> bool:
    """Whether this very form was carried out before: a second tap, or a second tab."""
    return refunds.by_form(form.key.data) is not None


@bp.get("/manage/refunds")
@roles(*STAFF)
def refund_list() -> ResponseReturnValue:
    """What is owed back to buyers, and what went."""
    mine = cooperatives.of_organisation(actor().organisation_id)
    return render_template("payments/refunds.html", found=refunds.refunds(mine.id, _page()))


@bp.route("/manage/refunds/<int:refund_id>", methods=["GET", "POST"])
@roles(*STAFF)
def refund_page(refund_id: int) -> ResponseReturnValue:
    """One refund: the buyer's account, its VietQR, and 'it has gone'."""
    who, step = actor(), request.form.get("step")
    everything: Any = CombinedMultiDict([request.form, request.files])
    payee: Any = PayeeForm(request.form if step == "payee" else None)
    sent: Any = SentForm(everything if step == "sent" else None)
    slip: Any = ProofForm(everything if step == "proof" else None)
    form: Any = {"payee": payee, "proof": slip}.get(step or "", sent)
    refunds.refund_for(refund_id, who.organisation_id)

    def save() -> None:
        picture = None if step == "payee" else keep_slip(form.proof.data)
        with transaction():
            if step == "proof":
                operations.keep_proof(who, refund_id, picture or "")
            elif step == "payee":
                operations.set_payee(
                    who, refund_id, payee.bank_bin.data, payee.account_number.data, payee.holder.data
                )
            else:
                operations.mark_sent(who, refund_id, sent.how.data, sent.reference.data or "", picture)

    if request.method == "POST" and form.validate() and form.accepts(save):
        if step in ("payee", "proof"):
            return redirect(url_for("payments.refund_page", refund_id=refund_id))
        flash(_("Đã ghi là đã trả."))
        return redirect(url_for("payments.refund_list"))
    found = refunds.refund_for(refund_id, who.organisation_id)
    order = orders.order(found.order_id) if found.order_id else None
    to = refunds.payee_of(found, order.code if order else None)
    return render_template(
        "payments/refund.html", found=found, order=order, to=to, payee=payee, sent=sent, form=form, step=step,
        rail=rail_refund_of(found.id),
        slip=slip, shown=line_of_refund(refund_id),
    ), _status(form)  # fmt: skip


# --- cash on delivery


@bp.route("/manage/cod", methods=["GET", "POST"])
@roles(*STAFF)
def cod() -> ResponseReturnValue:
    """What carriers hold; a remittance is entered below the list it settles."""
    who = actor()
    form: Any = RemittanceForm(carrier=request.args.get("carrier", ""))
    mine = cooperatives.of_organisation(who.organisation_id)
    ticked = request.form.getlist("order_ids", type=int)

    def save() -> None:
        with transaction():
            operations.remit_cod(
                who, form.key.data, ticked, carrier=form.carrier.data, fee_vnd=form.fee_vnd.data or 0,
                shipping_vnd=form.shipping_vnd.data or 0, received_on=form.received_on.data,
                reference=form.reference.data or "",
            )  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi tiền bên giao nộp về."))
        return redirect(url_for("payments.cod"))
    return render_template(
        "payments/cod.html", form=form, found=cod_page(mine.id), ticked=ticked, carrier=request.args.get("carrier", ""),
        ageing=carrier_queries.ageing(mine.id), claimed=carrier_queries.open_claims(mine.id), ages=list(Age),
        AGE=AGE_TEXT, ADVICE=ADVICE,
    ), _status(form)  # fmt: skip


@bp.post("/manage/cod/<int:order_id>/collected")
@roles(*STAFF)
def cod_collected(order_id: int) -> ResponseReturnValue:
    """The carrier took the cash of one order."""
    try:
        with transaction():
            order = operations.collect_cod(actor(), order_id)
            done = _("Đơn %(code)s: đã giao, bên giao đang giữ tiền.", code=order.code)
    except Invalid as error:  # a cooperative without settlement terms cannot share the sale
        done = _text(error)
    flash(done)
    return redirect(url_for("payments.cod"))


def _text(error: DomainError) -> str:
    return f"{_(error.message, **error.params)} {_(error.remedy, **error.params) if error.remedy else ''}".strip()
