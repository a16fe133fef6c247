"""Pages of disputes: the family's, and the cooperative's list with what waits for an answer."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from cooperatives import queries as cooperatives
from core.db import transaction
from core.errors import TooMany
from core.forms import Form
from core.i18n import _
from revenue.disputes import operations, queries
from revenue.disputes.forms import CloseForm, OpenForm, SayForm
from revenue.disputes.models import Dispute
from revenue.disputes.operations import COOPERATIVE, FAMILY, STAFF, Asked
from revenue.disputes.rules import (
    ABOUT_ICON,
    ABOUT_TEXT,
    OUTCOME_TEXT,
    STATE_TEXT,
    About,
    Outcome,
    read_subject,
)

bp = Blueprint("disputes", __name__)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"DISPUTE_ABOUT": ABOUT_TEXT, "DISPUTE_STATE": STATE_TEXT, "DISPUTE_OUTCOME": OUTCOME_TEXT,
            "DISPUTE_ICON": ABOUT_ICON}  # fmt: skip


# ---- the family ----


@bp.route("/me/statement/<int:producer_id>/disputes/new", methods=["GET", "POST"])
@signed_in
def new(producer_id: int) -> ResponseReturnValue:
    """Say what is wrong: one of four signs and a few words. `?about=payout:12` names the line."""
    who = actor()
    if producer_id not in {one.id for one in cooperatives.producers_of_user(who.user_id or 0)}:
        raise queries.no_dispute()
    about, about_id = read_subject(request.args.get("about", ""))
    named = queries.subject_text(about, about_id, producer_id)
    form: Any = OpenForm(data={"about": str(about)})
    made: list[int] = []

    def save() -> None:
        subject = about_id if named and form.about.data == str(about) else None
        with transaction():
            asked = Asked(About(form.about.data), subject, form.text.data or "")
            made.append(operations.open_dispute(who, producer_id, form.key.data, asked).id)

    try:
        if form.validate_on_submit() and form.accepts(save):
            flash(_("Đã gửi tới hợp tác xã. Câu trả lời hiện ở đây."))
            return redirect(url_for(".mine", dispute_id=made[0]))
    except TooMany as error:
        form.take(error)
    seen, coop, phone = queries.home_of(producer_id)
    page = render_template(
        "revenue/disputes/new.html", form=form, who=seen, coop=coop, phone=phone, named=named
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/me/disputes/<int:dispute_id>", methods=["GET", "POST"])
@signed_in
def mine(dispute_id: int) -> ResponseReturnValue:
    """The own conversation: read, say more, or withdraw."""
    who = actor()
    found = queries.for_user(dispute_id, who.user_id or 0)
    step = request.form.get("step")
    form: Any = SayForm(request.form if step == "say" else None)

    def save() -> None:
        with transaction():
            if step == "withdraw":
                operations.close_dispute(who, dispute_id, Outcome.WITHDRAWN)
            else:
                operations.ask(who, dispute_id, form.key.data, form.text.data or "")

    plain = Form()
    checked = form if step == "say" else plain
    if request.method == "POST" and checked.validate() and checked.accepts(save):
        return redirect(url_for(".mine", dispute_id=dispute_id))
    return _page(found, form, None, side=FAMILY)


def _page(found: Dispute, form: Any, ending: Any, *, side: str) -> ResponseReturnValue:
    seen, coop, phone = queries.home_of(found.producer_id)
    faulty = next(
        (one for one in (form, ending) if one is not None and (one.errors or one.form_errors)), None
    )
    page = render_template(
        "revenue/disputes/one.html", dispute=found, lines=queries.said(found), form=form, ending=ending, side=side,
        who=seen, coop=coop, phone=phone, faulty=faulty or form,
        named=queries.subject_text(found.about, found.about_id, found.producer_id),
    )  # fmt: skip
    return page, 422 if faulty else 200


# ---- the cooperative ----


def _own() -> int:
    return int(cooperatives.of_organisation(actor().organisation_id).organisation_id or 0)


@bp.get("/manage/money/disputes")
@roles(*STAFF)
def index() -> ResponseReturnValue:
    """Every dispute; what waits for an answer stands first, the oldest on top."""
    page = max(1, request.args.get("page", 1, type=int))
    rows = queries.of_organisation(_own(), page)
    return render_template("revenue/disputes/index.html", rows=rows, page=page, more=len(rows) == queries.PAGE,
                           waiting=queries.waiting_count(_own()))  # fmt: skip


@bp.route("/manage/money/disputes/<int:dispute_id>", methods=["GET", "POST"])
@roles(*STAFF)
def one(dispute_id: int) -> ResponseReturnValue:
    """One dispute: answer it, or close it with an outcome."""
    who, found = actor(), queries.for_staff(dispute_id, _own())
    step = request.form.get("step")
    form: Any = SayForm(request.form if step == "say" else None)
    ending: Any = CloseForm(request.form if step == "close" else None)

    def save() -> None:
        with transaction():
            if step == "close":
                outcome = Outcome(ending.outcome.data)
                text = ending.closing.data or _(OUTCOME_TEXT[outcome])
                operations.close_dispute(who, dispute_id, outcome, text)
            else:
                operations.answer(who, dispute_id, form.key.data, form.text.data or "")

    checked = ending if step == "close" else form
    if request.method == "POST" and checked.validate() and checked.accepts(save):
        flash(_("Đã ghi. Nhà được nhắn là có trả lời."))
        return redirect(url_for(".one", dispute_id=dispute_id))
    return _page(found, form, ending, side=COOPERATIVE)
