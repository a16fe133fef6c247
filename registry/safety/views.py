"""Pages of the register of breaches, for administrators."""

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from core.db import transaction
from core.i18n import N_, _
from registry.safety import operations, queries
from registry.safety.forms import BreachForm, MeasuresForm, TellForm
from registry.safety.operations import KEEPERS, Noticed
from registry.safety.rules import Standing

bp = Blueprint("safety", __name__, url_prefix="/registry/breaches")
LINKS = [Link("safety.breaches", N_("Vụ lộ dữ liệu"), "shield", roles=frozenset(KEEPERS), rank=40)]
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
STANDINGS: dict[str, tuple[str, str]] = {
    Standing.NOTIFIED: (N_("Đã báo đúng hạn"), "good"),
    Standing.NOTIFIED_LATE: (N_("Đã báo, quá 72 giờ"), "bad"),
    Standing.RUNNING: (N_("Chưa báo"), "warn"),
    Standing.SOON: (N_("Chưa báo, còn dưới 24 giờ"), "warn"),
    Standing.LATE: (N_("Chưa báo, đã quá 72 giờ"), "bad"),
}


@bp.route("", methods=["GET", "POST"])
@roles(*KEEPERS)
def breaches() -> ResponseReturnValue:
    """Every breach, those nobody was told of first; and a form for a new one."""
    me, form = actor(), BreachForm()

    def save() -> None:
        at = form.noticed_at.data.replace(tzinfo=HERE)
        with transaction():
            operations.record_breach(
                me, Noticed(str(form.key.data), at, form.what.data or "", form.affected.data or 0)
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi. Phải báo trong 72 giờ từ lúc phát hiện."))
        return redirect(url_for(".breach", key=form.key.data))
    page = render_template(
        "registry/safety/breaches.html", rows=queries.breaches(), form=form, standings=STANDINGS
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/<key>", methods=["GET", "POST"])
@roles(*KEEPERS)
def breach(key: str) -> ResponseReturnValue:
    """One breach: what is known, what was done, who was told."""
    me, found = actor(), queries.view(queries.by_key(key))
    measures = MeasuresForm(prefix="m", data={"measures": found.measures, "affected": found.affected or None})
    told = TellForm(prefix="t")

    def write() -> None:
        with transaction():
            operations.add_measures(me, key, measures.measures.data or "", measures.affected.data or 0)

    def tell() -> None:
        with transaction():
            operations.tell(me, key, told.whom.data or "")

    telling = "t-whom" in request.form
    form, save = (told, tell) if telling else (measures, write)
    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi ai được báo.") if telling else _("Đã ghi việc đã làm."))
        return redirect(url_for(".breach", key=key))
    page = render_template(
        "registry/safety/breach.html", one=found, measures=measures, told=told, bad=form, standings=STANDINGS
    )
    return page, 422 if form.errors or form.form_errors else 200
