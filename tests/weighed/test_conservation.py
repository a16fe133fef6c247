"""Money and grams are conserved from buying over packing, refunds and delivery to the last refund, whatever happens."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from accounts.rules import SYSTEM
from catalog.weighed.rules import Band
from core.db import db, transaction
from orders import queries as orders
from orders.operations import confirm, ship
from orders.weighed.queries import less_vnd, of_lines
from payments import operations
from payments.models import Refund
from payments.queries import payment_of
from payments.refunds.queries import choices, shipping_left
from revenue.audit.queries import faults
from revenue.rules import AccountKind
from revenue.rules import order as order_subject
from revenue.split.operations import deliver
from tests.factories.payments import pay, place_order, staff_of
from tests.factories.weighed import add_lot, by_weight
from tests.payments.scene import of
from tests.weighed.scene import weigh
from traceability.models import Stock
from traceability.stock.queries import differences, still_out

pytestmark = pytest.mark.usefixtures("ctx")
NUMBERS = count(1)
BAND = Band(99_999, 900, 1_600, "con")


def _refund_some(order, data, manager, most=None):
    line = orders.lines(order.id)[0]
    left = line.quantity - line.refunded_quantity
    if not left:
        return 0
    pieces = data.draw(st.integers(1, min(left, most or left)))
    with transaction():
        made = operations.refund(manager, order.id, {line.id: pieces}, "hỏng", goods_back=data.draw(st.booleans()),
                                 key=f"r-{next(NUMBERS)}")  # fmt: skip
    db.session.expire_all()
    return made.amount_vnd


def _life(pack, data, method):
    pieces = data.draw(st.integers(1, 4))
    order = place_order([(pack, pieces)], method=method, phone=f"+8491{next(NUMBERS):07}")[0]
    order_id, manager = order.id, staff_of(order)
    if method == "vietqr":
        pay(order)
    else:
        with transaction():
            confirm(manager, order_id, "call")
    weights = data.draw(st.lists(st.integers(700, 1_600), min_size=pieces, max_size=pieces))
    order = weigh(orders.order(order_id), *weights, reason="đã gọi khách", key=f"w-{next(NUMBERS)}")
    line = orders.lines(order_id)[0]
    seen = of_lines([line.id])[line.id]
    packed = min(line.total_vnd, BAND.price_per_kg_vnd * sum(weights) // 1000)
    assert seen.packed_vnd == packed and seen.back_vnd == line.total_vnd - packed == less_vnd(order_id)
    given_back = 0
    if method == "vietqr" and data.draw(st.booleans()):
        given_back += _refund_some(order, data, manager)
    with transaction():
        ship(manager, order_id, "Nhà xe", "")
    if method == "cod":
        with transaction():
            operations.collect_cod(manager, order_id)
    else:
        with transaction():
            deliver(SYSTEM, order_id)
    db.session.expire_all()
    order = orders.order(order_id)
    sold = packed + order.shipping_vnd - given_back
    subject = order_subject(order_id)
    if method == "cod":
        assert of(order, AccountKind.COD_RECEIVABLE, subject) == sold == payment_of(order_id).amount_vnd
    assert of(order, AccountKind.BUYER_PREPAYMENT, subject) == 0
    while data.draw(st.booleans()) and (back := _refund_some(order, data, manager)):
        given_back += back
    assert choices(orders.order(order_id))[0].left_vnd == packed - given_back
    assert shipping_left(orders.order(order_id)) == order.shipping_vnd
    owed = (
        db.session.execute(
            select(func.sum(Refund.amount_vnd)).where(Refund.order_id == order_id)
        ).scalar_one()
        or 0
    )
    differs = seen.back_vnd if method == "vietqr" else 0
    assert owed == given_back + differs == -of(order, AccountKind.REFUND_DUE, subject)
    came = order.total_vnd if method == "vietqr" else sold
    kept = came - owed
    assert kept == packed + order.shipping_vnd - given_back, (
        "what stays is the packed price less what was refunded"
    )


@pytest.mark.parametrize("method", ["vietqr", "cod"])
def test_what_was_paid_is_what_is_kept_and_what_is_owed_back(method):
    pack = by_weight(0, BAND)
    from catalog.models import Product
    from cooperatives.models import Cooperative

    coop_id = db.session.get_one(Product, pack.product_id).cooperative_id

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def lives(data):
        held = db.session.get_one(type(pack), pack.id)
        for _lot in range(2):
            add_lot(db.session.get_one(Cooperative, coop_id), held, 3_300)
        before = _grams(pack.id) + _out(pack.id)
        _life(db.session.get_one(type(pack), pack.id), data, method)
        assert _grams(pack.id) + _out(pack.id) == before, (
            "what is not on a shelf is with a buyer, to the gram"
        )
        assert differences() == [] and list(faults()) == []

    lives()


def _grams(pack_id):
    return db.session.execute(
        select(func.coalesce(func.sum(Stock.on_hand), 0)).where(Stock.pack_id == pack_id)
    ).scalar_one()


def _out(pack_id):
    lots = db.session.execute(select(Stock.lot_id).where(Stock.pack_id == pack_id).distinct()).scalars()
    return sum(still_out(lot_id, pack_id) for lot_id in lots)
