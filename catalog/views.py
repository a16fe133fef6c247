"""The manager's goods, and the administrator's look at held words."""

import hashlib
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Role
from catalog import operations, queries
from catalog.forms import CertificateForm, DeedForm, ProductForm, RejectForm, options, product_form
from catalog.models import Product
from catalog.moderation import views as moderation
from catalog.photos import operations as photos
from catalog.photos.pictures import NotAPicture, sniff
from catalog.rules import (
    CERTIFICATE_NAMES,
    PHOTO_MAX_BYTES,
    CertificateKind,
    Facts,
    Missing,
    missing,
    only_waits,
    quality_steps,
)
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation, terms_history
from core import clock, files
from core.db import transaction
from core.errors import DomainError, FormErrors, Invalid
from core.i18n import N_, _, language
from core.money import share_bp
from core.text import slugify
from places.queries import communes_of, province_of

bp = Blueprint("catalog", __name__)
PHOTOS_AT_ONCE = 5
STATES = {
    "draft": (N_("Bản nháp"), ""),
    "held": (N_("Chờ người xem lại"), "warn"),
    "published": (N_("Đang bán"), "good"),
    "withdrawn": (N_("Đã cất"), ""),
}


@bp.url_value_preprocessor
def _room_for_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Several photos may come in one form; elsewhere the common limit stays. Runs before anything reads the form."""
    if endpoint in ("catalog.new_product", "catalog.edit_product"):
        request.max_content_length = PHOTOS_AT_ONCE * PHOTO_MAX_BYTES + 2 * 1024 * 1024


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


# ---- the product form ----


def _choices(form: ProductForm, cooperative: Cooperative) -> None:
    english = language() == "en"
    kinds = [(str(one.id), one.name_en if english else one.name) for one in queries.categories()]
    communes = communes_of(province_of(cooperative.commune_id).id)
    form.category_id.choices = options([("", _("Chọn loại")), *kinds])
    form.origin.choices = options(
        [("", _("Chọn xã")), *((str(one.id), f"{one.kind} {one.name}") for one in communes)]
    )
    form.ocop_stars.choices = options(
        [("", _("Chưa có")), *((str(stars), _("%(stars)s sao", stars=stars)) for stars in (3, 4, 5))]
    )


def _form_for(product: Product | None, cooperative: Cooperative) -> ProductForm:
    """The form, filled from a product at its first showing; room for one more pack than there are."""
    if request.method == "POST":
        sent = sum(f"pack{row}_price_vnd" in request.form for row in range(20))
        form = product_form(max(1, sent))()
    elif product is None:
        form = product_form(1)(data={"origin": cooperative.commune_id})
    else:
        packs = queries.packs(product.id)
        data: dict[str, Any] = {
            name: getattr(product, name) for name in operations.Draft.__dataclass_fields__
        }
        data |= {"key": product.key, "origin": product.origin_commune_id}
        for row, pack in enumerate(packs):
            data |= {
                f"pack{row}_{name}": getattr(pack, name)
                for name in ("id", "label", "net_quantity", "net_unit", "price_vnd", "gross_weight_g")
            }
            data[f"pack{row}_gtin"] = pack.gtin[1:] if pack.gtin_kind == "own" else ""
        form = product_form(len(packs) + 1)(data=data)
    _choices(form, cooperative)
    return form


@bp.route("/manage/products/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def new_product() -> ResponseReturnValue:
    """List something new."""
    cooperative = _cooperative()
    return _answer(_form_for(None, cooperative), None, cooperative)


@bp.route("/manage/products/<int:product_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def edit_product(product_id: int) -> ResponseReturnValue:
    """Change it, add photos, publish."""
    product, cooperative = operations.own_product(actor(), product_id), _cooperative()
    return _answer(_form_for(product, cooperative), product, cooperative)


def _answer(form: ProductForm, product: Product | None, cooperative: Cooperative) -> ResponseReturnValue:
    """Save what can be saved, publish if asked; come back with every refusal beside its field."""
    if not form.validate_on_submit():
        return _page(form, product, cooperative, 422 if request.method == "POST" else 200)
    saved = _save(form, product, cooperative)
    if saved is None:
        return _page(form, product, cooperative, 422)
    well = _take_photos(form, saved)
    if well and request.form.get("do") == "publish":
        well = form.accepts(lambda: _publish(saved.id))
    if not well:
        flash(_("Đã giữ bản nháp."))
        return _page(form, queries.product(saved.id), cooperative, 422)
    now = queries.product(saved.id)
    if now.state == "published":
        flash(_("Đã đăng bán. Khách tìm thấy món này ngay."))
    else:
        flash(_("Đã giữ."))
    return redirect(url_for(".edit_product", product_id=saved.id))


def _publish(product_id: int) -> None:
    with transaction():
        operations.publish_when_ready(actor(), product_id)


def _save(form: ProductForm, product: Product | None, cooperative: Cooperative) -> Product | None:
    """Product and packs in one transaction; None when a refusal now stands in the form."""
    fields = ("name", "story", "ingredients", "usage", "storage", "warning", "notification_number", "shelf_life_days",
              "category_id", "ocop_stars")  # fmt: skip
    values: dict[str, Any] = {
        name: form[name].data if form[name].data is not None else _empty(name) for name in fields
    }
    draft = operations.Draft(**values, origin_commune_id=form.origin.data)
    key = product.key if product else str(form.key.data)
    made: list[Product] = []

    def save() -> None:
        with transaction():
            saved = operations.save_draft(actor(), cooperative.id, key, draft)
            for row in range(form.pack_count):
                _save_pack(form, row, saved.id)
            made.append(saved)

    return made[0] if form.accepts(save) else None


def _empty(name: str) -> str | None:
    return None if name in ("shelf_life_days", "category_id", "ocop_stars") else ""


def _save_pack(form: ProductForm, row: int, product_id: int) -> None:
    """One row of packs; a refusal is named after the row's own field."""
    pack = {name: field.data for name, field in form.pack(row).items()}
    if not (pack["price_vnd"] or pack["net_quantity"] or pack["id"]):
        return
    try:
        _one_pack(pack, product_id)
    except Invalid as error:
        field = f"pack{row}_{error.field}" if f"pack{row}_{error.field}" in form else error.field
        raise Invalid(error.message, remedy=error.remedy, field=field, **error.params) from error


def _one_pack(pack: dict[str, Any], product_id: int) -> None:
    if pack["net_quantity"] is None:
        raise Invalid(N_("Ghi lượng trong một gói, ví dụ 500."), field="net_quantity")
    if pack["price_vnd"] is None:
        raise Invalid(N_("Ghi giá bán, ví dụ 65000."), field="price_vnd")
    unit = pack["net_unit"]
    label = pack["label"] or _(
        "%(count)s %(unit)s", count=pack["net_quantity"], unit=_("cái") if unit == "piece" else unit
    )
    known = (
        {one.id: one for one in queries.packs(product_id)}.get(int(pack["id"] or 0))
        if str(pack["id"]).isdigit()
        else None
    )
    if known is None:
        operations.add_pack(
            actor(),
            product_id,
            label=label,
            net_quantity=pack["net_quantity"],
            net_unit=unit,
            price_vnd=pack["price_vnd"],
            gross_weight_g=pack["gross_weight_g"],
            gtin=pack["gtin"] or "",
        )
    elif pack["retire"]:
        operations.retire_pack(actor(), known.id)
    else:
        operations.edit_pack(
            actor(), known.id, label=label, gross_weight_g=pack["gross_weight_g"], price_vnd=pack["price_vnd"]
        )
        if pack["gtin"] and pack["gtin"] != known.gtin[1:]:
            operations.set_gtin(actor(), known.id, pack["gtin"])


def _take_photos(form: ProductForm, product: Product) -> bool:
    """Keep every good photo; False when a bad one left its message in the form."""
    refusals: list[DomainError] = []
    for sent in form.photos.data or []:
        if isinstance(sent, FileStorage) and sent.filename:
            try:
                _take_photo(sent, product)
            except Invalid as error:
                refusals.append(error)
    if refusals:
        form.take(FormErrors(refusals))
    return not refusals


def _take_photo(sent: FileStorage, product: Product) -> None:
    """Look at the first bytes, store, and leave the rest to the worker."""
    data = sent.stream.read(PHOTO_MAX_BYTES + 1)
    try:
        sniff(data)
    except NotAPicture as error:
        name = str(sent.filename)[-40:]
        raise NotAPicture(
            f"%(name)s: {error.message}", remedy=error.remedy, field="photos", name=name, **error.params
        ) from error
    key = f"{product.id}:{hashlib.sha256(data).hexdigest()[:40]}"
    original = files.put(data, ".bin")
    with transaction():
        photos.add_photo(actor(), product.id, key, original)


def _page(
    form: ProductForm, product: Product | None, cooperative: Cooperative, status: int
) -> ResponseReturnValue:
    facts = queries.facts(product) if product else Facts()
    lacking: list[Missing] = missing(facts)
    pictures = queries.photos(product.id) if product else []
    page = render_template(
        "catalog/product_form.html",
        form=form,
        product=product,
        lacking=lacking,
        steps=quality_steps(facts),
        state=STATES[product.state] if product else STATES["draft"],
        waits=only_waits(facts),
        photos=[(one, queries.picture(one)) for one in pictures],  # type: ignore[arg-type]
        packs=queries.packs(product.id) if product else [],
        own_prefix=cooperative.gs1_prefix,
        share=_share(product, cooperative),
        deed=DeedForm(formdata=None),
    )
    return page, status


def _share(product: Product | None, cooperative: Cooperative) -> tuple[int, int] | None:
    """What the households get of the first pack's price: đồng and per cent."""
    packs = queries.packs(product.id) if product else []
    terms = [one for one in terms_history(cooperative.id) if one.from_on <= clock.today()]
    if not packs or not terms:
        return None
    return share_bp(packs[0].price_vnd, terms[0].producers_bp), terms[0].producers_bp // 100


@bp.post("/manage/products/<int:product_id>/withdraw")
@roles(Role.MANAGER)
def withdraw(product_id: int) -> ResponseReturnValue:
    """Take it off the shelf."""
    with transaction():
        operations.withdraw(actor(), product_id)
    flash(_("Đã cất món này. Khách không tìm thấy nữa."))
    return redirect(url_for(".edit_product", product_id=product_id))


@bp.post("/manage/photos/<int:photo_id>")
@roles(Role.MANAGER)
def change_photo(photo_id: int) -> ResponseReturnValue:
    """Make it the cover, move it, describe it, or take it away."""
    product_id = photos.product_of(actor(), photo_id)
    deed, form = request.form.get("do", "describe"), DeedForm()
    if not form.accepts(lambda: _change_photo(photo_id, deed)):
        for refusal in form.form_errors:
            flash(refusal, "bad")
    return redirect(url_for(".edit_product", product_id=product_id) + "#photos")


def _change_photo(photo_id: int, deed: str) -> None:
    with transaction():
        if deed == "delete":
            photos.delete_photo(actor(), photo_id)
        elif deed == "cover":
            photos.move_photo(actor(), photo_id, 0)
        elif deed in ("earlier", "later"):
            photos.shift_photo(actor(), photo_id, -1 if deed == "earlier" else 1)
        else:
            photos.describe(actor(), photo_id, request.form.get("alt", ""))


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
            operations.add_certificate(
                actor(),
                cooperative.id,
                kind=CertificateKind(form.kind.data),
                number=form.number.data or "",
                issuer=form.issuer.data or "",
                valid_from=form.valid_from.data or clock.today(),
                valid_to=form.valid_to.data,
                product_id=form.product_id.data,
                scan=scan,
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
    name, number = queries.scan_of(_cooperative().id, certificate_id)
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


BLUEPRINTS = [bp, moderation.bp]
LINKS = [
    *moderation.LINKS,
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
