"""Buying by weight: prepaid at the top, priced by the scale, the difference owed back, stock in grams."""

import pytest
from sqlalchemy import select

from accounts.rules import SYSTEM
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from messages.models import Message
from orders import queries as orders
from orders.models import OrderLine
from orders.operations import Pick
from orders.weighed.queries import of_lines
from payments import operations
from payments.models import Refund
from payments.queries import payment_of, refund_due
from payments.refunds.queries import choices
from revenue.audit.queries import faults
from revenue.rules import AccountKind
from revenue.rules import order as order_subject
from revenue.split.operations import deliver
from tests.factories.payments import pay, place_order, staff_of
from tests.factories.weighed import add_lot, by_weight
from tests.payments.scene import balances, of
from tests.weighed.scene import manager_of, weigh
from traceability.models import Movement, Stock
from traceability.rules import OutOfStock
from traceability.stock.operations import count_stock
from traceability.stock.queries import differences

pytestmark = pytest.mark.usefixtures("ctx")


def _bought(pack, pieces=1, method="vietqr"):
    made = place_order([(pack, pieces)], method=method)[0]
    if method == "vietqr":
        pay(made)
    else:
        manager = staff_of(made)
        from orders.operations import confirm

        with transaction():
            confirm(manager, made.id, "call")
    db.session.expire_all()
    return orders.order(made.id)


def _stock(pack, place="store"):
    rows = (
        db.session.execute(select(Stock).where(Stock.pack_id == pack.id, Stock.place == place))
        .scalars()
        .all()
    )
    return sum(row.on_hand for row in rows), sum(row.reserved for row in rows)


def _ship_and_deliver(order):
    from orders.operations import ship

    manager = staff_of(order)
    with transaction():
        ship(manager, order.id, "Nhà xe", "")
    with transaction():
        deliver(manager, order.id)
    db.session.expire_all()


def _well():
    assert differences() == []
    assert list(faults()) == []


def test_the_pack_offers_as_many_pieces_as_its_grams_are_enough_for():
    pack = by_weight(10_000)
    assert pack.price_vnd == 192_000 and pack.net_quantity == 1_600
    assert pack.available == 6, "10 kg ÷ 1,6 kg"
    assert pack.label == "Con 1,2–1,6 kg"


def test_a_reservation_holds_the_top_of_the_band_and_packing_frees_what_was_not_used():
    pack = by_weight(10_000)
    order = _bought(pack, 2)
    assert order.goods_vnd == 384_000
    assert _stock(pack) == (10_000, 3_200)
    weigh(order, 1_300, 1_450)
    assert _stock(pack) == (7_250, 0)
    db.session.refresh(pack)
    assert pack.available == 4
    _well()


def test_the_difference_is_owed_back_by_itself_and_sent_like_any_refund():
    order = _bought(by_weight(), 2)
    weigh(order, 1_300, 1_450)
    line = orders.lines(order.id)[0]
    seen = of_lines([line.id])[line.id]
    assert (seen.packed_g, seen.packed_vnd, seen.back_vnd) == (2_750, 330_000, 54_000)
    assert seen.pieces == (1_300, 1_450)
    assert refund_due(order.id) == 54_000
    assert -of(order, AccountKind.REFUND_DUE, order_subject(order.id)) == 54_000
    assert -of(order, AccountKind.BUYER_PREPAYMENT, order_subject(order.id)) == 330_000 + order.shipping_vnd
    treasurer = staff_of(order)
    made = db.session.execute(select(Refund).where(Refund.order_id == order.id)).scalar_one()
    with transaction():
        operations.mark_sent(treasurer, made.id, "bank", "FT9")
    assert payment_of(order.id).state == "paid"
    _well()


def test_cash_on_delivery_collects_what_was_weighed():
    order = _bought(by_weight(), 1, "cod")
    weigh(order, 1_350)
    assert payment_of(order.id).amount_vnd == 162_000 + order.shipping_vnd
    assert refund_due(order.id) == 0
    from orders.operations import ship

    manager = staff_of(order)
    with transaction():
        ship(manager, order.id, "Bưu điện", "")
    with transaction():
        operations.collect_cod(manager, order.id)
    assert of(order, AccountKind.COD_RECEIVABLE, order_subject(order.id)) == 162_000 + order.shipping_vnd
    with transaction():
        operations.remit_cod(manager, "remit-1", [order.id], carrier="Bưu điện", fee_vnd=5_000)
    assert of(order, AccountKind.COD_RECEIVABLE, order_subject(order.id)) == 0
    _well()


def test_a_full_weight_owes_nothing():
    order = _bought(by_weight(), 1)
    weigh(order, 1_600)
    assert refund_due(order.id) == 0 and payment_of(order.id).state == "paid"
    assert of_lines([orders.lines(order.id)[0].id])[orders.lines(order.id)[0].id].packed_vnd == 192_000


def test_the_sale_is_the_packed_price_shared_by_the_packed_grams():
    pack = by_weight(6_400, lots=2)  # two lots of 3,2 kg: two pieces each
    order = _bought(pack, 4)
    weigh(order, 1_200, 1_200, 1_600, 1_600)
    _ship_and_deliver(order)
    sold = -balances(order)["producer_payable"]
    from revenue.models import Posting

    by_lot = dict(
        db.session.execute(
            select(Posting.lot_id, -Posting.amount_vnd).where(
                Posting.producer_id.is_not(None), Posting.component == "producers"
            )
        )
        .tuples()
        .all()
    )
    light, heavy = (by_lot[lot] for lot in sorted(by_lot))
    assert sold == light + heavy
    assert abs(light * 3_200 - heavy * 2_400) <= 3_200, "2,4 kg of one lot, 3,2 kg of the other"
    _well()


def test_pieces_refunded_after_packing_give_back_their_part_of_the_packed_price():
    order = _bought(by_weight(), 3)
    weigh(order, 1_300, 1_301, 1_400)
    line = orders.lines(order.id)[0]
    assert choices(order)[0].left_vnd == 480_120
    manager = staff_of(order)
    with transaction():
        operations.refund(manager, order.id, {line.id: 1}, "một con hỏng", goods_back=True, key="r-1")
    assert refund_due(order.id) == 95_880 + 160_040
    _ship_and_deliver(order)
    with transaction():
        operations.refund(manager, order.id, {line.id: 2}, "hai con hỏng", key="r-2")
    assert refund_due(order.id) == 95_880 + 480_120 == order.goods_vnd
    held = orders.allocations(order.id)
    assert [(one.quantity, one.packed_g, one.returned_quantity) for one in held] == [(3, 4_001, 1)]
    _well()


def test_a_cancelled_order_gives_everything_back_and_its_packed_grams_to_quarantine():
    pack = by_weight(10_000)
    order = _bought(pack, 2)
    weigh(order, 1_300, 1_450)
    manager = staff_of(order)
    with transaction():
        operations.cancel(manager, order.id, "khách đổi ý")
    assert refund_due(order.id) == order.total_vnd
    assert _stock(pack) == (7_250, 0) and _stock(pack, "quarantine") == (2_750, 0)
    _well()


def test_an_order_that_is_cancelled_before_packing_frees_its_grams():
    pack = by_weight(10_000)
    order = place_order([(pack, 2)])[0]
    with transaction():
        operations.cancel(order.token, order.id, "đặt nhầm")
    assert _stock(pack) == (10_000, 0)


def test_too_heavy_is_refused_with_a_way_out_and_nothing_is_written():
    pack = by_weight(10_000)
    order = _bought(pack)
    with pytest.raises(Invalid) as refused:
        weigh(order, 1_750)
    assert "1,75" in str(refused.value.params["total"]) and "Đổi" in str(refused.value.remedy)
    db.session.expire_all()
    assert orders.order(order.id).state == "to_pack" and _stock(pack) == (10_000, 1_600)


def test_too_light_needs_a_reason_and_the_buyer_reads_it_with_her_right():
    order = _bought(by_weight())
    with pytest.raises(Invalid):
        weigh(order, 1_000)
    weigh(order, 1_000, reason="đã gọi, chị đồng ý")
    texts = db.session.execute(select(Message.body).order_by(Message.id)).scalars().all()
    assert any("72.000" in text for text in texts), "what comes back"
    assert any("đã gọi, chị đồng ý" in text and "không nhận" in text for text in texts)


def test_the_same_form_sent_twice_packs_once_and_another_body_is_refused():
    pack = by_weight(10_000)
    order = _bought(pack)
    who = manager_of(order)
    weigh(order, 1_400, who=who, key="the-same-key")
    lot_id = orders.allocations(order.id)[0].lot_id
    line = orders.lines(order.id)[0]
    with transaction():
        operations_again(who, order.id, [Pick(line.id, lot_id, 1, (1_400,))], "the-same-key")
    assert refund_due(order.id) == 24_000 and _stock(pack) == (8_600, 0)
    with pytest.raises(Conflict), transaction():
        operations_again(who, order.id, [Pick(line.id, lot_id, 1, (1_300,))], "the-same-key")


def operations_again(who, order_id, picks, key):
    from payments.weighed.operations import pack_weighed

    reasons = {pick.line_id: "" for pick in picks}
    return pack_weighed(who, order_id, picks, reasons, key=key)


def test_another_cooperative_finds_no_such_order():
    order, other = _bought(by_weight()), _bought(by_weight())
    with pytest.raises(NotFound):
        weigh(order, 1_400, who=manager_of(other))


def test_another_lot_may_be_packed_than_was_proposed():
    pack = by_weight(3_200, lots=1)
    order = _bought(pack)
    from cooperatives.models import Cooperative

    second = add_lot(db.session.get_one(Cooperative, order.cooperative_id), pack, 2_000)
    line = orders.lines(order.id)[0]
    with transaction():
        operations_again(manager_of(order), order.id, [Pick(line.id, second, 1, (1_500,))], "k-2")
    assert orders.allocations(order.id)[0].lot_id == second
    assert _stock(pack) == (3_700, 0)
    _well()


def test_a_planned_lot_is_used_up_by_what_it_held():
    pack = by_weight(0)
    from datetime import timedelta

    from cooperatives.models import Cooperative
    from core import clock
    from traceability import operations as trace

    with transaction():
        trace.plan_lot(SYSTEM, pack.id, 8_000, clock.today() + timedelta(days=3))
    db.session.refresh(pack)
    assert (pack.available, pack.promised) == (5, 5)
    order = _bought(pack, 2)
    real = add_lot(db.session.get_one(Cooperative, order.cooperative_id), pack, 5_000)
    line = orders.lines(order.id)[0]
    with transaction():
        operations_again(manager_of(order), order.id, [Pick(line.id, real, 2, (1_400, 1_500))], "k-3")
    db.session.refresh(pack)
    assert pack.promised == 3 and pack.available == 3 + 2_100 // 1_600
    _well()


def test_a_recalled_lot_is_let_go_and_held_again_on_another():
    pack = by_weight(6_400, lots=2)
    order = _bought(pack, 1)
    from office.operations import recall

    first = orders.allocations(order.id)[0].lot_id
    manager = manager_of(order)
    with transaction():
        recall(manager, first, "phát hiện mầm bệnh")
    held = orders.allocations(order.id)
    assert [one.quantity for one in held] == [1] and held[0].lot_id != first
    assert _stock(pack, "quarantine") == (3_200, 0) and _stock(pack) == (3_200, 1_600)
    weigh(order, 1_400)
    _well()


def test_no_more_is_sold_than_the_grams_can_fill():
    pack = by_weight(4_000)
    place_order([(pack, 2)])
    with pytest.raises(OutOfStock) as refused:
        place_order([(pack, 1)])
    assert refused.value.left == 0


def test_a_count_in_grams_below_what_orders_hold_is_refused():
    pack = by_weight(4_000)
    place_order([(pack, 2)])
    lot_id = db.session.execute(select(Stock.lot_id).where(Stock.pack_id == pack.id)).scalar_one()
    with pytest.raises(Conflict), transaction():
        count_stock(SYSTEM, lot_id, pack.id, 3_000, "cân lại cả lô")
    with transaction():
        assert count_stock(SYSTEM, lot_id, pack.id, 150_000, "cân lại cả lô") == 146_000


def test_what_the_scale_said_is_an_event_in_grams():
    from traceability.epcis.models import EpcisEvent

    order = _bought(by_weight())
    weigh(order, 1_400)
    sold = db.session.execute(select(EpcisEvent).where(EpcisEvent.step == "picked")).scalar_one().document
    assert [(one["quantity"], one["uom"]) for one in sold["childQuantityList"]] == [(1_400, "GRM")]


def test_ordinary_lines_of_the_same_order_keep_their_price():
    from catalog.models import Product
    from cooperatives.models import Cooperative
    from tests.factories.catalog import create_product
    from tests.factories.traceability import create_lot

    pack = by_weight()
    coop = db.session.get_one(Cooperative, db.session.get_one(Product, pack.product_id).cooperative_id)
    honey = create_product(coop, name="Mật ong", price_vnd=100_000).packs[0]
    create_lot(coop, honey, 5)
    made = place_order([(pack, 1), (honey, 2)])[0]
    pay(made)
    weigh(made, 1_500)
    assert refund_due(made.id) == 12_000
    _ship_and_deliver(made)
    left = {
        db.session.get_one(OrderLine, one.line_id).pack_id: one.left_vnd
        for one in choices(orders.order(made.id))
    }
    assert left == {pack.id: 180_000, honey.id: 200_000}
    assert db.session.execute(select(Movement.id).limit(1)).first()
    _well()
