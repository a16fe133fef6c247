"""Pages of scanning. The camera's reading, a photograph and typing all end in the same code."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from catalog.photos.darkroom import codes_safely
from catalog.rules import PHOTO_MAX_BYTES
from cooperatives.queries import of_organisation
from core.db import transaction
from core.errors import Invalid, NotFound
from core.forms import Form
from core.i18n import N_, _
from core.once import done_before, remember
from office.scanning import queries
from office.scanning.forms import DoneForm, ScanForm
from office.scanning.rules import Task
from traceability.gs1.scanned import TYPED_MAX, understand
from traceability.lots.queries import lot_of
from traceability.rules import Place
from traceability.stock.operations import count_stock, move_stock

bp = Blueprint("scanning", __name__, url_prefix="/manage/scan")
MANAGER = frozenset({Role.MANAGER})
LINKS = [Link("scanning.begin", N_("Quét mã"), "qr", N_("Nhận về, gói đơn, đếm kho bằng máy ảnh"), MANAGER)]
TITLES = {
    Task.RECEIVE: N_("Quét để nhận về kho"), Task.PACK: N_("Quét để gói đơn"), Task.COUNT: N_("Quét để đếm"),
}  # fmt: skip
SHORT = {Task.RECEIVE: N_("Nhận về"), Task.PACK: N_("Gói đơn"), Task.COUNT: N_("Đếm")}


@bp.url_value_preprocessor
def _room_for_a_photo(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    if request.method == "POST":
        request.max_content_length = PHOTO_MAX_BYTES


def _own() -> int:
    return of_organisation(actor().organisation_id).id


@bp.get("")
@roles(Role.MANAGER)
def begin() -> ResponseReturnValue:
    """The first of the three: packing is done most."""
    return redirect(url_for("scanning.scan", task=Task.PACK))


@bp.route("/<any(receive, pack, count):task>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def scan(task: str) -> ResponseReturnValue:
    """Scan, then do: what the code names, with the step that this task asks."""
    form, read = ScanForm(), request.args.get("code", "")[:TYPED_MAX]
    found: list[str] = []
    if form.validate_on_submit() and form.accepts(lambda: found.append(_code(form))):
        return redirect(url_for("scanning.scan", task=task, code=found[0]))
    return _page(task, form, read)


def _code(form: ScanForm) -> str:
    """The code that was typed or photographed. Outside any transaction. Raises Invalid."""
    typed = (form.code.data or "").strip()
    sent = form.photo.data.read() if form.photo.data else b""
    if typed or not sent:
        if understand(typed) is None:
            raise Invalid(N_("Chưa đọc được mã này."), remedy=N_("Gõ mã sau chữ “Lô”, hoặc số dưới mã vạch."),
                          field="code")  # fmt: skip
        return typed
    return _read(sent)


def _read(sent: bytes) -> str:
    """The first code on a photograph that we understand. Raises Invalid."""
    read = [one[:TYPED_MAX] for one in codes_safely(sent)]
    if not read:
        raise Invalid(N_("Trong ảnh chưa thấy mã nào."), remedy=N_("Chụp gần hơn, đủ sáng, thẳng mặt tem, hoặc gõ mã."),
                      field="photo")  # fmt: skip
    fuller = sorted(read, key=lambda one: -sum(map(bool, _parts(one))))
    return fuller[0]


def _parts(text: str) -> tuple[str | None, ...]:
    known = understand(text)
    return (known.gtin, known.lot, known.unit) if known else ()


@bp.post("/read")
@roles(Role.MANAGER, Role.DIGITAL_TEAM)
def read() -> ResponseReturnValue:
    """What a photograph says, for the script of a page whose phone reads no codes itself."""
    photo = request.files.get("photo")
    try:
        return jsonify({"code": _read(photo.read() if photo else b"")})
    except Invalid as error:
        return jsonify({"message": f"{error} {_(error.remedy) if error.remedy else ''}".strip()}), 422


def _page(task: str, form: Form, read: str, done: DoneForm | None = None) -> ResponseReturnValue:
    cooperative_id, known = _own(), understand(read) if read else None
    lots = queries.lots_behind(cooperative_id, known) if known else []
    orders = (
        {one.lot_id: queries.waiting_for(cooperative_id, one.lot_id) for one in lots}
        if task == "pack"
        else {}
    )
    failed = form.errors or form.form_errors or (done and (done.errors or done.form_errors))
    page = render_template(
        "office/scanning/scan.html", task=task, title=TITLES[Task(task)], tasks=SHORT, form=form, read=read, lots=lots,
        orders=orders, done=done or DoneForm(formdata=None), at_stall=queries.at_stall,
    )  # fmt: skip
    return page, 422 if failed else 200


@bp.post("/<any(receive, count):task>/<int:lot_id>/<int:pack_id>/<place>")
@roles(Role.MANAGER)
def carry_out(task: str, lot_id: int, pack_id: int, place: str) -> ResponseReturnValue:
    """Write down what was counted on a shelf, or bring packs back to the store; then the next code."""
    me, form, lot = actor(), DoneForm(), lot_of(_own(), lot_id)
    code = lot.code
    if place not in tuple(Place):
        raise NotFound(N_("Không có chỗ này trong kho."))

    def save() -> None:
        quantity, reason = form.quantity.data or 0, form.reason.data or ""
        body = [task, lot_id, pack_id, place, quantity]
        with transaction():
            if done_before("scan", form.key.data, body) is not None:
                return
            if task == Task.COUNT:
                count_stock(me, lot_id, pack_id, quantity, reason, place)
            else:
                move_stock(me, lot_id, pack_id, quantity, place, Place.STORE, reason)
            remember("scan", form.key.data, body, str(lot_id))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi lô %(code)s. Quét mã tiếp.", code=code))
        return redirect(url_for("scanning.scan", task=task))
    return _page(task, ScanForm(formdata=None), code, form)
