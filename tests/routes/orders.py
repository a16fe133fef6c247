"""Who may open the cooperative's order pages."""

from typing import Any

from accounts.rules import Role
from tests.routes.row import Row

READERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM, Role.TREASURER})
PACKERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM})
POST = ("POST",)


def _own(world: Any) -> dict[str, int]:
    return {"order_id": world.shipped_order.id}


def _foreign(world: Any) -> dict[str, int]:
    return {"order_id": world.other_order.id}


def _no_problem(order: str) -> Any:
    return lambda world: {"order_id": getattr(world, order).id, "problem_id": 999_999}


ROWS = [
    Row("orders.board", READERS),
    Row("orders.order", READERS, own=_own, foreign=_foreign),
    Row("orders.slip", READERS, own=_own, foreign=_foreign),
    Row("orders.confirm", PACKERS, own=lambda w: {"order_id": w.cod_order.id}, foreign=_foreign,
        post=lambda w: {"how": "call"}, page=False, methods=POST),
    Row("orders.pack", PACKERS, own=lambda w: {"order_id": w.paid_order.id}, foreign=_foreign, methods=("GET", "POST")),
    Row("orders.ship", PACKERS, own=lambda w: {"order_id": w.packed_order.id}, foreign=_foreign,
        post=lambda w: {"carrier": "GHN", "tracking_number": "GAB1"}, page=False, methods=POST),
    Row("orders.answer", PACKERS, own=_no_problem("shipped_order"), foreign=_no_problem("other_order"),
        page=False, methods=POST),
    Row("orders.problem_photo", READERS, own=_no_problem("shipped_order"), foreign=_no_problem("other_order"),
        page=False),
]  # fmt: skip
