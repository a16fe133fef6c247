"""What programmes owe a cooperative, and the form for money that came."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from revenue.subsidies import operations, queries
from revenue.subsidies.forms import ReceivedForm

bp = Blueprint("claims", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)


@bp.get("/manage/money/subsidies")
@roles(*STAFF)
def index() -> ResponseReturnValue:
    """Each programme with what it paid and still owes."""
    own = of_organisation(actor().organisation_id).id
    return render_template("revenue/subsidies/index.html", claims=queries.claims_of(own))


@bp.route("/manage/money/subsidies/<int:subsidy_id>", methods=["GET", "POST"])
@roles(*STAFF)
def received(subsidy_id: int) -> ResponseReturnValue:
    """Enter what came, as the bank's book says."""
    own, form = of_organisation(actor().organisation_id).id, ReceivedForm()
    claim = next((one for one in queries.claims_of(own) if one.subsidy_id == subsidy_id), None)
    if claim is None:
        raise NotFound(
            N_("Chương trình này chưa nợ hợp tác xã khoản nào."), remedy=N_("Mở lại từ trang Tiền.")
        )

    def save() -> None:
        with transaction():
            operations.receive(
                actor(), own, subsidy_id, form.amount_vnd.data, str(form.key.data), form.reference.data or ""
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi tiền trợ giá vào sổ."))
        return redirect(url_for(".index"), 303)
    if not form.is_submitted() and claim.owed_vnd > 0:
        form.amount_vnd.data = claim.owed_vnd
    page = render_template("revenue/subsidies/received.html", form=form, claim=claim)
    return page, 422 if form.is_submitted() else 200
