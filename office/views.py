"""The manager's day, and recall."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core.db import transaction
from core.i18n import N_
from office import operations, queries
from office.connectors import views as connectors
from office.forms import RecallForm
from office.goods.views import bp as goods
from office.ocop import views as ocop
from office.offline.queries import unsent
from office.offline.views import bp as offline
from office.passports import views as passports
from office.recalls import views as tracing
from office.recalls.operations import begin
from office.records import views as records
from office.scanning import views as scanning
from orders.repicks.operations import buyers_of

bp = Blueprint("office", __name__)
BLUEPRINTS = [bp, offline, goods, records.bp, tracing.bp, ocop.bp, passports.bp, connectors.bp, scanning.bp]
WORKERS = (Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
LINKS = [
    *records.LINKS,
    *scanning.LINKS,
    *tracing.LINKS,
    *ocop.LINKS,
    *passports.LINKS,
    *connectors.LINKS,
    Link("office.today", N_("Việc hôm nay"), "home", roles=frozenset(WORKERS), rank=0),
]


@bp.get("/manage")
@roles(*WORKERS)
def today() -> ResponseReturnValue:
    """What waits today: orders, money, stock, papers."""
    me = actor()
    return render_template("office/today.html", day=queries.day(me), me=me, unsent=unsent(me))


@bp.route("/manage/lots/<int:lot_id>/recall", methods=["GET", "POST"])
@roles(Role.MANAGER)
def recall_lot(lot_id: int) -> ResponseReturnValue:
    """Take a lot back, after seeing whom it reaches."""
    me, form = actor(), RecallForm()
    lot = operations.check_own(me, of_organisation(me.organisation_id).id, lot_id)
    reached = len(buyers_of(operations.reached(lot_id)))
    done: list[int] = []

    def save() -> None:
        with transaction():
            done.append(begin(me, form.key.data, f"lot:{lot_id}", form.reason.data).id)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("walks.case", case_id=done[0]))
    page = render_template("office/recall.html", form=form, lot=lot, reached=reached)
    return page, 422 if form.errors or form.form_errors else 200
