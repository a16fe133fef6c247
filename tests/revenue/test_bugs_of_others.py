"""Money bugs that other marketplaces have had, each under its own name: here they cannot happen, and this says why."""

import secrets
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.rules import SYSTEM
from core import clock
from core.db import db, transaction
from core.errors import DomainError, Invalid
from orders import queries as orders
from payments.models import Transfer
from payments.operations import cancel, expire_unpaid, refund
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.payouts.operations import return_payout
from revenue.rules import AccountKind
from revenue.split.rules import divide
from revenue.tasks import deliver_uncontested
from tests.conftest import NOW
from tests.factories.cooperatives import manager_of
from tests.factories.payments import pay, shipped, staff_of
from tests.factories.revenue import delivered, paid_out, refunded
from tests.revenue.stories import a_world
from tests.revenue.test_refund import line_of


def rounded_apart(total: int, weights: dict[str, int]) -> int:
    """What the shares add up to when each is rounded for itself, as the shop with 6.44 of 6.45 did."""
    return sum(total * weight // sum(weights.values()) for weight in weights.values())


def test_shares_rounded_apart_pay_644_of_645() -> None:
    weights = {"a": 50, "b": 30, "c": 20, "d": 17}
    assert rounded_apart(645, weights) < 645
    assert sum(divide(645, weights).values()) == 645


@given(
    st.integers(1, 10**9),
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 10**6), min_size=2, max_size=9),
)
def test_shares_rounded_apart_lose_less_than_one_dong_each_and_ours_none(
    total: int, weights: dict[str, int]
) -> None:
    assert 0 <= total - rounded_apart(total, weights) < len(weights)
    assert sum(divide(total, weights).values()) == total


def test_vendor_balance_unchanged_after_refund(ctx: Flask) -> None:
    """The refund reached the buyer, and the seller was still owed everything."""
    world = a_world()
    bought = delivered(world.bought(2))
    before = [world.owed(one) for one in world.producers]
    with transaction():
        refund(staff_of(bought), bought.id, {line_of(bought): 1}, "vỡ một gói", key="refund-one")
    for one, owed in zip(world.producers, before, strict=True):
        assert abs(world.owed(one) * 2 - owed) <= 1
    assert queries.lot_share(world.lot.id).sold_vnd == 65_000


def test_refunded_order_still_paid_out(ctx: Flask) -> None:
    """The order was refunded whole, and the payout went out all the same."""
    world = a_world(grams=(40_000,))
    bought = delivered(world.bought())
    who, owed = world.producers[0], world.owed(world.producers[0])
    refunded(bought, {line_of(bought): 65_000})
    assert queries.owed_producers(world.org) == []
    with pytest.raises(Invalid):
        paid_out(who, owed)


def test_refunded_after_the_payout_it_is_netted_and_not_paid_twice(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    bought = delivered(world.bought())
    who, owed = world.producers[0], world.owed(world.producers[0])
    paid_out(who, owed)
    refunded(bought, {line_of(bought): 65_000})
    delivered(world.bought())
    assert world.owed(who) == 0
    assert list(faults()) == []


def test_payout_returned_by_the_bank_still_shown_settled(ctx: Flask) -> None:
    """The bank sent the transfer back, and the seller's page went on saying "paid"."""
    world = a_world(grams=(40_000,))
    delivered(world.bought())
    who, owed = world.producers[0], world.owed(world.producers[0])
    paid = paid_out(who, owed)
    with transaction():
        return_payout(manager_of(world.coop), paid.id, "sai số tài khoản")
    seen = queries.statement(world.org, who.id)
    assert (seen.owed_vnd, seen.paid_vnd) == (owed, 0)
    assert queries.owed_producers(world.org) == [(who.id, owed)]
    assert paid_out(who, owed).id != paid.id


def test_payouts_never_created_because_nobody_ran_the_sweep(ctx: Flask) -> None:
    """A row that a nightly job should have made was never made. Here what is owed is a sum, and needs no row."""
    world = a_world(grams=(40_000,))
    delivered(world.bought())
    assert queries.owed_producers(world.org) == [(world.producers[0].id, world.owed(world.producers[0]))]


def test_a_sweep_that_slept_for_two_months_finishes_at_its_first_run(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    waiting = [shipped(world.bought()) for _order in range(3)]
    assert queries.owed_producers(world.org) == []
    with clock.use(NOW + timedelta(days=60)):
        assert (deliver_uncontested(), deliver_uncontested()) == (3, 0)
    assert {orders.order(one.id).state for one in waiting} == {"delivered"}
    assert world.owed(world.producers[0]) > 0


def test_payment_taken_and_order_missing(ctx: Flask) -> None:
    """Money came, and no order knew of it. Here every đồng that came is an entry, with or without an order."""
    world = a_world()
    order = world.bought()
    before = world.of(AccountKind.BANK)
    strange = pay(order, 123_000, content="CHUYEN TIEN")
    assert (strange.state, strange.order_id) == ("suspense", None)
    assert world.of(AccountKind.BANK) == before + 123_000
    assert queries.balance(world.org, AccountKind.SUSPENSE) == -123_000


@pytest.mark.parametrize("end", ["expired", "cancelled"])
def test_money_for_an_order_that_is_gone_is_kept_and_named(ctx: Flask, end: str) -> None:
    world = a_world(grams=(40_000,))
    order = world.bought(40)
    if end == "cancelled":
        with transaction():
            cancel(staff_of(order), order.id, "khách đổi ý")
        late = pay(order)
    else:
        with clock.use(NOW + timedelta(hours=3)):
            assert expire_unpaid() == 1
            world.bought(40)  # the goods went to somebody else
            late = pay(order)
    held = -queries.balance(world.org, AccountKind.SUSPENSE) - queries.balance(
        world.org, AccountKind.BUYER_PREPAYMENT
    )
    assert held == order.total_vnd
    assert late.amount_vnd == order.total_vnd
    assert list(faults()) == []


def test_every_transfer_that_came_is_in_the_book(ctx: Flask) -> None:
    """Whatever it says: exact, short, twice, late, for nobody."""
    world = a_world()
    order = world.bought()
    for amount, content in (
        (1_000, None),
        (order.total_vnd - 1_000, None),
        (order.total_vnd, None),
        (5, "???"),
    ):
        pay(order, amount, content=content)
    came = sum(db.session.execute(select(Transfer.amount_vnd)).scalars())
    assert world.of(AccountKind.BANK) == came


def test_a_payout_asked_for_twice_goes_once_and_more_than_owed_never(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    delivered(world.bought())
    who, owed = world.producers[0], world.owed(world.producers[0])
    key = secrets.token_hex(8)
    assert paid_out(who, owed, key=key).id == paid_out(who, owed, key=key).id
    with pytest.raises(DomainError), transaction():
        operations.pay_producer(SYSTEM, who.id, 1, "bank", secrets.token_hex(8))
