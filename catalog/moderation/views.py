"""Pages of moderation: the administrator's requests and notices, and what a cooperative reads of them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role
from catalog.moderation import operations, queries
from catalog.moderation.forms import AnswerForm, AppealForm, NoticeForm, PlainForm, TakedownForm, slug_in
from cooperatives.queries import cooperative, of_organisation
from core import clock
from core.db import transaction
from core.forms import Form
from core.i18n import N_, _
from core.limits import limit

bp = Blueprint("moderation", __name__)


@bp.get("/admin/takedowns")
@roles(Role.ADMINISTRATOR)
def takedowns() -> ResponseReturnValue:
    """Requests of authorities, each with its clock."""
    return render_template(
        "catalog/moderation/takedowns.html", rows=queries.takedowns(), hours=limit("takedown_hours")
    )


@bp.route("/admin/takedowns/new", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def new_takedown() -> ResponseReturnValue:
    """Record a request; the clock runs from the instant at which the document arrived."""
    here = clock.now().astimezone(clock.HANOI).replace(tzinfo=None, second=0, microsecond=0)
    form = TakedownForm(data={"received_at": here, "document_on": here.date()})
    made: list[int] = []

    def save() -> None:
        with transaction():
            made.append(operations.record(
                actor(), str(form.key.data), slug_in(form.address.data), authority=form.authority.data,
                document_number=form.document_number.data, document_on=form.document_on.data,
                reason=form.reason.data, received_at=form.received_at.data.replace(tzinfo=clock.HANOI),
            ).id)  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for(".takedown", takedown_id=made[0]), 303)
    page = render_template("catalog/moderation/new.html", form=form, hours=limit("takedown_hours"))
    return page, 422 if form.is_submitted() else 200


def _page(takedown_id: int, form: Form) -> ResponseReturnValue:
    page = render_template(
        "catalog/moderation/takedown.html",
        one=queries.takedown(takedown_id),
        form=form,
        plain=PlainForm(formdata=None),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/admin/takedowns/<int:takedown_id>")
@roles(Role.ADMINISTRATOR)
def takedown(takedown_id: int) -> ResponseReturnValue:
    """One request: the clock, what happened, what comes next."""
    return _page(takedown_id, AnswerForm(formdata=None))


@bp.post("/admin/takedowns/<int:takedown_id>/down")
@roles(Role.ADMINISTRATOR)
def take_down(takedown_id: int) -> ResponseReturnValue:
    """Off the shelf, now."""
    if PlainForm().validate_on_submit():
        with transaction():
            operations.take_down(actor(), takedown_id)
        flash(_("Đã gỡ. Hợp tác xã nhận được tin nhắn."))
    return redirect(url_for(".takedown", takedown_id=takedown_id), 303)


@bp.post("/admin/takedowns/<int:takedown_id>/answer")
@roles(Role.ADMINISTRATOR)
def answer(takedown_id: int) -> ResponseReturnValue:
    """Answer an appeal."""
    form = AnswerForm()

    def save() -> None:
        with transaction():
            operations.answer_appeal(actor(), takedown_id, form.answer.data, lift=form.verdict.data == "lift")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời hợp tác xã."))
        return redirect(url_for(".takedown", takedown_id=takedown_id), 303)
    return _page(takedown_id, form)


@bp.route("/admin/cooperatives/<int:cooperative_id>/suspension", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def suspension(cooperative_id: int) -> ResponseReturnValue:
    """Give notice that a shop will close, and see the notices it had."""
    found, form = cooperative(cooperative_id), NoticeForm()

    def save() -> None:
        with transaction():
            operations.give_notice(
                actor(), str(form.key.data), cooperative_id, form.reason.data, form.document_number.data or ""
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã báo cho hợp tác xã."))
        return redirect(url_for(".suspension", cooperative_id=cooperative_id), 303)
    page = render_template("catalog/moderation/suspension.html", found=found, form=form, days=limit("suspension_days"),
                           notices=queries.notices(cooperative_id), plain=PlainForm(formdata=None))  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.post("/admin/cooperatives/<int:cooperative_id>/suspension/<int:notice_id>/withdraw")
@roles(Role.ADMINISTRATOR)
def withdraw(cooperative_id: int, notice_id: int) -> ResponseReturnValue:
    """Take a notice back."""
    if PlainForm().validate_on_submit():
        with transaction():
            operations.withdraw_notice(actor(), notice_id)
        flash(_("Đã rút lại, hợp tác xã được nhắn."))
    return redirect(url_for(".suspension", cooperative_id=cooperative_id), 303)


# ---- what the cooperative reads ----


@bp.get("/manage/notices")
@roles(Role.MANAGER)
def notices() -> ResponseReturnValue:
    """What the market told this cooperative: listings taken down, notices of suspension."""
    mine = of_organisation(actor().organisation_id).id
    return render_template(
        "catalog/moderation/notices.html", rows=queries.takedowns(mine), notices=queries.notices(mine)
    )


@bp.route("/manage/notices/<int:takedown_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def appeal(takedown_id: int) -> ResponseReturnValue:
    """One listing that was taken down, why, and the way to ask for another look."""
    mine, form = of_organisation(actor().organisation_id).id, AppealForm()
    one = queries.takedown(takedown_id, mine)

    def save() -> None:
        with transaction():
            operations.appeal(actor(), takedown_id, form.appeal.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gửi. Chợ trả lời qua tin nhắn."))
        return redirect(url_for(".appeal", takedown_id=takedown_id), 303)
    page = render_template("catalog/moderation/appeal.html", one=one, form=form, days=limit("appeal_days"))
    return page, 422 if form.is_submitted() else 200


BLUEPRINTS = [bp]
LINKS = [
    Link(
        "moderation.takedowns", N_("Yêu cầu gỡ hàng"), "warn", N_("Của cơ quan nhà nước, gỡ trong 24 giờ"),
        frozenset({Role.ADMINISTRATOR}),
    ),
    Link(
        "moderation.notices", N_("Thông báo của chợ"), "info", N_("Món bị gỡ, báo tạm dừng, cách xin xem lại"),
        frozenset({Role.MANAGER}),
    ),
]  # fmt: skip
