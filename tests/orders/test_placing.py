"""Ordering: one purchase, one order per cooperative, all or nothing, once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from messages.models import Message
from orders import operations, queries
from orders.models import Allocation, Order, OrderLine, Purchase
from orders.operations import Changed, Wanted
from orders.rules import COD_OPEN_MAX, Event, Method, State, is_code
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.orders import buyer, create_order, create_orders, stocked
from tests.factories.traceability import create_lot
from traceability.rules import OutOfStock
from traceability.stock.queries import available

pytestmark = pytest.mark.usefixtures("ctx")


def count(model):
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_two_cooperatives_make_two_orders_with_their_own_code_link_and_delivery():
    made = create_orders([(stocked(), 2), (stocked(), 1)])
    assert len({order.code for order in made}) == len({order.token for order in made}) == 2
    assert all(is_code(order.code) for order in made)
    assert len({order.purchase_id for order in made}) == 1
    for order in made:
        assert order.shipping_vnd > 0
        assert order.total_vnd == order.goods_vnd + order.shipping_vnd
        assert order.state == State.AWAITING_PAYMENT
        assert order.hold_until == clock.now() + timedelta(minutes=60)


def test_cash_on_delivery_waits_for_a_call_and_holds_without_an_hour():
    order = create_order(method="cod")
    assert (order.state, order.hold_until) == (State.TO_CONFIRM, None)


def test_each_order_can_be_paid_its_own_way():
    first, second = stocked(), stocked()
    ways = {queries_seller(first): Method.COD, queries_seller(second): Method.VIETQR}
    with transaction():
        made = operations.create_purchase(
            "key-of-two", buyer(), [Wanted(first.id, 1), Wanted(second.id, 1)], ways
        )
    assert {order.cooperative_id: order.method for order in queries.orders_of(made.id)} == ways


def queries_seller(pack):
    from catalog.queries import pack_fact

    return pack_fact(pack.id).cooperative_id


def test_lines_keep_the_name_and_price_of_that_day():
    pack = stocked(price_vnd=65_000)
    order = create_order([(pack, 3)])
    with transaction():
        pack.price_vnd = 90_000
    (line,) = queries.lines(order.id)
    assert (line.unit_price_vnd, line.quantity, line.total_vnd) == (65_000, 3, 195_000)


def test_goods_are_held_by_lot_and_no_longer_for_sale():
    pack = stocked(5)
    order = create_order([(pack, 2)])
    (held,) = queries.allocations(order.id)
    assert (held.quantity, held.packed) == (2, False)
    assert available(pack.id, clock.today()).pieces == 3


def test_the_lot_that_expires_first_is_taken_first_and_a_line_may_need_two():
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    late = create_lot(coop, pack, 3, expires_on=clock.today() + timedelta(days=200)).id
    soon = create_lot(coop, pack, 2, expires_on=clock.today() + timedelta(days=40)).id
    order = create_order([(pack, 4)])
    assert [(one.lot_id, one.quantity) for one in queries.allocations(order.id)] == [(soon, 2), (late, 2)]


def test_too_few_left_orders_nothing_at_all():
    plenty, few = stocked(9), stocked(1)
    with pytest.raises(OutOfStock):
        create_orders([(plenty, 2), (few, 2)])
    assert [count(model) for model in (Purchase, Order, OrderLine, Allocation)] == [0] * 4
    assert db.session.execute(select(Message).where(Message.kind == "order")).first() is None
    assert available(plenty.id, clock.today()).pieces == 9


def test_a_lot_that_expired_between_cart_and_order_is_not_sold():
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    create_lot(coop, pack, 5, expires_on=clock.today() + timedelta(days=2))
    with clock.use(clock.now() + timedelta(days=4)), pytest.raises(OutOfStock):
        create_order([(pack, 1)])


def test_the_same_key_is_the_same_purchase():
    pack = stocked(5)
    first = create_order([(pack, 2)], key="tapped-twice")
    again = create_order([(pack, 2)], key="tapped-twice")
    assert again.id == first.id
    assert available(pack.id, clock.today()).pieces == 3


def test_the_same_key_with_other_goods_is_a_conflict():
    pack = stocked(5)
    create_order([(pack, 2)], key="tapped-twice")
    with pytest.raises(Conflict):
        create_order([(pack, 3)], key="tapped-twice")


def test_a_refused_order_gives_its_key_back():
    pack = stocked(1)
    with pytest.raises(OutOfStock):
        create_order([(pack, 2)], key="once-more")
    assert create_order([(pack, 1)], key="once-more").goods_vnd == pack.price_vnd


def test_the_same_pack_twice_is_one_line():
    pack = stocked(5)
    order = create_order([(pack, 2), (pack, 1)])
    assert [line.quantity for line in queries.lines(order.id)] == [3]


@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_quantities_out_of_bounds_are_refused(quantity):
    with pytest.raises(Invalid):
        create_order([(stocked(), quantity)])


def test_an_empty_order_is_refused():
    with transaction(), pytest.raises(Invalid):
        operations.create_purchase("nothing-in-it", buyer(), [], Method.COD)


def test_a_price_that_moved_is_asked_again():
    pack = stocked(price_vnd=70_000)
    with transaction(), pytest.raises(Changed):
        operations.create_purchase("old-price", buyer(), [Wanted(pack.id, 1, 65_000)], Method.COD)


def test_a_sum_that_moved_is_asked_again():
    with pytest.raises(Changed):
        create_order(agreed_total_vnd=1)


def test_goods_that_are_not_sold_any_more_are_refused():
    pack = create_product(create_cooperative(), published=False).packs[0]
    with pytest.raises(NotFound):
        create_order([(pack, 1)])


def test_open_cash_orders_of_one_phone_are_limited_and_closed_ones_not_counted():
    pack = stocked(20)
    made = [create_order([(pack, 1)], "cod") for _n in range(COD_OPEN_MAX)]
    with pytest.raises(Invalid):
        create_order([(pack, 1)], "cod")
    assert create_order([(pack, 1)], "cod", who=buyer(phone="+84987654321")).state == State.TO_CONFIRM
    with transaction():
        operations.advance(made[0], Event.CANCEL, operations.SYSTEM)
    assert create_order([(pack, 1)], "cod").state == State.TO_CONFIRM


def test_names_and_notes_are_cleaned_but_never_cut_into_html():
    order = create_order(who=buyer(name="  <b>Mẫu</b>\u202e  ", note="gọi\ttrước"))
    assert order.purchase.buyer_name == "<b>Mẫu</b>"


@pytest.mark.parametrize("who", [{"name": " \u200b "}, {"address_line": "  "}])
def test_a_parcel_needs_a_name_and_a_street(who):
    with pytest.raises(Invalid):
        create_order(who=buyer(**who))


def test_the_buyer_gets_one_message_with_the_link_in_the_language_of_the_purchase():
    order = create_order(who=buyer(language="en"))
    (message,) = db.session.execute(select(Message).where(Message.kind == "order")).scalars()
    assert message.to_address == order.purchase.buyer_phone
    assert f"/orders/{order.token}" in message.body
    assert order.code in message.body
    assert "giữ hàng" not in message.body
