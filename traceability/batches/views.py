"""Pages of recipes and batches."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from core import clock
from core.db import transaction
from core.format import weight
from core.i18n import _
from traceability.batches import operations, queries, ways
from traceability.batches.forms import (
    CloseForm,
    LotForm,
    MaterialForm,
    OneSlipForm,
    OpenForm,
    RecipeForm,
    RemoveForm,
    SlipsForm,
    WayForm,
)  # fmt: skip
from traceability.batches.rules import yield_bp
from traceability.forms import choices, do_once, whole
from traceability.models import Batch
from traceability.rules import BatchState
from traceability.slips.queries import free_slips
from traceability.slips.views import READERS, own

bp = Blueprint("trace_batches", __name__, url_prefix="/manage")
WRITERS = (Role.MANAGER, Role.DIGITAL_TEAM)


@dataclass
class Forms:
    """The forms of an open batch's page; the one that was sent carries its errors."""

    slips: SlipsForm
    one: OneSlipForm
    lot: LotForm
    material: MaterialForm
    close: CloseForm
    way: WayForm

    @property
    def failed(self) -> bool:
        """Whether one of them was refused."""
        return any(bool(form.errors) for form in vars(self).values())


@bp.get("/batches")
@roles(*READERS)
def batches() -> ResponseReturnValue:
    """Batches, open ones first."""
    number = request.args.get("page", 1, int)
    lines, page_count = queries.batch_lines(own(), number)
    return render_template("traceability/batches.html", lines=lines, page=min(max(1, number), page_count),
                           page_count=page_count, may_write=actor().role in WRITERS)  # fmt: skip


@bp.route("/batches/new", methods=["GET", "POST"])
@roles(*WRITERS)
def new_batch() -> ResponseReturnValue:
    """Start a batch: what is made, and which day."""
    form = OpenForm(data={"made_on": clock.today()})
    recipes = queries.recipes(own())
    form.recipe_id.choices = choices((one.id, one.name) for one in recipes)
    made: list[int] = []

    def save() -> None:
        with transaction():
            batch = operations.open_batch(actor(), form.key.data, int(form.recipe_id.data), form.made_on.data)
            made.append(batch.id)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("trace_batches.batch", batch_id=made[0]))
    page = render_template("traceability/batch_new.html", form=form, recipes=recipes)
    return page, 422 if form.errors else 200


def _forms(cooperative_id: int, sent: str = "") -> Forms:
    """Every form of the page with its choices; only the one that was sent reads the request."""

    def make(name: str, kind: Any, **data: Any) -> Any:
        return kind(data=data) if name == sent else kind(formdata=None, data=data)

    slips = free_slips(cooperative_id)
    listed = choices((one.id, f"{one.number} · {one.producer_name} · {one.crop}") for one in slips)
    usable = queries.usable_lots(cooperative_id)
    lots = choices((row.id, f"{row.code} · {row.name} · {weight(row.bulk_g)}") for row in usable)
    products = choices((row.id, row.name) for row in queries.products(cooperative_id))
    forms = Forms(make("slips", SlipsForm), make("one", OneSlipForm), make("lot", LotForm),
                  make("material", MaterialForm), make("close", CloseForm), make("way", WayForm))  # fmt: skip
    forms.slips.slip_ids.choices = listed
    forms.one.slip_id.choices, forms.lot.lot_id.choices = listed, lots
    forms.close.product_id.choices = products
    forms.close.product_id_2.choices = choices([("", _("Không có"))]) + products
    return forms


def _page(batch: Batch, forms: Forms | None = None) -> ResponseReturnValue:
    is_open = batch.state == BatchState.OPEN and actor().role in WRITERS
    if is_open and forms is None:
        forms = _forms(batch.cooperative_id)
    if forms and not forms.close.is_submitted() and batch.recipe.product_id:
        forms.close.product_id.data = str(batch.recipe.product_id)
    inputs = queries.input_lines(batch.id)
    if forms:
        _name_slips(forms.way, inputs)
        forms.way.buying.data = forms.way.buying.data or batch.buying
    page = render_template(
        "traceability/batch.html", batch=batch, inputs=inputs, may_say=actor().role is Role.MANAGER,
        forms=forms if is_open else None, outputs=queries.outputs_of(batch.id),
        remove=RemoveForm(formdata=None), loss_g=batch.input_g - batch.output_g,
        slips=free_slips(batch.cooperative_id) if is_open else [], yield_bp=yield_bp(batch.input_g, batch.output_g),
        least_g=-(-batch.recipe.yield_min_bp * batch.input_g // 10_000),
        most_g=batch.recipe.yield_max_bp * batch.input_g // 10_000,
    )  # fmt: skip
    return page, 422 if forms and forms.failed else 200


@bp.get("/batches/<int:batch_id>")
@roles(*READERS)
def batch(batch_id: int) -> ResponseReturnValue:
    """A batch: what went in, what came out."""
    return _page(queries.batch_of(own(), batch_id))


def _name_slips(form: WayForm, inputs: list[queries.InputLine]) -> None:
    mine = [(one.id, f"{one.title}, {one.producer_name}") for one in inputs if one.slip_id]
    form.input_id.choices = choices([("", _("Cả mẻ")), *mine])


def _act(batch_id: int, name: str, verb: Any, done: str) -> ResponseReturnValue:
    """Carry out the form called `name` on a batch, or show the page again with its errors."""
    found = queries.batch_of(own(), batch_id)
    forms = _forms(found.cooperative_id, sent=name)
    form = getattr(forms, name)
    if name == "way":
        _name_slips(form, queries.input_lines(batch_id))

    def save() -> None:
        do_once(f"batch_{name}", form, f"batch:{batch_id}", lambda: verb(form))

    if form.validate_on_submit() and form.accepts(save):
        flash(done)
        return redirect(url_for("trace_batches.batch", batch_id=batch_id))
    return _page(queries.batch_of(own(), batch_id), forms)


@bp.post("/batches/<int:batch_id>/slips")
@roles(*WRITERS)
def add_slips(batch_id: int) -> ResponseReturnValue:
    """Put in all that is left of the ticked slips."""

    def verb(form: Any) -> None:
        for slip_id in sorted(int(one) for one in form.slip_ids.data):
            operations.add_slip(actor(), batch_id, slip_id)

    return _act(batch_id, "slips", verb, _("Đã cho phiếu vào mẻ."))


@bp.post("/batches/<int:batch_id>/part")
@roles(*WRITERS)
def add_part(batch_id: int) -> ResponseReturnValue:
    """Put in a part of one slip."""

    def verb(form: Any) -> None:
        operations.add_slip(actor(), batch_id, int(form.slip_id.data), form.weight_g.data)

    return _act(batch_id, "one", verb, _("Đã cho phiếu vào mẻ."))


@bp.post("/batches/<int:batch_id>/lots")
@roles(*WRITERS)
def add_lot(batch_id: int) -> ResponseReturnValue:
    """Put in bulk of a lot."""

    def verb(form: Any) -> None:
        operations.add_lot(actor(), batch_id, int(form.lot_id.data), form.weight_g.data)

    return _act(batch_id, "lot", verb, _("Đã cho lô vào mẻ."))


@bp.post("/batches/<int:batch_id>/materials")
@roles(*WRITERS)
def add_material(batch_id: int) -> ResponseReturnValue:
    """Put in bought material."""

    def verb(form: Any) -> None:
        operations.add_material(actor(), batch_id, form.name.data, form.weight_g.data)

    return _act(batch_id, "material", verb, _("Đã cho nguyên liệu vào mẻ."))


@bp.post("/batches/<int:batch_id>/inputs/<int:input_id>/remove")
@roles(*WRITERS)
def remove_input(batch_id: int, input_id: int) -> ResponseReturnValue:
    """Take something out of an open batch again."""
    queries.batch_of(own(), batch_id)
    form = RemoveForm()
    if form.validate_on_submit():
        with transaction():
            operations.remove_input(actor(), batch_id, input_id)
        flash(_("Đã lấy ra khỏi mẻ."))
    return redirect(url_for("trace_batches.batch", batch_id=batch_id))


@bp.post("/batches/<int:batch_id>/way")
@roles(Role.MANAGER)
def way(batch_id: int) -> ResponseReturnValue:
    """Say whether the harvest was bought outright or is sold for its makers."""

    def verb(form: Any) -> None:
        chosen = whole(form.input_id.data)
        ways.set_buying(actor(), batch_id, form.buying.data, [chosen] if chosen else [])

    return _act(batch_id, "way", verb, _("Đã ghi cách mua."))


@bp.post("/batches/<int:batch_id>/close")
@roles(*WRITERS)
def close(batch_id: int) -> ResponseReturnValue:
    """Close a batch: its outputs become lots."""
    found = queries.batch_of(own(), batch_id)
    made_on: date = found.made_on

    def verb(form: Any) -> None:
        outputs = [(int(form.product_id.data), form.weight_g.data, made_on, form.expires_on.data)]
        if form.product_id_2.data and form.weight_2.data:
            outputs.append((int(form.product_id_2.data), form.weight_2.data, made_on, form.expires_on_2.data))
        operations.close_batch(actor(), batch_id, outputs, form.reason.data or "")

    return _act(batch_id, "close", verb, _("Đã đóng mẻ. Giờ đóng gói các lô."))


# ---- recipes ----


@bp.get("/recipes")
@roles(*READERS)
def recipes() -> ResponseReturnValue:
    """A cooperative's recipes."""
    names = {row.id: row.name for row in queries.products(own())}
    return render_template("traceability/recipes.html", recipes=queries.recipes(own()), products=names,
                           may_write=actor().role is Role.MANAGER)  # fmt: skip


def _recipe_form(cooperative_id: int, **data: Any) -> RecipeForm:
    form = RecipeForm(data=data)
    products = ((row.id, row.name) for row in queries.products(cooperative_id))
    form.product_id.choices = choices(products, _("Tuỳ mẻ"))
    return form


def _save_recipe(form: RecipeForm, recipe_id: int | None) -> bool:
    def save() -> None:
        do_once("save_recipe", form, f"recipe:{recipe_id}", lambda: operations.save_recipe(
            actor(), form.name.data, form.yield_min.data // 10, form.yield_max.data // 10,
            whole(form.product_id.data), density_g_per_l=form.density_g_per_l.data, recipe_id=recipe_id,
        ))  # fmt: skip

    return bool(form.validate_on_submit()) and form.accepts(save)


@bp.route("/recipes/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def new_recipe() -> ResponseReturnValue:
    """Write a recipe."""
    form = _recipe_form(own())
    if _save_recipe(form, None):
        flash(_("Đã ghi công thức %(name)s.", name=form.name.data))
        return redirect(url_for("trace_batches.recipes"))
    return render_template("traceability/recipe.html", form=form, recipe=None), 422 if form.errors else 200


@bp.route("/recipes/<int:recipe_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def recipe(recipe_id: int) -> ResponseReturnValue:
    """Change a recipe; batches closed before keep what they were."""
    found = queries.recipe_of(own(), recipe_id)
    form = _recipe_form(
        own(), name=found.name, product_id=str(found.product_id or ""), density_g_per_l=found.density_g_per_l,
        yield_min=found.yield_min_bp * 10, yield_max=found.yield_max_bp * 10,
    )  # fmt: skip
    if _save_recipe(form, recipe_id):
        flash(_("Đã ghi công thức %(name)s.", name=form.name.data))
        return redirect(url_for("trace_batches.recipes"))
    return render_template("traceability/recipe.html", form=form, recipe=found), 422 if form.errors else 200
