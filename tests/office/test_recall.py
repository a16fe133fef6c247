"""A lot is stopped: everything made from it, every open order, every buyer."""

import pytest
from flask import Flask

from core.db import db, transaction
from core.errors import NotFound
from messages.models import Message
from office.operations import recall
from orders import queries as orders
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import pay, place_order, shipped
from tests.factories.traceability import create_lot


def test_buyers_of_a_recalled_lot_are_told_and_open_orders_take_another_lot(ctx: Flask) -> None:
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    first = create_lot(coop, pack, 5).id
    gone = shipped(place_order([(pack, 2)])[0]).id
    waiting = place_order([(pack, 3)])[0]
    pay(waiting)
    waiting_id = waiting.id
    second = create_lot(coop, pack, 10).id
    manager = manager_of(coop)
    with transaction():
        report = recall(manager, first, "Gói bị ẩm")
    assert (report.refilled, report.cancelled, report.told) == (1, (), 1)
    assert {held.lot_id for held in orders.allocations(waiting_id)} == {second}
    told = db.session.query(Message).filter(Message.key.like("%recall%")).one()
    assert told.key == f"order:{gone}:recall:{first}" and "Gói bị ẩm" in told.body
    with transaction():
        assert recall(manager, first, "Gói bị ẩm").refilled == 0
    assert db.session.query(Message).filter(Message.key.like("%recall%")).count() == 1


def test_an_order_that_no_other_lot_can_fill_is_cancelled_and_paid_back(ctx: Flask) -> None:
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    lot_id = create_lot(coop, pack, 5).id
    order = place_order([(pack, 3)])[0]
    pay(order)
    order_id, code = order.id, order.code
    manager = manager_of(coop)
    with transaction():
        assert recall(manager, lot_id, "Gói bị ẩm").cancelled == (code,)
    assert orders.order(order_id).state == "cancelled"
    from payments.queries import refund_due

    assert refund_due(order_id) == orders.order(order_id).total_vnd


def test_nobody_recalls_another_cooperatives_lot(ctx: Flask) -> None:
    ours, theirs = create_cooperative("HTX A"), create_cooperative("HTX B")
    lot_id = create_lot(theirs, create_product(theirs).packs[0], 5).id
    manager = manager_of(ours)
    with pytest.raises(NotFound), transaction():
        recall(manager, lot_id, "Không phải của mình")
