"""The weighing wizard, and voiding a slip whose advance was paid."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from accounts.access import actor, roles
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core import clock
from core.db import transaction
from core.format import vnd
from core.i18n import _
from revenue.queries import last_prices, recent_producers
from revenue.slips.forms import LAST, VoidForm, WeighForm
from revenue.slips.operations import void_slip, weigh_and_advance
from traceability.slips import queries as slips
from traceability.slips.rules import value_vnd

bp = Blueprint("weighing", __name__)
SHOWN_MOST = 24
WEIGHERS = (Role.MANAGER, Role.DIGITAL_TEAM)


def _form(me: Actor, *, is_post: bool) -> WeighForm:
    """The form over what came in, with the producers and crops it may name."""
    coop = cooperatives.of_organisation(me.organisation_id)
    form = WeighForm(request.form if is_post else request.args, posted=is_post)
    everybody = cooperatives.producers(coop.id)
    form.producer_id.choices = [SelectChoice(one.id, one.name) for one in everybody]
    form.views = {one.id: one for one in everybody}
    form.crops = {one.id: one for one in slips.crops()}
    form.crop_id.choices = [SelectChoice(one.id, one.name) for one in form.crops.values()]
    if form.crop_id.data in form.crops:
        form.prices = last_prices(coop.id, form.crop_id.data)
    form.recent = recent_producers(coop.id, SHOWN_MOST) if not is_post else []
    return form


def _offer(form: WeighForm, text: str) -> None:
    """Which producers the first step shows: those found, else those seen last, then others."""
    wanted = {one.id for one in cooperatives.producers(_coop(), search=text)} if text else None
    place = {who: number for number, who in enumerate(form.recent)}
    offered = [who for who in form.views if wanted is None or who in wanted]
    offered.sort(key=lambda who: place.get(who, len(place)))
    form.producer_id.choices = [SelectChoice(who, form.views[who].name) for who in offered[:SHOWN_MOST]]


def _coop() -> int:
    return cooperatives.of_organisation(actor().organisation_id).id


@bp.get("/manage/slips/new")
@roles(*WEIGHERS)
def new_slip() -> ResponseReturnValue:
    """The step that comes next: who, crop, weight, grade and price, check."""
    form, asked = _form(actor(), is_post=False), request.args.get("step", "1")
    step = form.step_shown(min(LAST, max(1, int(asked))) if asked.isdigit() and len(asked) < 3 else 1)
    wrong = any(field.errors for field in form)
    text = request.args.get("q", "").strip()
    if step == 1:
        _offer(form, text)
    if step == LAST and form.advance_vnd.data is None:
        form.advance_vnd.data = value_vnd(form.net_g, form.price)
    return _page(form, step, text), 422 if wrong else 200


@bp.post("/manage/slips/new")
@roles(*WEIGHERS)
def make_slip() -> ResponseReturnValue:
    """The producer agrees: the slip is written and the advance paid."""
    me = actor()
    form = _form(me, is_post=True)
    made: list[int] = []

    def save() -> None:
        paid = form.pay_from.data != "none"
        with transaction():
            slip = weigh_and_advance(
                me, key=form.key.data, producer_id=form.producer_id.data, crop_id=form.crop_id.data,
                gross_g=form.gross_g.data, tare_g=form.tare_g.data or 0, grade=form.grade.data,
                price_vnd_per_kg=form.price, advance_vnd=form.advance_vnd.data if paid else 0,
                pay_from=form.pay_from.data if paid else "cash",
            )  # fmt: skip
            made.append(slip.id)

    if form.validate() and form.accepts(save):
        return redirect(url_for("trace_slips.slip", slip_id=made[0]))
    return _page(form, form.wrong_step(), ""), 422


def _page(form: WeighForm, step: int, text: str) -> str:
    shown = [form.views[choice.value] for choice in form.producer_id.choices] if step == 1 else []
    drawn = [crop for crop in form.crops.values() if crop.illustration]
    return render_template(
        "revenue/weigh.html", form=form, step=step, text=text, now=clock.now(), may_pay=actor().role is Role.MANAGER,
        who=form.views.get(form.producer_id.data), crop=form.crops.get(form.crop_id.data),
        marks={str(one.id): one.household_key for one in shown},
        notes={str(one.id): one.village or one.code for one in shown},
        pictures={str(crop.id): f"img/products/{crop.illustration}.svg" for crop in drawn},
        grade_hints={grade: _("Lần trước %(price)s/kg", price=vnd(price)) for grade, price in form.prices.items()},
        value_vnd=value_vnd(form.net_g, form.price) if step == LAST else 0,
    )  # fmt: skip


@bp.route("/manage/money/slips/<int:slip_id>/void", methods=["GET", "POST"])
@roles(Role.MANAGER)
def void(slip_id: int) -> ResponseReturnValue:
    """Say that a slip does not count; its advance comes back, or is owed."""
    me, form = actor(), VoidForm()
    line = slips.slip_line(_coop(), slip_id)

    def save() -> None:
        with transaction():
            void_slip(me, slip_id, form.reason.data, money_back=form.money_back.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã bỏ phiếu %(number)s.", number=line.number))
        return redirect(url_for("trace_slips.slip", slip_id=slip_id))
    return render_template("revenue/void.html", form=form, line=line), 422 if form.is_submitted() else 200
