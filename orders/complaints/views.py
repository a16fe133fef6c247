"""Pages of complaints: the public form and the link to follow it, the cooperative's list, the market's list."""

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from accounts.access import actor, roles, visitor
from accounts.menu import Link
from accounts.rules import Role
from cooperatives.public import all_sellers
from cooperatives.queries import of_organisation
from core import files
from core.db import transaction
from core.forms import Form
from core.i18n import N_, _, language
from core.limits import limit
from orders.complaints import operations, queries
from orders.complaints.forms import AnswerForm, ComplaintForm, ForwardForm, PlainForm, ReplyForm
from orders.complaints.operations import Said
from orders.problems.photos import keep_photo

bp = Blueprint("complaints", __name__)


@bp.after_request
def _unlisted(response: Response) -> Response:
    """A complaint belongs to whoever has its link: no search engine, no referrer."""
    if request.endpoint == "complaints.follow":
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.route("/complaints/new", methods=["GET", "POST"])
@visitor
def new() -> ResponseReturnValue:
    """Write a complaint; an order's page fills in its code."""
    form = ComplaintForm(data={"code": request.args.get("code", "")[:20], "about": request.args.get("about", "")[:300],
                               "kind": request.args.get("kind", "")})  # fmt: skip
    made: list[str] = []

    def save() -> None:
        photo = keep_photo(form.photo.data)
        with transaction():
            made.append(operations.receive(str(form.key.data), Said(
                form.kind.data, form.text.data, form.wish.data or "", form.name.data, form.phone.data,
                form.code.data or "", form.about.data or "", language(), photo,
            )).token)  # fmt: skip

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã nhận. Giữ đường dẫn trang này để theo dõi; tin nhắn cũng có."))
        return redirect(url_for(".follow", token=made[0]), 303)
    page = render_template("orders/complaints/new.html", form=form, days=limit("complaint_answer_days"))
    return page, 422 if form.is_submitted() else 200


def _followed(token: str, form: Form) -> ResponseReturnValue:
    found = operations.by_token(token)
    page = render_template("orders/complaints/follow.html", one=queries.complaint(found.id), token=token, form=form,
                           plain=PlainForm(formdata=None), days=limit("complaint_market_days"))  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.get("/complaints/<token>")
@visitor
def follow(token: str) -> ResponseReturnValue:
    """Where a complaint stands, and the next step."""
    return _followed(token, ReplyForm(formdata=None))


@bp.post("/complaints/<token>/accept")
@visitor
def accept(token: str) -> ResponseReturnValue:
    """The answer is good."""
    if PlainForm().validate_on_submit():
        with transaction():
            operations.accept(token)
        flash(_("Đã ghi: chuyện này xong rồi."))
    return redirect(url_for(".follow", token=token), 303)


@bp.post("/complaints/<token>/escalate")
@visitor
def escalate(token: str) -> ResponseReturnValue:
    """The answer is not enough: the market looks."""
    form = ReplyForm()

    def save() -> None:
        with transaction():
            operations.escalate(token, form.text.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã chuyển cho người quản trị chợ."))
        return redirect(url_for(".follow", token=token), 303)
    return _followed(token, form)


# ---- the cooperative ----


def _mine() -> int:
    return of_organisation(actor().organisation_id).id


@bp.get("/manage/complaints")
@roles(Role.MANAGER)
def mine() -> ResponseReturnValue:
    """Complaints that this cooperative answers."""
    return render_template("orders/complaints/mine.html", rows=queries.listed(_mine()))


@bp.route("/manage/complaints/<int:complaint_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def answer(complaint_id: int) -> ResponseReturnValue:
    """One complaint: what was said, until when to answer, and the answer. Opening it says that it was seen."""
    one, form = queries.complaint(complaint_id, _mine()), AnswerForm()
    if request.form.get("do") == "acknowledge":
        with transaction():
            operations.acknowledge(actor(), complaint_id)
        return redirect(url_for(".answer", complaint_id=complaint_id), 303)

    def save() -> None:
        with transaction():
            operations.answer(actor(), complaint_id, form.answer.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời. Người khiếu nại nhận được tin nhắn."))
        return redirect(url_for(".mine"), 303)
    page = render_template(
        "orders/complaints/answer.html", one=one, form=form, days=limit("complaint_receipt_days")
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/manage/complaints/<int:complaint_id>/photo")
@roles(Role.MANAGER)
def photo(complaint_id: int) -> ResponseReturnValue:
    """The photo that came with it."""
    name = queries.photo_of(complaint_id, _mine())
    return send_file(BytesIO(files.read(name)), mimetype="image/webp", max_age=0)


# ---- the market ----


@bp.get("/admin/complaints")
@roles(Role.ADMINISTRATOR)
def queue() -> ResponseReturnValue:
    """Every complaint, those that wait for the market first."""
    rows = queries.listed()
    waiting = [one for one in rows if one.state == "escalated"]
    return render_template(
        "orders/complaints/queue.html",
        waiting=waiting,
        others=[one for one in rows if one.state != "escalated"],
    )


def _case(complaint_id: int, form: Form, forward_form: ForwardForm) -> ResponseReturnValue:
    forward_form.cooperative_id.choices = [SelectChoice(one.id, one.name) for one in all_sellers()]
    page = render_template(
        "orders/complaints/case.html", one=queries.complaint(complaint_id), form=form, forward=forward_form
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/complaints/<int:complaint_id>", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def decide(complaint_id: int) -> ResponseReturnValue:
    """One complaint; the market's answer settles it."""
    form = AnswerForm()

    def save() -> None:
        with transaction():
            operations.decide(actor(), complaint_id, form.answer.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã trả lời. Người khiếu nại nhận được tin nhắn."))
        return redirect(url_for(".decide", complaint_id=complaint_id), 303)
    return _case(complaint_id, form, ForwardForm(formdata=None))


@bp.post("/admin/complaints/<int:complaint_id>/forward")
@roles(Role.ADMINISTRATOR)
def forward(complaint_id: int) -> ResponseReturnValue:
    """To the cooperative that should answer."""
    form = ForwardForm()
    form.cooperative_id.choices = [SelectChoice(one.id, one.name) for one in all_sellers()]

    def save() -> None:
        with transaction():
            operations.forward(actor(), complaint_id, form.cooperative_id.data, form.text.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã chuyển cho hợp tác xã."))
        return redirect(url_for(".decide", complaint_id=complaint_id), 303)
    return _case(complaint_id, form, form)


BLUEPRINTS = [bp]
LINKS = [
    Link("complaints.mine", N_("Khiếu nại"), "ask", N_("Khách chờ hợp tác xã trả lời"), frozenset({Role.MANAGER})),
    Link("complaints.queue", N_("Khiếu nại"), "ask", N_("Chợ đứng giữa khi hai bên chưa xong"),
         frozenset({Role.ADMINISTRATOR})),
]  # fmt: skip
