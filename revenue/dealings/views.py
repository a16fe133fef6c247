"""The page of dealings: bought outright or sold for the maker, with members or others, and the same as a workbook."""

from datetime import date

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.operations import audit
from accounts.rules import Role
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from revenue.dealings import queries
from revenue.dealings.words import ACCOUNTS
from revenue.ledger.queries import balance
from revenue.rules import AccountKind
from revenue.tax.queries import years

bp = Blueprint("dealings", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _of_year(year: int) -> tuple[Cooperative, date, date]:
    if not 2020 <= year <= clock.today().year:
        raise NotFound(N_("Chưa có sổ của năm này."), remedy=N_("Chọn năm khác."))
    return of_organisation(actor().organisation_id), date(year, 1, 1), date(year + 1, 1, 1)


@bp.get("/manage/money/dealings", defaults={"year": None})
@bp.get("/manage/money/dealings/<int:year>")
@roles(*STAFF)
def index(year: int | None) -> ResponseReturnValue:
    """A year's dealings by kind, with the accounts that circular 71 names for them."""
    of_year = clock.today().year if year is None else year
    coop, since, until = _of_year(of_year)
    own = coop.organisation_id or 0
    return render_template(
        "revenue/dealings/index.html", coop=coop, year=of_year, years=years(own), ACCOUNTS=ACCOUNTS,
        rows=queries.dealings(own, since, until), stock_vnd=balance(own, AccountKind.GOODS_BOUGHT, ""),
    )  # fmt: skip


@bp.get("/manage/money/dealings/<int:year>/lines.xlsx")
@roles(*STAFF)
def lines(year: int) -> ResponseReturnValue:
    """Every posting behind a year's dealings, with its way of buying, whose it is, and the rule that made it."""
    coop, since, until = _of_year(year)
    own = coop.organisation_id or 0
    with transaction():
        audit(actor(), "export_dealings", f"organisation:{own}", fields=(str(year),))
    title = f"{coop.name}, {year}" + (f" ({_('dữ liệu minh hoạ')})" if coop.is_demo else "")
    from revenue.dealings.workbook import workbook  # loaded when somebody asks

    made = workbook(title, queries.lines(own, since, until))
    return Response(made, content_type=XLSX, headers={
        "Content-Disposition": f'attachment; filename="giao-dich-{year}.xlsx"', "Cache-Control": "no-store",
    })  # fmt: skip
