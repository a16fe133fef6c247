"""Orders made through the verbs, without any payment row; for tests of orders alone."""

import secrets

from catalog.models import Pack
from cooperatives import queries as cooperatives
from core.db import db, transaction
from orders import operations, queries
from orders.models import Order
from orders.operations import Buyer, Pick, Wanted
from orders.rules import Method
from tests.factories.accounts import actor_for
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.places import commune
from tests.factories.traceability import create_lot

PHONE = "+84912345678"


def stocked(quantity=20, coop=None, **product) -> Pack:
    """A pack on sale with so many pieces in the store, of a new cooperative unless given."""
    coop = coop or create_cooperative()
    pack = create_product(coop, **product).packs[0]
    create_lot(coop, pack, quantity)
    return db.session.get_one(Pack, pack.id)


def buyer(phone=PHONE, name="Đỗ Minh Mẫu", **more) -> Buyer:
    """Somebody in Hà Nội."""
    return Buyer(name, phone, commune("Cầu Giấy").id, more.pop("address_line", "Số 8, ngõ Mẫu"), **more)


def create_orders(lines=None, method="vietqr", *, key=None, who=None, **more) -> list[Order]:
    """Order packs [(pack, pieces)…]: one order per cooperative."""
    wanted = [Wanted(pack.id, quantity) for pack, quantity in lines or [(stocked(), 2)]]
    who = who or buyer()
    with transaction():
        made = operations.create_purchase(
            key or secrets.token_urlsafe(12), who, wanted, Method(method), **more
        )
    return queries.orders_of(made.id)


def create_order(lines=None, method="vietqr", **more) -> Order:
    """The first order of `create_orders`."""
    return create_orders(lines, method, **more)[0]


def manager_of_order(order, role="manager"):
    """A new person of the cooperative that sells an order."""
    from accounts.rules import Role

    return actor_for(Role(role), cooperatives.cooperative(order.cooperative_id).organisation_id)


def proposed_picks(order) -> list[Pick]:
    """The lots that the reservation proposed."""
    return [Pick(one.order_line_id, one.lot_id, one.quantity) for one in queries.allocations(order.id)]
