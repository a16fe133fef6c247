"""Pages of lots and stock: the list, one lot, packing, counting, promising, and what is about to expire."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from core import clock
from core.format import weight
from core.forms import Form
from core.i18n import _, _l
from traceability.batches.queries import batch_of, contributions
from traceability.forms import choices, do_once
from traceability.lots import operations, queries
from traceability.lots.forms import BulkForm, ChangeForm, EndForm, PackForm, PlanForm, amount_of
from traceability.lots.rules import pack_mass_g
from traceability.models import Lot
from traceability.rules import LOSSES, LotState, MovementKind, Place
from traceability.slips.queries import slips_by_id
from traceability.slips.views import READERS, own
from traceability.stock import operations as stock
from traceability.stock import queries as shelves
from traceability.stock.rules import is_sellable

bp = Blueprint("trace_lots", __name__, url_prefix="/manage")
WRITERS = (Role.MANAGER, Role.DIGITAL_TEAM)
STATES = {LotState.OPEN: _l("Đang mở"), LotState.RECALLED: _l("Thu hồi"), LotState.CLOSED: _l("Đã khép")}
PLACES = {Place.STORE: _l("Trong kho"), Place.QUARANTINE: _l("Tách riêng"), Place.STALL: _l("Ngoài quầy")}
KINDS = {
    MovementKind.MADE: _l("Ra mẻ"),
    MovementKind.USED: _l("Đưa vào mẻ khác"),
    MovementKind.UNUSED: _l("Lấy lại từ mẻ"),
    MovementKind.PACKED: _l("Đóng gói"),
    MovementKind.PLANNED: _l("Nhận đặt trước"),
    MovementKind.SOLD: _l("Gói vào đơn"),
    MovementKind.FULFILLED: _l("Giao hàng đặt trước"),
    MovementKind.COUNTED: _l("Đếm lại"),
    MovementKind.LOST: _l("Hao hụt"),
    MovementKind.SAMPLE: _l("Làm mẫu"),
    MovementKind.SOLD_OUTSIDE: _l("Bán ngoài"),
    MovementKind.MOVED: _l("Chuyển chỗ"),
    MovementKind.RETURNED: _l("Khách trả"),
    MovementKind.RESTOCKED: _l("Bán lại"),
    MovementKind.DESTROYED: _l("Huỷ"),
    MovementKind.RECALLED: _l("Thu hồi"),
    MovementKind.RESERVED: _l("Giữ cho đơn"),
    MovementKind.RELEASED: _l("Thôi giữ"),
}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """Names of states, places and movements, for this part's templates."""
    return {"LOT_STATES": STATES, "STOCK_PLACES": PLACES, "MOVEMENT_KINDS": KINDS}


@bp.get("/lots")
@roles(*READERS)
def lots() -> ResponseReturnValue:
    """Lots, newest first."""
    state = request.args.get("state")
    state = state if state in tuple(LotState) else None
    number = request.args.get("page", 1, int)
    lines, page_count = queries.lot_lines(own(), state, number)
    return render_template(
        "traceability/lots.html",
        lines=lines,
        state=state,
        page=min(max(1, number), page_count),
        page_count=page_count,
        states=STATES,
        today=clock.today(),
        may_plan=actor().role is Role.MANAGER,
    )


@bp.get("/lots/<int:lot_id>")
@roles(*READERS)
def lot(lot_id: int) -> ResponseReturnValue:
    """One lot: what it is made of, where its packs are, what happened to it."""
    found = queries.lot_of(own(), lot_id)
    parts = contributions(found.id)
    grams = {one.slip_id: one.grams for one in parts}
    return render_template(
        "traceability/lot.html",
        lot=found,
        product=queries.product_of(found),
        slips=slips_by_id(grams),
        grams=grams,
        total_g=sum(grams.values()),
        stock=shelves.stock_of_lot(found.id),
        movements=shelves.movements_of(found.id),
        sellable=is_sellable(found.state, found.expires_on, clock.today()),
        batch=batch_of(found.cooperative_id, found.batch_id) if found.batch_id else None,
        may_write=actor().role in WRITERS,
        manager=actor().role is Role.MANAGER,
        packs=queries.packs_of(found.product_id),
        packed=shelves.ever_packed(found.id),
    )


def _deed(
    lot_id: int, form: Form, template: str, verb: Callable[[Lot], Any], done: str, **more: Any
) -> ResponseReturnValue:
    """A page with one form about a lot: carried out once, back to the lot; or shown again with what is wrong."""
    found = queries.lot_of(own(), lot_id)

    def save() -> None:
        do_once(template, form, f"lot:{lot_id}", lambda: verb(found))

    if form.validate_on_submit() and form.accepts(save):
        flash(done)
        return redirect(url_for("trace_lots.lot", lot_id=lot_id))
    page = render_template(
        f"traceability/{template}.html", form=form, lot=found, product=queries.product_of(found), **more
    )
    return page, 422 if form.errors else 200


@bp.route("/lots/<int:lot_id>/pack", methods=["GET", "POST"])
@roles(*WRITERS)
def pack(lot_id: int) -> ResponseReturnValue:
    """Bulk into packs."""
    found = queries.lot_of(own(), lot_id)
    packs = queries.packs_of(found.product_id)
    density = queries.density_of(found)
    form = PackForm()
    form.pack_id.choices = choices((one.id, one.label) for one in packs)
    weighed = {one.id: one.price_per_kg_vnd is not None for one in packs}
    masses = {
        one.id: pack_mass_g(one.net_quantity, one.net_unit, density) for one in packs if not weighed[one.id]
    }
    enough = [(one.label, found.bulk_g // mass) for one in packs if (mass := masses.get(one.id))]

    def verb(lot: Lot) -> None:
        pack_id = int(form.pack_id.data)
        amount = amount_of(form, by_weight=weighed.get(pack_id, False))
        operations.pack_lot(actor(), lot.id, pack_id, amount)

    return _deed(
        lot_id,
        form,
        "lot_pack",
        verb,
        _("Đã đóng gói và cho vào kho. Giờ in tem."),
        enough=enough,
        packs=packs,
        weighed=set(weighed.values()),
    )


@bp.route("/lots/<int:lot_id>/change", methods=["GET", "POST"])
@roles(Role.MANAGER)
def change(lot_id: int) -> ResponseReturnValue:
    """Count, lose, move, restock or destroy packs of a lot, with a reason."""
    found = queries.lot_of(own(), lot_id)
    form = ChangeForm()
    lines = shelves.stock_of_lot(found.id)
    form.where.choices = choices(
        (f"{one.pack_id}:{one.place}",
         f"{one.pack_label}, {PLACES[Place(one.place)]}: {weight(one.on_hand) if one.weighed else one.on_hand}")
        for one in lines
    )  # fmt: skip
    weighed = {one.pack_id: one.weighed for one in lines}

    def verb(lot: Lot) -> None:
        pack_text, place = form.where.data.split(":")
        amount = amount_of(form, by_weight=weighed.get(int(pack_text), False))
        _change(lot.id, int(pack_text), place, form.what.data, amount, form.reason.data)

    return _deed(lot_id, form, "lot_change", verb, _("Đã ghi vào sổ kho."), lines=lines,
                 weighed=set(weighed.values()))  # fmt: skip


def _change(lot_id: int, pack_id: int, place: str, what: str, quantity: int, reason: str) -> None:
    """The verb of each choice of the change form."""
    if what == "counted":
        stock.count_stock(actor(), lot_id, pack_id, quantity, reason, place)
    elif what in LOSSES:
        stock.lose_stock(actor(), lot_id, pack_id, quantity, reason, what, place)
    elif what == "destroyed":
        stock.destroy(actor(), lot_id, pack_id, quantity, reason, place)
    elif what == "store" and place == Place.QUARANTINE:
        stock.restock(actor(), lot_id, pack_id, quantity, reason)
    else:
        stock.move_stock(actor(), lot_id, pack_id, quantity, place, what, reason)


@bp.route("/lots/<int:lot_id>/bulk", methods=["GET", "POST"])
@roles(Role.MANAGER)
def bulk(lot_id: int) -> ResponseReturnValue:
    """Bulk that was lost before packing."""
    form = BulkForm()
    return _deed(
        lot_id,
        form,
        "lot_bulk",
        lambda lot: operations.lose_bulk(actor(), lot.id, form.weight_g.data, form.reason.data),
        _("Đã ghi hao hụt."),
    )


@bp.route("/lots/<int:lot_id>/close", methods=["GET", "POST"])
@roles(Role.MANAGER)
def close(lot_id: int) -> ResponseReturnValue:
    """Say that a lot is used up."""
    form = EndForm()
    return _deed(
        lot_id,
        form,
        "lot_close",
        lambda lot: operations.close_lot(actor(), lot.id, form.reason.data or ""),
        _("Đã khép lô."),
    )


@bp.route("/lots/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def plan() -> ResponseReturnValue:
    """Promise goods before they are made."""
    form = PlanForm()
    packs = queries.packs_for_plans(own())
    form.pack_id.choices = choices(packs)

    def save() -> None:
        pack_id = int(form.pack_id.data)
        do_once(
            "plan_lot",
            form,
            "lot",
            lambda: operations.plan_lot(
                actor(), pack_id, amount_of(form, by_weight=shelves.by_weight(pack_id)), form.promised_on.data
            ),
        )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Khách đặt trước được rồi. Có hàng thì đóng mẻ, đóng gói, rồi gói đơn bằng lô thật."))
        return redirect(url_for("trace_lots.lots"))
    weighed = queries.any_by_weight(own())
    page = render_template("traceability/lot_plan.html", form=form, packs=packs, weighed=weighed)
    return page, 422 if form.errors else 200


@bp.get("/stock")
@roles(*READERS)
def stock_page() -> ResponseReturnValue:
    """Everything in packs, by product and lot, and what expires soon."""
    cooperative_id, today = own(), clock.today()
    lines = shelves.stock_lines(cooperative_id)
    products = [
        (name, list(group))
        for name, group in groupby(lines, key=lambda one: (one.product_id, one.product_name))
    ]
    counted = [
        (name, group, sum(one.pieces for one in group if one.place == Place.STORE and _sells(one)))
        for name, group in products
    ]
    return render_template(
        "traceability/stock.html",
        products=counted,
        today=today,
        sells=_sells,
        expiring=[one for one in shelves.expiring(cooperative_id, today) if one.state != LotState.RECALLED],
    )


def _sells(line: shelves.StockLine) -> bool:
    return is_sellable(line.state, line.expires_on, clock.today())
