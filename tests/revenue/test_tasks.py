"""Sweeps and commands: what nobody contested is delivered, a guarantee is made up, the book is verified."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from accounts.rules import SYSTEM
from core import clock
from core.db import db, transaction
from orders.models import Order, Problem
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.cli import revenue
from revenue.rules import AccountKind
from revenue.tasks import deliver_uncontested, settle_closed_lots
from tests.conftest import NOW
from tests.factories.payments import shipped
from tests.factories.revenue import delivered, opened, refunded
from tests.revenue.stories import World, a_world
from tests.revenue.test_refund import line_of


def test_an_order_nobody_contested_is_delivered_after_seven_days_and_once(ctx: Flask) -> None:
    world = a_world()
    bought = shipped(world.bought())
    assert deliver_uncontested() == 0
    with clock.use(NOW + timedelta(days=7, minutes=1)):
        assert (deliver_uncontested(), deliver_uncontested()) == (1, 0)
    assert db.session.get_one(Order, bought.id).state == "delivered"
    assert queries.lot_share(world.lot.id).sold_vnd == 65_000


def test_an_order_with_an_open_problem_waits(ctx: Flask) -> None:
    world = a_world()
    bought = shipped(world.bought())
    order_id = bought.id
    with transaction():
        db.session.add(Problem(order_id=order_id, key="problem-1", kind="broken", text="Vỡ", reported_at=NOW))
    with clock.use(NOW + timedelta(days=30)):
        assert deliver_uncontested() == 0


def guaranteed_world() -> World:
    """Terms with a guaranteed price; a slip worth 140,000 đ in a lot of one pack."""
    from cooperatives.operations import set_terms
    from cooperatives.rules import Terms
    from tests.factories.cooperatives import manager_of

    world = a_world(grams=(40_000,), quantity=2)
    manager, today = manager_of(world.coop), clock.today()
    with transaction():
        terms = Terms(today, 6000, 3000, 1000, guaranteed_price=True)
        set_terms(manager, terms)
    return world


def close(world: World) -> None:
    with transaction():
        db.session.execute(text("UPDATE lot SET state = 'closed' WHERE id = :id"), {"id": world.lot.id})


def test_a_closed_lot_under_a_guaranteed_price_is_made_up_once(ctx: Flask) -> None:
    world = guaranteed_world()
    delivered(world.bought(2))
    assert settle_closed_lots() == 0
    close(world)
    settle_closed_lots()
    settle_closed_lots()
    assert world.owed(world.producers[0]) == 140_000
    assert queries.lot_share(world.lot.id).producers_vnd == 140_000
    assert list(faults()) == []


def test_a_refund_after_the_guarantee_is_made_up_again(ctx: Flask) -> None:
    world = guaranteed_world()
    bought = delivered(world.bought(2))
    close(world)
    settle_closed_lots()
    refunded(bought, {line_of(bought): 65_000})
    assert world.owed(world.producers[0]) == 140_000
    assert list(faults()) == []


def test_without_a_guarantee_nothing_is_added(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    close(world)
    with transaction():
        assert operations.settle_lot(SYSTEM, world.lot.id) is None
    assert world.of(AccountKind.COOPERATIVE_INCOME) == 0


def test_verify_says_that_all_holds_and_exits_1_naming_the_first_fault(app: Flask) -> None:
    with app.app_context():
        opened(a_world().coop)
    good = app.test_cli_runner().invoke(revenue, ["verify"])
    assert (good.exit_code, "every ledger holds" in good.output) == (0, True)
    assert good.output.splitlines()[-1] == "1 ledgers, 2 entries, 4 postings, 10000000 đồng"
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE ledger SET head_hash = 'x'"))
    bad = app.test_cli_runner().invoke(revenue, ["verify"])
    assert bad.exit_code == 1
    assert "FAULT ledger 1" in bad.output
