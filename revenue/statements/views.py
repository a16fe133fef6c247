"""Pages of statements on paper: staff and families give them out, anybody asks about a number."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts.access import actor, public, roles, signed_in, visitor
from cooperatives import queries as cooperatives
from core import files
from core.db import db, transaction
from core.errors import NotFound, TooMany
from core.forms import Form
from core.i18n import N_, _, language
from revenue.statements import operations
from revenue.statements.forms import AskForm, EndForm, IssueForm
from revenue.statements.models import Paper
from revenue.statements.operations import STAFF, SUMS, Drawn
from revenue.statements.public import paper_facts
from revenue.statements.rules import PAPER_TEXT, PaperState, grouped, read_number

bp = Blueprint("statements", __name__)
LISTED = 50


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"PAPER_TEXT": PAPER_TEXT, "grouped": grouped}


def _own() -> int:
    return int(cooperatives.of_organisation(actor().organisation_id).organisation_id or 0)


def no_paper() -> NotFound:
    """The answer for what is not there, and for what is somebody else's."""
    return NotFound(N_("Không có bảng kê này."), remedy=N_("Mở lại từ danh sách."))


def _draw(producer_id: int) -> Drawn:
    """Draw a paper, outside any transaction: it takes a second for a family with hundreds of slips."""
    from revenue.statements.drawing import draw
    from revenue.statements.papers import sheet, steady  # its PDF machinery is loaded when asked

    own = cooperatives.cooperative(cooperatives.producer(producer_id).cooperative_id).organisation_id or 0
    number, seen = operations.new_number(), steady(own, producer_id)
    wanted = sheet(seen, number)
    db.session.rollback()
    return Drawn(number, files.put(draw(wanted), ".pdf"), seen)


def _papers(producer_id: int) -> list[Paper]:
    query = select(Paper).where(Paper.producer_id == producer_id).order_by(Paper.id.desc()).limit(LISTED)
    return list(db.session.execute(query).scalars())


def _issue(producer_id: int, form: Any) -> int | None:
    """Give out a paper; its id, or None with the refusal in the form."""
    who, made = actor(), []

    def save() -> None:
        drawn = _draw(producer_id)
        with transaction():
            made.append(operations.issue(who, producer_id, form.key.data, drawn).id)

    try:
        return made[0] if form.validate_on_submit() and form.accepts(save) else None
    except TooMany as error:
        form.take(error)
        return None


# ---- the cooperative ----


@bp.route("/manage/money/producers/<int:producer_id>/papers", methods=["GET", "POST"])
@roles(*STAFF)
def index(producer_id: int) -> ResponseReturnValue:
    """A producer's statements that were given out, and giving out another."""
    one = cooperatives.producer(producer_id)
    if cooperatives.cooperative(one.cooperative_id).organisation_id != _own():
        raise no_paper()
    form = IssueForm()
    if request.method == "POST" and (made := _issue(producer_id, form)):
        return redirect(url_for(".paper", paper_id=made))
    page = render_template("revenue/statements/index.html", form=form, papers=_papers(producer_id),
                           who=cooperatives.producer_view(producer_id), staff=True)  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _staffs(paper_id: int) -> Paper:
    found = db.session.get(Paper, paper_id)
    if found is None or found.organisation_id != _own():
        raise no_paper()
    return found


def _page(found: Paper, form: Any, *, staff: bool) -> ResponseReturnValue:
    from revenue.statements.papers import matrix_of  # its PDF machinery is loaded when asked

    page = render_template(
        "revenue/statements/paper.html", paper=found, form=form, staff=staff, matrix=matrix_of(found.number),
        who=cooperatives.producer_view(found.producer_id),
        coop=cooperatives.cooperative(cooperatives.producer(found.producer_id).cooperative_id),
        successor=db.session.get(Paper, found.replaced_by_id) if found.replaced_by_id else None,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/manage/money/papers/<int:paper_id>", methods=["GET", "POST"])
@roles(*STAFF)
def paper(paper_id: int) -> ResponseReturnValue:
    """One paper with its number; make it void, or put another in its place."""
    found, who, form = _staffs(paper_id), actor(), EndForm()
    producer_id, made = found.producer_id, [paper_id]

    def save() -> None:
        if request.form.get("step") == "replace":
            drawn = _draw(producer_id)
            with transaction():
                made[0] = operations.replace(who, paper_id, form.reason.data or "", form.key.data, drawn).id
            return
        with transaction():
            operations.void(who, paper_id, form.reason.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi. Ai quét mã cũ sẽ thấy bảng kê đó không còn dùng."))
        return redirect(url_for(".paper", paper_id=made[0]))
    return _page(_staffs(paper_id), form, staff=True)


def _file(found: Paper) -> ResponseReturnValue:
    answer = send_file(BytesIO(files.read(found.file)), "application/pdf", as_attachment=False,
                       download_name=f"bang-ke-{found.number}.pdf", max_age=0)  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/manage/money/papers/<int:paper_id>/pdf")
@roles(*STAFF)
def pdf(paper_id: int) -> ResponseReturnValue:
    """The paper as it was given out."""
    return _file(_staffs(paper_id))


# ---- the family ----


def _mine(producer_id: int) -> None:
    if producer_id not in {one.id for one in cooperatives.producers_of_user(actor().user_id or 0)}:
        raise no_paper()


@bp.route("/me/statement/<int:producer_id>/papers", methods=["GET", "POST"])
@signed_in
def my_papers(producer_id: int) -> ResponseReturnValue:
    """The own statements that were given out, and giving oneself another."""
    _mine(producer_id)
    form = IssueForm()
    if request.method == "POST" and (made := _issue(producer_id, form)):
        return redirect(url_for(".my_paper", paper_id=made))
    page = render_template("revenue/statements/index.html", form=form, papers=_papers(producer_id),
                           who=cooperatives.producer_view(producer_id), staff=False)  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _own_paper(paper_id: int) -> Paper:
    found = db.session.get(Paper, paper_id)
    if found is None:
        raise no_paper()
    _mine(found.producer_id)
    return found


@bp.get("/me/papers/<int:paper_id>")
@signed_in
def my_paper(paper_id: int) -> ResponseReturnValue:
    """One's own paper with its number and code."""
    return _page(_own_paper(paper_id), Form(formdata=None), staff=False)


@bp.get("/me/papers/<int:paper_id>/pdf")
@signed_in
def my_pdf(paper_id: int) -> ResponseReturnValue:
    """One's own paper as it was given out."""
    return _file(_own_paper(paper_id))


# ---- anybody ----


def _by_number(number: str) -> Paper | None:
    return db.session.execute(select(Paper).where(Paper.number == number)).scalar_one_or_none()


@bp.get("/verify")
@public
def find() -> ResponseReturnValue:
    """Type the number of a paper; with one, what is known of it."""
    typed = request.args.get("number", "")[:40]
    number = read_number(typed) if typed else None
    if number is not None:
        return redirect(url_for(".verify", number=number, hl=None if language() == "vi" else language()))
    page = render_template("revenue/statements/find.html", typed=typed)
    return page, 422 if typed else 200


@bp.get("/verify/<number>")
@public
def verify(number: str) -> ResponseReturnValue:
    """Whether a paper is genuine, void or replaced: no name, no sum, nothing that leads to either."""
    known = read_number(number)
    found = paper_facts(known) if known else None
    page = render_template("revenue/statements/verify.html", paper=found, number=known or number[:40])
    return page, 200 if found else 404


@bp.route("/verify/<number>/amount", methods=["GET", "POST"])
@visitor
def amount(number: str) -> ResponseReturnValue:
    """Whether an amount stands on the paper: yes or no, five questions an hour for a number."""
    known = read_number(number)
    found = _by_number(known) if known else None
    if found is None:
        raise NotFound(N_("Không có bảng kê nào mang số này."), remedy=N_("Xem lại từng chữ số trên giấy."))
    if found.state != PaperState.VALID:
        return redirect(url_for(".verify", number=known))
    form: Any = AskForm()
    fits: bool | None = None
    if form.validate_on_submit():
        sums = {getattr(found, name) for name in SUMS} | {found.earned_vnd + found.withheld_vnd}
        try:
            with transaction():
                operations.asked(found.number)
            fits = bool(form.amount_vnd.data) and form.amount_vnd.data in sums
        except TooMany as error:
            form.take(error)
    page = render_template("revenue/statements/amount.html", number=known, form=form, fits=fits)
    return page, 422 if form.errors or form.form_errors else 200
