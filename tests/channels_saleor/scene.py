"""A shop that is connected, a cooperative that sells there, and a buyer who buys there."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from accounts.rules import Actor, Role
from channels.saleor import tasks
from channels.saleor.installing import install
from channels.saleor.models import SaleorInstance, SaleorListing, SaleorOrder
from channels.saleor.operations import allow_instance, knock, sell_there
from channels.saleor.rules import pack_ref
from core import clock
from core.db import db, transaction
from orders import queries as orders
from orders.models import Order
from places.queries import shipping_quote
from revenue.collector.operations import open_collector
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import create_cooperative
from tests.factories.orders import stocked
from tests.factories.places import commune
from tests.saleor_server.server import SaleorServer


@dataclass
class Scene:
    """Who and what there is."""

    server: SaleorServer
    collector: Actor
    coop: Any
    manager: Actor
    instance_id: int
    pack: Any = None  # ten pieces of it are for sale there

    @property
    def shop(self) -> Any:
        """What the other side keeps."""
        return self.server.shop

    def row(self) -> SaleorInstance:
        """The shop's row, read anew."""
        return db.session.get_one(SaleorInstance, self.instance_id, populate_existing=True)

    def publish(self) -> int:
        """One round of the outbox."""
        return tasks.publish()

    def knock(self, order: dict[str, Any]) -> None:
        """The shop tells that something happened to an order."""
        with transaction():
            knock(self.instance_id, order["id"], order["number"])

    def settle(self) -> None:
        """Let the worker go round until nothing is left to do."""
        for _round in range(6):
            if not tasks.reconcile():
                return
        raise AssertionError("the two sides never agree")

    def buy(self, pack: Any, quantity: int = 2, *, pay: bool = False, **address: str) -> dict[str, Any]:
        """A buyer in Hà Nội orders there at the price of delivery that we name."""
        order = self.shop.buy(
            [(pack_ref(pack.id), quantity)], shipping=self.shipping(pack, quantity), **address
        )
        if pay:
            self.shop.pay(order)
        self.knock(order)
        self.settle()
        return order

    def shipping(self, pack: Any, quantity: int) -> int:
        """What sending it to Hà Nội costs."""
        home = commune("Cầu Giấy").id
        return shipping_quote(
            self.coop.commune_id, home, pack.gross_weight_g * quantity, clock.today()
        ).price_vnd

    def ours(self, order: dict[str, Any]) -> list[Order]:
        """Our orders of an order there."""
        row = self.order_row(order)
        assert row.purchase_id is not None, row.problem
        db.session.expire_all()
        return orders.orders_of(row.purchase_id)

    def order_row(self, order: dict[str, Any]) -> SaleorOrder:
        """Our row of an order there."""
        wanted = select(SaleorOrder).where(SaleorOrder.remote_id == order["id"])
        return db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one()

    def listings(self) -> list[SaleorListing]:
        """The outbox, read anew."""
        wanted = select(SaleorListing).order_by(SaleorListing.id).execution_options(populate_existing=True)
        return list(db.session.execute(wanted).scalars())


def connected(server: SaleorServer, coop: Any = None) -> Scene:
    """A shop of a collector, installed; a cooperative that sells there."""
    with transaction():
        collector_id = open_collector("Bên thu hộ Thử Nghiệm").id
    collector = actor_for(Role.MANAGER, organisation_id=collector_id)
    with transaction():
        made = allow_instance(collector, "Chợ trên mây", server.url, "vietnam")
        instance_id = made.id
    install(server.url, server.shop.token)
    coop = coop or create_cooperative()
    manager = actor_for(Role.MANAGER, organisation_id=coop.organisation_id)
    with transaction():
        sell_there(manager, instance_id, joined=True)
    return Scene(server, collector, coop, manager, instance_id)


def on_sale(scene: Scene, quantity: int = 20, **product: Any) -> Any:
    """A pack of the cooperative that the shop has."""
    pack = stocked(quantity, scene.coop, **product)
    scene.publish()
    return pack


def later(**span: float) -> Any:
    """The clock so much later."""
    return clock.use(clock.now() + timedelta(**span))
