"""The app's doors for shops (manifest, handshake, webhooks), and the pages of the collector and the cooperatives."""

import json
from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles
from accounts.menu import Link
from accounts.models import Organisation
from accounts.rules import Role
from channels.saleor import operations, queries
from channels.saleor.boards import collector_board, cooperative_board
from channels.saleor.forms import AllowForm, MendForm, PlainForm
from channels.saleor.installing import install, manifest
from channels.saleor.models import SaleorInstance
from channels.saleor.rules import PROBLEM_TEXT, InstanceState, Problem, down_text, fault_text
from channels.saleor.trying import try_shop
from channels.saleor.verification import proves
from channels.saleor.wishes import wish
from cooperatives.queries import of_organisation
from core.db import db, transaction
from core.errors import DomainError, NotFound
from core.i18n import N_, _
from revenue.collector.queries import collector_of

bp = Blueprint("saleor", __name__)
BODY_MOST = 512 * 1024


# --- doors for shops


@bp.get("/saleor/manifest.json")
@public
def app_manifest() -> ResponseReturnValue:
    """What a shop reads before it installs the app."""
    return jsonify(manifest())


@bp.post("/saleor/install")
@public
def handshake() -> ResponseReturnValue:
    """A shop hands over its token; only from an address on the list, and only a token that opens that shop."""
    body = request.get_json(silent=True)
    token = body.get("auth_token") if isinstance(body, dict) else None
    try:
        install(request.headers.get("Saleor-Api-Url", ""), token)
    except DomainError as error:
        return jsonify(error={"code": type(error).__name__, "message": str(error)}), error.status
    return jsonify(success=True)


def _proved() -> tuple[SaleorInstance, Any]:
    """The shop that signed this request, and its body. Aborts with 401 for any other: nothing is said of why."""
    found = queries.instance_at(request.headers.get("Saleor-Api-Url", ""))
    body = request.get_data()
    if found is None or found.state == InstanceState.ALLOWED or len(body) > BODY_MOST:
        abort(401)
    if not proves(found, request.headers.get("Saleor-Signature", ""), body):
        abort(401)
    try:
        told = json.loads(body)
    except ValueError:
        abort(400)
    return queries.instance(found.id), told


def _member(told: Any, *path: str) -> Any:
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told


@bp.post("/webhooks/saleor")
@public
def knocked() -> ResponseReturnValue:
    """Something happened to an order. What, is read from the shop itself, so the order of events does not matter."""
    found, told = _proved()
    remote_id, number = _member(told, "order", "id"), _member(told, "order", "number")
    if not isinstance(remote_id, str) or not 0 < len(remote_id) <= 200:
        return jsonify(success=True)  # an event without an order is none of ours
    with transaction():
        operations.knock(found.id, remote_id, str(number or ""))
        operations.heard(found.id)
    return jsonify(success=True)


@bp.post("/webhooks/saleor/refund")
@public
def refund_wanted() -> ResponseReturnValue:
    """The shop asks for money back that was paid here: a person decides; the answer is told when it has gone."""
    found, told = _proved()
    with transaction():
        psp = wish(found.id, told)
        operations.heard(found.id)
    if psp is None:
        return jsonify(result="REFUND_FAILURE", message="unknown payment")
    return jsonify(pspReference=psp)


@bp.post("/webhooks/saleor/shipping")
@public
def shipping() -> ResponseReturnValue:
    """What sending a basket costs."""
    from channels.saleor.delivery import methods

    _found, told = _proved()
    checkout = _member(told, "checkout")
    return jsonify(methods(checkout) if isinstance(checkout, dict) else [])


CSRF_EXEMPT = [handshake, knocked, refund_wanted, shipping]


# --- pages


def _collects() -> bool:
    found = db.session.get(Organisation, actor().organisation_id) if actor().organisation_id else None
    return found is not None and found.kind == "collector"


@bp.get("/manage/saleor")
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """A collector's shops, or the shops in which a cooperative may sell."""
    who = actor()
    if _collects():
        boards = collector_board(collector_of(who.organisation_id).id)
        address = f"{current_app.config['BASE_URL']}/saleor/manifest.json"
        return render_template(
            "channels/saleor/shops.html", boards=boards, plain=PlainForm(), manifest=address,
            problem_text=_problem_text, fault_text=fault_text, down_text=down_text,
        )  # fmt: skip
    own = of_organisation(who.organisation_id)
    return render_template(
        "channels/saleor/selling.html", boards=cooperative_board(own.id), seller=own, plain=PlainForm(),
        kept_here=queries.kept_here(own.id), problem_text=_problem_text, fault_text=fault_text, down_text=down_text,
    )  # fmt: skip


def _problem_text(code: str) -> tuple[str, str]:
    """What is wrong with an order, and what to do."""
    return PROBLEM_TEXT[Problem(code)]


@bp.route("/manage/saleor/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def allow() -> ResponseReturnValue:
    """Put a shop on the list."""
    collector_of(actor().organisation_id)
    form: Any = AllowForm(channel_slug=operations.CHANNEL_DEFAULT)

    def save() -> None:
        with transaction():
            operations.allow_instance(
                actor(), form.label.data or "", form.api_url.data or "", form.channel_slug.data or ""
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã cho phép. Giờ cài ứng dụng ở trang quản lý của cửa hàng."))
        return redirect(url_for(".index"), 303)
    return render_template("channels/saleor/allow.html", form=form), 422 if form.is_submitted() else 200


def _shop(instance_id: int) -> SaleorInstance:
    return queries.instance_for(instance_id, collector_of(actor().organisation_id).id)


@bp.post("/manage/saleor/<int:instance_id>/try")
@roles(Role.MANAGER)
def try_out(instance_id: int) -> ResponseReturnValue:
    """Call the shop once and look again for what our goods hang on."""
    _shop(instance_id)
    fault = try_shop(actor(), instance_id)
    flash(_(fault) if fault else _("Gọi được, cửa hàng sẵn sàng."), "bad" if fault else "good")
    return redirect(url_for(".index"), 303)


@bp.post("/manage/saleor/<int:instance_id>/<any(pause, resume):what>")
@roles(Role.MANAGER)
def switch(instance_id: int, what: str) -> ResponseReturnValue:
    """Stop speaking to a shop, or speak again."""
    with transaction():
        operations.set_paused(actor(), instance_id, paused=what == "pause")
    flash(
        _("Đã ngừng. Hàng ở đó giữ nguyên, đơn mới chờ tới khi mở lại.")
        if what == "pause"
        else _("Đã nối lại.")
    )
    return redirect(url_for(".index"), 303)


@bp.route("/manage/saleor/<int:instance_id>/orders/<int:row_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def order(instance_id: int, row_id: int) -> ResponseReturnValue:
    """An order that waits for a person: what is missing, written here."""
    shop, row = _shop(instance_id), queries.order_row(instance_id, row_id)
    if not row.problem:
        raise NotFound(N_("Đơn này không còn vướng gì."), remedy=N_("Mở lại từ danh sách."))
    form: Any = MendForm()

    def save() -> None:
        with transaction():
            operations.mend_order(
                actor(), instance_id, row_id, phone=form.phone.data or "", place=form.place.data or ""
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi. Chợ đang thử nhận lại đơn."))
        return redirect(url_for(".index"), 303)
    row = queries.order_row(instance_id, row_id)
    codes = queries.codes([row.purchase_id]).get(row.purchase_id, []) if row.purchase_id else []
    page = render_template(
        "channels/saleor/order.html", form=form, shop=shop, row=row, plain=PlainForm(), codes=codes,
        problem=_problem_text(row.problem),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.post("/manage/saleor/<int:instance_id>/orders/<int:row_id>/refuse")
@roles(Role.MANAGER)
def refuse(instance_id: int, row_id: int) -> ResponseReturnValue:
    """An order that is not taken."""
    with transaction():
        operations.refuse_order(actor(), instance_id, row_id)
    flash(_("Đã từ chối. Chợ huỷ đơn ở cửa hàng; khách đã trả tiền thì trả lại ở trang quản lý của họ."))
    return redirect(url_for(".index"), 303)


@bp.post("/manage/saleor/<int:instance_id>/<any(join, leave):what>")
@roles(Role.MANAGER)
def sell(instance_id: int, what: str) -> ResponseReturnValue:
    """Sell in a shop, or leave it."""
    with transaction():
        operations.sell_there(actor(), instance_id, joined=what == "join")
    flash(_("Đang đưa hàng lên, xong trong vài phút.") if what == "join" else _("Đang gỡ hàng khỏi đó."))
    return redirect(url_for(".index"), 303)


@bp.post("/manage/saleor/<int:instance_id>/again")
@roles(Role.MANAGER)
def again(instance_id: int) -> ResponseReturnValue:
    """Send what was refused once more."""
    queries.instance(instance_id)
    with transaction():
        operations.try_listings(actor(), instance_id)
    flash(_("Đang gửi lại."))
    return redirect(url_for(".index"), 303)


BLUEPRINTS = [bp]
LINKS = [
    Link("saleor.index", N_("Bán ở cửa hàng Saleor"), "next", N_("Đăng hàng, nhận đơn, xem vướng gì"),
         frozenset({Role.MANAGER})),
    Link("saleor.index", N_("Cửa hàng Saleor"), "next", N_("Cửa hàng nào nối, lần cuối lúc nào, vướng gì"),
         frozenset({Role.MANAGER}), rank=3, kind="collector"),
]  # fmt: skip
