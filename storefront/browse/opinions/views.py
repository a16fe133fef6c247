"""Pages on which buyers ask, review and report, and the page of all reviews of a product."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import public, visitor
from catalog import queries as catalog
from catalog.questions import operations as questions
from core import clock, pages
from core.db import transaction
from core.i18n import _, language
from orders import queries as orders
from orders.reviews import operations as reviews
from orders.reviews import queries
from orders.reviews.rules import Reason, average_tenths
from storefront.browse.opinions.forms import AskForm, PlainForm, ReportForm, ReviewForm
from storefront.browse.public import Rating

bp = Blueprint("opinions", __name__)
PAGE = 20


@bp.route("/products/<slug>/ask", methods=["GET", "POST"])
@visitor
def ask(slug: str) -> ResponseReturnValue:
    """Ask the cooperative about a product; question and answer become public together."""
    product, form = catalog.product_page(slug, clock.today()), AskForm()

    def save() -> None:
        with transaction():
            questions.ask(
                str(form.key.data), product.id, name=form.name.data or "", text=form.text.data or "", phone=form.e164,
                language=language(), sender=request.remote_addr or "",
            )  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gửi câu hỏi. Hợp tác xã trả lời xong thì hiện ở trang hàng."))
        return redirect(
            f"/products/{product.slug}" + ("" if language() == "vi" else f"?hl={language()}"), 303
        )
    page = render_template("storefront/browse/opinions/ask.html", product=product, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/products/<slug>/reviews")
@public
@pages.reads("page")
def all_reviews(slug: str) -> ResponseReturnValue:
    """Every review of a product that stands, newest first, twenty a page."""
    product = catalog.product_page(slug, clock.today())
    pages.depends("goods", f"product:{product.id}")
    typed = request.args.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed[:4]) < 500 else 1
    return render_template(
        "storefront/browse/opinions/reviews.html", product=product, page=number,
        reviews=queries.shown(product.id, PAGE, (number - 1) * PAGE), by_stars=queries.by_stars(product.id),
        page_count=max(1, -(-product.rating_count // PAGE)),
        rating=Rating(average_tenths(product.rating_sum, product.rating_count)),
    )  # fmt: skip


@bp.route("/reviews/<int:review_id>/report", methods=["GET", "POST"])
@visitor
def report(review_id: int) -> ResponseReturnValue:
    """Say that a review should not stand."""
    found, form = queries.review(review_id), ReportForm()
    form.offer()
    slug = catalog.product(found.product_id).slug

    def save() -> None:
        with transaction():
            reviews.report(str(form.key.data), review_id, Reason(form.reason.data), request.remote_addr or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã báo. Người của chợ xem rồi mới gỡ hoặc giữ."))
        return redirect(url_for(".all_reviews", slug=slug), 303)
    page = render_template(
        "storefront/browse/opinions/report.html", text=found.text, name=found.name, slug=slug, form=form
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/orders/<token>/review/<int:line_id>", methods=["GET", "POST"])
@visitor
def review(token: str, line_id: int) -> ResponseReturnValue:
    """Whoever holds the tracking link says how a line's goods were."""
    line = queries.line_to_review(token, line_id, clock.now())
    before = queries.of_order(line.order_id).get(line_id)
    form = ReviewForm(
        data={"stars": str(before.stars), "text": before.text, "name": before.name} if before else {}
    )
    form.offer()

    def save() -> None:
        with transaction():
            made = reviews.write_review(
                token,
                line_id,
                stars=int(form.stars.data),
                text=form.text.data or "",
                name=form.name.data or "",
            )
            held.append(made.state == "held")

    held: list[bool] = []
    if form.validate_on_submit() and form.accepts(save):
        if held[0]:
            flash(_("Đã nhận. Lời này có chỗ cần người của chợ xem trước, xong thì hiện."))
        else:
            flash(_("Đã hiện nhận xét của bạn. Cảm ơn bạn đã kể."))
        return redirect(url_for("tracking.order", token=token), 303)
    page = render_template(
        "storefront/browse/opinions/review.html", line=line, form=form, token=token, before=before is not None,
        plain=PlainForm(formdata=None), code=orders.order_by_token(token).code,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.post("/orders/<token>/review/<int:line_id>/remove")
@visitor
def take_back(token: str, line_id: int) -> ResponseReturnValue:
    """Withdraw one's own review."""
    with transaction():
        reviews.take_back(token, line_id)
    flash(_("Đã gỡ nhận xét của bạn."))
    return redirect(url_for("tracking.order", token=token), 303)


@bp.after_request
def _unlisted(response):  # type: ignore[no-untyped-def]
    """Forms behind a link are for whoever has it."""
    if request.endpoint not in ("opinions.all_reviews",):
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer" if "/orders/" in request.path else "same-origin"
    return response
