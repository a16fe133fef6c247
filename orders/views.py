"""The cooperative's orders: a board by what they wait for, one order with its next step, packing, the slip."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import STAFF, Role
from core import files
from core.db import transaction
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.forms import Form
from core.i18n import N_, _
from orders import operations, queries
from orders.complaints import views as complaints
from orders.forms import AnswerForm, ConfirmForm, PlainForm, ShipForm, pack_form
from orders.invoices.queries import request_of
from orders.links import views as links
from orders.models import Order
from orders.operations import Pick
from orders.problems.operations import close_problem
from orders.public import order_page
from orders.queries import PickLine
from orders.reviews import views as reviews
from orders.rules import CARRIERS, STATE_TEXT, Event, Method, allowed, local_phone, lot_code_of
from orders.vouchers import views as vouchers
from orders.weighed.queries import has_weighed, less_vnd

bp = Blueprint("orders", __name__)
READERS = (Role.MANAGER, Role.DIGITAL_TEAM, Role.TREASURER)
PACKERS = (Role.MANAGER, Role.DIGITAL_TEAM)
TAB_TEXT = {
    "to_confirm": N_("Chờ xác nhận"),
    "to_pack": N_("Cần gói"),
    "to_ship": N_("Chờ bưu tá"),
    "under_way": N_("Trên đường"),
    "problems": N_("Có vấn đề"),
    "awaiting": N_("Chờ tiền"),
    "closed": N_("Đã xong"),
}


def _own(order_id: int) -> Order:
    return queries.order_for(order_id, actor().organisation_id)


def _cooperative_id() -> int:
    from cooperatives.queries import of_organisation

    found = of_organisation(actor().organisation_id or 0)
    if found is None:
        raise NotFound(
            N_("Vai trò đang dùng không thuộc hợp tác xã nào."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    return found.id


@bp.get("/manage/orders")
@roles(*READERS)
def board() -> ResponseReturnValue:
    """The orders under one tab."""
    page = request.args.get("page", 1, type=int)
    found = queries.board(
        _cooperative_id(), request.args.get("tab"), page, request.args.get("q", "").strip()[:40]
    )
    return render_template(
        "orders/board.html", board=found, tabs=TAB_TEXT, state_text=STATE_TEXT,
        q=request.args.get("q", ""),
    )  # fmt: skip


def _next_steps(order: Order) -> dict[str, bool]:
    return {event.value: allowed(order.state, event) for event in Event}


def _detail(order: Order, status: int = 200, **forms: Form) -> ResponseReturnValue:
    page = order_page(order)
    may_write, may_settle = actor().role in PACKERS, actor().role in STAFF
    given: dict[str, Form] = {"confirm_form": ConfirmForm(formdata=None), "ship_form": ShipForm(formdata=None),
                              "answer_form": AnswerForm(formdata=None)} | forms  # fmt: skip
    return render_template(
        "orders/order.html", order=page, row=order, can=_next_steps(order), may_write=may_write,
        may_settle=may_settle, carriers=CARRIERS, problems=queries.problems(order.id), plain=PlainForm(formdata=None),
        phone=order.purchase.buyer_phone, phone_text=local_phone(order.purchase.buyer_phone),
        invoice=request_of(order.purchase_id), **given,
    ), status  # fmt: skip


@bp.get("/manage/orders/<int:order_id>")
@roles(*READERS)
def order(order_id: int) -> ResponseReturnValue:
    """One order: lines, buyer, what happened, what comes next."""
    return _detail(_own(order_id))


@bp.post("/manage/orders/<int:order_id>/confirm")
@roles(*PACKERS)
def confirm(order_id: int) -> ResponseReturnValue:
    """The buyer of a cash-on-delivery order said yes."""
    found, form = _own(order_id), ConfirmForm()

    def save() -> None:
        with transaction():
            operations.confirm(actor(), order_id, form.how.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã xác nhận. Giờ gói hàng."))
        return redirect(url_for("orders.pack", order_id=order_id), 303)
    return _detail(found, 422, confirm_form=form)


@bp.route("/manage/orders/<int:order_id>/pack", methods=["GET", "POST"])
@roles(*PACKERS)
def pack(order_id: int) -> ResponseReturnValue:
    """The pick list; typing or scanning the lot of each pack confirms it. What is sold by weight goes to the scale."""
    found = _own(order_id)
    if has_weighed(order_id):
        return redirect(url_for("scale.weigh", order_id=order_id), 303)
    lines = queries.pick_list(order_id)
    form = pack_form(lines)
    refused: DomainError | None = None
    if form.validate_on_submit():
        try:
            picks = _picks(form, lines)
            with transaction():
                operations.pack(actor(), order_id, picks)
        except (Invalid, Conflict) as error:
            refused = error
            form.take(error)
        else:
            flash(_("Đã gói. Dán phiếu giao hàng rồi giao bưu tá."))
            return redirect(url_for("orders.order", order_id=order_id), 303)
    if not form.is_submitted() and not allowed(found.state, Event.PACK):
        return redirect(url_for("orders.order", order_id=order_id), 303)
    status = refused.status if refused else 422 if form.is_submitted() else 200
    page = render_template(
        "orders/pack.html", order=found, lines=lines, form=form, invoice=request_of(found.purchase_id)
    )
    return page, status


def _picks(form: Form, lines: list[PickLine]) -> list[Pick]:
    """The lots as typed. Raises Invalid beside the field of a code that no lot of this product has."""
    picks = []
    for line in lines:
        for slot in line.slots:
            typed, quantity = form[slot.lot_field].data or "", form[slot.quantity_field].data or 0
            if not typed:
                continue
            lot_id = queries.lot_of_line(line.line_id, lot_code_of(typed))
            if lot_id is None:
                raise Invalid(N_("Không có lô %(code)s của món này."), remedy=N_("Xem mã in trên gói, hoặc quét lại."),
                              field=slot.lot_field, code=lot_code_of(typed)[:30])  # fmt: skip
            picks.append(Pick(line.line_id, lot_id, quantity))
    return picks


@bp.post("/manage/orders/<int:order_id>/ship")
@roles(*PACKERS)
def ship(order_id: int) -> ResponseReturnValue:
    """The parcel left."""
    found, form = _own(order_id), ShipForm()

    def save() -> None:
        with transaction():
            operations.ship(actor(), order_id, form.carrier.data, form.tracking_number.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã giao bưu tá. Khách nhận được tin nhắn."))
        return redirect(url_for("orders.order", order_id=order_id), 303)
    return _detail(found, 422, ship_form=form)


@bp.get("/manage/orders/<int:order_id>/slip")
@roles(*READERS)
def slip(order_id: int) -> ResponseReturnValue:
    """The paper that goes on the parcel."""
    found = _own(order_id)
    owed = found.total_vnd - less_vnd(order_id) if found.method == Method.COD else 0
    return render_template("orders/slip.html", order=order_page(found), owed_vnd=owed)


@bp.post("/manage/orders/<int:order_id>/problems/<int:problem_id>/answer")
@roles(*PACKERS)
def answer(order_id: int, problem_id: int) -> ResponseReturnValue:
    """Answer what a buyer reported."""
    found, form = _own(order_id), AnswerForm()
    queries.problem_for(problem_id, order_id)

    def save() -> None:
        with transaction():
            close_problem(actor(), problem_id, form.answer.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời khách."))
        return redirect(url_for("orders.order", order_id=order_id), 303)
    return _detail(found, 422, answer_form=form)


@bp.get("/manage/orders/<int:order_id>/problems/<int:problem_id>/photo")
@roles(*READERS)
def problem_photo(order_id: int, problem_id: int) -> ResponseReturnValue:
    """The photo of a report, for the cooperative's own people."""
    _own(order_id)
    found = queries.problem_for(problem_id, order_id)
    if found.photo is None:
        raise NotFound(N_("Chuyện này không có ảnh."))
    return Response(
        files.read(found.photo), mimetype="image/webp", headers={"Cache-Control": "private, no-store"}
    )


BLUEPRINTS = [bp, reviews.bp, links.bp, complaints.bp, vouchers.bp]
LINKS = [
    *complaints.LINKS,
    Link("orders.board", N_("Đơn hàng"), "box", N_("Xác nhận, gói, giao bưu tá"), frozenset(READERS)),
    *reviews.LINKS,
    *vouchers.LINKS,
]
