"""A refund takes the same share back from each, over what is left of it."""

import pytest
from flask import Flask

from accounts.rules import SYSTEM
from core.db import transaction
from core.errors import Conflict, Invalid
from orders.queries import lines
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.rules import AccountKind, order, producer
from tests.factories.payments import pay, shipped
from tests.factories.revenue import delivered, opened, paid_out, refunded
from tests.revenue.stories import a_world


def line_of(bought: object) -> int:
    return lines(bought.id)[0].id  # type: ignore[attr-defined]


def test_refund_takes_the_same_share_back_from_each_member(ctx: Flask) -> None:
    world = a_world(grams=(40_000, 40_000))
    bought = delivered(world.bought(2))
    before = [world.owed(one) for one in world.producers]
    refunded(bought, {line_of(bought): 65_000})
    assert [world.owed(one) for one in world.producers] == [amount // 2 for amount in before]
    assert world.of(AccountKind.REFUND_DUE, order(bought.id)) == -65_000
    assert list(faults()) == []


def test_everything_refunded_leaves_no_share_and_the_advance_open_again(ctx: Flask) -> None:
    world = a_world(advances=(30_000, 5_000))
    bought = delivered(world.bought(3))
    for part in (65_001, 64_999, 65_000):
        refunded(bought, {line_of(bought): part})
    share = queries.lot_share(world.lot.id)
    assert (share.sold_vnd, share.producers_vnd, share.fund_vnd) == (0, 0, 0)
    assert [world.open_advance(one) for one in world.slips] == [30_000, 5_000]
    assert list(faults()) == []


def test_what_was_already_paid_becomes_a_debt_netted_from_the_next_share(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    who = world.producers[0]
    opened(world.coop, bank_vnd=1_000_000)
    bought = delivered(world.bought())
    share = world.owed(who)
    paid_out(who, share)
    refunded(bought, {line_of(bought): 65_000})
    assert world.of(AccountKind.PRODUCER_RECEIVABLE, producer(who.id)) == share
    assert world.owed(who) == 0
    delivered(world.bought(2))
    assert world.of(AccountKind.PRODUCER_RECEIVABLE, producer(who.id)) == 0
    assert world.owed(who) == share
    assert list(faults()) == []


def test_the_same_refund_twice_is_one_and_with_another_amount_a_conflict(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought(2))
    first = refunded(bought, {line_of(bought): 10_000}, key="return-1")
    assert refunded(bought, {line_of(bought): 10_000}, key="return-1").id == first.id
    with pytest.raises(Conflict):
        refunded(bought, {line_of(bought): 20_000}, key="return-1")
    assert world.of(AccountKind.REFUND_DUE, order(bought.id)) == -10_000


def test_more_than_the_line_brought_is_refused(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought())
    refunded(bought, {line_of(bought): 60_000})
    with pytest.raises(Invalid):
        refunded(bought, {line_of(bought): 5_001})
    with pytest.raises(Invalid):
        refunded(bought, {line_of(bought): -1})


def test_a_refund_before_delivery_comes_from_the_prepayment_and_the_rest_is_shared_later(ctx: Flask) -> None:
    world = a_world()
    bought = shipped(world.bought(2))
    refunded(bought, {line_of(bought): 65_000})
    assert world.prepaid(bought) == bought.total_vnd - 65_000
    with pytest.raises(Invalid):
        refunded(bought, {line_of(bought): 65_001})
    delivered(bought)
    assert queries.lot_share(world.lot.id).sold_vnd == 65_000
    assert world.prepaid(bought) == 0
    assert list(faults()) == []


def test_an_unpaid_order_has_nothing_to_give_back(ctx: Flask) -> None:
    world = a_world()
    bought = world.bought()
    with pytest.raises(Invalid):
        refunded(bought, {line_of(bought): 1})
    pay(bought)
    refunded(bought, {line_of(bought): 1})
    assert world.of(AccountKind.REFUND_DUE, order(bought.id)) == -1


def test_a_recall_is_borne_by_the_cooperative(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought())
    before = [world.owed(one) for one in world.producers]
    refunded(bought, {line_of(bought): 65_000}, recall=True)
    assert [world.owed(one) for one in world.producers] == before
    assert world.of(AccountKind.RECALL_COST) == 65_000
    assert queries.lot_share(world.lot.id).sold_vnd == 0
    with pytest.raises(Invalid):
        refunded(bought, {line_of(bought): 1})
    assert list(faults()) == []


def test_shipping_is_given_back_from_shipping_income_alone(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought())
    owed = [world.owed(one) for one in world.producers]
    with transaction():
        operations.refund_split(SYSTEM, bought.id, {}, key="ship", shipping_vnd=bought.shipping_vnd)
    assert world.of(AccountKind.SHIPPING_INCOME) == 0
    assert [world.owed(one) for one in world.producers] == owed


def test_the_lots_share_follows_a_refund(ctx: Flask) -> None:
    world = a_world()
    bought = delivered(world.bought(2))
    before = queries.lot_share(world.lot.id)
    refunded(bought, {line_of(bought): 65_000})
    after = queries.lot_share(world.lot.id)
    assert (before.sold_vnd, after.sold_vnd) == (130_000, 65_000)
    assert after.producers_vnd < before.producers_vnd
    assert (after.producer_count, after.household_count) == (2, 2)
