"""Pages of carriers: their tables, a parcel taken in part, what they lost and how that ended."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core import files
from core.db import transaction
from core.errors import Invalid
from core.forms import Form
from core.i18n import N_, _
from orders import queries as orders
from orders.models import Order
from orders.rules import CARRIERS
from payments.carriers import operations, queries
from payments.carriers.columns import COLUMNS
from payments.carriers.forms import BookForm, FileForm, LossForm, PartForm, SettleForm
from payments.carriers.models import RemittanceFile
from payments.carriers.rules import OUTCOME_TEXT, Outcome, lacking, read_rows
from payments.queries import order_of_staff, pay_view
from payments.tables import files as tables

bp = Blueprint("carriers", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)


def _status(form: Any) -> int:
    return 422 if form.errors or form.form_errors else 200


# --- remittances as tables


@bp.route("/manage/cod/files", methods=["GET", "POST"])
@roles(*STAFF)
def listing() -> ResponseReturnValue:
    """The tables that carriers sent, and the form for the next."""
    who, form = actor(), FileForm(carrier=request.args.get("carrier", ""))
    mine = cooperatives.of_organisation(who.organisation_id)
    made: list[int] = []
    if form.validate_on_submit() and form.accepts(lambda: made.append(_send(who, form))):
        return redirect(url_for("carriers.table", file_id=made[0]))
    known = sorted({*queries.ageing(mine.id).by_carrier, *CARRIERS} - {queries.NOBODY})
    return render_template(
        "payments/cod_files.html", form=form, found=queries.files(mine.id), known=known
    ), _status(form)


def _send(who: Actor, form: Any) -> int:
    sent = form.sheet.data
    data = sent.stream.read(tables.FILE_MAX_BYTES + 1)
    rows = tables.read_rows(data, COLUMNS)
    stored = files.put(data, ".xlsx" if data.startswith(b"PK") else ".csv")
    with transaction():
        return operations.send_file(
            who, form.key.data, form.carrier.data, sent.filename or "", stored, rows
        ).id


@bp.route("/manage/cod/files/<int:file_id>", methods=["GET", "POST"])
@roles(*STAFF)
def table(file_id: int) -> ResponseReturnValue:
    """Each row of a carrier's table with the order it is for; what fits is booked as one remittance."""
    who, step = actor(), request.form.get("step", "")
    found = queries.file_for(file_id, who.organisation_id)
    rows = tables.read_rows(files.read(found.file), COLUMNS)
    book: Any = BookForm(request.form if step == "book" else None)
    form: Any = book if step == "book" else Form()

    def save() -> None:
        with transaction():
            if step == "columns":
                keys = [request.form.get(f"c-{n}", "") for n in range(len(request.form))]
                operations.set_file_columns(who, file_id, keys)
            else:
                operations.book_file(who, file_id, rows, book.received_on.data, book.reference.data or "")

    if step in ("book", "columns") and form.validate_on_submit() and form.accepts(save):
        flash(
            _("Đã ghi tiền bên giao nộp về.")
            if step == "book"
            else _("Đã đọc lại theo các cột này, và nhớ cho lần sau.")
        )
        return redirect(url_for("carriers.table", file_id=file_id))
    return _table(queries.file_for(file_id, who.organisation_id), rows, form, book), _status(form)


def _table(found: RemittanceFile, rows: tables.Rows, form: Any, book: Any) -> str:
    missing = lacking([key for _text, key in found.headings])
    matched: tuple[queries.Matched, ...] = ()
    if not missing:
        seen = read_rows(rows, operations.headings_of(found, rows))
        matched = queries.match(seen, queries.expected(found.cooperative_id), found.carrier)
    good = [one for one in matched if one.outcome is Outcome.GOOD]
    costs = sum(one.row.fee_vnd + one.row.shipping_vnd for one in good)
    gross = sum(one.row.collected_vnd for one in good)
    first = sorted(matched, key=lambda one: (one.outcome is Outcome.GOOD, one.row.row_no))
    return render_template(
        "payments/cod_file.html", form=form, book=book, found=found, columns=COLUMNS, matched=first[:200],
        good=len(good), gross=gross, costs=costs, OUTCOME=OUTCOME_TEXT, lacking=", ".join(_(one) for one in missing),
    )  # fmt: skip


# --- at the door


def _pieces(order: Order) -> dict[int, int]:
    """How many of each line came back. Raises Invalid for anything but a whole number."""
    back = {}
    for line in orders.lines(order.id):
        typed = request.form.get(f"q-{line.id}", "").strip() or "0"
        if not (typed.isascii() and typed.isdigit() and len(typed) < 5):
            raise Invalid(
                N_("Chưa đọc được số gói “%(typed)s”."), remedy=N_("Viết số, ví dụ 1."), typed=typed[:20]
            )
        back[line.id] = int(typed)
    return back


def _deed(
    order_id: int, form: Any, verb: Callable[[Actor], object], template: str, done: str
) -> ResponseReturnValue:
    """A page that does one thing to an order of cash on delivery."""
    who = actor()
    order_of_staff(order_id, who.organisation_id)

    def save() -> None:
        with transaction():
            verb(who)

    if form.validate_on_submit() and form.accepts(save):
        flash(done)
        return redirect(url_for("payments.cod"))
    order = order_of_staff(order_id, who.organisation_id)
    shown = render_template(template, form=form, order=order, lines=orders.lines(order_id), pay=pay_view(order_id),
                            typed=request.form)  # fmt: skip
    return shown, _status(form)


@bp.route("/manage/cod/<int:order_id>/part", methods=["GET", "POST"])
@roles(*STAFF)
def part(order_id: int) -> ResponseReturnValue:
    """The buyer took a part at the door; the rest came back."""
    form: Any = PartForm()
    return _deed(
        order_id, form,
        lambda who: operations.deliver_part(
            who, form.key.data, order_id, _pieces(order_of_staff(order_id, who.organisation_id))
        ),
        "payments/cod_part.html", _("Đã ghi giao một phần. Hàng quay về nằm ở khu chờ kiểm."),
    )  # fmt: skip


@bp.route("/manage/cod/<int:order_id>/lost", methods=["GET", "POST"])
@roles(*STAFF)
def lost(order_id: int) -> ResponseReturnValue:
    """The carrier lost a parcel, or does not pay over its cash."""
    form: Any = LossForm()
    return _deed(order_id, form, lambda who: operations.claim_loss(who, order_id, form.reason.data),
                 "payments/cod_lost.html", _("Đã ghi khiếu nại bên giao."))  # fmt: skip


@bp.get("/manage/cod/claims")
@roles(*STAFF)
def claims() -> ResponseReturnValue:
    """What is claimed from carriers, and how it ended."""
    mine = cooperatives.of_organisation(actor().organisation_id)
    return render_template(
        "payments/cod_claims.html", found=queries.claims(mine.id), total=queries.open_claims(mine.id)
    )


@bp.route("/manage/cod/claims/<int:claim_id>", methods=["GET", "POST"])
@roles(*STAFF)
def claim(claim_id: int) -> ResponseReturnValue:
    """One claim, and writing down what the carrier paid."""
    who, form = actor(), SettleForm()
    queries.claim_for(claim_id, who.organisation_id)

    def save() -> None:
        with transaction():
            operations.settle_claim(who, claim_id, form.paid_vnd.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi kết quả khiếu nại."))
        return redirect(url_for("carriers.claims"))
    found = queries.claim_for(claim_id, who.organisation_id)
    return render_template(
        "payments/cod_claim.html", form=form, found=found, order=orders.order(found.order_id)
    ), _status(form)
