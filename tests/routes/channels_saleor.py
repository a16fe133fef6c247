"""Who may speak for a shop, see the shops, sell there, and look at an order that waits."""

from typing import Any

from accounts.rules import Role
from tests.routes.row import ANYBODY, Row, nothing

MANAGER = frozenset({Role.MANAGER})
POST = ("POST",)


def _held(world: Any) -> dict[str, Any]:
    return {"instance_id": world.saleor_order.instance_id, "row_id": world.saleor_order.id}


def _shop(world: Any) -> dict[str, Any]:
    return {"instance_id": world.saleor_order.instance_id}


def _none(_world: Any) -> dict[str, Any]:
    return {"instance_id": 999}


def _pause(world: Any) -> dict[str, Any]:
    return _shop(world) | {"what": "pause"}


ROWS = [
    Row("saleor.app_manifest", ANYBODY, page=False),
    # Anybody may knock; without an address on the list, or a fitting signature, it is refused.
    Row("saleor.handshake", ANYBODY, page=False, methods=POST),
    Row("saleor.knocked", ANYBODY, page=False, methods=POST),
    Row("saleor.refund_wanted", ANYBODY, page=False, methods=POST),
    Row("saleor.shipping", ANYBODY, page=False, methods=POST),
    Row("saleor.index", MANAGER),
    # A shop is its collector's: nobody of a cooperative may open it.
    Row("saleor.allow", MANAGER, foreign=nothing, page=False, methods=("GET", "POST")),
    Row("saleor.try_out", MANAGER, own=_shop, foreign=_shop, page=False, methods=POST),
    Row("saleor.switch", MANAGER, own=_pause, foreign=_pause, page=False, methods=POST),
    Row("saleor.order", MANAGER, own=_held, foreign=_held, page=False, methods=("GET", "POST")),
    Row("saleor.refuse", MANAGER, own=_held, foreign=_held, page=False, methods=POST),
    Row("saleor.sell", MANAGER, own=lambda w: _shop(w) | {"what": "join"},
        foreign=lambda w: _none(w) | {"what": "join"}, page=False, methods=POST),
    Row("saleor.again", MANAGER, own=_shop, foreign=_none, page=False, methods=POST),
]  # fmt: skip
