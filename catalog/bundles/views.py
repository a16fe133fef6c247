"""The manager's gift boxes."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from catalog.bundles import operations, queries
from catalog.bundles.forms import BoxForm, box_form
from catalog.bundles.operations import Box
from catalog.bundles.rules import PARTS_MAX
from cooperatives.queries import of_organisation
from core.db import transaction
from core.format import vnd
from core.i18n import N_, _

bp = Blueprint("bundles", __name__)


def _packs(cooperative_id: int) -> list[tuple[int, str]]:
    return [
        (pack_id, f"{name} ({vnd(price)})")
        for pack_id, name, price, _left in queries.packs_for_boxes(cooperative_id)
    ]


@bp.get("/manage/boxes")
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """The cooperative's gift boxes."""
    rows = queries.boxes_of(of_organisation(actor().organisation_id).id)
    return render_template(
        "catalog/boxes.html", rows=rows, contents=queries.contents(row.pack_id for row in rows)
    )


@bp.route("/manage/boxes/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def new() -> ResponseReturnValue:
    """Put one together; then it is pictured and published like any product."""
    cooperative = of_organisation(actor().organisation_id)
    packs = _packs(cooperative.id)
    form = box_form(packs)
    made: list[int] = []

    def save() -> None:
        box = Box(
            form.name.data, form.parts(), form.price_vnd.data, form.story.data or "", form.gross_weight_g.data
        )
        with transaction():
            made.append(operations.make_box(actor(), cooperative.id, str(form.key.data), box).product_id)

    if form.validate_on_submit() and form.accepts(lambda: _placed(form, save)):
        flash(_("Đã ghép hộp. Thêm ảnh rồi đăng bán."))
        return redirect(url_for("catalog.edit_product", product_id=made[0]), 303)
    return _page(form, 0)


@bp.route("/manage/boxes/<int:pack_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def edit(pack_id: int) -> ResponseReturnValue:
    """Another content or price."""
    pack = operations.own_box(actor(), pack_id)
    given: dict[str, object] = {"price_vnd": pack.price_vnd, "gross_weight_g": pack.gross_weight_g}
    for row, one in enumerate(queries.contents([pack_id]).get(pack_id, ())[:PARTS_MAX]):
        given |= {f"pack{row}": one.pack_id, f"count{row}": one.quantity}
    form = box_form(_packs(of_organisation(actor().organisation_id).id), named=False, data=given)

    def save() -> None:
        with transaction():
            operations.change_box(
                actor(), pack_id, form.parts(), form.price_vnd.data, form.gross_weight_g.data
            )

    if form.validate_on_submit() and form.accepts(lambda: _placed(form, save)):
        flash(_("Đã đổi hộp quà."))
        return redirect(url_for(".index"), 303)
    return _page(form, pack.product_id)


def _placed(form: BoxForm, save) -> None:  # type: ignore[no-untyped-def]
    """A refusal about the parts stands beside the first of them."""
    from core.errors import Invalid

    try:
        save()
    except Invalid as error:
        if error.field == "parts":
            raise Invalid(error.message, remedy=error.remedy, field="pack0", **error.params) from error
        raise


def _page(form: BoxForm, product_id: int) -> ResponseReturnValue:
    page = render_template("catalog/box_form.html", form=form, product_id=product_id)
    return page, 422 if form.is_submitted() else 200


BLUEPRINTS = [bp]
LINKS = [
    Link(
        "bundles.index",
        N_("Hộp quà"),
        "box",
        N_("Ghép món thành hộp, kho tự tính"),
        frozenset({Role.MANAGER}),
    ),
]
