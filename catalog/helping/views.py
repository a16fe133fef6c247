"""A helper's pages: ask a cooperative, begin by a code read aloud, fill in products; and the manager's of helpers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from catalog import operations as goods
from catalog import queries as catalog
from catalog.forms import DeedForm, options
from catalog.helping import operations, queries
from catalog.helping.forms import AskForm, CodeForm
from catalog.listing.views import PHOTOS_AT_ONCE, Door, answer, form_for
from catalog.rules import PHOTO_MAX_BYTES
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core.db import db, transaction
from core.i18n import N_, _

bp = Blueprint("helping", __name__)
ASKED = "list_for"


@bp.url_value_preprocessor
def _room_for_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """As on the manager's form."""
    if endpoint in ("helping.new_product", "helping.edit_product"):
        request.max_content_length = PHOTOS_AT_ONCE * PHOTO_MAX_BYTES + 2 * 1024 * 1024


def _door(cooperative: Cooperative) -> Door:
    return Door("helping.edit_product", "helping.products", {"cooperative_id": cooperative.id}, helper=True)


@bp.route("/help/goods", methods=["GET", "POST"])
@roles(Role.DIGITAL_TEAM)
def start() -> ResponseReturnValue:
    """Whom I may help, and asking one more cooperative. The answer is the same whosever the number is."""
    me, form = actor(), AskForm()
    form.cooperative_id.choices = options((str(row.id), row.name) for row in queries.nearby(me.unit_id))
    if form.validate_on_submit():
        with transaction():
            operations.offer_help(me, form.cooperative_id.data, form.phone.data)
        session[ASKED] = [form.cooperative_id.data, form.phone.data]
        return redirect(url_for(".begin"))
    page = render_template("catalog/helping/start.html", form=form, helped=queries.helped_by(me))
    return page, 422 if form.errors else 200


@bp.route("/help/goods/code", methods=["GET", "POST"])
@roles(Role.DIGITAL_TEAM)
def begin() -> ResponseReturnValue:
    """The manager reads the code aloud."""
    me, form, asked = actor(), CodeForm(), session.get(ASKED)
    if asked is None:
        return redirect(url_for(".start"))
    if form.validate_on_submit():
        with transaction():
            agreed = operations.begin_help(me, asked[0], asked[1], form.code.data)
        if agreed is not None:
            session.pop(ASKED, None)
            flash(_("Quản lý đã nhờ bạn giúp trong 30 ngày."))
            return redirect(url_for(".products", cooperative_id=asked[0]))
        form.code.errors = [
            _("Mã không đúng, đã quá 5 phút, hoặc số này không phải của quản lý hợp tác xã ấy.")
        ]
    return render_template("catalog/helping/begin.html", form=form), 422 if form.errors else 200


@bp.get("/help/goods/<int:cooperative_id>")
@roles(Role.DIGITAL_TEAM)
def products(cooperative_id: int) -> ResponseReturnValue:
    """The drafts of a cooperative that agreed; what is on sale is its manager's alone."""
    cooperative = operations.start_as(actor(), cooperative_id)
    drafts = [row for row in catalog.of_cooperative(cooperative.id) if row.state == "draft"]
    cards = [(row, catalog.picture(row)) for row in drafts]
    return render_template("catalog/helping/products.html", cooperative=cooperative, cards=cards)


@bp.route("/help/goods/<int:cooperative_id>/new", methods=["GET", "POST"])
@roles(Role.DIGITAL_TEAM)
def new_product(cooperative_id: int) -> ResponseReturnValue:
    """Fill in something new for a cooperative."""
    cooperative = operations.start_as(actor(), cooperative_id)
    return answer(form_for(None, cooperative), None, cooperative, _door(cooperative))


@bp.route("/help/products/<int:product_id>", methods=["GET", "POST"])
@roles(Role.DIGITAL_TEAM)
def edit_product(product_id: int) -> ResponseReturnValue:
    """Go on with a draft."""
    product = goods.own_product(actor(), product_id)
    cooperative = db.session.get_one(Cooperative, product.cooperative_id)
    return answer(form_for(product, cooperative), product, cooperative, _door(cooperative))


@bp.get("/manage/helpers")
@roles(Role.MANAGER)
def helpers() -> ResponseReturnValue:
    """Who fills in for the cooperative, until when, and what waits to be confirmed."""
    cooperative = of_organisation(actor().organisation_id)
    return render_template(
        "catalog/helping/helpers.html", rows=queries.helpers_of(cooperative.id),
        waiting=queries.waiting(cooperative.id), form=DeedForm(formdata=None),
    )  # fmt: skip


@bp.post("/manage/helpers/<int:help_id>/end")
@roles(Role.MANAGER)
def end(help_id: int) -> ResponseReturnValue:
    """End a help today."""
    with transaction():
        operations.end_help(actor(), help_id)
    flash(_("Từ giờ người này không điền hàng giúp nữa."))
    return redirect(url_for(".helpers"))


LINKS = [
    Link(
        "helping.start",
        N_("Điền hàng giúp hợp tác xã"),
        "edit",
        roles=frozenset({Role.DIGITAL_TEAM}),
        rank=10,
    ),
    Link("helping.helpers", N_("Người điền hàng giúp"), "people", roles=frozenset({Role.MANAGER}), rank=60),
]
