"""An order's way: confirm, pack by lot, ship, problems, letting go of goods."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from messages.models import Message
from orders import operations, queries
from orders.models import Problem
from orders.operations import Pick
from orders.problems.operations import close_problem, report_problem
from orders.rules import Event, State
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.orders import create_order, manager_of_order, proposed_picks, stocked
from tests.factories.traceability import create_lot
from traceability.stock.queries import available, stock_of_lot

pytestmark = pytest.mark.usefixtures("ctx")


def confirmed(pack=None, quantity=2):
    order = create_order([(pack or stocked(), quantity)], "cod")
    actor = manager_of_order(order)
    with transaction():
        operations.confirm(actor, order.id, "call")
    return order, actor


def packed(pack=None, quantity=2):
    order, actor = confirmed(pack, quantity)
    with transaction():
        operations.pack(actor, order.id, proposed_picks(order))
    return order, actor


def shipped():
    order, actor = packed()
    with transaction():
        operations.ship(actor, order.id, "GHN", "GAB12345")
    return order, actor


def test_each_step_is_written_stamped_and_told_once():
    order, _actor = shipped()
    assert [event.event for event in queries.events(order.id)] == ["place", "confirm", "pack", "ship"]
    assert order.state == State.SHIPPED
    assert order.confirmed_at == order.packed_at == order.shipped_at == clock.now()
    keys = set(db.session.execute(select(Message.key).where(Message.kind == "order")).scalars())
    assert keys == {f"order:{order.id}:{event}" for event in ("place", "confirm", "pack", "ship")}


def test_steps_are_refused_out_of_turn():
    order, actor = confirmed()
    with transaction(), pytest.raises(Conflict):
        operations.ship(actor, order.id, "GHN", "")
    with transaction(), pytest.raises(Conflict):
        operations.confirm(actor, order.id, "call")


def test_the_past_of_an_order_cannot_be_rewritten():
    order = create_order()
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("UPDATE order_event SET note = 'x' WHERE order_id = :id"), {"id": order.id})


def test_another_cooperative_is_answered_as_if_there_were_no_order():
    order = create_order(method="cod")
    stranger = manager_of(create_cooperative())
    for act in (
        lambda: operations.confirm(stranger, order.id, "call"),
        lambda: operations.pack(stranger, order.id, []),
        lambda: operations.ship(stranger, order.id, "GHN", ""),
    ):
        with transaction(), pytest.raises(NotFound):
            act()


def test_a_treasurer_reads_but_does_not_pack():
    order = create_order(method="cod")
    with transaction(), pytest.raises(NotAllowed):
        operations.confirm(manager_of_order(order, Role.TREASURER), order.id, "call")


def test_packing_takes_the_goods_out_of_the_store():
    pack = stocked(5)
    order, _actor = packed(pack, 2)
    (held,) = queries.allocations(order.id)
    assert held.packed
    assert [(line.on_hand, line.reserved) for line in stock_of_lot(held.lot_id)] == [(3, 0)]


def test_the_packed_lot_may_differ_from_the_proposed_one():
    coop = create_cooperative()
    pack = stocked(5, coop)
    other = create_lot(coop, pack, 4).id
    order, actor = confirmed(pack, 2)
    (proposed,) = queries.allocations(order.id)
    assert proposed.lot_id != other
    with transaction():
        operations.pack(actor, order.id, [Pick(proposed.order_line_id, other, 2)])
    assert [(one.lot_id, one.quantity, one.packed) for one in queries.allocations(order.id)] == [
        (other, 2, True)
    ]
    assert available(pack.id, clock.today()).pieces == 7


@pytest.mark.parametrize("quantity", [1, 3])
def test_a_parcel_with_too_few_or_too_many_is_not_packed(quantity):
    order, actor = confirmed(quantity=2)
    (held,) = queries.allocations(order.id)
    with transaction(), pytest.raises(Invalid):
        operations.pack(actor, order.id, [Pick(held.order_line_id, held.lot_id, quantity)])
    assert queries.order(order.id).state == State.TO_PACK


def test_a_lot_of_other_goods_is_not_packed():
    order, actor = confirmed()
    other = create_order([(stocked(), 1)])
    (line,) = queries.lines(order.id)
    (foreign,) = queries.allocations(other.id)
    with pytest.raises((Conflict, NotFound, Invalid)), transaction():
        operations.pack(actor, order.id, [Pick(line.id, foreign.lot_id, 2)])


def test_shipping_needs_a_carrier_but_a_coach_gives_no_number():
    order, actor = packed()
    with transaction(), pytest.raises(Invalid):
        operations.ship(actor, order.id, "  ", "123")
    with transaction():
        operations.ship(actor, order.id, "Nhà xe", "")
    assert order.state == State.SHIPPED


def test_cancelling_frees_what_was_only_held_and_twice_changes_nothing():
    pack = stocked(5)
    order = create_order([(pack, 2)])
    with transaction():
        operations.advance(order, Event.CANCEL, operations.SYSTEM)
        operations.release_stock(order)
        operations.release_stock(order)
    assert available(pack.id, clock.today()).pieces == 5
    assert queries.allocations(order.id) == []


def test_a_refused_parcel_goes_to_quarantine_and_not_back_on_sale():
    pack = stocked(5)
    order, actor = packed(pack, 2)
    with transaction():
        operations.ship(actor, order.id, "GHN", "")
        operations.advance(order, Event.REFUSE, actor)
        operations.release_stock(order, actor)
        operations.release_stock(order, actor)
    assert available(pack.id, clock.today()).pieces == 3
    (held,) = queries.allocations(order.id)
    assert held.returned_quantity == 2
    assert {line.place: line.on_hand for line in stock_of_lot(held.lot_id)} == {"store": 3, "quarantine": 2}


def test_late_money_brings_an_order_back_while_goods_are_left():
    pack = stocked(2)
    order = create_order([(pack, 2)])
    with transaction():
        operations.advance(order, Event.EXPIRE, operations.SYSTEM)
        operations.release_stock(order)
    with clock.use(clock.now() + timedelta(hours=5)):
        with transaction():
            operations.revive(order)
        assert order.state == State.AWAITING_PAYMENT
        assert order.hold_until > clock.now()
    assert available(pack.id, clock.today()).pieces == 0


def test_late_money_finds_the_goods_gone():
    pack = stocked(2)
    order = create_order([(pack, 2)])
    with transaction():
        operations.advance(order, Event.EXPIRE, operations.SYSTEM)
        operations.release_stock(order)
    create_order([(pack, 1)])
    with pytest.raises(Conflict), transaction():
        operations.revive(order)
    assert queries.order(order.id).state == State.EXPIRED


def test_orders_past_their_hold_are_found_and_others_not():
    order = create_order()
    assert queries.past_hold(clock.now()) == []
    assert queries.past_hold(clock.now() + timedelta(minutes=61)) == [order.id]


def test_a_parcel_with_an_open_complaint_is_not_counted_as_delivered():
    order, actor = shipped()
    later = clock.now() + timedelta(days=8)
    assert queries.shipped_before(later) == [order.id]
    with transaction():
        problem = report_problem(order.token, "Một chai bị vỡ", kind="broken")
    assert queries.shipped_before(later) == []
    with transaction():
        close_problem(actor, problem.id, "Đã gửi bù một chai")
    assert queries.shipped_before(later) == [order.id]


def test_a_report_sent_twice_is_one_report_and_its_answer_reaches_the_buyer():
    order, actor = shipped()
    with transaction():
        first = report_problem(order.token, "Vỡ <script>", key="one-form-key")
        again = report_problem(order.token, "Vỡ <script>", key="one-form-key")
    assert first.id == again.id
    with transaction():
        close_problem(actor, first.id, "Gửi bù hôm nay")
    told = db.session.execute(select(Message.body).where(Message.key.like("%:answer:%"))).scalar_one()
    assert "Gửi bù hôm nay" in told


def test_nothing_is_reported_before_packing_or_long_after_delivery():
    with transaction(), pytest.raises(Conflict):
        report_problem(create_order().token, "chưa tới")
    order, actor = shipped()
    with transaction():
        operations.advance(order, Event.DELIVER, actor)
    with clock.use(clock.now() + timedelta(days=15)), transaction(), pytest.raises(Conflict):
        report_problem(order.token, "hỏng")
    assert db.session.execute(select(Problem)).first() is None


def test_another_cooperative_cannot_answer():
    order, _actor = shipped()
    with transaction():
        problem = report_problem(order.token, "Vỡ")
    with transaction(), pytest.raises(NotFound):
        close_problem(manager_of(create_cooperative()), problem.id, "x")


def test_refunded_packs_never_exceed_those_sold():
    order = create_order([(stocked(), 2)])
    (line,) = queries.lines(order.id)
    with transaction():
        operations.mark_refunded(line.id, 2)
    with transaction(), pytest.raises(Invalid):
        operations.mark_refunded(line.id, 1)


def test_of_two_who_move_an_order_at_once_one_gets_a_conflict():
    order = create_order(method="cod")
    with transaction():
        db.session.execute(text("UPDATE sale_order SET state = 'cancelled' WHERE id = :id"), {"id": order.id})
        with pytest.raises(Conflict):
            operations.advance(order, Event.CONFIRM, operations.SYSTEM)
