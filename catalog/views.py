"""The manager's goods, and the administrator's look at held words."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from catalog import operations, queries
from catalog.bundles import views as bundles
from catalog.certificates import operations as certificates_of
from catalog.certificates.queries import scan_of
from catalog.clips import views as clips
from catalog.collections import views as collections
from catalog.forms import CertificateForm, DeedForm, RejectForm
from catalog.helping import views as helping
from catalog.listing.views import STATES, bp
from catalog.moderation import views as moderation
from catalog.photos import operations as photos
from catalog.questions import views as questions
from catalog.rules import (
    CERTIFICATE_NAMES,
    PHOTO_MAX_BYTES,
    CertificateKind,
)
from catalog.sheets import views as sheets
from catalog.undo import views as undo
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core import clock, files
from core.db import transaction
from core.i18n import N_, _
from core.text import slugify


def _cooperative() -> Cooperative:
    return of_organisation(actor().organisation_id)


@bp.get("/manage/products")
@roles(Role.MANAGER)
def products() -> ResponseReturnValue:
    """The cooperative's goods with their states and pieces to sell."""
    rows = queries.of_cooperative(_cooperative().id)
    cards = [(row, queries.picture(row), *_state_of(row)) for row in rows]
    return render_template("catalog/products.html", cards=cards)


def _state_of(row: Any) -> tuple[str, str]:
    """A card's badge; a draft that was asked to go on sale says what it waits for."""
    if row.state == "draft" and row.publish_requested_at is not None:
        return (N_("Chờ ảnh xong"), "warn") if row.in_work else (N_("Còn thiếu"), "bad")
    return STATES[row.state]


@bp.post("/manage/products/<int:product_id>/withdraw")
@roles(Role.MANAGER)
def withdraw(product_id: int) -> ResponseReturnValue:
    """Take it off the shelf."""
    with transaction():
        operations.withdraw(actor(), product_id)
    flash(_("Đã cất món này. Khách không tìm thấy nữa."))
    return redirect(url_for(".edit_product", product_id=product_id))


# ---- certificates ----


@bp.route("/manage/certificates", methods=["GET", "POST"])
@roles(Role.MANAGER)
def certificates() -> ResponseReturnValue:
    """The cooperative's papers; enter one."""
    cooperative = _cooperative()
    goods = [(str(row.id), row.name or _("Chưa đặt tên")) for row in queries.of_cooperative(cooperative.id)]
    form = CertificateForm()
    form.offer(goods)

    def save() -> None:
        scan = _scan(form)
        with transaction():
            certificates_of.add_certificate(
                actor(),
                cooperative.id,
                kind=CertificateKind(form.kind.data),
                number=form.number.data or "",
                issuer=form.issuer.data or "",
                valid_from=form.valid_from.data or clock.today(),
                valid_to=form.valid_to.data,
                product_id=form.product_id.data,
                scan=scan,
                covers=form.covers.data or "",
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi giấy tờ."))
        return redirect(url_for(".certificates"))
    papers = queries.all_certificates(cooperative.id, clock.today())
    status = 422 if form.errors else 200
    return render_template(
        "catalog/certificates.html", form=form, papers=papers, names=CERTIFICATE_NAMES
    ), status


def _scan(form: CertificateForm) -> str | None:
    sent = form.scan.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        return None
    return photos.keep_paper(sent.stream.read(PHOTO_MAX_BYTES + 1))


@bp.get("/manage/certificates/<int:certificate_id>/scan")
@roles(Role.MANAGER)
def certificate_scan(certificate_id: int) -> ResponseReturnValue:
    """The scan of one's own paper, always as a download: what somebody uploaded is never a page of ours."""
    name, number = scan_of(_cooperative().id, certificate_id)
    with transaction():
        audit(actor(), "read certificate", f"certificate:{certificate_id}")
    download = f"{slugify(number) or certificate_id}.{name.rpartition('.')[2]}"
    return send_file(BytesIO(files.read(name)), as_attachment=True, download_name=download, max_age=0)


# ---- the administrator's look ----


@bp.get("/admin/products")
@roles(Role.ADMINISTRATOR)
def held() -> ResponseReturnValue:
    """Products that wait because of a word."""
    return render_template(
        "catalog/held.html", rows=queries.held(), form=RejectForm(formdata=None), deed=DeedForm(formdata=None)
    )


@bp.post("/admin/products/<int:product_id>/approve")
@roles(Role.ADMINISTRATOR)
def approve(product_id: int) -> ResponseReturnValue:
    """The words are harmless."""
    with transaction():
        operations.approve_held(actor(), product_id)
    flash(_("Đã cho bán."))
    return redirect(url_for(".held"))


@bp.post("/admin/products/<int:product_id>/reject")
@roles(Role.ADMINISTRATOR)
def reject(product_id: int) -> ResponseReturnValue:
    """Send it back with a reason."""
    form = RejectForm()
    if form.validate_on_submit():
        with transaction():
            operations.reject_held(actor(), product_id, form.reason.data or "")
        flash(_("Đã gửi lại cho hợp tác xã sửa."))
        return redirect(url_for(".held"))
    page = render_template("catalog/held.html", rows=queries.held(), form=form, deed=DeedForm(formdata=None))
    return page, 422


BLUEPRINTS = [
    bp,
    helping.bp,
    undo.bp,
    sheets.bp,
    clips.bp,
    bundles.bp,
    collections.bp,
    questions.bp,
    moderation.bp,
]
LINKS = [
    *helping.LINKS,
    *moderation.LINKS,
    *bundles.LINKS,
    *collections.LINKS,
    *questions.LINKS,
    Link(
        "catalog.products",
        N_("Hàng của hợp tác xã"),
        "image",
        N_("Đăng bán, sửa giá, thêm ảnh"),
        frozenset({Role.MANAGER}),
    ),
    Link(
        "catalog.certificates",
        N_("Giấy tờ, chứng nhận"),
        "edit",
        N_("Có hạn dùng, sắp hết hạn thì nhắc"),
        frozenset({Role.MANAGER}),
    ),
    Link(
        "catalog.held",
        N_("Hàng chờ xem chữ"),
        "warn",
        N_("Món có chữ cần người xem trước khi bán"),
        frozenset({Role.ADMINISTRATOR}),
    ),
]
