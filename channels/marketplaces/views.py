"""Pages of marketplaces: a site's own page, templates, order files, orders that wait, its money; and the drift."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from channels.marketplaces import operations, queries
from channels.marketplaces.boards import site_board
from channels.marketplaces.columns import CONSTANT, ORDERS, ORDERS_NEED
from channels.marketplaces.drift import counts, drifts
from channels.marketplaces.forms import OrdersForm, PlainForm, SettleForm, TemplateForm
from channels.marketplaces.models import MarketFile, MarketOrder
from channels.marketplaces.previews import preview
from channels.marketplaces.queries import Spoken
from channels.marketplaces.rules import (
    FAILED_TEXT,
    OUTCOME_TEXT,
    OUTCOME_TONE,
    PROBLEM_TEXT,
    SITE_NAME,
    STATUS_TEXT,
    FileState,
    Kind,
    OrderState,
    Problem,
    Site,
)
from channels.marketplaces.sales import from_told, lacking
from channels.marketplaces.sites import facts
from channels.marketplaces.tasks import SMALL, pack_rows, sales_of, take_file
from channels.reading.queries import on_sale
from cooperatives.queries import of_organisation
from core import files
from core.db import transaction
from core.errors import DomainError, NotFound
from core.i18n import N_, _
from orders.rules import STATE_TEXT as OUR_STATE_TEXT
from payments.tables.files import FILE_MAX_BYTES, read_rows
from revenue.markets.operations import settle
from revenue.markets.queries import fees, held

bp = Blueprint("marketplaces", __name__, url_prefix="/manage/marketplaces")
SITES = f"<any({', '.join(Site)}):site>"
LISTED = 300  # kinds of a template's list that a page offers while a person types
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _mine() -> int:
    return of_organisation(actor().organisation_id).id


def _status(*forms: Any) -> int:
    return 422 if any(form.errors or form.form_errors for form in forms) else 200


# --- a site


@bp.get(f"/{SITES}")
@roles(Role.MANAGER)
def site_page(site: str) -> ResponseReturnValue:
    """When a site was last spoken with, what waits, and the two doors: its template, its orders."""
    return _site(Site(site))


def _site(site: Site, **forms: Any) -> ResponseReturnValue:
    own = _mine()
    organisation = actor().organisation_id or 0
    board = site_board(site, queries.spoken(own).get(site, Spoken()), counts(own).get(site, 0))
    given = {"template_form": TemplateForm(None), "orders_form": OrdersForm(None)} | forms
    page = render_template(
        "channels/marketplaces/site.html", board=board, facts=facts(site), files=queries.files_of(own, site),
        waiting=queries.held(own, site), orders=queries.newest(own, site), problem=_problem, plain=PlainForm(),
        held_vnd=held(organisation).get(site, 0), fee_vnd=fees(organisation).get(site, 0), Kind=Kind,
        STATUS=STATUS_TEXT, OURS=OUR_STATE_TEXT, **given,
    )  # fmt: skip
    return page, _status(*given.values())


def _problem(row: MarketOrder) -> tuple[str, str]:
    return PROBLEM_TEXT[Problem(row.problem)]


def _why(row: MarketOrder) -> str:
    return _(FAILED_TEXT) if row.problem_text == FAILED_TEXT else row.problem_text


@bp.route(f"/{SITES}/money", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.TREASURER)
def money(site: str) -> ResponseReturnValue:
    """What a site holds by the book, and writing down what it paid out."""
    of_organisation(actor().organisation_id)
    form, who = SettleForm(), actor()

    def save() -> None:
        with transaction():
            settle(who, site, form.amount_vnd.data, form.key.data or "", form.reference.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi tiền sàn chuyển về."))
        return redirect(url_for(".money", site=site), 303)
    organisation = who.organisation_id or 0
    page = render_template(
        "channels/marketplaces/money.html", form=form, site=site, name=SITE_NAME[Site(site)],
        held_vnd=held(organisation).get(site, 0), fee_vnd=fees(organisation).get(site, 0),
        manager=who.role is Role.MANAGER,
    )  # fmt: skip
    return page, _status(form)


# --- order files


@bp.post(f"/{SITES}/orders")
@roles(Role.MANAGER)
def send_orders(site: str) -> ResponseReturnValue:
    """An order file comes in: read, and shown before anything is taken."""
    form: Any = OrdersForm()
    made: list[int] = []
    who, own = actor(), _mine()

    def save() -> None:
        sent = form.sheet.data
        data = sent.stream.read(FILE_MAX_BYTES + 1)
        rows = read_rows(data, ORDERS)
        headings = operations.order_headings(own, Site(site), rows)
        suffix = ".xlsx" if data.startswith(b"PK") else ".csv"
        stored = files.put(data, suffix), files.put(pack_rows(rows), ".json")
        with transaction():
            made.append(
                operations.send_orders(
                    who, form.key.data, Site(site), sent.filename or "", stored, rows, headings
                ).id
            )

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for(".orders_file", site=site, file_id=made[0]), 303)
    return _site(Site(site), orders_form=form)


@bp.route(f"/{SITES}/orders/<int:file_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def orders_file(site: str, file_id: int) -> ResponseReturnValue:
    """What accepting an order file would do; its columns; accepting it."""
    who, own, form = actor(), _mine(), PlainForm()
    found = _file(own, site, file_id, Kind.ORDERS)
    what, here, begun = request.form.get("step", ""), found.row_count <= SMALL, list[bool]()

    def save() -> None:
        with transaction():
            mine = queries.file_for(file_id, own, Kind.ORDERS, lock=True)
            if what == "columns":
                operations.set_columns(
                    who, mine, [request.form.get(f"c-{n}", "") for n in range(len(mine.columns))]
                )
            else:
                begun.append(operations.accept(who, file_id, here=here))

    if what in ("columns", "accept") and form.validate_on_submit() and form.accepts(save):
        if here and True in begun:
            take_file(file_id)
        if what == "columns":
            flash(_("Đã đọc lại theo các cột này, và nhớ cho lần sau."))
        else:
            flash(_("Đã ghi xong.") if here else _("Đang ghi từng đơn."))
        return redirect(url_for(".orders_file", site=site, file_id=file_id), 303)
    return _orders(_file(own, site, file_id, Kind.ORDERS), form)


def _file(own: int, site: str, file_id: int, kind: Kind) -> MarketFile:
    found = queries.file_for(file_id, own, kind)
    if found.site != site:
        raise NotFound(N_("Không có tệp này."), remedy=N_("Mở lại từ trang của sàn."))
    return found


def _orders(found: MarketFile, form: Any) -> ResponseReturnValue:
    missing = lacking([key for _text, key, _fixed in found.columns])
    seen = preview(found, sales_of(found)) if not missing else None
    page = render_template(
        "channels/marketplaces/orders.html", found=found, form=form, seen=seen, columns=ORDERS, NEED=ORDERS_NEED,
        name=SITE_NAME[Site(found.site)], lacking=", ".join(_(one) for one in missing), OUTCOME=OUTCOME_TEXT,
        TONE=OUTCOME_TONE, STATUS=STATUS_TEXT, FileState=FileState,
    )  # fmt: skip
    return page, _status(form)


# --- an order that waits for a person


@bp.route(f"/{SITES}/held/<int:row_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def held_order(site: str, row_id: int) -> ResponseReturnValue:
    """One order that could not be taken: say what its goods are, try again, or give it up."""
    who, own, form = actor(), _mine(), PlainForm()
    row = queries.order_for(row_id, own, site)
    what = request.form.get("step", "")
    if not row.problem and not what:
        raise NotFound(N_("Đơn này không còn vướng gì."), remedy=N_("Mở lại từ trang của sàn."))

    def save() -> None:
        with transaction():
            if what == "goods":
                operations.say_goods(who, Site(site), row_id, _chosen())
            elif what == "drop":
                operations.give_up(who, Site(site), row_id)
            else:
                operations.try_again(who, Site(site), row_id)

    if what and form.validate_on_submit() and form.accepts(save):
        row = queries.order_for(row_id, own, site)
        if not row.problem:
            flash(_("Xong. Nhớ huỷ đơn bên sàn và nhắn khách.") if row.given_up else _("Đã ghi đơn."))
            return redirect(url_for(".site_page", site=site), 303)
        flash(_("Vẫn chưa ghi được đơn này."), "bad")
        return redirect(url_for(".held_order", site=site, row_id=row_id), 303)
    sale = from_told(row.told) if row.state == OrderState.HELD else None
    known = queries.skus(own, site)
    page = render_template(
        "channels/marketplaces/held.html", row=row, form=form, sale=sale, site=site, name=SITE_NAME[Site(site)],
        goods=[(line, queries.pack_for(line, known)) for line in sale.lines] if sale else [], packs=on_sale(own),
        problem=_problem(row), STATUS=STATUS_TEXT, why=_why(row), total=sale.total_vnd if sale else 0,
    )  # fmt: skip
    return page, _status(form)


def _chosen() -> dict[int, int]:
    """{place of the line: pack id} of the choices that were made."""
    found = {}
    for name, value in request.form.items():
        if name.startswith("pack-") and name[5:].isdecimal() and value.isdecimal():
            found[int(name[5:])] = int(value)
    return found


# --- templates


@bp.post(f"/{SITES}/templates")
@roles(Role.MANAGER)
def send_template(site: str) -> ResponseReturnValue:
    """A template comes in: its columns are found."""
    from channels.marketplaces.templates import (
        kept_template,  # its workbook code comes with the first template
    )

    form: Any = TemplateForm()
    made: list[int] = []
    who, own = actor(), _mine()

    def save() -> None:
        sent = form.sheet.data
        made.append(kept_template(who, own, Site(site), form.key.data, sent.filename or "",
                                  sent.stream.read(FILE_MAX_BYTES + 1)))  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for(".template", site=site, file_id=made[0]), 303)
    return _site(Site(site), template_form=form)


@bp.route(f"/{SITES}/templates/<int:file_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def template(site: str, file_id: int) -> ResponseReturnValue:
    """A template with what would go in, what is missing for each pack; its columns; the site's codes; filling it."""
    from channels.marketplaces import templates

    who, own, form = actor(), _mine(), PlainForm()
    found = _file(own, site, file_id, Kind.TEMPLATE)
    what = request.form.get("step", "")

    def save() -> None:
        with transaction():
            mine = queries.file_for(file_id, own, Kind.TEMPLATE, lock=True)
            if what == "columns":
                templates.set_fields(who, mine, request.form)
            elif what == "sheet":
                templates.use_sheet(who, mine, request.form.get("sheet", ""))
            else:
                codes = {int(name[4:]): value for name, value in request.form.items()
                         if name.startswith("cat-") and name[4:].isdecimal()}  # fmt: skip
                operations.set_categories(who, Site(site), codes)

    if what == "fill" and form.validate_on_submit():
        return _fill(found, form)
    if what in ("columns", "categories", "sheet") and form.validate_on_submit() and form.accepts(save):
        flash(_("Đã đọc trang này.") if what == "sheet" else _("Đã nhớ cho lần sau."))
        return redirect(url_for(".template", site=site, file_id=file_id), 303)
    return _template(_file(own, site, file_id, Kind.TEMPLATE), form)


def _fill(found: MarketFile, form: Any) -> ResponseReturnValue:
    """The template comes back filled; what it says is what the site is taken to know."""
    from channels.marketplaces import templates

    site, name = Site(found.site), found.file_name.rpartition(".")[0] or found.site
    try:
        data, told = templates.filled(found)
    except DomainError as error:
        form.take(error)
        return _template(found, form)
    with transaction():
        operations.told(actor(), site, told)
    return send_file(
        BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=f"{name}-da-dien.xlsx", max_age=0
    )


def _template(found: MarketFile, form: Any) -> ResponseReturnValue:
    from channels.marketplaces import templates

    try:
        seen = templates.looked_at(found)
    except DomainError as error:
        form.take(error)
        seen = None
    page = render_template(
        "channels/marketplaces/template.html", found=found, form=form, seen=seen, columns=templates.CHOICES,
        CONSTANT=CONSTANT, name=SITE_NAME[Site(found.site)], facts=facts(Site(found.site)), listed=LISTED,
    )  # fmt: skip
    return page, _status(form)


# --- drift


@bp.get("/drift")
@roles(Role.MANAGER)
def drift() -> ResponseReturnValue:
    """Where a door was told another price or stock than now, the largest difference first."""
    rows = drifts(_mine())
    sites = {one.site: one.door for one in rows if one.site}
    return render_template("channels/marketplaces/drift.html", rows=rows, sites=sites)
