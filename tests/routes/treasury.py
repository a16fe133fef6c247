"""Who may open the treasurer's pages, a month's, and the way of an order's money."""

from datetime import UTC, datetime
from typing import Any

from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from revenue.closing.operations import close_month
from revenue.closing.queries import closings
from revenue.ledger.queries import ledger_id
from tests.routes.revenue import first_entry
from tests.routes.row import Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})


def this_month(coop: Any) -> str:
    """The month of today; the book is opened if there is none."""
    first_entry(coop)
    return f"{clock.today():%Y-%m}"


def first_close(coop: Any) -> int:
    """The id of a closing of last month, closed now if there is none."""
    first_entry(coop)
    book, own = ledger_id(coop.organisation_id) or 0, coop.organisation_id
    found = closings(book)
    if found:
        return found[0].id
    with clock.use(datetime(2026, 12, 5, tzinfo=UTC)):
        month = clock.today().replace(month=1)  # long gone: the other pages' entries stay possible
        with transaction():
            return close_month(Actor(None, Role.SYSTEM, own), month)


ROWS = [
    Row("treasury.index", STAFF),
    Row("treasury.book", STAFF, own=lambda w: {"form": first_entry(w.coop) and "xlsx"}, page=False),
    Row("closing.month", STAFF, own=lambda w: {"said": this_month(w.coop)}, methods=("GET", "POST")),
    Row("closing.reopen", STAFF, own=lambda w: {"close_id": first_close(w.coop)},
        foreign=lambda w: {"close_id": first_close(w.other_coop)}, methods=("GET", "POST")),
    Row("tracing.order", STAFF, own=lambda w: {"said": str(w.shipped_order.id)},
        foreign=lambda w: {"said": str(w.other_order.id)}),
]  # fmt: skip
