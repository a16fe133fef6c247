"""A gift box that is bought becomes its parts: in stock, in money, in the parcel."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rules import SYSTEM
from catalog import operations as catalog
from catalog.models import Pack
from core.db import db, transaction
from core.errors import DomainError, NotFound
from orders import queries
from orders.bundles.models import OrderBundle
from orders.models import Order
from orders.public import order_page
from revenue.audit.queries import faults
from tests.factories import payments, revenue
from tests.factories.bundles import create_box
from tests.factories.cooperatives import create_cooperative
from tests.factories.orders import create_order, stocked
from traceability.rules import OutOfStock
from traceability.stock.queries import available, differences

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def shelf():
    """Noodles at 65,000 đ (20 pieces), tea at 70,000 đ (9), and a box of two and one at 180,000 đ."""
    coop = create_cooperative()
    noodles, tea = stocked(20, coop, name="Miến dong"), stocked(9, coop, name="Trà hoa", price_vnd=70_000)
    box = create_box(coop, [(noodles, 2), (tea, 1)], 180_000)
    return coop, noodles, tea, box


def left(pack):
    return db.session.get_one(Pack, pack.id, populate_existing=True).available


def test_a_box_becomes_its_parts_and_costs_what_was_agreed(shelf):
    _coop, noodles, tea, box = shelf
    order = create_order([(box, 3)])
    lines = {(line.pack_id, line.unit_price_vnd): line.quantity for line in queries.lines(order.id)}
    assert lines == {(noodles.id, 58_500): 6, (tea.id, 63_000): 3}
    assert order.goods_vnd == 3 * 180_000 == sum(line.total_vnd for line in queries.lines(order.id))
    agreed = db.session.execute(sa.select(OrderBundle)).scalar_one()
    assert (agreed.quantity, agreed.unit_price_vnd, agreed.product_name) == (3, 180_000, "Hộp quà Tết")
    assert {line.box for line in order_page(order).lines} == {"Hộp quà Tết"}


def test_box_and_part_in_one_order_are_two_lines(shelf):
    _coop, noodles, _tea, box = shelf
    order = create_order([(box, 1), (noodles, 1)])
    alone = [line for line in queries.lines(order.id) if line.bundle_id is None]
    assert [(line.pack_id, line.unit_price_vnd) for line in alone] == [(noodles.id, 65_000)]
    assert order.goods_vnd == 180_000 + 65_000
    assert left(noodles) == 17 and left(box) == 8


def test_what_is_released_can_be_boxed_again(shelf):
    _coop, _noodles, tea, box = shelf
    order = create_order([(box, 4)])
    assert left(box) == 5 and left(tea) == 5
    from orders.operations import release_stock

    with transaction():
        release_stock(db.session.get_one(Order, order.id))
    assert left(box) == 9


def test_more_boxes_than_there_are_parts_are_refused_and_nothing_is_held(shelf):
    _coop, noodles, tea, box = shelf
    with pytest.raises(OutOfStock):
        create_order([(box, 10)])
    assert (left(noodles), left(tea), left(box)) == (20, 9, 9)


def test_a_part_that_is_no_longer_sold_stops_the_box(shelf):
    _coop, _noodles, tea, box = shelf
    with transaction():
        catalog.withdraw(SYSTEM, tea.product_id)
    with pytest.raises(NotFound, match="trong"):
        create_order([(box, 1)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=8))
def test_boxes_that_share_parts_never_sell_what_is_not_there(shelf, wishes):
    coop, noodles, tea, box = shelf
    second = create_box(coop, [(noodles, 3)], 190_000, name="Hộp miến")
    for which, quantity in wishes:
        try:
            create_order(
                [((noodles, tea, box, second)[which], quantity)], "cod", who=_somebody(which, quantity)
            )
        except DomainError:
            db.session.rollback()
    today = queries.clock.today()
    for pack in (noodles, tea):
        assert 0 <= available(pack.id, today).pieces == left(pack)
    assert left(box) == min(left(noodles) // 2, left(tea)) and left(second) == left(noodles) // 3
    assert differences() == []
    sums = sa.text("SELECT o.goods_vnd - sum(l.total_vnd) FROM sale_order o JOIN order_line l ON l.order_id = o.id GROUP BY o.id, o.goods_vnd")  # fmt: skip # noqa: E501
    assert set(db.session.execute(sums).scalars()) <= {0}


def _somebody(which, quantity):
    import secrets

    from tests.factories.orders import buyer

    return buyer(f"+849{secrets.randbelow(10**8):08}")


def test_the_money_of_a_box_reaches_those_who_made_its_parts():
    coop = create_cooperative()
    revenue.opened(coop, 5_000_000, 5_000_000)
    noodles, tea = stocked(20, coop, name="Miến dong"), stocked(9, coop, name="Trà hoa", price_vnd=70_000)
    box = create_box(coop, [(noodles, 2), (tea, 1)], 180_001)
    order = payments.place_order([(box, 2)])[0]
    assert order.goods_vnd == 360_002
    payments.pay(order)
    done = revenue.delivered(payments.shipped(order))
    assert done.state == "delivered" and list(faults()) == [] and differences() == []
