"""Pages of labels: asking, waiting, fetching the PDF."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from accounts.access import actor, roles
from accounts.rules import Role
from core import files
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from traceability.forms import choices
from traceability.labels import operations, queries
from traceability.labels.cases import views as cases
from traceability.labels.composition import label
from traceability.labels.forms import LabelsForm, ReasonForm
from traceability.labels.pictures import svg
from traceability.labels.rules import LAYOUTS, SAMPLE_SERIAL, State, grouped, serials_in
from traceability.lots.queries import lot_of, product_of
from traceability.models import Lot
from traceability.slips.views import own

bp = Blueprint("labels", __name__, url_prefix="/manage")
WRITERS = (Role.MANAGER, Role.DIGITAL_TEAM)
OWN = "own"
BLUEPRINTS = [bp, cases.bp]


@dataclass(frozen=True)
class Drawn:
    """A label as it will be printed, or why it cannot be."""

    picture: Markup | None
    problem: str | None


def _drawn(form: LabelsForm, found: queries.Preview | None) -> Drawn | None:
    """The label that the form asks for; None where no pack is chosen."""
    layout = LAYOUTS.get(form.layout.data or "")
    if found is None or layout is None:
        return None
    own_serial = form.numbering.data == OWN
    content = found.content if form.with_price.data else replace(found.content, price="")
    problem = operations.unfit(content, layout, serialised=own_serial)
    if problem:
        return Drawn(None, problem)
    marks = label(content, layout, SAMPLE_SERIAL if own_serial else "")
    title = _("Tem của %(name)s, %(layout)s", name=content.name, layout=_(layout.title))
    return Drawn(svg(marks, layout.width_mm, layout.height_mm, title), None)


def _form(lot: Lot) -> LabelsForm:
    """The form with the lot's packs, as many labels suggested as there are packs."""
    packs = queries.packs_of(lot)
    form = LabelsForm()
    form.numbering.choices = choices(
        [("shared", _("Mọi tem của lô chung một mã")), (OWN, _("Mỗi tem một số riêng"))]
    )
    form.pack_id.choices = choices((pack_id, label) for pack_id, label, _held in packs)
    form.layout.choices = choices((one.name, _(one.title)) for one in LAYOUTS.values())
    if packs and not form.is_submitted():
        form.pack_id.data = form.pack_id.data or str(packs[0][0])
        form.quantity.data = min(max(packs[0][2], 1), 1000)
    return form


@bp.route("/lots/<int:lot_id>/labels", methods=["GET", "POST"])
@roles(*WRITERS)
def sheets(lot_id: int) -> ResponseReturnValue:
    """Ask for labels of a lot; below, the sheets that were asked for."""
    lot = lot_of(own(), lot_id)
    form = _form(lot)

    def save() -> None:
        with transaction():
            operations.order_labels(
                actor(), str(form.key.data), lot_id, int(form.pack_id.data), form.quantity.data or 0, form.layout.data,
                with_price=form.with_price.data, serialised=form.numbering.data == OWN,
            )  # fmt: skip

    looked = request.form.get("step") == "look"
    if form.validate_on_submit() and not looked and form.accepts(save):
        flash(_("Đang làm tem. Chừng vài giây là tải được."))
        return redirect(url_for("labels.sheets", lot_id=lot_id))
    found = queries.preview(lot, form.pack_id.data)
    page = render_template("traceability/labels.html", form=form, lot=lot, product=product_of(lot), own=OWN,
                           sheets=queries.sheets_of(lot_id), preview=found, drawn=_drawn(form, found),
                           looked=looked)  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/labels/<int:sheet_id>", methods=["GET", "POST"])
@roles(*WRITERS)
def sheet(sheet_id: int) -> ResponseReturnValue:
    """One sheet: print some of it again, or withdraw it, each with a reason that is kept."""
    found = queries.sheet_of(own(), sheet_id)
    form, lot_id, step = ReasonForm(), found.lot_id, request.form.get("step")
    chosen = serials_in(form.serials.data or "")

    def save() -> None:
        with transaction():
            if step == "void" and chosen:
                operations.void_serials(actor(), sheet_id, chosen, form.reason.data)
            elif step == "void":
                operations.void_sheet(actor(), sheet_id, form.reason.data)
            else:
                quantity = form.quantity.data or len(chosen) or 1
                operations.reprint(actor(), str(form.key.data), sheet_id, quantity, form.reason.data, chosen)

    if form.validate_on_submit() and form.accepts(save):
        told = _("Đã huỷ %(count)s tem.", count=len(chosen)) if chosen else _("Đã huỷ tờ tem.")
        flash(told if step == "void" else _("Đang làm tem. Chừng vài giây là tải được."))
        return redirect(url_for("labels.sheets", lot_id=lot_id))
    withdrawn = [(grouped(one), why) for one, why in queries.void_serials_of(sheet_id)]
    page = render_template("traceability/label_sheet.html", form=form, printed=found, lot=lot_of(own(), lot_id),
                           serials=list(map(grouped, queries.serials_of(sheet_id))), withdrawn=withdrawn)  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/labels/<int:sheet_id>.pdf")
@roles(*WRITERS)
def pdf(sheet_id: int) -> Response:
    """A finished sheet; private to the cooperative's staff."""
    sheet = queries.sheet_of(own(), sheet_id)
    if sheet.state != State.READY or sheet.file is None:
        raise NotFound(N_("Tờ tem này chưa xong."), remedy=N_("Chờ vài giây rồi mở lại trang In tem."))
    named = {"Content-Disposition": f'inline; filename="tem-{sheet.id}.pdf"'}
    return Response(files.read(sheet.file), mimetype="application/pdf", headers=named)
