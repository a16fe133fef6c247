"""Pages of tax kept back: the year seller by seller, one seller's paper, a workbook, and what was paid over."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.operations import audit
from accounts.rules import Role
from cooperatives import queries as cooperatives
from cooperatives.models import Cooperative
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from revenue.ledger.queries import balance
from revenue.rules import AccountKind
from revenue.tax import operations, queries, rules
from revenue.tax.forms import PayTaxForm
from revenue.tax.queries import TAXES
from revenue.tax.workbook import STATE_WORDS, workbook
from revenue.words import TAX_WORDS

bp = Blueprint("tax", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _coop() -> Cooperative:
    return cooperatives.of_organisation(actor().organisation_id)


def _known_year(year: int) -> int:
    if not 2020 <= year <= clock.today().year:
        raise NotFound(N_("Chưa có sổ của năm này."), remedy=N_("Chọn năm khác."))
    return year


def _held(own: int) -> dict[str, int]:
    return {tax: -balance(own, AccountKind.TAXES_WITHHELD, tax) for tax in TAXES}


@bp.get("/manage/money/tax")
@roles(*STAFF)
def index() -> ResponseReturnValue:
    """This year."""
    return redirect(url_for("tax.year", year=clock.today().year))


@bp.get("/manage/money/tax/<int:year>")
@roles(*STAFF)
def year(year: int) -> ResponseReturnValue:
    """What each household sold in a year, how near it is to the threshold, and what was kept back."""
    coop, of_year = _coop(), _known_year(year)
    own = coop.organisation_id or 0
    history = cooperatives.terms_history(coop.id)
    now = next((one for one in history if one.from_on <= clock.today()), None)
    rows = queries.year(own, of_year)
    return render_template(
        "revenue/tax/year.html", coop=coop, year=of_year, years=queries.years(own), rows=rows[:100],
        more=max(0, len(rows) - 100), months=queries.months(own, of_year), held=_held(own),
        withholds=bool(now and now.withholds_tax), rule=queries.last_day_rule(of_year),
        rules=[one for one in queries.dated_rules() if one.activity == operations.ACTIVITY],
        STATE_WORDS=STATE_WORDS, TAX_WORDS=TAX_WORDS, TAXES=TAXES,
    )  # fmt: skip


@bp.get("/manage/money/tax/<int:year>/<any(household, producer):kind>/<int:number>")
@roles(*STAFF)
def seller(year: int, kind: str, number: int) -> ResponseReturnValue:
    """One seller's year on paper."""
    coop, of_year = _coop(), _known_year(year)
    found = queries.year(coop.organisation_id or 0, of_year, only=f"{kind}:{number}")
    if not found:
        raise NotFound(N_("Năm này nhà ấy chưa bán gì."), remedy=N_("Chọn lại trong danh sách."))
    return _paper(coop, of_year, found, url_for("tax.year", year=of_year))


def _paper(coop: Cooperative, of_year: int, found: list[queries.SellerYear], back: str) -> str:
    applied = {one for row in found for one in row.rule_ids}
    closing = queries.last_day_rule(of_year)
    shown = [one for one in queries.dated_rules() if one.id in applied or one == closing]
    return render_template(
        "revenue/tax/paper.html", coop=coop, year=of_year, found=found, rules=shown, back=back, STATE_WORDS=STATE_WORDS,
        TAX_WORDS=TAX_WORDS,
    )  # fmt: skip


@bp.get("/manage/money/tax/<int:year>/report.xlsx")
@roles(*STAFF)
def report(year: int) -> ResponseReturnValue:
    """The year as a workbook. Who took it stands in the audit chain."""
    coop, of_year = _coop(), _known_year(year)
    with transaction():
        audit(actor(), "export_tax", f"organisation:{coop.organisation_id}", fields=(str(of_year),))
    title = f"{coop.name}, {of_year}" + (f" ({_('dữ liệu minh hoạ')})" if coop.is_demo else "")
    goods = [one for one in queries.dated_rules() if one.activity == operations.ACTIVITY]
    layout = rules.layout_on(queries.layouts(), "year_report", date(of_year, 12, 31))
    if layout is None:
        raise NotFound(N_("Chưa có mẫu cho năm này."), remedy=N_("Chọn năm khác."))
    made = workbook(title, queries.year(coop.organisation_id or 0, of_year), goods, layout)
    return Response(made, content_type=XLSX, headers={
        "Content-Disposition": f'attachment; filename="thue-{of_year}-chua-kiem-chung.xlsx"',
        "Cache-Control": "no-store",
    })  # fmt: skip


@bp.route("/manage/money/tax/pay", methods=["GET", "POST"])
@roles(*STAFF)
def pay() -> ResponseReturnValue:
    """What was kept back went to the tax office."""
    form, own = PayTaxForm(), _coop().organisation_id or 0

    def save() -> None:
        with transaction():
            operations.pay_tax(
                actor(), form.tax.data, form.amount_vnd.data, form.key.data, form.reference.data or ""
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi nộp thuế."))
        return redirect(url_for("tax.index"))
    page = render_template("revenue/tax/pay.html", form=form, held=_held(own), TAX_WORDS=TAX_WORDS)
    return page, 422 if form.is_submitted() else 200


@bp.get("/me/tax/<int:producer_id>/<int:year>")
@signed_in
def mine(producer_id: int, year: int) -> ResponseReturnValue:
    """One's own year: what was sold through a cooperative and what was kept back of it."""
    for one in cooperatives.producers_of_user(actor().user_id or 0):
        if one.id == producer_id:
            coop = cooperatives.cooperative(one.cooperative_id)
            found = queries.sellers_of(one.id, _known_year(year), coop.organisation_id or 0)
            return _paper(coop, year, found, url_for("revenue.my_statement", producer_id=one.id))
    raise NotFound(N_("Không có bảng kê này."), remedy=N_("Mở lại từ trang Tôi."))
