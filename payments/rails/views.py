"""The door at which providers tell of payments, and the collector's pages of its rails and of what went over them."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles
from accounts.rules import Role
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from payments.attempts.lists import attempts as attempt_list
from payments.attempts.lists import last_paid
from payments.attempts.news import hear
from payments.providers.protocol import Notice, ProviderDown, ProviderRefused
from payments.providers.words import fault_sentence, sentence
from payments.rails import operations, queries, rules
from payments.rails.forms import rail_form
from payments.rails.operations import set_rail
from payments.rails.rules import RAILS
from revenue.collector.queries import collector_of

bp = Blueprint("rails", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)
BODY_MOST = 256 * 1024
ANY_RAIL = "<any(stripe, momo, vnpay, zalopay):rail>"
ATTEMPT_TEXT = {
    "asked": N_("Chưa nối được"), "open": N_("Chờ khách trả"), "pending": N_("Ngân hàng đang xử lý"),
    "paid": N_("Đã trả"), "failed": N_("Không thành"), "expired": N_("Hết giờ"), "cancelled": N_("Đã đóng"),
}  # fmt: skip
DISPUTE_TEXT = {"opened": N_("Đang khiếu nại"), "won": N_("Được"), "lost": N_("Mất")}
PROBLEM_TEXT = {
    "amount": N_("Số tiền cổng báo khác số đã hỏi"), "refused": N_("Cổng không nhận khoản này"),
}  # fmt: skip


@bp.route(f"/webhooks/{ANY_RAIL}/<int:account_id>", methods=["GET", "POST"])
@public
def notify(rail: str, account_id: int) -> ResponseReturnValue:
    """News of a payment. The secret is chosen by the account in the address, before the body is trusted.

    GET as well: VNPay tells by an address with a signed query.
    """
    notice = Notice(
        request.method, request.args.to_dict(), {name.lower(): value for name, value in request.headers.items()},
        request.get_data()[:BODY_MOST], clock.now(),
    )  # fmt: skip
    answer = hear(rail, account_id, notice)
    response = Response(answer.body, answer.status, content_type=answer.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


CSRF_EXEMPT = [notify]


@bp.get("/manage/collector/rails")
@roles(*STAFF)
def settings() -> ResponseReturnValue:
    """The rails of a collector: keys or none, offered or not, answering or not."""
    own = collector_of(actor().organisation_id).id
    found = {name: queries.account_of(own, name) for name in RAILS}
    up = {name: one is not None and rules.is_up(one.failures_count) for name, one in found.items()}
    return render_template(
        "payments/rails/settings.html", rails=RAILS, found=found, up=up, paid=last_paid(own), fault=fault_sentence,
        status={name: queries.status(own, name) for name in RAILS},
    )  # fmt: skip


@bp.route(f"/manage/collector/rails/{ANY_RAIL}", methods=["GET", "POST"])
@roles(Role.MANAGER)
def setting(rail: str) -> ResponseReturnValue:
    """Write down a rail's keys. What is secret is never shown again."""
    who = actor()
    found = queries.account_of(collector_of(who.organisation_id).id, rail)
    known = json.loads(found.merchant) | {"enabled": found.enabled} if found else {}
    form: Any = rail_form(rail, has_keys=bool(found and found.secrets))(data=known)
    names = [one.name for one in RAILS[rail].settings]

    def save() -> None:
        with transaction():
            typed = {name: form[name].data or "" for name in names}
            set_rail(who, rail, typed, enabled=form.enabled.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi cổng thanh toán."))
        return redirect(url_for(".settings"), 303)
    page = render_template(
        "payments/rails/setting.html", form=form, rail=RAILS[rail], has_keys=bool(found and found.secrets),
        address=queries.webhook_address(found) if found else "",
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.post(f"/manage/collector/rails/{ANY_RAIL}/try")
@roles(*STAFF)
def try_out(rail: str) -> ResponseReturnValue:
    """Call the provider once, harmlessly, and say what it answered."""
    found = queries.status(collector_of(actor().organisation_id).id, rail)
    if found.account_id is None or not found.configured:
        raise NotFound(N_("Cổng thanh toán này chưa có khoá."), remedy=N_("Ghi khoá trước."))
    try:
        operations.try_account(found.account_id)
    except ProviderDown as error:
        said = fault_sentence(rail, error.why)
        flash(_("Chưa gọi được: %(why)s", why=_(said) if said else error.why), "bad")
    except ProviderRefused as error:
        said = fault_sentence(rail, error.code)
        flash(_("Gọi được nhưng khoá chưa đúng: %(why)s", why=_(said) if said else error.code), "bad")
    else:
        flash(_("Gọi được, khoá đúng."))
    return redirect(url_for("rails.settings"), 303)


@bp.get("/manage/collector/payments")
@roles(*STAFF)
def attempts() -> ResponseReturnValue:
    """What went over the rails, what a person must look at, and disputes."""
    own = collector_of(actor().organisation_id).id
    found = attempt_list(own, request.args.get("page", 1, type=int))
    return render_template(
        "payments/rails/attempts.html", found=found, rails=RAILS, attempt_text=ATTEMPT_TEXT,
        dispute_text=DISPUTE_TEXT, problem_text=PROBLEM_TEXT, sentence=sentence,
    )  # fmt: skip
