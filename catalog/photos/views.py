"""The page of a product's pictures: take, choose, put in order, describe, take again; and its clip."""

import hashlib
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, roles
from accounts.rules import Role
from catalog.clips import queries as clips
from catalog.clips.forms import ClipForm
from catalog.clips.rules import FILE_BYTES_MAX
from catalog.forms import DeedForm
from catalog.models import Photo, Product
from catalog.operations import own_product
from catalog.photos import operations
from catalog.photos.forms import AgainForm, DescribeForm, PhotosForm
from catalog.photos.heads import NotAPicture, sniff
from catalog.photos.queries import PhotoCard, photo_set
from catalog.photos.rules import BLURRED_BELOW, DARK_BELOW, FAULT_WORDS, SMALL_BELOW_PX, Shot
from catalog.rules import PHOTO_MAX_BYTES
from core import files
from core.db import transaction
from core.errors import DomainError, FormErrors, Invalid
from core.i18n import N_, _

bp = Blueprint("photos", __name__, url_prefix="/manage")
AT_ONCE = 5
FORM_BYTES_MAX = AT_ONCE * PHOTO_MAX_BYTES + FILE_BYTES_MAX + 2 * 1024 * 1024
LIMITS = {"dark": DARK_BELOW, "blurred": BLURRED_BELOW, "small": SMALL_BELOW_PX}


@bp.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Several photos may come in one form. Runs before anything reads it."""
    if endpoint in ("photos.photos", "photos.again", "photos.clip"):
        request.max_content_length = FORM_BYTES_MAX


@bp.route("/products/<int:product_id>/photos", methods=["GET", "POST"])
@roles(Role.MANAGER)
def photos(product_id: int) -> ResponseReturnValue:
    """All pictures of a product; take in more. A page that sends one at a time, with a key, is answered in JSON."""
    product = own_product(actor(), product_id)
    form = PhotosForm()
    if not form.validate_on_submit():
        return page(product, form, 422 if request.method == "POST" else 200)
    kept, refusals = _take_all(form, product.id)
    if request.accept_mimetypes.best == "application/json":
        if refusals or not kept:
            raise refusals[0] if refusals else _nothing()
        return jsonify(success=True, photo_id=kept[0].id), 201
    if kept:
        flash(_("Đã nhận %(count)s ảnh.", count=len(kept)))
    if not refusals and kept:
        return redirect(url_for(".photos", product_id=product.id) + "#photos")
    form.take(FormErrors(list(refusals or [_nothing()])))
    return page(product, form, 422)


def _nothing() -> Invalid:
    return Invalid(N_("Chưa có ảnh nào được chọn."), remedy=N_("Bấm Chụp ảnh hoặc Chọn ảnh."), field="choose")


def _take_all(form: PhotosForm, product_id: int) -> tuple[list[Photo], list[DomainError]]:
    """Every good picture is kept, whatever becomes of the others."""
    kept: list[Photo] = []
    refusals: list[DomainError] = []
    for field, shot, sent in form.sent():
        try:
            kept.append(take_photo(sent, product_id, field, key=request.form.get("key", ""), shot=shot))
        except Invalid as error:
            error.field = field
            refusals.append(error)
    return kept, refusals


def take_photo(
    sent: FileStorage, product_id: int, field: str = "photos", *, key: str = "", shot: Shot | None = None
) -> Photo:
    """Look at the first bytes of an upload, store it, and leave the rest to the worker.

    key: made by the page, so that sending again is harmless; else the content's own. Raises Invalid at `field`.
    """
    original, digest = stored(sent, field, named=not key)
    with transaction():
        return operations.add_photo(
            actor(), product_id, f"{product_id}:{key[:64] or digest}", original, shot=shot
        )


def stored(sent: FileStorage, field: str, *, named: bool = True) -> tuple[str, str]:
    """The private file of an upload, and its content's fingerprint. Raises NotAPicture.

    named: whether a refusal says which file it is about; a page that sends them one by one knows.
    """
    data = sent.stream.read(PHOTO_MAX_BYTES + 1)
    try:
        sniff(data)
    except NotAPicture as error:
        if not named:
            raise
        name = str(sent.filename)[-40:]
        raise NotAPicture(
            f"%(name)s: {error.message}", remedy=error.remedy, field=field, name=name, **error.params
        ) from error
    return files.put(data, ".bin"), hashlib.sha256(data).hexdigest()[:40]


def page(
    product: Product, form: PhotosForm, status: int = 200, clip_form: ClipForm | None = None
) -> ResponseReturnValue:
    """The whole page, with the refusals that stand in its forms."""
    found = photo_set(product.id)
    clip = clips.of_product(product.id)
    made = render_template(
        "catalog/photos.html",
        product=product,
        form=form,
        found=found,
        rows=[(card, _describe_form(card)) for card in found.cards],
        clip=clip,
        clip_form=clip_form or ClipForm(formdata=None, data={"link": clip.href if clip else ""}),
        deed=DeedForm(formdata=None),
        limits=LIMITS,
        fault_words=FAULT_WORDS,
    )
    return made, status


def _describe_form(card: PhotoCard) -> DescribeForm:
    form = DescribeForm(formdata=None, data={"alt": card.alt, "shot": Shot(card.shot) if card.shot else None})
    form.offer()
    return form


@bp.post("/photos/<int:photo_id>")
@roles(Role.MANAGER)
def change(photo_id: int) -> ResponseReturnValue:
    """Make it the cover, move it, describe it, or take it away."""
    product_id = operations.product_of(actor(), photo_id)
    deed, form = request.form.get("do", "describe"), DescribeForm()
    form.offer()
    good = form.validate_on_submit() if deed == "describe" else True
    if not (good and form.accepts(lambda: _change(photo_id, deed, form))):
        for refusal in (*form.form_errors, *form.alt.errors, *form.shot.errors):
            flash(str(refusal), "bad")
    anchor = "photos" if deed == "delete" else f"photo-{photo_id}"
    return redirect(url_for(".photos", product_id=product_id) + f"#{anchor}")


def _change(photo_id: int, deed: str, form: DescribeForm) -> None:
    with transaction():
        if deed == "delete":
            operations.delete_photo(actor(), photo_id)
        elif deed == "cover":
            operations.move_photo(actor(), photo_id, 0)
        elif deed in ("earlier", "later"):
            operations.shift_photo(actor(), photo_id, -1 if deed == "earlier" else 1)
        else:
            operations.describe(actor(), photo_id, form.alt.data or "", form.shot.data)


@bp.post("/photos/<int:photo_id>/again")
@roles(Role.MANAGER)
def again(photo_id: int) -> ResponseReturnValue:
    """A picture taken again: it takes the old one's place when it is ready."""
    product_id, form = operations.product_of(actor(), photo_id), AgainForm()

    def take() -> None:
        if not isinstance(form.photo.data, FileStorage) or not form.photo.data.filename:
            raise _nothing()
        key = request.form.get("key", "")[:64]
        original, digest = stored(form.photo.data, "photo", named=not key)
        with transaction():
            operations.replace_photo(
                actor(), photo_id, f"{product_id}:{key or f'{photo_id}:{digest}'}", original
            )

    if request.accept_mimetypes.best == "application/json":
        take()
        return jsonify(success=True, photo_id=photo_id), 201
    if form.validate_on_submit() and form.accepts(take):
        flash(_("Đã nhận ảnh mới. Xong thì ảnh mới vào chỗ ảnh cũ."))
    for refusal in (*form.form_errors, *form.photo.errors):
        flash(str(refusal), "bad")
    return redirect(url_for(".photos", product_id=product_id) + f"#photo-{photo_id}")
