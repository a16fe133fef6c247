"""The page of a product's changes, and taking one back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from catalog.forms import DeedForm
from catalog.history.queries import PAGE_SIZE, changes
from catalog.operations import own_product
from catalog.undo import operations
from core.db import transaction
from core.i18n import _

bp = Blueprint("history", __name__, url_prefix="/manage/products")


@bp.get("/<int:product_id>/history")
@roles(Role.MANAGER)
def history(product_id: int) -> ResponseReturnValue:
    """Who changed what and when, the newest first."""
    return _page(product_id, DeedForm(formdata=None), 200)


def _page(product_id: int, form: DeedForm, status: int) -> ResponseReturnValue:
    product = own_product(actor(), product_id)
    page = max(1, request.args.get("page", 1, type=int))
    rows, total = changes(product.id, page)
    made = render_template(
        "catalog/history.html", product=product, rows=rows, page=page, page_count=max(1, -(-total // PAGE_SIZE)),
        form=form,
    )  # fmt: skip
    return made, status


@bp.post("/<int:product_id>/history/<int:change_id>/undo")
@roles(Role.MANAGER)
def undo(product_id: int, change_id: int) -> ResponseReturnValue:
    """Take one change back, or say in plain words why it cannot be."""
    own_product(actor(), product_id)
    form = DeedForm()

    def take_back() -> None:
        with transaction():
            operations.undo(actor(), change_id)

    if not form.accepts(take_back):
        return _page(product_id, form, 409)
    flash(_("Đã hoàn lại. Lần hoàn lại này cũng được ghi."))
    return redirect(url_for(".history", product_id=product_id))
