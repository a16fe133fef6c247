"""The manager answers reviews; the administrator looks at held and reported ones."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core.db import transaction
from core.i18n import N_, _
from orders.reviews import operations, queries
from orders.reviews.forms import AnswerForm, PlainForm
from orders.reviews.rules import ANSWER_MAX, REASON_NAMES, Reason

bp = Blueprint("reviews", __name__)
ANSWERERS = (Role.MANAGER, Role.DIGITAL_TEAM)


def _page(form: AnswerForm, failed: int = 0, status: int = 200) -> ResponseReturnValue:
    rows = queries.of_cooperative(of_organisation(actor().organisation_id).id)
    page = render_template(
        "orders/reviews.html", rows=rows, form=form, failed=failed, plain=PlainForm(formdata=None), most=ANSWER_MAX,
    )  # fmt: skip
    return page, status


@bp.get("/manage/reviews")
@roles(*ANSWERERS)
def manage() -> ResponseReturnValue:
    """What buyers say, unanswered first."""
    return _page(AnswerForm(formdata=None))


@bp.post("/manage/reviews/<int:review_id>")
@roles(*ANSWERERS)
def answer(review_id: int) -> ResponseReturnValue:
    """Answer one, once."""
    operations.own_review(actor(), review_id)
    form = AnswerForm()

    def save() -> None:
        with transaction():
            operations.answer(actor(), review_id, form.answer.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời. Câu trả lời hiện dưới nhận xét."))
        return redirect(url_for(".manage"), 303)
    return _page(form, review_id, 422)


@bp.get("/admin/reviews")
@roles(Role.ADMINISTRATOR)
def look() -> ResponseReturnValue:
    """Reviews that are held because of their words, and those that somebody reported."""
    rows = queries.to_look_at()
    reports = queries.open_reports([row.id for row in rows])
    said = {
        review_id: [REASON_NAMES[Reason(one)] for one in reasons] for review_id, reasons in reports.items()
    }
    return render_template(
        "orders/held_reviews.html", rows=rows, reports=said, plain=PlainForm(formdata=None)
    )


@bp.post("/admin/reviews/<int:review_id>")
@roles(Role.ADMINISTRATOR)
def decide(review_id: int) -> ResponseReturnValue:
    """It stands, or it goes."""
    good = request.form.get("do") == "keep"
    with transaction():
        operations.decide(actor(), review_id, good=good)
    flash(_("Nhận xét được hiện.") if good else _("Đã gỡ nhận xét."))
    return redirect(url_for(".look"), 303)


BLUEPRINTS = [bp]
LINKS = [
    Link("reviews.manage", N_("Khách nhận xét"), "star", N_("Trả lời một lần dưới mỗi nhận xét"), frozenset(ANSWERERS)),
    Link(
        "reviews.look", N_("Nhận xét cần xem"), "warn", N_("Lời bị giữ lại hoặc bị người đọc báo"),
        frozenset({Role.ADMINISTRATOR}),
    ),
]  # fmt: skip
