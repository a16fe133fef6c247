"""What a buyer takes along to pay, and the one tap that places money in suspense, with the way back."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, visitor
from accounts.rules import Role
from core.db import transaction
from core.errors import Conflict, Invalid
from core.forms import Form
from core.i18n import _
from orders import queries as orders
from payments.providers.vietqr import png
from payments.queries import no_such, pay_view
from payments.transfers.operations import take_suggestion, undo_decision

bp = Blueprint("transfers", __name__)


@bp.get("/orders/<token>/vietqr.png")
@visitor
def picture(token: str) -> ResponseReturnValue:
    """The code of what is still missing, named by the order's code; nothing when nothing is to be transferred."""
    order = orders.order_by_token(token)
    view = pay_view(order.id)
    if not view.payload:
        raise no_such()
    response = make_response(png(view.payload))
    response.mimetype = "image/png"
    response.headers["Content-Disposition"] = f'attachment; filename="VietQR-{order.code}.png"'
    response.headers["Cache-Control"] = "no-store"  # the sum changes when a part has come
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _deed(transfer_id: int, verb: Callable[[], object], done: str) -> ResponseReturnValue:
    """One tap on a transfer: done and back to it, or back with what has changed meanwhile."""
    if not Form().validate_on_submit():
        abort(400)
    try:
        with transaction():
            verb()
    except (Conflict, Invalid) as error:
        done = f"{_(error.message, **error.params)} {_(error.remedy, **error.params) if error.remedy else ''}".strip()
    flash(done)
    return redirect(url_for("payments.transfer_page", transfer_id=transfer_id), 303)


@bp.post("/manage/transfers/<int:transfer_id>/take")
@roles(Role.MANAGER, Role.TREASURER)
def take(transfer_id: int) -> ResponseReturnValue:
    """The suggested order is the right one."""
    who, order_id = actor(), request.form.get("order_id", 0, type=int)
    return _deed(transfer_id, lambda: take_suggestion(who, transfer_id, order_id), _("Đã ghi vào đơn."))


@bp.post("/manage/transfers/<int:transfer_id>/undo")
@roles(Role.MANAGER, Role.TREASURER)
def undo(transfer_id: int) -> ResponseReturnValue:
    """It was not."""
    who = actor()
    return _deed(transfer_id, lambda: undo_decision(who, transfer_id), _("Đã gỡ. Khoản này lại chờ xử lý."))
