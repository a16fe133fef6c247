"""The page on which an order is weighed and packed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from core.db import transaction
from core.errors import Conflict, DomainError, Invalid
from core.i18n import N_, _
from orders import queries
from orders.invoices.queries import request_of
from orders.operations import PACKERS, Pick
from orders.queries import PickLine
from orders.rules import Event, Method, allowed, lot_code_of
from orders.weighed.queries import Weighing, of_lines
from payments.weighed.forms import WeighForm, weigh_form
from payments.weighed.operations import pack_weighed

bp = Blueprint("scale", __name__)


@bp.route("/manage/orders/<int:order_id>/weigh", methods=["GET", "POST"])
@roles(*PACKERS)
def weigh(order_id: int) -> ResponseReturnValue:
    """The pick list with a scale: what was weighed decides what the buyer pays."""
    found = queries.order_for(order_id, actor().organisation_id)
    lines = queries.pick_list(order_id)
    seen = of_lines(line.line_id for line in lines)
    here = url_for("orders.order", order_id=order_id)
    form = weigh_form(lines, seen)
    refused: DomainError | None = None
    if form.validate_on_submit():
        try:
            picks, reasons = _picks(form, lines), form.reasons(lines, seen)
            with transaction():
                pack_weighed(actor(), order_id, picks, reasons, key=str(form.key.data))
        except (Invalid, Conflict) as error:
            refused = error
            form.take(_at_field(error, lines, seen, form))
        else:
            flash(_said(order_id, found.method))
            return redirect(here, 303)
    if not form.is_submitted() and not (seen and allowed(found.state, Event.PACK)):
        return redirect(here, 303)
    status = refused.status if refused else 422 if form.is_submitted() else 200
    page = render_template(
        "payments/weighed/weigh.html", order=found, lines=lines, seen=seen, form=form,
        invoice=request_of(found.purchase_id),
    )  # fmt: skip
    return page, status


def _picks(form: WeighForm, lines: list[PickLine]) -> list[Pick]:
    """What was taken from which lot. Raises Invalid beside the field of a code that no lot of this product has."""
    picks = []
    for line in lines:
        for slot in line.slots:
            typed = form[slot.lot_field].data or ""
            if not typed:
                continue
            lot_id = queries.lot_of_line(line.line_id, lot_code_of(typed))
            if lot_id is None:
                raise Invalid(N_("Không có lô %(code)s của món này."), remedy=N_("Xem mã in trên gói, hoặc quét lại."),
                              field=slot.lot_field, code=lot_code_of(typed)[:30])  # fmt: skip
            if (pick := form.pick(slot, lot_id)) is not None and pick.quantity:
                picks.append(pick)
    return picks


def _at_field(
    error: DomainError, lines: list[PickLine], seen: dict[int, Weighing], form: WeighForm
) -> DomainError:
    """A refusal of a whole line stands at its first weight, one that asks for a reason at the reason."""
    for line in lines:
        if line.line_id not in seen or error.field not in (
            f"line-{line.line_id}",
            f"reason-line-{line.line_id}",
        ):
            continue
        first = form.weights(line.slots[0])[0].name
        where = f"reason_{line.line_id}" if str(error.field).startswith("reason") else first
        return type(error)(error.message, remedy=error.remedy, field=where, **error.params)
    return error


def _said(order_id: int, method: str) -> str:
    if method == Method.COD:
        return _("Đã cân và gói. Phiếu giao hàng ghi số tiền thu mới.")
    return _("Đã cân và gói. Phần trả thừa nằm ở Tiền trả lại khách.")
