"""Pages of one's own orders."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, signed_in, visitor
from accounts.menu import Link
from core.db import transaction
from core.i18n import N_, _
from orders.carts import queries as carts
from orders.claims import operations, queries
from orders.repeats.operations import Repeated, put_again
from orders.rules import local_phone
from storefront.checkout.mine.forms import ClaimCodeForm, ClaimPhoneForm
from storefront.checkout.rules import CART_DAYS

bp = Blueprint("mine", __name__)
LINKS = [Link("mine.orders", N_("Đơn tôi mua"), "cart", N_("Xem lại, mua lại, lấy đơn cũ về"), rank=60)]


@bp.post("/orders/<token>/again")
@visitor
def again(token: str) -> ResponseReturnValue:
    """Everything of an order into the cart again."""
    with transaction():
        done = put_again(request.cookies.get("cart"), token)
    _tell(done)
    response = make_response(redirect(url_for("checkout.cart"), 303))
    if done.cart_token:
        seconds = CART_DAYS * 24 * 3600
        response.set_cookie(
            "cart", done.cart_token, max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure
        )
        pieces = str(min(999, carts.count(done.cart_token)))
        response.set_cookie("cart_n", pieces, max_age=seconds, samesite="Lax", secure=request.is_secure)
    return response


def _tell(done: Repeated) -> None:
    """What is in the cart, what only in part, what is not sold any more."""
    if done.put or done.fewer:
        flash(_("Đã cho vào giỏ như lần trước, theo giá hôm nay."))
    if done.fewer:
        flash(_("Không còn đủ số lần trước: %(names)s.", names=", ".join(done.fewer)), "bad")
    if done.gone:
        flash(_("Không còn bán hoặc đã hết: %(names)s.", names=", ".join(done.gone)), "bad")


@bp.route("/me/orders", methods=["GET", "POST"])
@signed_in
def orders() -> ResponseReturnValue:
    """One's own orders; take in those made without an account, by a code sent to the phone they were made with."""
    me, step = actor(), request.form.get("step")
    phone_form = ClaimPhoneForm() if step == "send" else ClaimPhoneForm(formdata=None)
    code_form = ClaimCodeForm() if step == "claim" else ClaimCodeForm(formdata=None)
    if step == "send" and phone_form.validate_on_submit() and phone_form.accepts(lambda: _send(phone_form)):
        return redirect(url_for(".orders") + "#claim", 303)
    phone = session.get("claim_phone")
    if step == "claim" and phone and code_form.validate_on_submit() and _claim(phone, code_form):
        return redirect(url_for(".orders"), 303)
    number = max(1, request.args.get("page", 1, int))
    mine, page_count = queries.my_orders(me.user_id or 0, number)
    page = render_template(
        "storefront/checkout/mine.html",
        mine=mine,
        page=number,
        page_count=page_count,
        phone_form=phone_form,
        code_form=code_form,
        phone=local_phone(phone) if phone else "",
    )
    return page, 422 if phone_form.errors or phone_form.form_errors or code_form.errors else 200


def _send(form: ClaimPhoneForm) -> None:
    with transaction():
        operations.send_claim_code(actor(), form.phone.data)
    session["claim_phone"] = form.phone.data


def _claim(phone: str, form: ClaimCodeForm) -> bool:
    """Whether the code fitted."""
    with transaction():
        count = operations.claim_by_code(actor(), phone, form.code.data)
    if count is None:
        form.code.errors = [_("Mã không đúng hoặc đã quá 5 phút. Gửi mã mới.")]
        return False
    session.pop("claim_phone", None)
    if count:
        flash(_("Đã lấy về %(count)s lần mua.", count=count))
    else:
        flash(_("Không có lần mua nào với số này chưa lấy về."))
    return True
