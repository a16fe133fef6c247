"""Pages of pay runs: choose and see, approve, send one by one, the bank's file, what came back."""

from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from cooperatives.queries import producer_view, producer_views
from core import clock
from core.db import transaction
from core.errors import Invalid
from core.forms import Form
from core.i18n import N_, _
from payments.payouts import queries as payouts
from payments.payouts.queries import Account
from payments.payruns import bulk, operations, queries, rules
from payments.payruns.forms import BackForm, ChoiceForm, FailForm, MakeForm, SentForm
from payments.payruns.models import Payrun, PayrunLine
from payments.payruns.operations import STAFF
from payments.payruns.queries import Choice
from payments.payruns.rules import LineState
from payments.providers import vietqr
from revenue.payouts.queries import fate, limit_on, payout_in, why_paid

bp = Blueprint("payruns", __name__, url_prefix="/manage/payruns")
LINKS = [
    Link("payruns.index", N_("Lượt trả bà con"), "people", N_("Trả nhiều nhà một lần"), frozenset(STAFF)),
]


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"RUN_TEXT": rules.RUN_TEXT, "LINE_TEXT": rules.LINE_TEXT, "LINE_KIND": rules.LINE_KIND,
            "WHY_TEXT": rules.WHY_TEXT}  # fmt: skip


def _own() -> int:
    return actor().organisation_id or 0


@bp.get("")
@roles(*STAFF)
def index() -> ResponseReturnValue:
    """Every run, the newest first."""
    page = max(1, request.args.get("page", 1, type=int))
    found, page_count = queries.runs(_own(), page)
    return render_template("payments/payruns/index.html", found=found, page=page, page_count=page_count)


def _choice(form: Any) -> Choice:
    return Choice(form.upto_on.data, form.least_vnd.data or 0, form.most_vnd.data)


@bp.get("/new")
@roles(*STAFF)
def new() -> ResponseReturnValue:
    """Who would be paid how much, and who not; nothing is written."""
    asked = request.args if "upto_on" in request.args else None
    form: Any = ChoiceForm(asked, meta={"csrf": False}, data={"upto_on": clock.today()})
    if asked is None:
        form.most_vnd.data = queries.funds(_own()).own_vnd
    return _preview(form, MakeForm(None), faulty=asked is not None and not form.validate())


@bp.post("/new")
@roles(*STAFF)
def make() -> ResponseReturnValue:
    """Make the run that was shown."""
    form: Any = MakeForm()
    who, made = actor(), []

    def save() -> None:
        with transaction():
            made.append(operations.make_run(who, _choice(form), form.key.data, form.digest.data or "").id)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for(".run", run_id=made[0]))
    return _preview(form, form, faulty=not form.upto_on.data)


def _preview(form: Any, made: Any, *, faulty: bool) -> ResponseReturnValue:
    own, shown = _own(), None
    if not faulty:
        shown = queries.planned(own, _choice(form))
        made.digest.data = shown.digest
        ids = [one.producer_id for one in shown.lines] + [one.producer_id for one in shown.left]
    page = render_template(
        "payments/payruns/new.html", form=form, made=made, plan=shown, funds=queries.funds(own),
        who=producer_views(ids) if shown else {}, limit_vnd=limit_on(own, clock.today()),
        second=shown is not None and queries.second_needed(own, shown.total_vnd),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _run_page(run: Payrun, form: Form | None = None) -> ResponseReturnValue:
    form = form or Form()
    page = render_template(
        "payments/payruns/run.html", seen=queries.run_view(run), form=form, me=actor().user_id,
        layouts=queries.layouts_on(clock.today()),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/<int:run_id>")
@roles(*STAFF)
def run(run_id: int) -> ResponseReturnValue:
    """One run: its lines, its sums, what can be done now."""
    return _run_page(queries.run_for(run_id, _own()))


DEEDS = {
    "approve": (operations.approve_run, N_("Đã duyệt. Bắt đầu chuyển được.")),
    "cancel": (operations.cancel_run, N_("Đã bỏ lượt trả này. Chưa nhà nào mất gì.")),
    "close": (operations.close_run, N_("Đã đóng lượt trả.")),
}


@bp.post("/<int:run_id>/<any(approve, cancel, close):deed>")
@roles(*STAFF)
def do(run_id: int, deed: str) -> ResponseReturnValue:
    """Approve, cancel or close a run."""
    found, form, who = queries.run_for(run_id, _own()), Form(), actor()
    verb, said = DEEDS[deed]

    def save() -> None:
        with transaction():
            verb(who, run_id)

    if form.validate_on_submit() and form.accepts(save):
        flash(_(said))
        return redirect(url_for(".run", run_id=run_id))
    return _run_page(found, form)


@bp.post("/<int:run_id>/sent")
@roles(*STAFF)
def sent_all(run_id: int) -> ResponseReturnValue:
    """The bank took the file: all lines that wait have gone."""
    found, form, who = queries.run_for(run_id, _own()), SentForm(), actor()
    counts: list[int] = []

    def save() -> None:
        with transaction():
            counts.extend(operations.send_all(who, run_id, form.reference.data or ""))

    if form.validate_on_submit() and form.accepts(save):
        flash(
            _(
                "Đã ghi %(sent)s lần chuyển. %(failed)s lần không chuyển được.",
                sent=counts[0],
                failed=counts[1],
            )
        )
        return redirect(url_for(".run", run_id=run_id))
    return _run_page(found, form)


@bp.post("/<int:run_id>/file")
@roles(*STAFF)
def file(run_id: int) -> ResponseReturnValue:
    """The bank's bulk file. Taking it is written down, because it names accounts."""
    found, form, who = queries.run_for(run_id, _own()), Form(), actor()
    kind = request.form.get("kind", "xlsx")
    if kind not in bulk.KINDS:
        raise Invalid(N_("Chọn XLSX hoặc CSV."))

    def save() -> None:
        with transaction():
            operations.take_file(who, run_id)

    if not (form.validate_on_submit() and form.accepts(save)):
        return _run_page(found, form)
    found = queries.run_for(run_id, _own())
    layout = queries.layouts_on(clock.today())[0]
    notes = [] if layout.verified else [layout.title]
    if current_app.config["DEMO"]:
        notes.append("Dữ liệu minh hoạ: đừng chuyển tiền thật.")
    rows = bulk.table(layout, _transfers(found))
    data = bulk.as_csv(notes, rows) if kind == "csv" else bulk.as_xlsx(notes, rows)
    answer = send_file(BytesIO(data), bulk.KINDS[kind], as_attachment=True,
                       download_name=f"{found.number}-{layout.id}.{kind}")  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _transfers(run: Payrun) -> list[bulk.Transfer]:
    """The bank lines that wait, with accounts as they were agreed to; one whose account changed is left out."""
    seen = queries.run_view(run)
    waiting = [one for one in seen.lines if one.method == "bank" and one.state == LineState.PLANNED]
    rows: list[bulk.Transfer] = []
    for one in waiting:
        account = _account(queries.line_of(run.id, one.id))
        if account is not None:
            rows.append(bulk.Transfer(
                len(rows) + 1, account.holder, account.number, account.bank_bin, account.bank_name, one.amount_vnd,
                rules.purpose(one.who.code, one.id),
            ))  # fmt: skip
    return rows


def _account(line: PayrunLine) -> Account | None:
    """The account that a line was agreed for; None when it has changed since."""
    found = payouts.account_of(line.producer_id)
    return found if found is not None and found.changed_at == line.account_changed_at else None


@bp.route("/<int:run_id>/lines/<int:line_id>", methods=["GET", "POST"])
@roles(*STAFF)
def line(run_id: int, line_id: int) -> ResponseReturnValue:
    """One producer of a run: why, the code that pays her, 'it has gone', 'it could not'."""
    run, who = queries.run_for(run_id, _own()), actor()
    found = queries.line_of(run.id, line_id)
    step = request.form.get("step")
    sent, failed = (
        SentForm(request.form if step == "sent" else None),
        FailForm(request.form if step == "failed" else None),
    )

    def save() -> None:
        with transaction():
            operations.send_line(who, run_id, line_id, sent.reference.data or "")

    def fail() -> None:
        with transaction():
            operations.fail_line(who, run_id, line_id, failed.reason.data or "")

    form, verb = (failed, fail) if step == "failed" else (sent, save)
    if request.method == "POST" and form.validate() and form.accepts(verb):
        return _onward(run_id, line_id)
    return _line_page(run, found, sent, failed)


def _onward(run_id: int, line_id: int) -> ResponseReturnValue:
    """To the next that waits, to the confirmation of cash, or back to the run with what happened said."""
    done = queries.line_of(run_id, line_id)
    if done.state == LineState.FAILED:
        flash(_("Chưa chuyển: %(why)s.", why=_(rules.WHY_TEXT.get(done.why, done.why))))
    if done.method == "cash" and done.payout_id:
        return redirect(url_for("confirmations.cash", payout_id=done.payout_id))
    after = queries.place(done).next_planned
    if after is None:
        return redirect(url_for(".run", run_id=run_id))
    return redirect(url_for(".line", run_id=run_id, line_id=after))


def _line_page(run: Payrun, found: PayrunLine, sent: Any, failed: Any) -> ResponseReturnValue:
    own = _own()
    account = _account(found) if found.method == "bank" and run.state == rules.RunState.OPEN else None
    code = None
    if account is not None and found.state == LineState.PLANNED:
        words = rules.purpose(producer_view(found.producer_id).code, found.id)
        payload = vietqr.build(account.bank_bin, account.number, amount_vnd=found.amount_vnd, purpose=words)
        code = payouts.Code(words, payload, vietqr.matrix(payload))
    faulty = next((form for form in (sent, failed) if form.errors or form.form_errors), None)
    page = render_template(
        "payments/payruns/line.html", run=run, line=found, who=producer_view(found.producer_id), to=account, code=code,
        place=queries.place(found), sent=sent, failed=failed, faulty=faulty or sent,
        why=why_paid(own, found.producer_id, found.owed_vnd, found.amount_vnd, run.book_seq),
        fate=fate(payout_in(own, found.payout_id)) if found.payout_id else None,
    )  # fmt: skip
    return page, 422 if faulty else 200


@bp.route("/returned/<int:payout_id>", methods=["GET", "POST"])
@roles(*STAFF)
def returned(payout_id: int) -> ResponseReturnValue:
    """The bank sent a payout back, of a run or not."""
    paid, who, form = payout_in(_own(), payout_id), actor(), BackForm()

    def save() -> None:
        with transaction():
            operations.take_return(who, payout_id, form.reason.data or "", form.on.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi tiền về. Khoản này lại là còn nợ, và nhà được báo."))
        return redirect(url_for("revenue.payout", payout_id=payout_id))
    page = render_template("payments/payruns/returned.html", paid=paid, form=form, fate=fate(paid),
                           who=producer_view(paid.producer_id))  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200
