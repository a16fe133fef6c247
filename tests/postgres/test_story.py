"""The main story on a real PostgreSQL: from an order to the family's money, and what must stay as it was written."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from catalog.search.queries import search
from catalog.search.rules import Asked, read_query
from core.db import IMMUTABLE, db, transaction
from orders import queries as orders
from payments import operations as payments
from revenue.audit.queries import faults
from revenue.statements.queries import statement
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.payments import pay, place_order, staff_of
from tests.factories.registry import submitted_review
from tests.factories.revenue import delivered, opened, paid_out
from tests.factories.traceability import create_lot, create_slip
from traceability.stock.queries import differences

pytestmark = pytest.mark.postgres


@pytest.fixture
def shop(pg_app):
    with pg_app.app_context():
        coop = create_cooperative("HTX Thử Nghiệm")
        opened(coop, 5_000_000, 5_000_000)
        product = create_product(coop, "Tinh dầu quế", 65_000)
        producer = create_producer(coop)
        create_lot(coop, product.packs[0], 20, [create_slip(coop, producer)])
        yield coop, product.packs[0], producer


def whole():
    """Whether books and stock hold."""
    return list(faults()) == [] and differences() == []


def test_it_is_postgresql(pg_app):
    with pg_app.app_context():
        assert db.session.execute(sa.text("SELECT version()")).scalar_one().startswith("PostgreSQL")


def test_an_order_is_paid_packed_shipped_delivered_refunded_and_the_family_is_paid(shop):
    coop, pack, producer = shop
    order = place_order([(pack, 2)])[0]
    assert pay(order).outcome == "exact"
    order = delivered(orders.order(order.id))
    assert order.state == "delivered"
    line, manager = orders.lines(order.id)[0], staff_of(order)
    with transaction():
        payments.refund(manager, order.id, {line.id: 1}, "vỡ một gói", key="refund-1")
    owed = statement(coop.organisation_id, producer.id).owed_vnd
    assert owed > 0
    paid_out(producer, owed)
    assert statement(coop.organisation_id, producer.id).owed_vnd == 0
    assert whole()


def test_cash_on_delivery_and_a_cancelled_order(shop):
    _coop, pack, _producer = shop
    assert delivered(place_order([(pack, 1)], "cod")[0]).state == "delivered"
    order = place_order([(pack, 3)])[0]
    with transaction():
        payments.cancel(order.token, order.id, "đặt nhầm")
    assert orders.order(order.id).state == "cancelled"
    assert whole()


def test_the_same_transfer_told_five_times_counts_once(shop):
    _coop, pack, _producer = shop
    order = place_order([(pack, 1)])[0]
    pay(order, provider_id="77")
    for _again in range(4):
        pay(order, provider_id="77")
    assert whole()


def test_a_published_product_is_found_at_once(shop):
    assert [hit.title for hit in search(Asked(read_query("tinh dau que"))).hits] == ["Tinh dầu quế"]


def test_a_household_declares_and_is_scored(pg_app):
    with pg_app.app_context():
        review = submitted_review()
        assert next((one.standard_id, one.outcome) for one in review.results) == ("vn-2022-2025", "poor")


def test_every_table_that_may_never_change_has_its_triggers(pg_app):
    wanted = {(table, f"{table}_{what}") for table in IMMUTABLE for what in ("no_change", "no_truncate")}
    with pg_app.app_context():
        found = db.session.execute(
            sa.text("SELECT CAST(tgrelid AS regclass)::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        )
        assert len(IMMUTABLE) > 5
        assert wanted <= {tuple(row) for row in found}


@pytest.mark.parametrize(
    "statement", ["UPDATE posting SET amount_vnd = 1", "DELETE FROM posting", "TRUNCATE posting"]
)
def test_the_ledger_refuses_every_change(shop, statement):
    with pytest.raises(DBAPIError, match="immutable"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
