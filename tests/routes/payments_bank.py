"""Who may open the pages of the bank rail and of cash on delivery."""

from typing import Any

from accounts.rules import Role
from tests.routes.payments import _transfer
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
]  # fmt: skip
