"""Who may open the page on which an order is weighed."""

from typing import Any

from accounts.rules import Role
from tests.routes.row import Row


def _to_weigh(world: Any) -> dict[str, int]:
    """An order of the cooperative whose goods are weighed at packing."""
    from cooperatives.models import Cooperative
    from core.db import db
    from tests.factories.payments import pay, place_order
    from tests.factories.weighed import by_weight

    coop = db.session.get_one(Cooperative, world.paid_order.cooperative_id)
    order = place_order([(by_weight(coop=coop), 1)], phone="+84911111112")[0]
    order_id = order.id
    pay(order)
    return {"order_id": order_id}


ROWS = [
    Row(
        "scale.weigh",
        frozenset({Role.MANAGER, Role.DIGITAL_TEAM}),
        own=_to_weigh,
        foreign=lambda w: {"order_id": w.other_order.id},
        methods=("GET", "POST"),
    ),
]
