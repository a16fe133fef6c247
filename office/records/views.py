"""Pages of records: a cooperative's own data to take home, and the market's yearly report."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.forms import Form
from core.i18n import N_
from core.limits import limit
from office.records import queries

bp = Blueprint("records", __name__)
FIRST_YEAR = 2025


class _Ask(Form):
    """A button with a token."""


@bp.route("/manage/data", methods=["GET", "POST"])
@roles(Role.MANAGER)
def own_data() -> ResponseReturnValue:
    """Everything that is the cooperative's own, as one file; also while its shop is suspended."""
    form = _Ask()
    if not form.validate_on_submit():
        page = render_template("office/records/own_data.html", form=form)
        return page, 422 if form.is_submitted() else 200
    found = of_organisation(actor().organisation_id)
    name, data = (
        f"{found.slug}-{clock.today().isoformat()}.zip",
        queries.own_data(found.id, found.organisation_id),
    )
    with transaction():
        audit(actor(), "take data out", f"cooperative:{found.id}")
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype="application/zip", headers=named)


def _year() -> int:
    last = clock.today().year
    year = request.args.get("year", last - 1, type=int)
    if not FIRST_YEAR <= year <= last:
        raise NotFound(N_("Chưa có số liệu của năm này."))
    return year


@bp.get("/admin/report")
@roles(Role.ADMINISTRATOR)
def report() -> ResponseReturnValue:
    """The figures of a year, and until when they are handed in."""
    year = _year()
    return render_template(
        "office/records/report.html", year=year, figures=queries.figures(year), due=queries.due_on(year),
        days=(queries.due_on(year) - clock.today()).days, years=range(FIRST_YEAR, clock.today().year + 1),
        keep={"listings": limit("listing_years"), "orders": limit("order_years")},
    )  # fmt: skip


@bp.get("/admin/report.csv")
@roles(Role.ADMINISTRATOR)
def report_csv() -> Response:
    """The same as a table."""
    year = _year()
    named = {"Content-Disposition": f'attachment; filename="cho-phien-{year}.csv"'}
    return Response(queries.report_csv(year), mimetype="text/csv", headers=named)


LINKS = [
    Link("records.own_data", N_("Lấy dữ liệu về"), "save", N_("Hàng, đơn, sổ tiền của hợp tác xã, một tệp"),
         frozenset({Role.MANAGER})),
    Link("records.report", N_("Báo cáo năm"), "chart", N_("Số liệu nộp trước 15/2"), frozenset({Role.ADMINISTRATOR})),
]  # fmt: skip
