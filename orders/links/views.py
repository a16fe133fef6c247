"""`/s/<code>`, which writes nothing and sets nothing; and the manager's page of links with what each brought."""

from io import BytesIO

import segno
from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core import clock, spool
from core.db import transaction
from core.i18n import language
from orders.links import operations, queries
from orders.links.forms import LinkForm
from orders.links.rules import is_person
from orders.links.tasks import KIND

bp = Blueprint("links", __name__)
QR_BORDER, QR_SCALE = 4, 24


@bp.get("/s/<code>")
@public
def follow(code: str) -> Response:
    """On to the product; the click is noted in a file, and the worker counts it."""
    way = queries.way(code)
    agent, purpose = request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    if is_person(request.method, agent, purpose):
        spool.append(KIND, {"link": way.link_id, "on": clock.today().isoformat()})
    spoken = "" if language() == "vi" else f"&hl={language()}"
    answer = redirect(f"{way.path}?via={code}{spoken}", 302)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer  # type: ignore[return-value]


def _mine() -> int:
    return of_organisation(actor().organisation_id).id


def address(code: str) -> str:
    """A link as it is shared."""
    return f"{current_app.config['BASE_URL']}/s/{code}"


@bp.route("/manage/products/<int:product_id>/share", methods=["GET", "POST"])
@roles(Role.MANAGER)
def share(product_id: int) -> ResponseReturnValue:
    """A product's links by channel: make one, copy it, print its code, see what it brought."""
    product, form = queries.own_product(_mine(), product_id), LinkForm()
    made: list[int] = []

    def save() -> None:
        with transaction():
            made.append(operations.make_link(actor(), product_id, form.channel.data, form.name.data or "").id)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for(".share", product_id=product_id) + f"#link-{made[0]}", 303)
    page = render_template(
        "orders/links/share.html", product=product, form=form, rows=queries.links(product_id), address=address
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/manage/links/<int:link_id>.png")
@roles(Role.MANAGER)
def qr(link_id: int) -> ResponseReturnValue:
    """The link's QR as a large picture, to print on a poster."""
    found = queries.own_link(_mine(), link_id)
    out = BytesIO()
    segno.make(address(found.code), error="m", boost_error=False).save(
        out, kind="png", scale=QR_SCALE, border=QR_BORDER
    )
    out.seek(0)
    return send_file(
        out, mimetype="image/png", as_attachment=True, download_name=f"qr-{found.code}.png", max_age=0
    )


BLUEPRINTS = [bp]
