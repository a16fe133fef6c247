"""Pages of lists: send one, see what will become of each row, say its columns, accept or drop it; the XLSForm."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from catalog.sheets.rules import MIME
from core.db import transaction
from core.errors import NotFound
from core.headings import Headings, letter
from core.i18n import N_, _
from households.forms import RELATION_TEXT
from households.imports import operations, queries
from households.imports.columns import COLUMNS, TITLES
from households.imports.models import RosterImport
from households.imports.queries import Planned
from households.imports.rules import Outcome
from households.roster.queries import KEEPERS
from registry.lists.files import read_rows
from registry.lists.forms import AcceptForm, ListForm, columns_form
from registry.lists.xlsform import FORM_ID, xlsform

bp = Blueprint("lists", __name__, url_prefix="/roster-lists")
LINKS = [
    Link("lists.begin", N_("Gửi danh sách hộ"), "list", roles=frozenset(KEEPERS), rank=25),
]
OUTCOMES = {
    Outcome.NEW: (N_("Sẽ ghi"), "good"),
    Outcome.KNOWN: (N_("Đã ghi lần trước"), ""),
    Outcome.DOUBLE: (N_("Có thể đã có trong sổ"), "warn"),
    Outcome.FAULTY: (N_("Sai, để lại"), "bad"),
}
STATES = {
    "preview": (N_("Chờ bạn nhận"), "warn"),
    "accepted": (N_("Đã nhận"), "good"),
    "dropped": (N_("Đã bỏ"), ""),
}
SHOWN_MAX = 200


@bp.route("", methods=["GET", "POST"])
@roles(*KEEPERS)
def begin() -> ResponseReturnValue:
    """Send a list; the lists sent before."""
    me, form = actor(), ListForm()

    def send() -> None:
        rows = read_rows(form.sheet.data.read())
        with transaction():
            operations.receive(
                me, str(form.key.data), str(form.sheet.data.filename), rows, village=form.village.data or ""
            )

    if form.validate_on_submit() and form.accepts(send):
        return redirect(url_for(".one", key=form.key.data))
    page = render_template(
        "registry/lists/begin.html",
        form=form,
        rows=queries.imports_of(me),
        states=STATES,
        alone=me.role is Role.VILLAGE_HEAD,
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/form.xlsx")
@roles(*KEEPERS)
def form() -> ResponseReturnValue:
    """The declaration as an XLSForm."""
    return send_file(BytesIO(xlsform()), MIME["xlsx"], as_attachment=True, download_name=f"{FORM_ID}.xlsx")


@bp.route("/<key>", methods=["GET", "POST"])
@roles(*KEEPERS)
def one(key: str) -> ResponseReturnValue:
    """What will become of each row; accepting writes it."""
    me, asked = actor(), AcceptForm()
    found = queries.own_import(me, key)
    if found.state != "preview":
        return render_template("registry/lists/done.html", found=found, states=STATES)

    def accept() -> None:
        with transaction():
            operations.accept(me, key, with_doubles=asked.doubles.data == "add")

    if asked.validate_on_submit() and asked.accepts(accept):
        flash(_("Đã nhận danh sách."))
        return redirect(url_for(".one", key=key))
    page = _preview(queries.own_import(me, key), asked)
    return page, 422 if asked.errors or asked.form_errors else 200


def _preview(found: RosterImport, asked: AcceptForm) -> str:
    planned = queries.plan(found)
    _rows, headings = queries.content_of(found)
    order = [Outcome.FAULTY, Outcome.DOUBLE, Outcome.NEW, Outcome.KNOWN]
    shown = sorted(planned, key=lambda one: (order.index(one.outcome), one.row.number))[:SHOWN_MAX]
    return render_template(
        "registry/lists/preview.html",
        found=found,
        form=asked,
        counts=queries.counts(planned),
        outcomes=OUTCOMES,
        rows=[(one, _(RELATION_TEXT[one.row.relation]), _faults(one, headings)) for one in shown],
        more=len(planned) - len(shown),
        unread=[text for text, key in zip(headings.texts, headings.keys, strict=True) if text and not key],
    )


def _faults(one: Planned, headings: Headings) -> list[tuple[str, str, str]]:
    """(cell, column, what is wrong) of a row."""
    found = []
    for fault in one.row.faults:
        place = headings.at(fault.column)
        cell = f"{letter(place)}{one.row.number}" if place is not None else ""
        found.append((cell, _(TITLES[fault.column]), _(fault.text, **fault.params)))
    return found


@bp.route("/<key>/columns", methods=["GET", "POST"])
@roles(*KEEPERS)
def columns(key: str) -> ResponseReturnValue:
    """Say what each column is; remembered for the commune's next list."""
    me = actor()
    found = queries.own_import(me, key)
    _rows, headings = queries.content_of(found)
    options = [SelectChoice("", _("Không đọc")), *[SelectChoice(one.key, _(one.title)) for one in COLUMNS]]
    asked: Any = columns_form(len(headings.texts), options)(
        data={f"column_{place}": key for place, key in enumerate(headings.keys)}
    )
    fields = [asked[f"column_{place}"] for place in range(len(headings.texts))]

    def save() -> None:
        with transaction():
            operations.set_columns(me, key, [one.data for one in fields])

    if asked.validate_on_submit() and asked.accepts(save):
        return redirect(url_for(".one", key=key))
    titled = [(letter(place), text, fields[place]) for place, text in enumerate(headings.texts) if text]
    page = render_template("registry/lists/columns.html", form=asked, key=key, rows=titled)
    return page, 422 if asked.errors or asked.form_errors else 200


@bp.post("/<key>/drop")
@roles(*KEEPERS)
def drop(key: str) -> ResponseReturnValue:
    """Forget a list."""
    me, asked = actor(), AcceptForm()
    queries.own_import(me, key)
    if not asked.validate_on_submit():
        raise NotFound(N_("Không tìm thấy danh sách này."))
    with transaction():
        operations.drop(me, key)
    flash(_("Đã bỏ danh sách. Chưa ghi gì vào sổ."))
    return redirect(url_for(".begin"))
