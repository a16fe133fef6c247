"""The ledger under random steps: sales, advances, payouts, refunds, voids. `LEDGER_STEPS` lengthens the exam."""

import secrets
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from accounts.rules import SYSTEM
from core.db import db, transaction
from core.errors import DomainError
from orders.queries import lines
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.models import Posting
from revenue.rules import AccountKind
from revenue.split.queries import posted_shares
from tests.factories.payments import shipped
from tests.factories.revenue import opened, weighed
from tests.factories.traceability import create_lot
from tests.revenue.stories import World, a_world

STEPS, EXAM_STEPS = 300, 10_000


def machine(world: World) -> type[RuleBasedStateMachine]:
    """The random walker over one world that lives through all steps."""
    lots, orders, slips = [world.lot.id], [], list(world.slips)

    class Walk(RuleBasedStateMachine):
        @rule(who=st.integers(0, 2), advance=st.integers(0, 60_000))
        def weigh_and_make_a_lot(self, who: int, advance: int) -> None:
            slip = weighed(world.producers[who], advance_vnd=advance, net_g=20_000 + advance % 7_001)
            slips.append(slip)
            lots.append(create_lot(world.coop, world.pack, 3, slips=[slip]).id)

        @rule(who=st.integers(0, 2), advance=st.integers(1, 30_000), back=st.booleans())
        def weigh_and_void(self, who: int, advance: int, back: bool) -> None:
            slip = weighed(world.producers[who], advance_vnd=advance)
            with transaction():
                operations.void_slip(SYSTEM_STAFF[0], slip.id, "cân nhầm bao", money_back=back)

        @rule(quantity=st.integers(1, 4), method=st.sampled_from(["vietqr", "vietqr", "cod"]))
        def sell(self, quantity: int, method: str) -> None:
            try:
                order_id = shipped(world.bought(quantity, method)).id
            except DomainError:
                return  # sold out, or too many open orders of this phone
            with transaction():
                operations.deliver(SYSTEM, order_id)
            orders.append(order_id)

        @rule(which=st.integers(0, 10**6), percent=st.integers(1, 110), recall=st.booleans())
        def refund(self, which: int, percent: int, recall: bool) -> None:
            if orders:
                order_id = orders[which % len(orders)]
                line = lines(order_id)[0]
                self.attempt(operations.refund_split, order_id, {line.id: line.total_vnd * percent // 100},
                             key=secrets.token_hex(6), recall=recall and percent % 3 == 0)  # fmt: skip

        @rule(who=st.integers(0, 2), percent=st.integers(1, 120), method=st.sampled_from(["cash", "bank"]))
        def pay(self, who: int, percent: int, method: str) -> None:
            one = world.producers[who]
            amount = world.owed(one) * percent // 100
            self.attempt(operations.pay_producer, one.id, amount, method, secrets.token_hex(6))

        def attempt(self, verb: Any, *args: Any, **kwargs: Any) -> None:
            try:
                with transaction():
                    verb(SYSTEM, *args, **kwargs)
            except DomainError:
                db.session.rollback()  # refused is an answer too; the invariants must hold all the same

        @invariant()
        def sums_are_zero_and_nothing_is_negative(self) -> None:
            assert (
                db.session.execute(select(func.coalesce(func.sum(Posting.amount_vnd), 0))).scalar_one() == 0
            )
            assert queries.balance(world.org, AccountKind.CASH) >= 0
            assert queries.balance(world.org, AccountKind.BANK) >= 0
            assert all(world.owed(one) >= 0 for one in world.producers)

    return Walk


SYSTEM_STAFF: list[Any] = []


def walk(world: World, steps: int) -> None:
    from tests.factories.cooperatives import manager_of

    SYSTEM_STAFF[:] = [manager_of(world.coop)]
    run_state_machine_as_test(
        machine(world),
        settings=settings(max_examples=steps // 50, stateful_step_count=50, deadline=None, database=None,
                          phases=[Phase.generate], suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    everything = [
        row.id for row in db.session.execute(select(Posting.order_line_id.label("id")).distinct()) if row.id
    ]
    assert all(share.left_vnd >= 0 for share in posted_shares(everything).values())
    assert list(faults()) == []
    for who in world.producers:
        seen = queries.statement(world.org, who.id)
        open_ = seen.open_advance_vnd + seen.debt_vnd
        assert seen.owed_vnd == seen.earned_vnd - seen.advanced_vnd - seen.paid_vnd + open_


def test_three_hundred_random_steps_break_nothing(ctx: Flask) -> None:
    world = a_world(grams=(40_000, 20_000, 33_333), quantity=10, cash_vnd=50_000_000)
    opened(world.coop, bank_vnd=1_000_000)
    walk(world, STEPS)


@pytest.mark.slow
def test_ten_thousand_random_steps_break_nothing(ctx: Flask) -> None:
    import os

    if not os.environ.get("EXAM"):
        pytest.skip("an exam: set EXAM=1")
    world = a_world(grams=(40_000, 20_000, 33_333), quantity=10, cash_vnd=500_000_000)
    opened(world.coop, bank_vnd=1_000_000)
    walk(world, EXAM_STEPS)
