"""The manager's share kit of a product: words to copy, pictures and a poster to download."""

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from channels.sharing import operations, queries
from channels.sharing.forms import CaptionForm, LinksForm
from channels.sharing.rules import Size
from cooperatives.queries import of_organisation
from core import clock
from core.db import db, transaction
from core.i18n import _
from orders.links.queries import own_product
from orders.links.rules import Channel

bp = Blueprint("sharing", __name__)


def _mine() -> int:
    return of_organisation(actor().organisation_id).id


@bp.route("/manage/products/<int:product_id>/kit", methods=["GET", "POST"])
@roles(Role.MANAGER)
def kit(product_id: int) -> ResponseReturnValue:
    """Words by channel with their own links, pictures, poster; the words can be changed."""
    product = own_product(_mine(), product_id)
    found, form = queries.kit_of(product), CaptionForm()

    def save() -> None:
        with transaction():
            operations.write_caption(actor(), product_id, form.body.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã lưu lời kể."))
        return redirect(url_for(".kit", product_id=product_id), 303)
    if not form.is_submitted():
        form.body.data = found.body
    page = render_template("channels/kit.html", kit=found, form=form, links_form=LinksForm())
    return page, 422 if form.is_submitted() else 200


@bp.post("/manage/products/<int:product_id>/kit/links")
@roles(Role.MANAGER)
def make_links(product_id: int) -> ResponseReturnValue:
    """A link for each channel, at one press; pressed twice it is the same links."""
    own_product(_mine(), product_id)
    if LinksForm().validate_on_submit():
        with transaction():
            operations.make_links(actor(), product_id)
        flash(_("Đã có đường dẫn cho từng nơi."))
    return redirect(url_for(".kit", product_id=product_id), 303)


@bp.get("/manage/products/<int:product_id>/kit/<any(facebook, zalo, tiktok):size>.jpg")
@roles(Role.MANAGER)
def picture(product_id: int, size: str) -> ResponseReturnValue:
    """The wide picture for Facebook, the square one for Zalo or the tall one for TikTok, with the channel's own link in
    its code.
    """
    from channels.sharing.drawing import draw  # loaded when somebody asks

    product = own_product(_mine(), product_id)
    face, photo = queries.face_for(product_id, Channel(size))
    name = f"{product.slug}-{size}.jpg"
    db.session.rollback()  # drawing holds no transaction open
    return _download(draw(face, photo, Size(size)), "image/jpeg", name)


@bp.get("/manage/products/<int:product_id>/kit/poster.pdf")
@roles(Role.MANAGER)
def poster(product_id: int) -> ResponseReturnValue:
    """A page to print and hang at a shop's door."""
    from channels.sharing.posters import poster as drawn

    product = own_product(_mine(), product_id)
    face, _photo = queries.face_for(product_id, Channel.POSTER)
    name = f"{product.slug}.pdf"
    db.session.rollback()
    return _download(
        drawn(face, _("Quét mã để xem ai làm ra và đặt mua"), clock.now()), "application/pdf", name
    )


def _download(data: bytes, kind: str, name: str) -> Response:
    return send_file(BytesIO(data), mimetype=kind, as_attachment=True, download_name=name, max_age=0)


BLUEPRINTS = [bp]
