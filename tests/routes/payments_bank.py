"""Who may open the pages of the bank rail and of cash on delivery."""

from typing import Any

from accounts.rules import Role
from tests.routes.payments import _refund, _transfer
from tests.routes.row import ANYBODY, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH = ("GET", "POST")


def _unpaid(world: Any) -> dict[str, str]:
    """The token of an order that waits for a transfer."""
    from tests.factories.payments import place_order

    return {"token": place_order([(world.pack, 1)], phone="+84911111111")[0].token}


def _account(order: Any) -> int:
    """The account that an order of a cooperative is paid to."""
    from cooperatives import queries as cooperatives
    from core import clock

    return cooperatives.active_account_id(order.cooperative_id, clock.now()) or 0


def _statement(order: Any) -> int:
    """A statement of an order's cooperative, with a line that cannot be read."""
    from core.db import transaction
    from payments.bank_statements.columns import COLUMNS
    from payments.bank_statements.operations import send_statement
    from payments.tables.files import read_rows
    from tests.factories.payments import staff_of

    data = b"Ngay;Ghi co;Noi dung\n21/11/2026;90000;khong ro\n21/11/2026;x;khong ro"
    with transaction():
        made = send_statement(staff_of(order), f"route-statement-{order.id}", _account(order), "saoke.csv",
                              "x/aa/none.csv", read_rows(data, COLUMNS))  # fmt: skip
    return made.id


def _proved(order: Any) -> int:
    """A refund of an order's cooperative whose slip is kept."""
    from core import files
    from core.db import db, transaction
    from payments.models import Refund

    refund_id = _refund(order)
    with transaction():
        db.session.get_one(Refund, refund_id).proof = files.put(b"RIFF0000WEBP", ".webp")
    return refund_id


def _guess(_world: Any) -> dict[str, str]:
    return {"token": "a-guessed-token-of-somebody"}


ROWS = [
    Row("transfers.picture", ANYBODY, own=_unpaid, foreign=_guess, page=False),
    Row("transfers.take", STAFF, own=lambda w: {"transfer_id": _transfer(w.order)},
        foreign=lambda w: {"transfer_id": _transfer(w.other_order)}, methods=("POST",), page=False),
    Row("transfers.undo", STAFF, own=lambda w: {"transfer_id": _transfer(w.order)},
        foreign=lambda w: {"transfer_id": _transfer(w.other_order)}, methods=("POST",), page=False),
    # Anybody may knock at payOS's door: the sender is proved by the signature under the account's key, else 401.
    Row("feeds.payos_webhook", ANYBODY, own=lambda w: {"account_id": 1}, methods=("POST",), page=False),
    Row("feeds.feed", STAFF, own=lambda w: {"account_id": _account(w.order)},
        foreign=lambda w: {"account_id": _account(w.other_order)}, methods=BOTH),
    Row("bank_statements.listing", STAFF, methods=BOTH),
    Row("bank_statements.statement", STAFF, own=lambda w: {"statement_id": _statement(w.order)},
        foreign=lambda w: {"statement_id": _statement(w.other_order)}, methods=BOTH),
    Row("refunds.proof", STAFF, own=lambda w: {"refund_id": _proved(w.order)},
        foreign=lambda w: {"refund_id": _proved(w.other_order)}, page=False),
]  # fmt: skip
