"""The page of a case: its label as it will be printed, asking for it, fetching the PDF."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from core import files
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from traceability.forms import choices
from traceability.labels.cases import operations, queries
from traceability.labels.cases.forms import CaseLabelForm, VoidForm
from traceability.labels.cases.rules import LAYOUTS, label
from traceability.labels.pictures import svg
from traceability.labels.rules import State
from traceability.numbers.operations import void_unit
from traceability.numbers.queries import own_unit
from traceability.slips.views import own

bp = Blueprint("cases", __name__, url_prefix="/manage")
WRITERS = (Role.MANAGER, Role.DIGITAL_TEAM)
BLUEPRINTS = [bp]


@bp.route("/units/<int:unit_id>", methods=["GET", "POST"])
@roles(*WRITERS)
def unit(unit_id: int) -> ResponseReturnValue:
    """A case's label: a look at it, and printing it."""
    found, me, step = own_unit(own(), unit_id), actor(), request.form.get("step")
    form, giving_up = (
        (CaseLabelForm(formdata=None), VoidForm())
        if step == "void"
        else (CaseLabelForm(), VoidForm(formdata=None))
    )
    form.layout.choices = choices((one.name, _(one.title)) for one in LAYOUTS.values())

    def save() -> None:
        with transaction():
            operations.order_case_label(me, str(form.key.data), unit_id, form.layout.data, form.copies.data or 1,
                                        form.reason.data or "")  # fmt: skip

    def give_up() -> None:
        with transaction():
            void_unit(me, unit_id, giving_up.void_reason.data or "")

    if step == "void":
        if giving_up.validate_on_submit() and giving_up.accepts(give_up):
            flash(_("Đã huỷ kiện. Ai quét nhãn của nó sẽ thấy là kiện đã huỷ."))
            return redirect(url_for("cases.unit", unit_id=unit_id))
    elif form.validate_on_submit() and step != "look" and form.accepts(save):
        flash(_("Đang làm nhãn. Chừng vài giây là tải được."))
        return redirect(url_for("cases.unit", unit_id=unit_id))
    found = own_unit(own(), unit_id)
    case, layout = queries.case_of(found), LAYOUTS.get(form.layout.data or "")
    problem = operations.unfit(case, layout) if layout else None
    title = _("Nhãn của kiện %(number)s", number=case.number)
    picture = (
        svg(label(case, layout), layout.width_mm, layout.height_mm, title) if layout and not problem else None
    )
    failed = form.errors or form.form_errors or giving_up.errors or giving_up.form_errors
    page = render_template("traceability/case_label.html", form=form, unit=found, case=case, picture=picture,
                           problem=problem, labels=queries.labels_of(unit_id), giving_up=giving_up)  # fmt: skip
    return page, 422 if failed else 200


@bp.get("/units/labels/<int:label_id>.pdf")
@roles(*WRITERS)
def pdf(label_id: int) -> Response:
    """A finished case label; private to the cooperative's staff."""
    found = queries.own_label(own(), label_id)
    if found.state != State.READY or found.file is None:
        raise NotFound(N_("Nhãn này chưa xong."), remedy=N_("Chờ vài giây rồi mở lại trang của kiện."))
    named = {"Content-Disposition": f'inline; filename="kien-{found.id}.pdf"'}
    return Response(files.read(found.file), mimetype="application/pdf", headers=named)
