"""Paying a producer, weighing with an advance, voiding a slip, statements."""

import pytest
from flask import Flask

from core.db import transaction
from core.errors import Conflict, Invalid, NotFound
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.rules import AccountKind, producer
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of, treasurer_of
from tests.factories.revenue import delivered, opened, paid_out, weighed
from tests.revenue.stories import a_world


def test_a_payout_lowers_what_is_owed_and_what_is_there(ctx: Flask) -> None:
    world = a_world(grams=(40_000,), cash_vnd=100_000)
    delivered(world.bought())
    who, owed = world.producers[0], world.owed(world.producers[0])
    paid_out(who, owed - 1_000, "cash")
    assert world.owed(who) == 1_000
    assert world.of(AccountKind.CASH) == 100_000 - owed + 1_000
    assert list(faults()) == []


def test_a_double_tap_pays_once_and_another_amount_under_the_same_key_is_a_conflict(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    delivered(world.bought())
    who, owed = world.producers[0], world.owed(world.producers[0])
    first = paid_out(who, 5_000, "cash", key="tap-0001")
    assert paid_out(who, 5_000, "cash", key="tap-0001").id == first.id
    with pytest.raises(Conflict):
        paid_out(who, 6_000, "cash", key="tap-0001")
    assert world.owed(who) == owed - 5_000


def test_more_than_is_owed_or_than_there_is_is_refused(ctx: Flask) -> None:
    world = a_world(grams=(40_000,), cash_vnd=1_000)
    delivered(world.bought())
    owed = world.owed(world.producers[0])
    for amount, method in ((owed + 1, "bank"), (0, "bank"), (-5, "bank"), (owed, "cash")):
        with pytest.raises(Invalid):
            paid_out(world.producers[0], amount, method)
    assert world.owed(world.producers[0]) == owed


def test_another_cooperatives_producer_is_not_found(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    stranger = manager_of(create_cooperative())
    with pytest.raises(NotFound), transaction():
        operations.pay_producer(stranger, world.producers[0].id, 1, "cash", "key-00001")


def test_a_reversed_payout_is_owed_again_and_the_statement_says_so(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    delivered(world.bought())
    who, owed = world.producers[0], world.owed(world.producers[0])
    paid = paid_out(who, owed, "cash")
    with transaction():
        operations.reverse(treasurer_of(world.coop), paid.entry_id, "ghi nhầm nhà")
    seen = queries.statement(world.org, who.id)
    assert (seen.owed_vnd, seen.paid_vnd, seen.payments[0].undone) == (owed, 0, True)
    assert list(faults()) == []


def test_a_statement_adds_up(ctx: Flask) -> None:
    world = a_world(grams=(40_000, 20_000), advances=(10_000, 90_000))
    delivered(world.bought(2))
    paid_out(world.producers[0], 5_000, "cash")
    for who in world.producers:
        seen = queries.statement(world.org, who.id)
        assert (
            seen.earned_vnd + seen.open_advance_vnd - seen.advanced_vnd - seen.paid_vnd + seen.debt_vnd
            == seen.owed_vnd
        )
        assert seen.earned_vnd == sum(one.amount_vnd for one in seen.earnings)
        assert (
            seen.delivered_g
            == sum(one.net_g for one in seen.deliveries)
            == sum(m.net_g for m in seen.by_month)
        )


def test_an_advance_leaves_the_till_with_the_slip_or_neither_happens(ctx: Flask) -> None:
    coop = create_cooperative()
    opened(coop, cash_vnd=10_000)
    who = create_producer(coop)
    slip = weighed(who, advance_vnd=10_000)
    assert slip.advance_vnd == 10_000
    with pytest.raises(Invalid):
        weighed(who, advance_vnd=1)
    seen = queries.statement(coop.organisation_id or 0, who.id)
    assert (len(seen.deliveries), seen.open_advance_vnd) == (1, 10_000)


@pytest.mark.parametrize("back", [True, False])
def test_a_voided_slip_takes_its_advance_back_or_leaves_it_owed(ctx: Flask, back: bool) -> None:
    coop = create_cooperative()
    opened(coop, cash_vnd=10_000)
    who, org = create_producer(coop), coop.organisation_id or 0
    slip = weighed(who, advance_vnd=10_000)
    for _tap in range(2):
        with transaction():
            operations.void_slip(manager_of(coop), slip.id, "cân nhầm bao", money_back=back)
    assert queries.balance(org, AccountKind.CASH) == (10_000 if back else 0)
    assert queries.balance(org, AccountKind.PRODUCER_RECEIVABLE, producer(who.id)) == (0 if back else 10_000)
    seen = queries.statement(org, who.id)
    assert (seen.open_advance_vnd, seen.advanced_vnd, seen.owed_vnd) == (0, 0 if back else 10_000, 0)
    assert seen.earned_vnd - seen.advanced_vnd - seen.paid_vnd + seen.debt_vnd == seen.owed_vnd
    assert list(faults()) == []


def test_a_void_gives_back_what_other_sales_had_settled_of_the_advance(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    who = world.producers[0]
    late = weighed(who, advance_vnd=1_000)
    delivered(world.bought())
    owed = world.owed(who)
    with transaction():
        operations.void_slip(manager_of(world.coop), late.id, "cân nhầm bao")
    assert world.owed(who) == owed + 1_000
    assert list(faults()) == []


def test_sales_by_year_shows_closed_years_of_the_household_of_the_slip(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    delivered(world.bought())
    home = world.slips[0].household_id
    assert queries.sales_by_year(home) == {}
    from datetime import UTC, datetime

    from core import clock

    with clock.use(datetime(2027, 1, 2, tzinfo=UTC)):
        assert queries.sales_by_year(home) == {2026: world.owed(world.producers[0])}
    rows = queries.sales_by_month(
        world.slips[0].weighed_on.replace(day=1), datetime(2027, 1, 1, tzinfo=UTC).date()
    )
    assert [(row.goods_vnd, row.year, row.month) for row in rows] == [(65_000, 2026, 11)]
