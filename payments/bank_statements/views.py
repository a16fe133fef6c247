"""Pages of statements: send a file, see what it would do, correct its columns, book it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from cooperatives.models import BankAccount
from core import files
from core.db import db, transaction
from core.forms import Form
from core.i18n import N_, _
from payments.bank_statements import operations, queries
from payments.bank_statements.columns import COLUMNS
from payments.bank_statements.forms import StatementForm
from payments.bank_statements.models import BankStatement
from payments.bank_statements.rules import OUTCOME_TEXT, STATE_TEXT, Outcome, State, lacking
from payments.feeds.queries import accounts_in_use
from payments.tables.files import FILE_MAX_BYTES, Rows, read_rows

bp = Blueprint("bank_statements", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)
AT_ONCE = 4  # turns booked while the person waits; the worker does the rest
LINKS = [Link("bank_statements.listing", N_("Sao kê ngân hàng"), "list", N_("Gửi tệp sao kê, tiền tự vào đơn"),
              frozenset(STAFF))]  # fmt: skip


def _rows_of(data: bytes) -> Rows:
    return read_rows(data, COLUMNS)


@bp.route("/manage/statements", methods=["GET", "POST"])
@roles(*STAFF)
def listing() -> ResponseReturnValue:
    """The statements sent before, and the form to send the next."""
    who, form = actor(), StatementForm()
    mine = cooperatives.of_organisation(who.organisation_id)
    used = accounts_in_use(mine.id)
    form.account_id.choices = [
        SelectChoice(str(one.id), f"{one.bank_name} {one.account_number}") for one in used
    ]
    made: list[int] = []
    if form.validate_on_submit() and form.accepts(lambda: made.append(_send(who, form))):
        return redirect(url_for("bank_statements.statement", statement_id=made[0]))
    return render_template("payments/statements.html", form=form, used=used, found=queries.statements(mine.id),
                           STATE=STATE_TEXT), _status(form)  # fmt: skip


def _send(who: Actor, form: Any) -> int:
    """Keep the file and read it; parsing stands outside the transaction."""
    sent = form.sheet.data
    data = sent.stream.read(FILE_MAX_BYTES + 1)
    rows = _rows_of(data)
    stored = files.put(data, ".xlsx" if data.startswith(b"PK") else ".csv")
    with transaction():
        return operations.send_statement(
            who, form.key.data, form.account_id.data, sent.filename or "", stored, rows
        ).id


def _status(form: Any) -> int:
    return 422 if form.errors or form.form_errors else 200


@bp.route("/manage/statements/<int:statement_id>", methods=["GET", "POST"])
@roles(*STAFF)
def statement(statement_id: int) -> ResponseReturnValue:
    """What a file says, line by line, and the three things that can be done with it."""
    who, form = actor(), Form()
    found = queries.statement_for(statement_id, who.organisation_id)
    steps: dict[str, Callable[[], object]] = {
        "columns": lambda: _columns(who, found.file, statement_id),
        "accept": lambda: _accept(who, statement_id),
        "drop": lambda: _drop(who, statement_id),
    }
    step = request.form.get("step", "")
    if step in steps and form.validate_on_submit() and form.accepts(steps[step]):
        flash({"columns": _("Đã đọc lại theo các cột này, và nhớ cho lần sau."), "accept": _("Đã ghi vào sổ."),
               "drop": _("Đã bỏ tệp này.")}[step])  # fmt: skip
        if step == "drop":
            return redirect(url_for("bank_statements.listing"))
        return redirect(url_for("bank_statements.statement", statement_id=statement_id))
    return _page(queries.statement_for(statement_id, who.organisation_id), form), _status(form)


def _columns(who: Actor, stored: str, statement_id: int) -> None:
    rows = _rows_of(files.read(stored))
    keys = [request.form.get(f"c-{n}", "") for n in range(len(request.form))]
    with transaction():
        operations.set_columns(who, statement_id, keys, rows)


def _accept(who: Actor, statement_id: int) -> None:
    with transaction():
        operations.accept_statement(who, statement_id)
    for _turn in range(AT_ONCE):
        with transaction():
            done = operations.apply_turn(statement_id)
        if done:
            return


def _drop(who: Actor, statement_id: int) -> None:
    with transaction():
        operations.drop_statement(who, statement_id)


def _page(found: BankStatement, form: Any) -> str:
    outcome = request.args.get("outcome", "")
    rows, page, pages = queries.lines(found.id, request.args.get("page", 1, type=int), outcome)
    keys = [key for _text, key in found.headings]
    missing = ", ".join(_(one) for one in lacking(keys)) if found.state == State.COLUMNS else ""
    return render_template(
        "payments/statement.html", form=form, found=found, rows=rows, page=page, pages=pages,
        account=db.session.get_one(BankAccount, found.bank_account_id), sums=queries.sums(found.id),
        lacking=missing, columns=COLUMNS, outcome=outcome,
        outcomes=list(Outcome), OUTCOME=OUTCOME_TEXT, STATE=STATE_TEXT, gaps=queries.gaps_of(found.id),
    )  # fmt: skip
