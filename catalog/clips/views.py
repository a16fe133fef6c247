"""The clip of a product, on the page of its pictures."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, roles
from accounts.rules import Role
from catalog.clips import operations
from catalog.clips.forms import ClipForm
from catalog.clips.rules import FILE_BYTES_MAX
from catalog.operations import own_product
from catalog.photos import views as photos
from catalog.photos.forms import PhotosForm
from core.db import transaction
from core.errors import Invalid
from core.i18n import N_, _

bp = photos.bp


@bp.post("/products/<int:product_id>/clip")
@roles(Role.MANAGER)
def clip(product_id: int) -> ResponseReturnValue:
    """Link a film, upload one, or take it away."""
    product, form = own_product(actor(), product_id), ClipForm()
    if request.form.get("do") == "remove":
        with transaction():
            operations.remove(actor(), product.id)
        flash(_("Đã bỏ đoạn phim."))
    elif form.validate_on_submit() and form.accepts(lambda: _save(form, product.id)):
        flash(_("Đã giữ đoạn phim."))
    else:
        return photos.page(product, PhotosForm(formdata=None), 422, form)
    return redirect(url_for("photos.photos", product_id=product.id) + "#clip")


def _save(form: ClipForm, product_id: int) -> None:
    sent = form.file.data
    if isinstance(sent, FileStorage) and sent.filename:
        file, length_ms = operations.keep_file(sent.stream.read(FILE_BYTES_MAX + 1))
        with transaction():
            operations.set_file(actor(), product_id, file, length_ms)
    elif form.link.data:
        with transaction():
            operations.set_link(actor(), product_id, form.link.data)
    else:
        raise Invalid(N_("Dán đường dẫn, hoặc chọn một đoạn phim."), field="link")
