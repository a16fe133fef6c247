"""Pages of paying over a rail. Only what the provider says counts: nothing in an address does."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import visitor
from core.db import transaction
from core.i18n import _
from core.once import allow_attempt
from orders import queries
from orders.models import Order
from orders.public import OrderPage, order_page
from orders.rules import COLLECTED, METHOD_TEXT, Method
from payments.attempts import changes
from payments.attempts.queries import RailView, rail_view
from payments.providers.protocol import NOBODY, ProviderDown
from payments.providers.words import sentence
from payments.queries import pay_view
from payments.rails.rules import RAIL_OF
from storefront.checkout.forms import PlainForm
from storefront.checkout.paying.forms import WayForm

bp = Blueprint("paying", __name__)


@bp.after_request
def _unlisted(response):  # type: ignore[no-untyped-def]
    """Such a page belongs to whoever has the link: no search engine, no referrer."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def waiting_word(order: Order) -> str:
    """What a page that waits for money compares: order, payment, money, and the attempt where there is one."""
    money = pay_view(order.id)
    rail = rail_view(order.id, order.method)
    return f"{order.state}-{money.state}-{money.received_vnd}" + (f"-{rail.state}" if rail else "")


def page(order: OrderPage, *, returned: bool = False) -> str:
    """The page of an unpaid order that is paid over a rail. returned: the buyer comes back from there."""
    rail = rail_view(order.id, order.method)
    found = queries.order_by_token(order.token)
    said = sentence(RAIL_OF[Method(order.method)], rail.raw_state) if rail else ""
    return render_template(
        "payments/rail.html", order=order, rail=rail, said=_(said) if said else "", form=PlainForm(),
        returned=returned, word=waiting_word(found), amount_vnd=_amount(order, rail), ways=changes.choices(order.id),
        name="Stripe" if order.method == Method.CARD else _(METHOD_TEXT[Method(order.method)]),
        refused=bool(said) and order.method == Method.CARD and rail is not None and rail.state == "open",
    )  # fmt: skip


def _amount(order: OrderPage, rail: RailView | None) -> int:
    return rail.amount_vnd if rail and rail.amount_vnd else pay_view(order.id).amount_vnd


@bp.get("/orders/<token>/paid")
@visitor
def returned(token: str) -> ResponseReturnValue:
    """Back from the provider. Its parameters in the address are not read: anybody can write an address."""
    order = order_page(queries.order_by_token(token))
    if order.awaiting and order.method in COLLECTED:
        return page(order, returned=True)
    if order.awaiting:
        return redirect(url_for("tracking.pay", token=token), 303)
    return render_template("payments/returned.html", order=order, pay=pay_view(order.id))


@bp.post("/orders/<token>/paid")
@visitor
def ask(token: str) -> ResponseReturnValue:
    """Ask the provider now, instead of waiting for its news."""
    _not_too_often(token)
    try:
        changes.ask_now(token)
    except ProviderDown as error:
        flash(f"{_(error.message)} {_(error.remedy)}", "bad")
    return redirect(url_for("paying.returned", token=token), 303)


@bp.post("/orders/<token>/pay/again")
@visitor
def again(token: str) -> ResponseReturnValue:
    """Open the payment again: the same one while it can be paid, else a new one."""
    _not_too_often(token)
    changes.pay_again(token, request.remote_addr or NOBODY)
    return redirect(url_for("tracking.pay", token=token), 303)


@bp.route("/orders/<token>/pay/way", methods=["GET", "POST"])
@visitor
def way(token: str) -> ResponseReturnValue:
    """Pay an unpaid order another way."""
    order = order_page(queries.order_by_token(token))
    if not order.changeable:
        return redirect(url_for("tracking.order", token=token), 303)
    form = WayForm.of(changes.choices(order.id))

    def change() -> None:
        _not_too_often(token)
        changes.change_method(token, Method(form.method.data), request.remote_addr or NOBODY)

    if form.validate_on_submit() and form.accepts(change):
        return redirect(url_for("tracking.pay", token=token), 303)
    shown = render_template("payments/way.html", order=order_page(queries.order_by_token(token)), form=form)
    return shown, 422 if form.is_submitted() else 200


def _not_too_often(token: str) -> None:
    """Each of these may call somebody else's machine."""
    with transaction():
        allow_attempt("pay-over-rail", token, most=20, within=timedelta(minutes=10))
        allow_attempt("pay-over-rail-from", request.remote_addr or "", most=60, within=timedelta(minutes=10))
