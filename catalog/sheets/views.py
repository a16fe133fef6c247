"""Pages of tables: send one, say what its columns are, look it over, accept it; take goods out; publish drafts."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from catalog.forms import DeedForm
from catalog.history.rules import FIELD_NAMES
from catalog.measures.rules import months_of
from catalog.queries import product_names
from catalog.rules import missing, only_waits
from catalog.sheets import operations, queries, tasks
from catalog.sheets.forms import ColumnsForm, PublishForm, SheetNameForm, TableForm, columns_form
from catalog.sheets.models import SheetImport, SheetRow
from catalog.sheets.rules import AT_WORK, GOOD, MIME, How, Outcome, State
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core import clock, files
from core.db import transaction
from core.errors import DomainError, FormErrors, Invalid
from core.format import vnd, weight
from core.forms import Form
from core.i18n import N_, _
from core.text import slugify

bp = Blueprint("sheets", __name__, url_prefix="/manage/sheets")
REFRESH_S = 3
UPLOAD_MAX_BYTES = 72 * 1024 * 1024
HOW = {
    How.REMEMBERED: N_("như lần trước"),
    How.NAMED: N_("theo tên cột"),
    How.LIKE: N_("tên gần giống, xem lại"),
    How.SEEN: N_("đoán theo chữ trong cột, xem lại"),
    How.UNKNOWN: N_("chưa rõ là gì"),
}
SHOWN = {
    "faulty": N_("Dòng sai"),
    "new": N_("Món mới"),
    "pack": N_("Quy cách mới"),
    "change": N_("Sửa món đang có"),
    "same": N_("Không đổi gì"),
    "doubts": N_("Nên xem lại"),
    "left": N_("Không nhận được"),
    "taken": N_("Đã nhận"),
}
STATE_TEXT = {
    "reading": N_("Đang đọc"),
    "refused": N_("Không đọc được"),
    "columns": N_("Chờ chọn cột"),
    "checking": N_("Đang xem từng ô"),
    "preview": N_("Chờ bạn nhận"),
    "applying": N_("Đang ghi vào sổ"),
    "done": N_("Đã nhận"),
    "dropped": N_("Đã bỏ"),
}


@bp.url_value_preprocessor
def _room_for_a_table(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A ZIP of pictures is heavier than other forms; elsewhere the common limit stays."""
    if endpoint == "sheets.begin":
        request.max_content_length = UPLOAD_MAX_BYTES


def _cooperative() -> Cooperative:
    return of_organisation(actor().organisation_id)


@bp.route("", methods=["GET", "POST"])
@roles(Role.MANAGER)
def begin() -> ResponseReturnValue:
    """Send a table; what was sent before; the goods as a table."""
    form, made = TableForm(), list[str]()
    if form.validate_on_submit() and form.accepts(lambda: made.append(_receive(form))):
        return redirect(url_for(".table", key=made[0]))
    page = render_template(
        "catalog/sheets.html",
        form=form,
        imports=queries.imports_of(_cooperative().id),
        states=STATE_TEXT,
        categories=queries.category_rows(),
    )
    return page, 422 if request.method == "POST" else 200


def _receive(form: TableForm) -> str:
    """Store the files, then the row; a small table is read at once. The import's key."""
    sheet, photos = form.sent("sheet"), form.sent("photos")
    if sheet is None:
        raise Invalid(N_("Chưa chọn bảng."), remedy=N_("Chọn tệp .xlsx hoặc .csv."), field="sheet")
    kept, pictures = files.put(sheet, ".bin"), files.put(photos, ".zip") if photos else None
    here = tasks.is_small(sheet, photos)
    with transaction():
        one, new = operations.receive(
            actor(),
            _cooperative().id,
            str(form.key.data),
            str(form.sheet.data.filename),
            kept,
            pictures,
            here=here,
        )
        key, import_id = one.key, one.id
    if new and here:
        tasks.advance(import_id)
    return key


@bp.get("/<key>")
@roles(Role.MANAGER)
def table(key: str) -> ResponseReturnValue:
    """A table where it stands: being worked on, waiting for its columns, looked over, taken or refused."""
    one = queries.own_import(actor(), key)
    if one.state in AT_WORK:
        page = make_response(render_template("catalog/sheets_wait.html", one=one, states=STATE_TEXT))
        page.headers["Refresh"] = str(REFRESH_S)
        return page
    if one.state == State.COLUMNS:
        return _columns_page(one, _columns_form(one))
    if one.state in (State.REFUSED, State.DROPPED):
        why = _why(one.error) if one.error else ""
        return render_template("catalog/sheets_refused.html", one=one, why=why)
    return _preview(one)


# ---- columns ----


def _columns_form(one: SheetImport) -> ColumnsForm:
    made = columns_form(one.found["headings"], one.found["letters"])
    keys = [key for key, _unit in one.columns] or [guess[0] for guess in one.found["guesses"]]
    return made(data={f"c{place}": key for place, key in enumerate(keys)})


def _columns_page(one: SheetImport, form: ColumnsForm, status: int = 200) -> ResponseReturnValue:
    found = one.found
    hints = [
        (" · ".join(samples) or _("Cột trống"), _(HOW[How(guess[1])]), guess[1])
        for samples, guess in zip(found["samples"], found["guesses"], strict=True)
    ]
    names = SheetNameForm(formdata=None, data={"sheet_name": one.sheet_name})
    names.sheet_name.choices = [(name, name) for name in found["sheets"]]
    page = render_template(
        "catalog/sheets_columns.html",
        one=one,
        form=form,
        hints=hints,
        names=names,
        deed=DeedForm(formdata=None),
        notes=[_(text, **params) for text, params in found["notes"]],
    )
    return page, status


@bp.post("/<key>/columns")
@roles(Role.MANAGER)
def choose(key: str) -> ResponseReturnValue:
    """Say what each column is."""
    one = queries.own_import(actor(), key)
    form = columns_form(one.found.get("headings", []), one.found.get("letters", []))()
    if form.validate_on_submit() and form.accepts(
        lambda: _choose(one, [field.data or "" for field in form.columns])
    ):
        return redirect(url_for(".table", key=key))
    if one.state != State.COLUMNS:
        return redirect(url_for(".table", key=key))
    return _columns_page(one, form, 422)


def _choose(one: SheetImport, keys: Sequence[str]) -> None:
    key, import_id, here = one.key, one.id, tasks.is_short(one.row_count, one.photos_file)
    with transaction():
        operations.choose(actor(), key, keys, here=here)
    if here:
        tasks.advance(import_id)


@bp.post("/<key>/deed")
@roles(Role.MANAGER)
def deed(key: str) -> ResponseReturnValue:
    """Another sheet of the workbook; back to the columns; throw it away; accept it."""
    queries.own_import(actor(), key)
    what, form = request.form.get("do", ""), DeedForm()
    deeds = {"sheet": _reread, "rename": _rename, "drop": _drop, "accept": _accept}
    if what not in deeds:
        abort(400)
    if not form.accepts(lambda: deeds[what](key)):
        for refusal in form.form_errors:
            flash(refusal, "bad")
    return redirect(url_for(".begin") if what == "drop" else url_for(".table", key=key))


def _reread(key: str) -> None:
    with transaction():
        operations.reread(actor(), key, request.form.get("sheet_name", ""))


def _rename(key: str) -> None:
    with transaction():
        operations.rename(actor(), key)


def _drop(key: str) -> None:
    with transaction():
        operations.drop(actor(), key)
    flash(_("Đã bỏ bảng này. Chưa có gì được ghi."))


def _accept(key: str) -> None:
    one = queries.own_import(actor(), key)
    import_id, here = one.id, tasks.is_short(one.row_count, one.photos_file)
    with transaction():
        _one, first = operations.accept(actor(), key, here=here)
    if first and here:
        tasks.advance(import_id)


# ---- looking it over ----


def _preview(one: SheetImport) -> ResponseReturnValue:
    found = queries.counts(one.id)
    shown = request.args.get("show", "")
    if not found.get(shown):
        shown = next((name for name in SHOWN if found[name]), "same")
    page_count = max(1, -(-found[shown] // queries.PAGE))
    page = min(max(1, request.args.get("page", 1, int)), page_count)
    rows = queries.rows_page(one.id, shown, page)
    return render_template(
        "catalog/sheets_preview.html",
        one=one,
        counts=found,
        shown=shown,
        names=SHOWN,
        page=page,
        page_count=page_count,
        lines=_lines(rows, shown),
        good=sum(found[outcome] for outcome in GOOD),
        done=one.state == State.DONE,
        not_taken=found["faulty"] + found["left"],
        deed=DeedForm(formdata=None),
    )


def _lines(rows: Sequence[SheetRow], shown: str) -> list[dict[str, Any]]:
    """What the page says of each row."""
    categories = {row_id: name for row_id, _slug, name, _english in queries.category_rows()}
    units = {
        value
        for row in rows
        for name, *values in row.changes
        if name == "origin_commune_id"
        for value in values
        if value
    }
    places = queries.unit_names(units)
    names = _names(rows)
    found = []
    for row in rows:
        said = row.said
        faults = row.doubts if shown == "doubts" else row.faults
        found.append(
            {
                "no": row.row_no,
                "name": said.get("name") or names.get(row.product_id or 0) or _first_text(row.cells),
                "faults": [fault_text(fault) for fault in faults],
                "product_id": row.product_id,
                "changes": [_change(change, categories, places) for change in row.changes],
                "pack": said.get("label") or said.get("said") or "",
                "amount": said.get("said") or "",
                "price_vnd": said.get("price_vnd"),
                "photos": len(said.get("photos", ())),
                "category": categories.get(said.get("category_id") or 0, ""),
            }
        )
    return found


def _names(rows: Sequence[SheetRow]) -> dict[int, str]:
    return product_names(row.product_id for row in rows if row.product_id)


def _first_text(cells: Sequence[Any]) -> str:
    """What a row without a known name is called: its first cell that holds words."""
    return next(
        (str(cell)[:60] for cell in cells if isinstance(cell, str) and not cell.strip().isdigit()), ""
    )


def fault_text(fault: dict[str, Any]) -> str:
    """'Ô D17: giá 0 đồng, ghi từ 1 đồng trở lên', in the reader's language."""
    messages, params = (fault["text"], fault["remedy"]), fault["params"]
    said = ", ".join(_begun(_(message, **params).rstrip(".")) for message in messages if message)
    if fault["cell"].isdigit():
        return _("Dòng %(row)s: %(text)s", row=fault["cell"], text=said)
    return _("Ô %(cell)s: %(text)s", cell=fault["cell"], text=said)


def _begun(text: str) -> str:
    """A sentence inside another: without its capital, unless that is a name's."""
    return (
        text
        if text.startswith(("Excel", "OCOP", "GS1")) or text[1:2].isupper()
        else text[:1].lower() + text[1:]
    )


def _why(error: dict[str, Any]) -> str:
    """Why a table was refused, and what to do."""
    return " ".join(_(message, **error["params"]) for message in (error["text"], error["remedy"]) if message)


def _change(
    change: Sequence[Any], categories: dict[int, str], places: dict[int, str]
) -> tuple[str, str, str]:
    """A field's name, what it was and what it will be, as words."""
    name, before, after = change
    titles = FIELD_NAMES | {"photos": N_("Ảnh"), "pack": N_("Quy cách mới"), "code": N_("Mã hàng")}
    return _(titles[name]), _said(name, before, categories, places), _said(name, after, categories, places)


def _said(name: str, value: Any, categories: dict[int, str], places: dict[int, str]) -> str:
    if value in (None, "", 0):
        return ""
    if name in ("price_vnd", "price_per_kg_vnd"):
        return vnd(value)
    if name == "gross_weight_g":
        return weight(value)
    if name == "category_id":
        return categories.get(value, "")
    if name == "origin_commune_id":
        return places.get(value, "")
    if name == "harvest_months":
        return ", ".join(map(str, months_of(value)))
    if name == "photos":
        return _("thêm %(count)s ảnh", count=len(value))
    return _("%(days)s ngày", days=value) if name == "shelf_life_days" else str(value)[:200]


@bp.get("/<key>/left.<any(xlsx, csv):kind>")
@roles(Role.MANAGER)
def left(key: str, kind: str) -> ResponseReturnValue:
    """The rows that were not taken, as they came, with the reasons beside them."""
    from catalog.sheets import exports  # spreadsheets' 10 MB come with the first table

    one = queries.own_import(actor(), key)
    rows = queries.rows_with(one.id, (Outcome.FAULTY, Outcome.LEFT))
    told = [(row.cells, [fault_text(fault) for fault in row.faults]) for row in rows]
    headings = one.found.get("headings", [])
    return _download(exports.not_taken(headings, told, kind), _("dong-chua-nhan"), kind)


def _download(data: bytes, name: str, kind: str) -> ResponseReturnValue:
    return send_file(
        BytesIO(data),
        mimetype=MIME[kind],
        as_attachment=True,
        download_name=f"{name}.{kind}",
        max_age=0,
    )


# ---- going out ----


@bp.get("/goods.<any(xlsx, csv):kind>")
@roles(Role.MANAGER)
def goods(kind: str) -> ResponseReturnValue:
    """All goods of the cooperative as a table."""
    from catalog.sheets import exports  # spreadsheets' 10 MB come with the first table

    cooperative = _cooperative()
    name = f"{slugify(cooperative.name)}-{clock.today():%Y-%m-%d}"
    return _download(exports.goods(cooperative.id, kind), name, kind)


@bp.get("/empty.<any(xlsx, csv):kind>")
@roles(Role.MANAGER)
def empty(kind: str) -> ResponseReturnValue:
    """A table with headings and one example."""
    from catalog.sheets import exports  # spreadsheets' 10 MB come with the first table

    return _download(exports.empty(kind), _("bang-mau"), kind)


# ---- drafts on sale ----


@bp.route("/drafts", methods=["GET", "POST"])
@roles(Role.MANAGER)
def drafts() -> ResponseReturnValue:
    """Drafts, each with what it lacks; those that lack nothing go on sale together."""
    cooperative = _cooperative()
    form = PublishForm()
    form.ids.choices = [(number, "") for number in request.form.getlist("ids", int)]
    if form.validate_on_submit():
        with transaction():
            on_sale, waiting, refused = operations.publish_many(actor(), form.ids.data or [])
        _tell(form, on_sale, waiting, refused)
        if not refused:
            return redirect(url_for(".drafts"))
    number = max(1, request.args.get("page", 1, int))
    products, total = queries.drafts(cooperative.id, number)
    facts = queries.facts_of(products)
    cards = [(one, missing(facts[one.id]), only_waits(facts[one.id])) for one in products]
    page = render_template(
        "catalog/sheets_drafts.html",
        form=form,
        cards=cards,
        total=total,
        page=number,
        page_count=max(1, -(-total // queries.PAGE)),
    )
    return page, 422 if form.form_errors else 200


def _tell(form: Form, on_sale: int, waiting: int, refused: Sequence[tuple[int, DomainError]]) -> None:
    """What became of the chosen drafts."""
    if on_sale:
        flash(_("Đã đăng bán %(count)s món.", count=on_sale))
    if waiting:
        flash(_("%(count)s món chờ ảnh xong sẽ tự lên chợ.", count=waiting))
    for product_id, error in refused:
        errors = error.errors if isinstance(error, FormErrors) else [error]
        why = "; ".join(_(one.message, **one.params) for one in errors)
        name = product_names([product_id]).get(product_id, "")
        form.form_errors.append(f"{name}: {why}")
    if not (on_sale or waiting or refused):
        flash(_("Chưa chọn món nào."), "bad")
