"""Delivery: one balanced entry, shared along the packed lots' slips under the terms of the day."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.rules import SYSTEM
from core.db import db, transaction
from core.errors import Conflict, NotAllowed, NotFound
from orders.models import Allocation, OrderLine
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.models import Entry
from revenue.rules import AccountKind, order
from revenue.split.queries import terms_on
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import pay, shipped
from tests.factories.revenue import delivered
from tests.factories.traceability import create_lot
from tests.revenue.stories import World, a_world


def of_terms(world: World) -> tuple[int, int, int]:
    terms = terms_on(world.coop.id, NOW.date()).terms
    return terms.producers_bp, terms.processing_bp, terms.fund_bp


def test_a_delivered_sale_is_shared_by_grams_and_every_dong_has_its_place(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought(2))
    producers_bp, processing_bp, fund_bp = of_terms(world)
    assert bought.state == "delivered"
    assert sum(map(world.owed, world.producers)) == 130_000 * producers_bp // 10_000
    assert abs(world.owed(world.producers[0]) - 2 * world.owed(world.producers[1])) <= 2
    assert world.of(AccountKind.COOPERATIVE_INCOME) == -130_000 * processing_bp // 10_000
    assert world.of(AccountKind.FUND) == -130_000 * fund_bp // 10_000
    assert world.of(AccountKind.SHIPPING_INCOME) == -bought.shipping_vnd
    assert world.prepaid(bought) == 0
    assert list(faults()) == []


def test_delivering_twice_shares_once(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought())
    owed = [world.owed(one) for one in world.producers]
    with transaction():
        again = operations.deliver(SYSTEM, bought.id)
    assert again is not None
    assert again.again
    assert [world.owed(one) for one in world.producers] == owed


def test_cash_on_delivery_is_owed_by_the_carrier(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought(method="cod"))
    assert world.of(AccountKind.COD_RECEIVABLE, order(bought.id)) == bought.total_vnd
    assert sum(map(world.owed, world.producers)) > 0
    assert list(faults()) == []


def test_a_share_settles_the_oldest_advance_before_anything_is_owed(ctx: Flask) -> None:
    world = a_world(advances=(30_000, 1_000))
    delivered(world.bought(2))
    first, second = world.producers
    share = 130_000 * of_terms(world)[0] // 10_000
    assert world.open_advance(world.slips[0]) == 0
    assert world.open_advance(world.slips[1]) == 0
    assert world.owed(first) + world.owed(second) == share - 31_000
    assert list(faults()) == []


def test_an_advance_larger_than_the_share_stays_open(ctx: Flask) -> None:
    world = a_world(grams=(40_000,), advances=(140_000,))
    delivered(world.bought())
    assert world.owed(world.producers[0]) == 0
    assert world.open_advance(world.slips[0]) == 140_000 - 65_000 * of_terms(world)[0] // 10_000


def test_a_line_from_two_lots_is_divided_between_them_first(ctx: Flask) -> None:
    world = a_world(grams=(40_000,), quantity=1)
    other = create_lot(world.coop, world.pack, 2)
    bought = delivered(world.bought(3))
    one, two = queries.lot_share(world.lot.id), queries.lot_share(other.id)
    assert (one.sold_vnd, two.sold_vnd) == (65_000, 130_000)
    assert one.producers_vnd + two.producers_vnd == 195_000 * of_terms(world)[0] // 10_000
    assert bought.goods_vnd == one.sold_vnd + two.sold_vnd


def test_a_lot_without_slips_leaves_the_producers_part_with_the_cooperative_and_says_so(ctx: Flask) -> None:
    world = a_world()
    bulk = create_lot(world.coop, world.pack, 50, slips=[])
    bought = shipped(world.bought())
    with transaction():
        lines = select(OrderLine.id).where(OrderLine.order_id == bought.id)
        moved = update(Allocation).where(Allocation.order_line_id.in_(lines)).values(lot_id=bulk.id)
        db.session.execute(moved, execution_options={"synchronize_session": False})
        operations.deliver(SYSTEM, bought.id)
    share = queries.lot_share(bulk.id)
    assert (share.producers_vnd, share.producer_count) == (0, 0)
    assert share.untraced_vnd == 65_000 * of_terms(world)[0] // 10_000
    assert list(faults()) == []


def test_goods_not_yet_shipped_cannot_be_delivered(ctx: Flask) -> None:
    world = a_world()
    bought = world.bought()
    pay(bought)
    with pytest.raises(Conflict), transaction():
        operations.deliver(SYSTEM, bought.id)
    assert db.session.execute(select(Entry).where(Entry.kind == "sale")).first() is None


def test_another_cooperatives_order_is_not_found_and_a_producer_may_not(ctx: Flask) -> None:
    world = a_world()
    bought, stranger = shipped(world.bought()), manager_of(create_cooperative())
    with pytest.raises(NotFound), transaction():
        operations.deliver(stranger, bought.id)
    with pytest.raises(NotAllowed), transaction():
        operations.deliver(actor_for("producer"), bought.id)  # type: ignore[arg-type]
