"""Pages behind an order's unguessable link, and finding an order by phone and code."""

import math
from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import visitor
from core import clock
from core.db import transaction
from core.errors import Invalid
from core.i18n import N_, _, language
from core.once import allow_attempt
from orders import queries
from orders.confirmations.operations import confirm_by_code, send_confirmation_code
from orders.contracts.queries import clauses, pdf
from orders.operations import send_link_again
from orders.problems.operations import report_problem
from orders.problems.photos import keep_photo
from orders.public import OrderPage, order_page
from orders.rules import COLLECTED, mask_phone, read_code
from payments.operations import cancel as cancel_payment
from payments.queries import pay_view
from storefront.checkout.forms import ConfirmationForm, FindForm, PlainForm, ProblemForm
from storefront.checkout.paying.views import page as rail_page
from storefront.checkout.paying.views import waiting_word

bp = Blueprint("tracking", __name__)


@bp.after_request
def _unlisted(response):  # type: ignore[no-untyped-def]
    """Such a page belongs to whoever has the link: no search engine, no referrer."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _view(token: str) -> OrderPage:
    return order_page(queries.order_by_token(token))


@bp.get("/orders/<token>")
@visitor
def order(token: str) -> ResponseReturnValue:
    """Where the order stands."""
    page = _view(token)
    return render_template("storefront/checkout/order.html", order=page, pay=pay_view(page.id), form=PlainForm(),
                           new=request.args.get("new") == "1")  # fmt: skip


@bp.get("/orders/<token>/pay")
@visitor
def pay(token: str) -> ResponseReturnValue:
    """The QR to scan, or the same to type."""
    page = _view(token)
    if not page.awaiting:
        next_one = next((one for one in page.siblings if one.to_pay), None)
        if next_one and page.state == "to_pack":
            flash(_("Đã nhận đủ tiền đơn %(code)s. Còn đơn này.", code=page.code))
        return redirect(
            url_for("tracking.pay" if next_one else "tracking.order", token=(next_one or page).token), 303
        )
    if page.method in COLLECTED:
        return rail_page(page)
    return render_template("storefront/checkout/pay.html", order=page, pay=pay_view(page.id),
                           phone=mask_phone(queries.order_by_token(token).purchase.buyer_phone),
                           minutes=_minutes_left(page))  # fmt: skip


def _minutes_left(page: OrderPage) -> int:
    """Begun minutes for which the goods are still held; 0 when that time is over."""
    if page.hold_until is None:
        return 0
    return max(0, math.ceil((page.hold_until - clock.now()).total_seconds() / 60))


@bp.get("/orders/<token>/state")
@visitor
def state(token: str) -> ResponseReturnValue:
    """The state alone, for the page that waits for money: order state and payment state as one word."""
    return {"state": waiting_word(queries.order_by_token(token))}


@bp.get("/orders/<token>/contract")
@visitor
def contract(token: str) -> ResponseReturnValue:
    """What was agreed, on one page to keep."""
    found = queries.order_by_token(token)
    page = order_page(found)
    return render_template(
        "storefront/checkout/contract.html", order=page, clauses=clauses(found, page, language())
    )


@bp.get("/orders/<token>/contract.pdf")
@visitor
def contract_pdf(token: str) -> ResponseReturnValue:
    """The same as a file in both languages, named by the order's code alone."""
    found = queries.order_by_token(token)
    response = make_response(pdf(found))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code}.pdf"'
    return response


@bp.route("/orders/<token>/confirm", methods=["GET", "POST"])
@visitor
def confirm(token: str) -> ResponseReturnValue:
    """The buyer says yes to a cash-on-delivery order by a code sent to the phone, instead of waiting for a call."""
    form, page = ConfirmationForm(), _view(token)
    if page.state != "to_confirm":
        return redirect(url_for("tracking.order", token=token), 303)
    if request.form.get("step") == "send":
        with transaction():
            send_confirmation_code(token)
        return redirect(url_for("tracking.confirm", token=token, sent=1), 303)
    if form.validate_on_submit():
        with transaction():
            fits = confirm_by_code(token, form.code.data)
        if fits:
            return redirect(url_for("tracking.order", token=token), 303)
        form.code.errors = [_("Mã không đúng hoặc đã quá 5 phút. Gửi mã mới.")]
    sent = bool(request.args.get("sent")) or form.is_submitted()
    shown = render_template("storefront/checkout/confirm.html", order=page, form=form, sent=sent)
    return shown, 422 if form.errors else 200


@bp.post("/orders/<token>/cancel")
@visitor
def cancel(token: str) -> ResponseReturnValue:
    """The buyer cancels before packing."""
    found = queries.order_by_token(token)
    with transaction():
        cancel_payment(token, found.id, _("Người mua huỷ"))
    return redirect(url_for("tracking.order", token=token), 303)


@bp.route("/orders/<token>/problem", methods=["GET", "POST"])
@visitor
def problem(token: str) -> ResponseReturnValue:
    """Tell the cooperative what is wrong, with a photo."""
    form = ProblemForm()
    page = _view(token)
    if form.validate_on_submit() and form.accepts(lambda: _report(token, form)):
        return redirect(url_for("tracking.order", token=token) + "#problems", 303)
    return render_template(
        "storefront/checkout/problem.html", order=page, form=form
    ), 422 if form.is_submitted() else 200


def _report(token: str, form: ProblemForm) -> None:
    photo = keep_photo(form.photo.data)
    with transaction():
        report_problem(token, form.text.data, photo, kind=form.kind.data, key=form.key.data)


@bp.route("/orders/find", methods=["GET", "POST"])
@visitor
def find() -> ResponseReturnValue:
    """An order by phone number and code: where it stands, without street and without the link."""
    form = FindForm()
    found: list[OrderPage] = []
    if form.validate_on_submit() and form.accepts(lambda: found.append(_found(form))):
        return render_template("storefront/checkout/found.html", order=found[0], form=form)
    return render_template("storefront/checkout/find.html", form=form), 422 if form.is_submitted() else 200


def _found(form: FindForm) -> OrderPage:
    code = read_code(form.code.data)
    with transaction():
        allow_attempt("order-find", form.phone.data, most=10, within=timedelta(hours=1))
        allow_attempt("order-find-from", request.remote_addr or "", most=40, within=timedelta(hours=1))
    order = queries.find(form.phone.data, code)
    if order is None:
        raise Invalid(
            N_("Không có đơn nào với số và mã này."),
            remedy=N_("Xem lại mã trong tin nhắn lúc đặt."),
            field="code",
        )
    if request.form.get("again"):
        with transaction():
            send_link_again(order)
    return order_page(order, short=True)
