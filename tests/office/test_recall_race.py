"""A recall while somebody packs, on PostgreSQL: neither waits for the other for ever, and nothing recalled leaves."""

from typing import Any

import pytest
from flask import Flask

from core.db import db
from office.operations import recall
from orders import queries as orders
from orders.operations import Pick, pack
from revenue.audit.queries import faults
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import pay, place_order
from tests.factories.traceability import create_lot
from tests.payments.test_races import race
from traceability.stock.queries import differences

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("spare", [0, 10])
def test_a_recall_and_a_packing_at_the_same_instant_both_end(pg_app: Flask, spare: int) -> None:
    with pg_app.app_context():
        coop = create_cooperative()
        product = create_product(coop).packs[0]
        lot_id = create_lot(coop, product, 2).id
        order = place_order([(product, 2)])[0]
        pay(order)
        order_id, line_id, manager = order.id, orders.lines(order.id)[0].id, manager_of(coop)
        if spare:
            create_lot(coop, product, spare)
        db.session.remove()

    def deed(number: int) -> Any:
        if number:
            return pack(manager, order_id, [Pick(line_id, lot_id, 2)]).state
        return recall(manager, lot_id, "Gói bị ẩm")

    first = race(pg_app, deed)[0]
    assert first.lots
    with pg_app.app_context():
        state = orders.order(order_id).state
        assert state == "cancelled" or (spare and state == "to_pack")
        assert lot_id not in {
            held.lot_id for held in orders.allocations(order_id) if not held.returned_quantity
        }
        assert differences() == [] and list(faults()) == []
