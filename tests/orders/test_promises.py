"""A pre-order says by which day it is sent: on the page of the goods, in the cart, and on the order."""

from datetime import date, timedelta

import pytest

from accounts.rules import SYSTEM
from catalog import queries as catalog
from catalog.models import Pack
from core import clock
from core.db import db, transaction
from orders.carts import queries as carts
from orders.carts.operations import add
from orders.public import order_page
from tests.conftest import NOW
from tests.factories import payments
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.revenue import opened
from tests.factories.traceability import create_lot, create_slip
from traceability.operations import plan_lot
from traceability.stock.operations import refresh

PROMISED = date(2026, 12, 20)


@pytest.fixture
def pack(ctx):
    """Three packs in the store and ten promised."""
    coop = create_cooperative()
    opened(coop, 5_000_000, 5_000_000)
    made = create_product(coop).packs[0]
    create_lot(coop, made, 3, [create_slip(coop, create_producer(coop, "Bàn Thị Một"))])
    with transaction():
        plan_lot(SYSTEM, made.id, 10, PROMISED)
    db.session.expire_all()
    return made


def fact(pack):
    return catalog.pack_fact(pack.id)


def test_the_catalogue_is_told_how_many_are_only_promised_and_for_when(pack):
    row = db.session.get_one(Pack, pack.id)
    assert (row.available, row.promised, row.promised_on, row.available_until) == (13, 10, PROMISED, PROMISED)


def test_pieces_in_the_store_have_no_day_and_one_more_has(pack):
    assert (fact(pack).sent_by(3), fact(pack).sent_by(4)) == (None, PROMISED)


def test_the_cart_says_the_day_of_what_is_not_in_the_store(pack):
    with transaction():
        token = add(None, pack.id, 2)
    assert [line.sent_by for line in carts.cart_view(token, clock.today()).lines] == [None]
    with transaction():
        add(token, pack.id, 3)
    assert [line.sent_by for line in carts.cart_view(token, clock.today()).lines] == [PROMISED]


def test_the_order_says_the_day_and_is_not_expected_before_it(pack):
    (from_store,) = payments.place_order([(pack, 3)], phone="+84900000021")
    (waits,) = payments.place_order([(pack, 2)], phone="+84900000022")
    assert [line.promised_on for line in order_page(from_store).lines] == [None]
    page = order_page(waits)
    assert [line.promised_on for line in page.lines] == [PROMISED]
    assert page.expected_from == PROMISED + timedelta(days=page.days_min)


def test_a_promise_whose_day_has_passed_is_sold_no_more(pack):
    with clock.use(NOW + timedelta(days=29)):
        with transaction():
            refresh(pack.id)
        db.session.expire_all()
        row = db.session.get_one(Pack, pack.id)
        assert (row.available, row.promised, row.promised_on) == (3, 0, None)
