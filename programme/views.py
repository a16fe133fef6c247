"""Pages of project staff: the month, revenue, reach, and whom to call. Counts and sums alone, never a person."""

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import roles
from accounts.menu import Link
from accounts.rules import Role
from core import clock
from core.i18n import N_
from orders.rules import DOOR_TEXT
from programme.calls.queries import calls as find_calls
from programme.menu import menu
from programme.poverty.queries import poverty as find_poverty
from programme.reach.queries import reach as find_reach
from programme.reach.rules import KINH, LINKED, MEMBER, MEN, MINORITY, UNKNOWN, WOMEN
from programme.rules import month_of, read_month
from programme.sales import queries as sales
from programme.sales.rules import millions
from programme.subsidies import views as subsidies

bp = Blueprint("programme", __name__, url_prefix="/programme")
BLUEPRINTS = [bp, subsidies.bp]
LINKS = [
    Link("programme.overview", N_("Theo dõi dự án"), "chart", roles=frozenset({Role.PROJECT_STAFF})),
    Link("programme.calls", N_("HTX cần gọi"), "phone", roles=frozenset({Role.PROJECT_STAFF})),
    *subsidies.LINKS,
]
GROUP_NAMES = {
    MEMBER: N_("Thành viên"),
    LINKED: N_("Liên kết"),
    WOMEN: N_("Phụ nữ"),
    MEN: N_("Nam giới"),
    KINH: N_("Kinh"),
    MINORITY: N_("Dân tộc thiểu số"),
    UNKNOWN: N_("Chưa khai"),
}


def _page(name: str, **values: object) -> str:
    links = menu(f"programme.{name}")
    return render_template(f"programme/{name}.html", links=links, millions=millions, **values)


@bp.get("")
@roles(Role.PROJECT_STAFF)
def overview() -> ResponseReturnValue:
    """One month: sold, how much is the families', whom it reached, and the year behind it."""
    latest = month_of(clock.today())
    month = read_month(request.args.get("month", ""), latest)
    return _page("overview", seen=sales.overview(month), calls=find_calls())


@bp.get("/revenue")
@roles(Role.PROJECT_STAFF)
def revenue() -> ResponseReturnValue:
    """A year by cooperative and month, product and channel."""
    return _page("revenue", seen=sales.revenue(*_asked()), channel_names=DOOR_TEXT)


@bp.get("/revenue.csv")
@roles(Role.PROJECT_STAFF)
def revenue_csv() -> ResponseReturnValue:
    """The same year for a spreadsheet."""
    year, cooperative_id = _asked()
    text = sales.revenue_csv(year, cooperative_id, bool(current_app.config["DEMO"]))
    name = f"doanh-thu-{year or clock.today().year}.csv"
    return Response(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked() -> tuple[int | None, int | None]:
    """The year and cooperative asked for; None where nothing readable was."""
    return request.args.get("year", type=int), request.args.get("cooperative", type=int)


@bp.get("/reach")
@roles(Role.PROJECT_STAFF)
def reach() -> ResponseReturnValue:
    """Producers and households as they declared themselves, and what came to them by joining year."""
    return _page("reach", seen=find_reach(), names=GROUP_NAMES)


@bp.get("/poverty")
@roles(Role.PROJECT_STAFF)
def poverty() -> ResponseReturnValue:
    """What was published of poverty, beside the cooperatives of each province."""
    return _page("poverty", seen=find_poverty(request.args.get("round", type=int)))


@bp.get("/calls")
@roles(Role.PROJECT_STAFF)
def calls() -> ResponseReturnValue:
    """Which cooperatives to ring, and about what."""
    return _page("calls", seen=find_calls())
