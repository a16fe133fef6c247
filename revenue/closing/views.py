"""Pages of a month: its statements, closing it, and opening it again with a second person."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.queries import staff_of
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from revenue.closing import operations, queries
from revenue.closing.forms import AgreeForm, CloseForm, ReopenForm
from revenue.closing.rules import closable_from, statements
from revenue.ledger.queries import ledger_id
from revenue.treasury.queries import flows, margins

bp = Blueprint("closing", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)


def _book() -> int:
    own = of_organisation(actor().organisation_id).organisation_id or 0
    found = ledger_id(own)
    if found is None:
        raise NotFound(N_("Sổ chưa có bút toán nào."), remedy=N_("Ghi số dư đầu kỳ trước."))
    return found


def _people() -> dict[int, str]:
    """The names of the cooperative's own staff, by user id."""
    return {user.id: user.name for _grant, user in staff_of(actor().organisation_id or 0)}


def _month(said: str, book: int) -> date:
    for found in queries.months(book):
        if said == f"{found:%Y-%m}":
            return found
    raise NotFound(N_("Sổ không có tháng này."), remedy=N_("Chọn lại trong danh sách tháng."))


@bp.route("/manage/money/months/<said>", methods=["GET", "POST"])
@roles(*STAFF)
def month(said: str) -> ResponseReturnValue:
    """A month's balance sheet, income statement and margins; closing it."""
    book, form = _book(), CloseForm()
    chosen = _month(said, book)

    def save() -> None:
        with transaction():
            operations.close_month(actor(), chosen)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã khoá sổ tháng %(month)s.", month=f"{chosen:%m/%Y}"))
        return redirect(url_for(".month", said=said))
    closings = queries.closings(book, chosen)
    until = queries.closed_until(book)
    return render_template(
        "revenue/closing/month.html", form=form, month=chosen, books=statements(queries.figures(book, chosen)),
        flows=flows(book, chosen), margins=margins(book, chosen), closings=closings, people=_people(),
        locked=until is not None and until >= chosen, closable_on=closable_from(chosen),
        closable=clock.today() >= closable_from(chosen),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route("/manage/money/closings/<int:close_id>/reopen", methods=["GET", "POST"])
@roles(*STAFF)
def reopen(close_id: int) -> ResponseReturnValue:
    """Ask that a month be opened; or, as the second person, agree."""
    found = next((one for one in queries.closings(_book()) if one.id == close_id), None)
    if found is None:
        raise NotFound(N_("Không có lần khoá sổ này."), remedy=N_("Xem lại các tháng."))
    asked = found.asked_at is not None
    form = AgreeForm() if asked else ReopenForm()

    def save() -> None:
        with transaction():
            if isinstance(form, ReopenForm):
                operations.ask_to_reopen(actor(), close_id, form.reason.data or "")
            else:
                operations.agree_to_reopen(actor(), close_id)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã mở lại tháng.") if asked else _("Đã gửi. Người thứ hai đồng ý thì tháng mở lại."))
        return redirect(url_for(".month", said=f"{found.month:%Y-%m}"))
    return render_template(
        "revenue/closing/reopen.html", form=form, found=found, asked=asked,
        people=_people(),
        own=actor().user_id == found.asked_by_user_id,
    ), 422 if form.is_submitted() else 200  # fmt: skip
