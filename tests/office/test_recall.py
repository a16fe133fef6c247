"""A lot is stopped: everything made from it, every open order, every buyer."""

from datetime import date

import pytest
from flask import Flask

from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from messages.models import Message
from office.operations import recall
from orders import queries as orders
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import packed, pay, place_order, shipped
from tests.factories.traceability import create_bulk, create_lot, open_batch
from traceability.models import Lot
from traceability.operations import add_lot, close_batch, pack_lot, plan_lot
from traceability.stock.queries import differences


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


def messages(word: str) -> list[str]:
    """What was written to buyers with a word in its key."""
    found = db.session.query(Message).filter(Message.key.like(f"%{word}%")).order_by(Message.id)
    return [one.body for one in found]


def test_a_parcel_that_has_not_left_stays_and_its_money_goes_back(ctx: Flask) -> None:
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    lot_id = create_lot(coop, pack, 5).id
    order = packed(place_order([(pack, 2)])[0])
    order_id, code = order.id, order.code
    manager = manager_of(coop)
    with transaction():
        report = recall(manager, lot_id, "Gói bị ẩm")
    assert (report.cancelled, report.told) == ((code,), 0)
    assert orders.order(order_id).state == "cancelled"
    assert [held.returned_quantity for held in orders.allocations(order_id)] == [2]
    from payments.queries import refund_due

    assert refund_due(order_id) == orders.order(order_id).total_vnd
    assert differences() == []


def test_a_buyer_who_now_waits_for_a_promise_is_told_the_day(ctx: Flask) -> None:
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    first = create_lot(coop, pack, 5).id
    order = place_order([(pack, 2)])[0]
    pay(order)
    order_id, pack_id, manager = order.id, pack.id, manager_of(coop)
    with transaction():
        planned = plan_lot(manager, pack_id, 10, date(2026, 12, 20)).id
    with transaction():
        assert recall(manager, first, "Gói bị ẩm").refilled == 1
    assert {held.lot_id for held in orders.allocations(order_id)} == {planned}
    assert ["20/12/2026" in body for body in messages(":waits:")] == [True]


def test_one_message_names_every_lot_of_a_parcel_and_ends_the_reason_once(ctx: Flask) -> None:
    coop = create_cooperative()
    product = create_product(coop)
    raw_id = create_bulk(coop, create_product(coop, "Tinh bột"), 10_000).id
    manager, codes = manager_of(coop), []
    pack, product_id, pack_id = product.packs[0], product.id, product.packs[0].id
    for _lot in range(2):
        batch_id = open_batch(coop).id
        with transaction():
            add_lot(manager, batch_id, raw_id, 1_000)
            made = close_batch(manager, batch_id, [(product_id, 1_000, date(2026, 11, 22), None)])[0]
            pack_lot(manager, made.id, pack_id, 2)
            codes.append(made.code)
    shipped(place_order([(pack, 4)])[0])
    with transaction():
        report = recall(manager, raw_id, "Bột bị mốc.")
    assert (len(report.lots), report.told) == (3, 1)
    [body] = messages(":recall:")
    assert ", ".join(sorted(codes)) in body and "Bột bị mốc. Đừng" in body


def test_a_recall_without_a_reason_stops_nothing(ctx: Flask) -> None:
    coop = create_cooperative()
    lot = create_lot(coop, create_product(coop).packs[0], 5)
    lot_id, manager = lot.id, manager_of(coop)
    with pytest.raises(Invalid), transaction():
        recall(manager, lot_id, "  ")
    assert db.session.get_one(Lot, lot_id).state == "open"


def test_a_batch_that_holds_a_recalled_lot_cannot_be_closed(ctx: Flask) -> None:
    coop = create_cooperative()
    product = create_product(coop)
    lot_id, product_id, manager = create_bulk(coop, product, 1_000).id, product.id, manager_of(coop)
    batch_id = open_batch(coop).id
    with transaction():
        add_lot(manager, batch_id, lot_id, 100)
    with transaction():
        recall(manager, lot_id, "Bột bị mốc")
    with pytest.raises(Conflict, match="thu hồi"), transaction():
        close_batch(manager, batch_id, [(product_id, 100, date(2026, 11, 22), None)])
