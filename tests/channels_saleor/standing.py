"""A shop as rows alone, with a product that it refused and an order that waits: for pages that are only looked at."""

from typing import Any

from channels.saleor import queries
from channels.saleor.models import SaleorInstance, SaleorListing, SaleorOrder
from channels.saleor.operations import allow_instance, sell_there
from core import clock
from core.crypto import encrypt
from core.db import db, transaction
from tests.factories.accounts import actor_for


def stand(collector: Any, coop: Any, product_id: int) -> SaleorOrder:
    """The order that waits; its shop sells a cooperative's goods and was never reached."""
    with transaction():
        shop = allow_instance(collector, "Chợ trên mây", "https://shop.example/graphql/", "vietnam")
        shop_id = shop.id
        shop.token = encrypt("token", field=queries.FIELD, owner=queries.owner_of(shop_id))
        shop.state, shop.failures_count, shop.failed_why, shop.failed_at = (
            "installed",
            4,
            "ConnectError",
            clock.now(),
        )
        shop.pause_until, shop.heard_at = clock.now(), clock.now()
    with transaction():
        sell_there(actor_for("manager", coop.organisation_id), shop_id, joined=True)
        db.session.add(SaleorListing(
            instance_id=shop_id, product_id=product_id, state="failed", hint="x", fault="INVALID_PRICE",
            fault_text="price Value must be positive", due_at=clock.now(),
        ))  # fmt: skip
        held = SaleorOrder(
            instance_id=shop_id, remote_id="Order:1", number="17", state="held", problem="address",
            problem_text="Ở quê", work_state="done", created_at=clock.now(),
        )  # fmt: skip
        db.session.add(held)
    assert db.session.get_one(SaleorInstance, shop_id).token
    return held
