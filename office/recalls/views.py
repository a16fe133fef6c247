"""Pages of walks, recalls and balance, for the manager of a cooperative. Nothing here is public."""

import json

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from cooperatives.queries import of_organisation, producers
from core import clock
from core.db import transaction
from core.errors import Invalid, NotFound
from core.forms import Form
from core.i18n import N_, _
from office.recalls import operations, queries
from office.recalls.forms import AskForm, BeginForm, CloseForm, PlotForm, StepForm, YieldForm
from office.recalls.rules import STEPS
from office.tracing import dossiers, sheets
from office.tracing.balance import imbalances
from office.tracing.pictures import picture
from office.tracing.queries import guess
from office.tracing.rules import Kind, Start
from orders.rules import STATE_TEXT as STATES
from traceability.balance import operations as plots
from traceability.balance import queries as balances
from traceability.lots.queries import lot_lines
from traceability.queries import crops

bp = Blueprint("walks", __name__)
LINKS = [
    Link("walks.choose", N_("Lần theo hàng, thu hồi"), "search", N_("Từ phiếu cân tới khách, và ngược lại"),
         frozenset({Role.MANAGER})),
    Link("walks.balance", N_("Cân đối khối lượng"), "scale", N_("Vào bao nhiêu, ra bấy nhiêu"),
         frozenset({Role.MANAGER})),
]  # fmt: skip
BACKWARD = frozenset({Kind.LOT, Kind.BATCH, Kind.ORDER})
TYPES = {"csv": "text/csv", "json": "application/ld+json"}


class _Ask(Form):
    """A button with a token."""


@bp.get("/manage/trace")
@roles(Role.MANAGER)
def choose() -> ResponseReturnValue:
    """What to walk from: type a code, or take one of the newest lots; and the recalls under way."""
    me = actor()
    own = of_organisation(me.organisation_id).id
    form = AskForm(request.args if "of" in request.args else None, meta={"csrf": False})
    if "of" in request.args:
        try:
            found = guess(form.of.data or "", own)
        except (Invalid, NotFound) as refusal:
            form.take(refusal)
        else:
            return redirect(url_for("walks.see", of=found.text))
    page = render_template(
        "office/tracing/choose.html", form=form, cases=queries.cases(own), lots=lot_lines(own)[0][:12],
        rehearsals=queries.rehearsals(own),
    )  # fmt: skip
    return page, 422 if form.form_errors or form.errors else 200


@bp.route("/manage/trace/see", methods=["GET", "POST"])
@roles(Role.MANAGER)
def see() -> ResponseReturnValue:
    """Everything made of a thing, or everything in it. Buyers' names only on a POST, which the audit remembers."""
    me, form = actor(), _Ask()
    start = operations.start_of(me, request.args.get("of", ""))
    found = _walk(start)
    named = {}
    if form.validate_on_submit():
        named = dossiers.buyers(found.order_ids)
        with transaction():
            audit(actor(), "read_buyers", start.text, ("name", "phone"), purpose="trace")
    return render_template(
        "office/tracing/see.html", found=found, form=form, named=named, drawing=picture(found), states=STATES,
        both=start.kind in BACKWARD, took_ms=None,
    )  # fmt: skip


def _walk(start: Start) -> dossiers.Dossier:
    back = start.kind is Kind.ORDER or (request.args.get("way") == "backward" and start.kind in BACKWARD)
    return dossiers.backward(start) if back else dossiers.forward(start)


@bp.get("/manage/trace/file.<kind>")
@roles(Role.MANAGER)
def file(kind: str) -> Response:
    """The same as a table (csv) or as EPCIS events (json); no buyer's name in either."""
    if kind not in TYPES:
        abort(404)
    found = _walk(operations.start_of(actor(), request.args.get("of", "")))
    data = (
        sheets.table(found)
        if kind == "csv"
        else json.dumps(sheets.events(found), ensure_ascii=False).encode()
    )
    name = f"trace-{found.start.kind}-{found.start.id}-{found.direction}.{kind}"
    return Response(
        data, mimetype=TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.post("/manage/trace/rehearse")
@roles(Role.MANAGER)
def rehearse() -> ResponseReturnValue:
    """What a recall would do, and how long that took; nothing is stopped and nobody told."""
    form = _Ask()
    of = request.args.get("of", "")
    if not form.validate_on_submit():
        return redirect(url_for("walks.see", of=of))
    with transaction():
        done = operations.rehearse(actor(), of)
    return render_template(
        "office/tracing/see.html", found=done.found, form=form, named={}, drawing=picture(done.found), states=STATES,
        both=False, took_ms=done.took_ms,
    )  # fmt: skip


@bp.route("/manage/recalls/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def begin() -> ResponseReturnValue:
    """Say why, after seeing whom it reaches; then everything stops at once."""
    me, form, of = actor(), BeginForm(), request.args.get("of", "")
    start = operations.start_of(me, of)
    done: list[int] = []

    def save() -> None:
        with transaction():
            done.append(operations.begin(me, form.key.data, start.text, form.reason.data or "").id)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("walks.case", case_id=done[0]))
    page = render_template("office/recalls/begin.html", form=form, found=dossiers.forward(start))
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/manage/recalls/<int:case_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def case(case_id: int) -> ResponseReturnValue:
    """How far a recall has come, and what is still to do. A POST shows buyers' names, which the audit remembers."""
    me, form = actor(), _Ask()
    found = operations.case_of(me, case_id)
    named = {}
    if form.validate_on_submit():
        named = dossiers.buyers(queries.orders_out(found.id))
        with transaction():
            audit(me, "read_buyers", f"recall:{case_id}", ("name", "phone"), purpose="recall")
        found = operations.case_of(me, case_id)
    return _case_page(case_id, StepForm(formdata=None), CloseForm(formdata=None), named), 200


def _case_page(case_id: int, step: StepForm, closing: CloseForm, named: dict[int, dossiers.Buyer]) -> str:
    return render_template(
        "office/recalls/case.html", case=operations.case_of(actor(), case_id), now=queries.progress(case_id),
        step=step, closing=closing, named=named, STEPS=STEPS, form=_Ask(formdata=None),
    )  # fmt: skip


@bp.post("/manage/recalls/<int:case_id>/step")
@roles(Role.MANAGER)
def step(case_id: int) -> ResponseReturnValue:
    """A buyer was called, her money is to go back, or something else was done."""
    me, form = actor(), StepForm()
    order_id = request.form.get("order_id", type=int)

    def save() -> None:
        with transaction():
            if order_id is None:
                operations.note(me, case_id, form.key.data, form.note.data or "")
            elif "refund" in request.form:
                operations.prepare_refund(me, case_id, form.key.data, order_id)
            else:
                operations.called(
                    me, case_id, form.key.data, order_id, reached=request.form.get("reached") == "yes"
                )

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("walks.case", case_id=case_id))
    return _case_page(case_id, form, CloseForm(formdata=None), {}), 422


@bp.post("/manage/recalls/<int:case_id>/close")
@roles(Role.MANAGER)
def close(case_id: int) -> ResponseReturnValue:
    """End a recall with a report."""
    me, form = actor(), CloseForm()

    def save() -> None:
        with transaction():
            operations.close(me, case_id, form.key.data, form.report.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã khép cuộc thu hồi. Báo cáo còn ở đây."))
        return redirect(url_for("walks.case", case_id=case_id))
    return _case_page(case_id, StepForm(formdata=None), form, {}), 422


# ---- balance ----


@bp.get("/manage/balance")
@roles(Role.MANAGER)
def balance() -> ResponseReturnValue:
    """Every imbalance, and what families delivered beside what their plots may give."""
    return _balance_page(PlotForm(formdata=None), YieldForm(formdata=None))


def _balance_page(plot: PlotForm, assumed: YieldForm) -> str:
    own = of_organisation(actor().organisation_id).id
    _choices(own, plot, assumed)
    return render_template(
        "office/tracing/balance.html", found=imbalances(own), harvests=balances.harvests(own)[:60],
        plots=balances.plots(own), yields=balances.yields(own), plot=plot, assumed=assumed,
    )  # fmt: skip


def _choices(cooperative_id: int, plot: PlotForm, assumed: YieldForm) -> None:
    grown = [(one.id, one.name) for one in crops()]
    plot.producer_id.choices = [(one.id, f"{one.name}, {one.village}") for one in producers(cooperative_id)]
    plot.crop_id.choices = assumed.crop_id.choices = grown
    for form in (plot, assumed):
        if form.from_on.data is None:
            form.from_on.data = clock.today().replace(month=1, day=1)


@bp.post("/manage/balance/plots")
@roles(Role.MANAGER)
def add_plot() -> ResponseReturnValue:
    """A field more."""
    me, form = actor(), PlotForm()
    _choices(of_organisation(me.organisation_id).id, form, YieldForm(formdata=None))

    def save() -> None:
        with transaction():
            plots.add_plot(me, form.producer_id.data, form.crop_id.data, form.name.data or "", form.area_m2.data or 0,
                           form.from_on.data or clock.today())  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi ruộng."))
        return redirect(url_for("walks.balance"))
    return _balance_page(form, YieldForm(formdata=None)), 422


@bp.post("/manage/balance/yields")
@roles(Role.MANAGER)
def assume() -> ResponseReturnValue:
    """What a crop plausibly gives, from a day on."""
    me, form = actor(), YieldForm()
    own = of_organisation(me.organisation_id).id
    _choices(own, PlotForm(formdata=None), form)

    def save() -> None:
        with transaction():
            plots.assume_yield(me, own, form.crop_id.data, form.from_on.data or clock.today(), form.most_g.data or 0,
                               form.source.data or "")  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi năng suất."))
        return redirect(url_for("walks.balance"))
    return _balance_page(PlotForm(formdata=None), form), 422
