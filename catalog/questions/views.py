"""The manager answers questions; the administrator looks at held ones."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from catalog.questions import operations, queries
from catalog.questions.forms import AnswerForm, PlainForm
from catalog.questions.rules import ANSWER_MAX
from cooperatives.queries import of_organisation
from core.db import transaction
from core.i18n import N_, _

bp = Blueprint("questions", __name__)
ANSWERERS = (Role.MANAGER, Role.DIGITAL_TEAM)


def _page(form: AnswerForm, failed: int = 0, status: int = 200) -> ResponseReturnValue:
    rows = queries.of_cooperative(of_organisation(actor().organisation_id).id)
    page = render_template(
        "catalog/questions.html", rows=rows, form=form, failed=failed, plain=PlainForm(formdata=None), most=ANSWER_MAX,
    )  # fmt: skip
    return page, status


@bp.get("/manage/questions")
@roles(*ANSWERERS)
def manage() -> ResponseReturnValue:
    """What buyers ask, those that wait first."""
    return _page(AnswerForm(formdata=None))


@bp.post("/manage/questions/<int:question_id>")
@roles(*ANSWERERS)
def answer(question_id: int) -> ResponseReturnValue:
    """Answer one."""
    operations.own_question(actor(), question_id)
    form = AnswerForm()

    def save() -> None:
        with transaction():
            operations.answer(actor(), question_id, form.answer.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời. Câu hỏi và câu trả lời hiện ở trang hàng."))
        return redirect(url_for(".manage"), 303)
    return _page(form, question_id, 422)


@bp.get("/admin/questions")
@roles(Role.ADMINISTRATOR)
def held() -> ResponseReturnValue:
    """Questions that wait because of their words."""
    return render_template("catalog/held_questions.html", rows=queries.held(), plain=PlainForm(formdata=None))


@bp.post("/admin/questions/<int:question_id>")
@roles(Role.ADMINISTRATOR)
def decide(question_id: int) -> ResponseReturnValue:
    """On to the cooperative, or away."""
    good = request.form.get("do") == "pass"
    with transaction():
        operations.decide(actor(), question_id, good=good)
    flash(_("Đã chuyển cho hợp tác xã.") if good else _("Đã bỏ câu hỏi."))
    return redirect(url_for(".held"), 303)


BLUEPRINTS = [bp]
LINKS = [
    Link("questions.manage", N_("Khách hỏi"), "ask", N_("Trả lời câu hỏi ở trang hàng"), frozenset(ANSWERERS)),
    Link(
        "questions.held", N_("Câu hỏi chờ xem"), "warn", N_("Có số điện thoại, đường dẫn hoặc lời nặng"),
        frozenset({Role.ADMINISTRATOR}),
    ),
]  # fmt: skip
