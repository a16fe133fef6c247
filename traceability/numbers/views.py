"""Pages of numbers: the manager's own, a lot's logistic units, and the administrator's register of prefixes."""

from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from cooperatives.queries import cooperative
from core import files
from core.db import transaction
from core.forms import Form
from core.i18n import N_, _
from traceability.forms import choices
from traceability.lots.queries import lot_of, packs_of, product_of
from traceability.numbers import operations, queries
from traceability.numbers.forms import CaseForm, PlainForm, PrefixForm, UnitForm
from traceability.slips.views import own

bp = Blueprint("numbers", __name__)
BLUEPRINTS = [bp]
LINKS = [
    Link("numbers.mine", N_("Mã vạch GS1"), "qr", N_("Mã hàng, mã kho, mã kiện: đã cấp gì, còn bao nhiêu"),
         frozenset({Role.MANAGER})),
    Link("numbers.register", N_("Mã doanh nghiệp GS1"), "qr", N_("Ghi mã của từng hợp tác xã theo giấy"),
         frozenset({Role.ADMINISTRATOR})),
]  # fmt: skip


@bp.get("/manage/numbers")
@roles(Role.MANAGER)
def mine() -> ResponseReturnValue:
    """The cooperative's prefix, what is given and what is left, and each pack's number."""
    return _mine(CaseForm())


def _mine(form: Form) -> ResponseReturnValue:
    cooperative_id = own()
    prefix = operations.prefix_of(cooperative_id)
    page = render_template(
        "traceability/numbers/mine.html", prefix=prefix, form=form, units=queries.units_of(cooperative_id),
        used=queries.used_of(cooperative_id, prefix.digits if prefix else None),
        packs=queries.packs_with_numbers(cooperative_id), gln=queries.place_of(cooperative_id),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _done(form: Form, save: Callable[[], object], text: str) -> ResponseReturnValue:
    """One verb behind one button; a refusal stands above the page."""

    def carried_out() -> None:
        with transaction():
            save()

    if form.validate_on_submit() and form.accepts(carried_out):
        flash(text)
        return redirect(url_for("numbers.mine"))
    return _mine(form)


@bp.post("/manage/numbers/packs/<int:pack_id>")
@roles(Role.MANAGER)
def give_gtin(pack_id: int) -> ResponseReturnValue:
    """The next GTIN of the cooperative for a pack."""
    me = actor()
    return _done(PlainForm(), lambda: operations.give_gtin(me, pack_id), _("Đã cấp mã GS1 cho quy cách."))


@bp.post("/manage/numbers/packs/<int:pack_id>/cases")
@roles(Role.MANAGER)
def give_case(pack_id: int) -> ResponseReturnValue:
    """A case's number for a pack."""
    me, form = actor(), CaseForm()
    operations.own_pack(me, pack_id)  # another's is not there, whatever was typed
    return _done(
        form, lambda: operations.give_case_gtin(me, pack_id, form.pieces.data or 0), _("Đã cấp mã thùng.")
    )


@bp.post("/manage/numbers/place")
@roles(Role.MANAGER)
def give_place() -> ResponseReturnValue:
    """A GLN for the store."""
    me, cooperative_id = actor(), own()
    return _done(PlainForm(), lambda: operations.number_place(me, cooperative_id), _("Đã cấp mã cho kho."))


@bp.route("/manage/lots/<int:lot_id>/units", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.DIGITAL_TEAM)
def units(lot_id: int) -> ResponseReturnValue:
    """Make a logistic unit of a lot's packs: it gets an SSCC, and a page under it."""
    lot, me, form = lot_of(own(), lot_id), actor(), UnitForm()
    form.pack_id.choices = choices((pack.id, pack.label) for pack in packs_of(lot.product_id))
    made: list[tuple[int, str]] = []

    def save() -> None:
        inside = [(lot_id, int(form.pack_id.data), form.pieces.data or 0)]
        with transaction():
            unit = operations.make_unit(me, str(form.key.data), inside)
            made.append((unit.id, unit.number))

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Kiện mang mã %(number)s. In nhãn rồi dán lên kiện.", number=made[0][1]))
        return redirect(url_for("cases.unit", unit_id=made[0][0]))
    page = render_template(
        "traceability/numbers/units.html", lot=lot, product=product_of(lot), form=form,
        units=queries.units_of(lot.cooperative_id), prefix=operations.prefix_of(lot.cooperative_id),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


# ---- the administrator ----


@bp.get("/admin/prefixes")
@roles(Role.ADMINISTRATOR)
def register() -> ResponseReturnValue:
    """Every cooperative with its registered prefix."""
    return render_template("traceability/numbers/register.html", holders=queries.holders())


@bp.route("/admin/cooperatives/<int:cooperative_id>/prefix", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def enter(cooperative_id: int) -> ResponseReturnValue:
    """Enter a cooperative's prefix from GS1's certificate."""
    found, me = cooperative(cooperative_id), actor()
    now = operations.prefix_of(cooperative_id)
    form = PrefixForm(data={"digits": now.digits if now else found.gs1_prefix_declared,
                            "licence": now.licence if now else ""})  # fmt: skip
    name, declared = found.name, found.gs1_prefix_declared

    def save() -> None:
        document = form.stored() or (now.document if now else "")
        with transaction():
            operations.register_prefix(
                me, cooperative_id, digits=form.digits.data or "", licence=form.licence.data or "", document=document,
                first_free=form.first_free.data or 0,
            )  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi mã doanh nghiệp."))
        return redirect(url_for("numbers.register"))
    page = render_template(
        "traceability/numbers/enter.html", name=name, declared=declared, form=form,
        prefix=operations.prefix_of(cooperative_id),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/admin/prefixes/<int:prefix_id>/document")
@roles(Role.ADMINISTRATOR)
def document(prefix_id: int) -> ResponseReturnValue:
    """The certificate's scan, always as a download. Leaves an audit line."""
    row = queries.prefix_row(prefix_id)
    name = row.document
    with transaction():
        audit(actor(), "read document", f"company_prefix:{prefix_id}")
    download = f"gs1-{prefix_id}.{name.rpartition('.')[2]}"
    return send_file(BytesIO(files.read(name)), as_attachment=True, download_name=download, max_age=0)
