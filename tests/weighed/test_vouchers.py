"""Vouchers and a programme on a line that the scale prices: the buyer first, then the budget, then the seller."""

import pytest

from core.db import db, transaction
from orders import queries as orders
from orders.operations import confirm, ship
from orders.weighed.queries import of_lines
from payments import operations
from payments.queries import payment_of, refund_due
from payments.refunds.queries import choices
from revenue.audit.queries import faults
from revenue.rules import AccountKind
from revenue.rules import order as order_subject
from revenue.split.operations import deliver
from revenue.subsidies import queries as budgets
from tests.factories.payments import pay, staff_of
from tests.factories.vouchers import create_subsidy, create_voucher, order_with
from tests.factories.weighed import by_weight
from tests.payments.scene import of
from tests.weighed.scene import weigh

pytestmark = pytest.mark.usefixtures("ctx")


def _ready(order):
    manager = staff_of(order)
    if order.method == "cod":
        with transaction():
            confirm(manager, order.id, "call")
    else:
        pay(order)
    return manager, orders.order(order.id)


def _deliver(manager, order):
    with transaction():
        ship(manager, order.id, "Nhà xe", "")
    with transaction():
        operations.collect_cod(manager, order.id) if order.method == "cod" else deliver(manager, order.id)
    db.session.expire_all()


def _weighing(order):
    line = orders.lines(order.id)[0]
    return of_lines([line.id])[line.id]


def test_a_voucher_of_the_seller_stays_what_it_was_and_the_buyer_has_the_whole_difference():
    pack = by_weight()
    from catalog.models import Product
    from cooperatives.models import Cooperative

    coop = db.session.get_one(Cooperative, db.session.get_one(Product, pack.product_id).cooperative_id)
    create_voucher(coop, "GA50", amount_vnd=50_000)
    manager, order = _ready(order_with("GA50", [(pack, 1)])[0])
    assert order.discount_vnd == 50_000
    order = weigh(order, 1_350)
    assert refund_due(order.id) == 30_000
    _deliver(manager, order)
    sold = choices(orders.order(order.id))[0].left_vnd
    assert sold == 162_000 - 50_000
    assert list(faults()) == []


@pytest.mark.parametrize("method", ["vietqr", "cod"])
def test_a_budget_has_again_what_the_buyer_could_not_be_given(method):
    staff, _found = create_subsidy(500_000, percent_bp=9_000)
    manager, order = _ready(order_with("VUNGCAO", [(by_weight(), 1)], method)[0])
    own, theirs = 192_000 - order.subsidy_vnd, order.subsidy_vnd
    assert own < 48_000, "the programme pays nearly all of it"
    order = weigh(order, 1_200)  # 144 000 đ: 48 000 đ less
    seen = _weighing(order)
    assert (seen.back_vnd, seen.subsidy_back_vnd) == (own, 48_000 - own)
    one = budgets.budgets(staff.organisation_id)[0]
    assert one.held_vnd == theirs - (48_000 - own) and one.free_vnd == 500_000 - one.held_vnd
    if method == "vietqr":
        assert refund_due(order.id) == own
    else:
        assert payment_of(order.id).amount_vnd == order.shipping_vnd
    _deliver(manager, order)
    one = budgets.budgets(staff.organisation_id)[0]
    assert (one.held_vnd, one.delivered_vnd) == (0, 144_000)
    if method == "cod":
        assert of(order, AccountKind.COD_RECEIVABLE, order_subject(order.id)) == order.shipping_vnd
    assert list(faults()) == []


def test_a_piece_refunded_after_delivery_gives_buyer_and_budget_their_part_of_the_packed_price():
    staff, _found = create_subsidy(500_000, percent_bp=5_000)
    manager, order = _ready(order_with("VUNGCAO", [(by_weight(), 2)])[0])
    order = weigh(order, 1_300, 1_500)  # 336 000 đ of 384 000 đ
    theirs = order.subsidy_vnd
    _deliver(manager, order)
    line = orders.lines(order.id)[0]
    before = refund_due(order.id)
    with transaction():
        operations.refund(manager, order.id, {line.id: 2}, "hỏng cả hai", key="r-all")
    assert refund_due(order.id) - before == 336_000 - theirs
    assert budgets.budgets(staff.organisation_id)[0].free_vnd == 500_000
    assert list(faults()) == []
