"""The administrator's collections."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from catalog.collections import operations, queries
from catalog.collections.forms import CollectionForm
from catalog.collections.models import Collection
from catalog.collections.operations import Shelf
from catalog.collections.rules import RULE_NAMES, Rule, stands_on
from catalog.queries import categories
from core import clock
from core.db import transaction
from core.i18n import N_, _, language

bp = Blueprint("collections", __name__)


@bp.get("/admin/collections")
@roles(Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Every collection with its days."""
    rows = [
        (one, _(RULE_NAMES[Rule(one.rule)]), stands_on(one.from_on, one.to_on, clock.today()))
        for one in queries.every()
    ]
    return render_template("catalog/collections.html", rows=rows)


@bp.route("/admin/collections/new", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def new() -> ResponseReturnValue:
    """Put one together."""
    return _answer(CollectionForm(data={"from_on": clock.today(), "rule": Rule.LISTED.value}), None)


@bp.route("/admin/collections/<int:collection_id>", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def edit(collection_id: int) -> ResponseReturnValue:
    """Change one."""
    found = queries.find(collection_id)
    form = CollectionForm(obj=found, data={"slugs": "\n".join(queries.listed_slugs(found.id))})
    return _answer(form, found)


def _answer(form: CollectionForm, found: Collection | None) -> ResponseReturnValue:
    english = language() == "en"
    folder = current_app.static_folder or ""
    drawings = sorted(path.stem for path in _drawings(folder))
    form.offer([(str(one.id), one.name_en if english else one.name) for one in categories()], drawings)

    def save() -> None:
        with transaction():
            operations.save_collection(actor(), found.id if found else None, _shelf(form))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã giữ gian hàng."))
        return redirect(url_for(".index"), 303)
    page = render_template("catalog/collection_form.html", form=form, found=found)
    return page, 422 if form.is_submitted() else 200


def _drawings(folder: str):  # type: ignore[no-untyped-def]
    from pathlib import Path

    return (Path(folder) / "img" / "products").glob("*.svg")


def _shelf(form: CollectionForm) -> Shelf:
    return Shelf(
        form.title.data or "", form.title_en.data or "", form.intro.data or "", form.intro_en.data or "",
        form.illustration.data or "", Rule(form.rule.data), form.from_on.data or clock.today(), form.to_on.data,
        form.category_id.data, form.position.data or 0, form.listed(),
    )  # fmt: skip


BLUEPRINTS = [bp]
LINKS = [
    Link(
        "collections.index", N_("Gian theo mùa"), "list", N_("Tết, OCOP, theo mùa, hộp quà"),
        frozenset({Role.ADMINISTRATOR}),
    ),
]  # fmt: skip
