"""The treasurer's page, and the book as a file."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.operations import audit
from accounts.rules import Role
from cooperatives.queries import of_organisation
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_
from revenue.closing import queries as closing
from revenue.export.files import SUFFIXES, written
from revenue.ledger.queries import ledger_id
from revenue.treasury import queries
from revenue.treasury.rules import AGES

bp = Blueprint("treasury", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "hledger": "text/plain; charset=utf-8", "beancount": "text/plain; charset=utf-8",
}  # fmt: skip


def own_organisation() -> int:
    """The organisation of the role worn now, which is a cooperative."""
    return int(of_organisation(actor().organisation_id).organisation_id or 0)


@bp.get("/manage/money/treasurer")
@roles(*STAFF)
def index() -> ResponseReturnValue:
    """What there is, what is coming, what is owed; the months; the book as a file."""
    own = own_organisation()
    book, held = ledger_id(own), queries.held_by_carriers(own)
    closings = {one.month: one for one in reversed(closing.closings(book))} if book else {}
    return render_template(
        "revenue/treasury/index.html", where=queries.position(own), held=held, ages=queries.by_age(held), AGES=AGES,
        months=closing.months(book) if book else [], closings=closings,
        until=closing.closed_until(book) if book else None,
    )  # fmt: skip


@bp.get("/manage/money/book/<any(xlsx, hledger, beancount):form>")
@roles(*STAFF)
def book(form: str) -> ResponseReturnValue:
    """The whole book of the cooperative as a file. Who took it stands in the audit chain."""
    own = own_organisation()
    with transaction():
        audit(actor(), "export_book", f"organisation:{own}", fields=(form,))
    made = written(form, own)
    if made is None:
        raise NotFound(N_("Sổ chưa có bút toán nào."), remedy=N_("Ghi số dư đầu kỳ trước."))
    name = f"so-cai-{clock.today():%Y-%m-%d}.{SUFFIXES[form]}"
    return Response(made, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"',
                                                             "Cache-Control": "no-store"})  # fmt: skip
