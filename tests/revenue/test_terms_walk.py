"""The book under random terms: clauses, wages, bought and consigned harvest, tax, refunds, closed lots, in any turn."""

from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules import SYSTEM
from cooperatives.operations import set_terms
from cooperatives.rules import Terms
from cooperatives.terms.rules import Clause
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from orders.queries import lines
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.models import Posting
from revenue.rules import AccountKind
from revenue.split.queries import posted_shares
from revenue.tasks import post_purchases, settle_closed_lots, write_off_lots
from revenue.tax import queries as tax
from revenue.terms.operations import write_hours
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.payments import shipped
from tests.factories.revenue import opened, weighed
from tests.factories.traceability import open_batch
from tests.revenue.stories import World
from tests.revenue.test_withholding import NEXT, THIS
from traceability import operations as trace
from traceability.batches.ways import set_buying
from traceability.models import BatchInput, Lot

STEPS = 60


def random_terms(random: Random) -> Terms:
    """Any terms that may be published."""
    producers = random.randint(0, 9_000)
    processing = random.randint(0, 10_000 - producers)
    fund = 10_000 - producers - processing
    clauses: list[Clause] = []
    if processing >= 400 and random.random() < 0.5:
        clauses += [Clause("platform", "rate", rate_bp=random.randint(1, 200)),
                    Clause("fee", "rate", rate_bp=random.randint(1, 200), name="bao bì")]  # fmt: skip
    if random.random() < 0.5:
        clauses.append(Clause("labour", random.choice(["kg", "hour"]), amount_vnd=random.randint(1, 90_000)))
    if random.random() < 0.3:
        clauses.append(Clause("fee", "kg", amount_vnd=random.randint(1, 9_000), name="tem"))
    if fund > 1 and random.random() < 0.5:
        cut = random.randint(1, fund - 1)
        clauses += [Clause("fund", "rate", rate_bp=cut, name="development"),
                    Clause("fund", "rate", rate_bp=fund - cut, name="reserve")]  # fmt: skip
    random.shuffle(clauses)
    return Terms(clock.today(), producers, processing, fund, clauses=tuple(clauses), buying=random.choice(
        ["consigned", "outright"]), member_agreement=random.random() < 0.7, withholds_tax=random.random() < 0.6,
        guaranteed_price=random.random() < 0.4)  # fmt: skip


class Walk:
    """One cooperative's life in random steps."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        coop = create_cooperative()
        opened(coop, bank_vnd=5_000_000, cash_vnd=500_000_000)
        who = [create_producer(coop, f"Lý Thị {n}", standing) for n, standing in
               (("A", "member"), ("B", "linked"), ("C", "member"))]  # fmt: skip
        self.manager, self.pack = manager_of(coop), create_product(coop).packs[0]
        self.world = World(coop, who, [], self.pack, None)
        self.orders: list[int] = []
        self.lots: list[int] = []

    def attempt(self, verb: Any, *args: Any, **more: Any) -> Any:
        try:
            with transaction():
                return verb(*args, **more)
        except DomainError:
            db.session.rollback()  # refused is an answer too
            return None

    def new_terms(self) -> None:
        self.attempt(set_terms, self.manager, random_terms(self.random))

    def harvest(self) -> None:
        random = self.random
        chosen = random.sample(self.world.producers, random.randint(1, 3))
        slips = [weighed(one, advance_vnd=random.choice([0, 9_000]), net_g=random.randint(900, 9_000),
                         grade=random.choice("123")) for one in chosen]  # fmt: skip
        batch_id, product_id, pack_id = (
            open_batch(self.world.coop, slips).id,
            self.pack.product_id,
            self.pack.id,
        )
        inputs = list(
            db.session.execute(select(BatchInput.id).where(BatchInput.batch_id == batch_id)).scalars()
        )
        pieces = max(1, sum(slip.net_g for slip in slips) // self.pack.net_quantity // 2)
        weight, worker = pieces * self.pack.net_quantity, random.choice(self.world.producers).id
        with transaction():
            set_buying(
                self.manager, batch_id, random.choice(["consigned", "outright"]), [random.choice(inputs)]
            )
            write_hours(self.manager, batch_id, worker, random.randint(0, 600))
            lot = trace.close_batch(self.manager, batch_id, [(product_id, weight, clock.today(), None)])[0].id
        with transaction():
            trace.pack_lot(self.manager, lot, pack_id, pieces)
        self.lots.append(lot)

    def sell(self) -> None:
        try:
            order_id = shipped(
                self.world.bought(self.random.randint(1, 3), self.random.choice(["vietqr", "cod"]))
            ).id
        except DomainError:
            return  # sold out, or too many open orders of this phone
        with transaction():
            operations.deliver(SYSTEM, order_id)
        self.orders.append(order_id)

    def refund(self) -> None:
        if self.orders:
            order_id = self.random.choice(self.orders)
            line = lines(order_id)[0]
            amount = line.total_vnd * self.random.randint(1, 105) // 100
            self.attempt(operations.refund_split, SYSTEM, order_id, {line.id: amount},
                         key=str(self.random.random()), recall=self.random.random() < 0.1)  # fmt: skip

    def pay(self) -> None:
        one = self.random.choice(self.world.producers)
        self.attempt(operations.pay_producer, SYSTEM, one.id, self.world.owed(one) * self.random.randint(1, 100) // 100,
                     "cash", str(self.random.random()))  # fmt: skip

    def close(self) -> None:
        if self.lots and self.random.random() < 0.5:
            lot_id = self.random.choice(self.lots)
            with transaction():
                db.session.get_one(Lot, lot_id).state = "closed"
        post_purchases()
        settle_closed_lots()
        write_off_lots()

    def step(self) -> None:
        weights = {
            self.new_terms: 2,
            self.harvest: 3,
            self.sell: 6,
            self.refund: 3,
            self.pay: 2,
            self.close: 2,
        }
        self.random.choices(list(weights), list(weights.values()))[0]()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_order_of_events_breaks_a_sum_under_any_terms(
    ctx: Flask, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tax, "dated_rules", lambda: (THIS, NEXT))
    walk = Walk(seed)
    walk.new_terms()
    walk.harvest()
    for _n in range(STEPS):
        walk.step()
        assert all(walk.world.owed(one) >= 0 for one in walk.world.producers)
        assert walk.world.of(AccountKind.GOODS_BOUGHT) >= 0
    assert db.session.execute(select(func.sum(Posting.amount_vnd))).scalar_one() == 0
    everything = [
        row.id for row in db.session.execute(select(Posting.order_line_id.label("id")).distinct()) if row.id
    ]
    assert all(share.left_vnd >= 0 for share in posted_shares(everything).values())
    assert list(faults()) == []
    for who in walk.world.producers:
        seen = queries.statement(walk.world.org, who.id)
        open_ = seen.open_advance_vnd + seen.debt_vnd
        assert seen.owed_vnd == seen.earned_vnd - seen.advanced_vnd - seen.paid_vnd + open_
    assert walk.orders and queries.balance(walk.world.org, AccountKind.CASH) >= 0
