"""Pages of weighing slips: the list by day, and one slip as paper. Weighing pays an advance and lives in `revenue`."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from cooperatives.queries import of_organisation, producers
from core.errors import Conflict
from core.format import vnd
from core.i18n import N_, _
from traceability.forms import choices, day_of_query, do_once
from traceability.slips import operations, queries
from traceability.slips.forms import CropForm, SlipFilterForm, VoidForm
from traceability.slips.queries import SlipFilter
from traceability.slips.rules import value_vnd

bp = Blueprint("trace_slips", __name__, url_prefix="/manage")
READERS = (Role.MANAGER, Role.DIGITAL_TEAM, Role.TREASURER)


def own() -> int:
    """The cooperative of the role worn now."""
    return of_organisation(actor().organisation_id).id


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


@bp.get("/slips")
@roles(*READERS)
def slips() -> ResponseReturnValue:
    """Slips, newest first, by day; narrowed by day, producer, crop, and whether they are used up."""
    cooperative_id = own()
    want = SlipFilter(
        day_of_query(request.args.get("on")),
        _number("producer"),
        _number("crop"),
        request.args.get("unused") == "1",
    )
    page = queries.slip_page(cooperative_id, want, _number("page") or 1)
    form = SlipFilterForm(request.args)
    form.producer.choices = choices(((one.id, one.name) for one in producers(cooperative_id)), _("Mọi nhà"))
    form.crop.choices = choices(((one.id, one.name) for one in queries.crops()), _("Mọi cây"))
    days = [(day, list(lines)) for day, lines in groupby(page.lines, key=lambda line: line.weighed_on)]
    args = {name: value for name, value in request.args.items() if value and name not in ("page", "hl")}
    return render_template(
        "traceability/slips.html",
        page=page,
        days=days,
        form=form,
        args=args,
        filtered=want != SlipFilter(),
        today=want.on,
    )


def _slip_page(slip_id: int, form: VoidForm) -> ResponseReturnValue:
    cooperative_id = own()
    slip, line = queries.slip_of(cooperative_id, slip_id), queries.slip_line(cooperative_id, slip_id)
    return render_template(
        "traceability/slip.html",
        slip=slip,
        line=line,
        void=queries.void_of(slip.id),
        batches=queries.batches_of(slip.id),
        form=form,
        value_vnd=value_vnd(slip.net_g, slip.price_vnd_per_kg),
        may_void=actor().role is not Role.TREASURER,
        manager=actor().role is Role.MANAGER,
    ), 422 if form.errors else 200


@bp.get("/slips/<int:slip_id>")
@roles(*READERS)
def slip(slip_id: int) -> ResponseReturnValue:
    """One slip, as the paper both sides keep."""
    return _slip_page(slip_id, VoidForm())


@bp.post("/slips/<int:slip_id>/void")
@roles(Role.MANAGER, Role.DIGITAL_TEAM)
def void(slip_id: int) -> ResponseReturnValue:
    """Void a slip on which nothing was paid; with an advance the money must go back too, which `revenue` does."""
    found = queries.slip_of(own(), slip_id)
    if found.advance_vnd:
        raise Conflict(
            N_("Phiếu %(number)s đã tạm ứng %(advance)s."),
            remedy=N_("Quản lý bỏ phiếu này ở trang Tiền, để tiền về cùng lúc."),
            number=found.number,
            advance=vnd(found.advance_vnd),
        )
    form = VoidForm()

    def save() -> None:
        do_once(
            "void_slip",
            form,
            f"slip:{slip_id}",
            lambda: operations.void_slip(actor(), slip_id, form.reason.data),
        )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã bỏ phiếu %(number)s. Phiếu vẫn còn trong sổ.", number=found.number))
        return redirect(url_for("trace_slips.slip", slip_id=slip_id))
    return _slip_page(slip_id, form)


@bp.route("/crops", methods=["GET", "POST"])
@roles(Role.MANAGER)
def crops() -> ResponseReturnValue:
    """What is weighed in; a new crop is shared by all cooperatives."""
    form = CropForm()

    def save() -> None:
        do_once("add_crop", form, "crop", lambda: operations.add_crop(actor(), form.name.data))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã có %(name)s trong danh sách cân.", name=form.name.data))
        return redirect(url_for("trace_slips.crops"))
    page = render_template("traceability/crops.html", form=form, crops=queries.crops())
    return page, 422 if form.errors else 200
