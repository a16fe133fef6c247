"""The books under random steps: every verb that moves money, in any order, ten thousand times with EXAM=full.

Sale, partial refund, recall, advance, guarantee, payout, returned payout, card money with fee, dispute and remittance,
cash on delivery that is collected or refused, tax kept back and paid over, a month closed and opened.
"""

import secrets
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from accounts.rules import SYSTEM, Role
from cooperatives.operations import set_terms
from cooperatives.rules import Terms
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from orders.queries import lines
from payments.operations import collect_cod, refuse_cod
from revenue import operations, queries
from revenue.audit.queries import faults
from revenue.closing import operations as closing
from revenue.closing.queries import closed_until
from revenue.collector import operations as collector
from revenue.collector.rules import Part
from revenue.export.files import written
from revenue.ledger.queries import ledger_id
from revenue.models import Payout, Posting
from revenue.payouts.operations import return_payout
from revenue.rules import AccountKind
from revenue.split.queries import posted_shares
from revenue.tax.operations import pay_tax
from tests.exams.stage import FULL
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import manager_of
from tests.factories.payments import place_order, shipped
from tests.factories.revenue import opened, weighed
from tests.factories.traceability import create_lot
from tests.revenue.stories import World, a_world
from tests.revenue.test_export import PROGRAMS

STEPS, EXAM_STEPS = 300, 10_000
RAIL = "stripe"
WHO, PERCENT = st.integers(0, 2), st.integers(1, 120)
WHICH = st.integers(0, 10**6)


@dataclass
class Books:
    """The world that lives through all steps: a cooperative, its collector, and what happened so far."""

    world: World
    manager: Any
    second: Any
    desk: Any
    delivered: list[int] = field(default_factory=list)
    carried: list[int] = field(default_factory=list)
    card: list[Part] = field(default_factory=list)
    disputes: list[tuple[int, Part]] = field(default_factory=list)
    remittances: list[int] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    def attempt(self, what: str, verb: Any, *args: Any, **kwargs: Any) -> Any:
        """Carry out a verb; what was refused leaves nothing behind, and is an answer too."""
        try:
            with transaction():
                made = verb(*args, **kwargs)
        except DomainError:
            db.session.rollback()
            return None
        self.done[what] = self.done.get(what, 0) + 1
        return made


def key() -> str:
    return secrets.token_hex(6)


class Walk(RuleBasedStateMachine):
    """The random walker; `books` is given by `machine`."""

    books: Books

    @rule(who=WHO, advance=st.integers(0, 60_000))
    def weigh_and_make_a_lot(self, who: int, advance: int) -> None:
        slip = weighed(self.books.world.producers[who], advance_vnd=advance, net_g=20_000 + advance % 7_001)
        create_lot(self.books.world.coop, self.books.world.pack, 3, slips=[slip])

    @rule(who=WHO, advance=st.integers(1, 30_000), back=st.booleans())
    def weigh_and_void(self, who: int, advance: int, back: bool) -> None:
        slip = weighed(self.books.world.producers[who], advance_vnd=advance)
        self.books.attempt(
            "void", operations.void_slip, self.books.manager, slip.id, "cân nhầm bao", money_back=back
        )

    @rule(quantity=st.integers(1, 4), method=st.sampled_from(["vietqr", "vietqr", "cod"]))
    def sell(self, quantity: int, method: str) -> None:
        try:
            order_id = shipped(self.books.world.bought(quantity, method)).id
        except DomainError:
            return  # sold out, or too many open orders of this phone
        if method == "cod":
            self.books.carried.append(order_id)
        elif self.books.attempt("sale", operations.deliver, SYSTEM, order_id):
            self.books.delivered.append(order_id)

    @rule(which=WHICH, taken=st.booleans())
    def the_carrier_comes_to_the_door(self, which: int, taken: bool) -> None:
        if not self.books.carried:
            return
        order_id = self.books.carried.pop(which % len(self.books.carried))
        if not taken:
            self.books.attempt(
                "cod refused", refuse_cod, self.books.manager, order_id, "gọi ba lần không nghe máy"
            )
        elif self.books.attempt("cod", collect_cod, self.books.manager, order_id):
            self.books.delivered.append(order_id)

    @rule(which=WHICH, percent=PERCENT, recall=st.booleans())
    def refund(self, which: int, percent: int, recall: bool) -> None:
        if self.books.delivered:
            order_id = self.books.delivered[which % len(self.books.delivered)]
            line = lines(order_id)[0]
            recalled = recall and percent % 3 == 0
            self.books.attempt("recall" if recalled else "refund", operations.refund_split, SYSTEM, order_id,
                          {line.id: line.total_vnd * percent // 100}, key=key(), recall=recalled)  # fmt: skip

    @rule(who=WHO, percent=PERCENT, method=st.sampled_from(["cash", "bank"]))
    def pay(self, who: int, percent: int, method: str) -> None:
        one = self.books.world.producers[who]
        amount = self.books.world.owed(one) * percent // 100
        self.books.attempt("payout", operations.pay_producer, SYSTEM, one.id, amount, method, key())

    @rule(which=WHICH, mistake=st.booleans())
    def a_payout_comes_back(self, which: int, mistake: bool) -> None:
        paid = db.session.execute(select(Payout.id, Payout.entry_id).order_by(Payout.id)).all()
        if paid:
            payout_id, entry_id = paid[which % len(paid)]
            if mistake:
                self.books.attempt(
                    "reversal", operations.reverse, self.books.manager, entry_id, "ghi nhầm nhà"
                )
            else:
                self.books.attempt(
                    "returned", return_payout, self.books.manager, payout_id, "sai số tài khoản"
                )

    @rule(quantity=st.integers(1, 2), fee=st.integers(0, 3_000))
    def buy_by_card(self, quantity: int, fee: int) -> None:
        try:
            order = place_order([(self.books.world.pack, quantity)], "vietqr")[0]
        except DomainError:
            return
        part = Part(order.id, order.cooperative_id, self.books.world.org, order.total_vnd)
        today, desk = clock.today(), self.books.desk.organisation_id
        self.books.attempt("card", collector.collect, desk, RAIL, [part], ref=key(), on=today)
        charged = Part(order.id, order.cooperative_id, self.books.world.org, fee)
        self.books.attempt("fee", collector.charge_fee, desk, RAIL, [charged], ref=key(), on=today)
        self.books.card.append(part)

    @rule(which=WHICH)
    def a_buyer_disputes(self, which: int) -> None:
        if self.books.card:
            part = self.books.card.pop(which % len(self.books.card))
            number = part.order_id
            if self.books.attempt("dispute", collector.open_dispute, self.books.desk.organisation_id, RAIL, number,
                             part.to_order_vnd, clock.today()):  # fmt: skip
                self.books.disputes.append((number, part))

    @rule(which=WHICH, won=st.booleans())
    def a_dispute_ends(self, which: int, won: bool) -> None:
        if not self.books.disputes:
            return
        number, part = self.books.disputes.pop(which % len(self.books.disputes))
        desk, today = self.books.desk.organisation_id, clock.today()
        if won:
            self.books.attempt("won", collector.win_dispute, desk, RAIL, number, part.to_order_vnd, today)
        else:
            self.books.attempt("lost", collector.lose_dispute, desk, number, [part], today,
                          prepaid={part.order_id: part.to_order_vnd})  # fmt: skip

    @rule(percent=PERCENT)
    def the_collector_settles_and_remits(self, percent: int) -> None:
        desk = self.books.desk.organisation_id
        held = queries.balance(desk, AccountKind.RAIL_CLEARING) * percent // 100
        self.books.attempt("settlement", collector.settle, self.books.desk, RAIL, held, key())
        owed = -queries.balance(desk, AccountKind.DUE_TO_COOPERATIVE) * percent // 100
        made = self.books.attempt(
            "remittance", collector.remit, self.books.desk, self.books.world.coop.id, owed, key()
        )
        if made:
            self.books.remittances.append(made.id)

    @rule(which=WHICH, came=st.booleans())
    def a_remittance_arrives_or_returns(self, which: int, came: bool) -> None:
        if self.books.remittances:
            one = self.books.remittances.pop(which % len(self.books.remittances))
            if came:
                self.books.attempt("arrived", collector.confirm, self.books.manager, one)
            else:
                self.books.attempt("sent back", collector.take_back, self.books.desk, one)

    @rule(tax=st.sampled_from(["vat", "pit"]), percent=PERCENT)
    def pay_the_tax_office(self, tax: str, percent: int) -> None:
        kept = -self.books.world.of(AccountKind.TAXES_WITHHELD, tax) * percent // 100
        self.books.attempt("tax", pay_tax, self.books.manager, tax, kept, key())

    @rule(close=st.booleans())
    def a_month_is_closed_or_opened(self, close: bool) -> None:
        book = ledger_id(self.books.world.org) or 0
        with clock.use(datetime(2026, 11, 22, 3, tzinfo=UTC)):
            if close:
                october = clock.today().replace(month=10)
                self.books.attempt("close", closing.close_month, self.books.manager, october)
            elif closed_until(book):
                one = closing.queries.closings(book)[0].id
                self.books.attempt(
                    "ask", closing.ask_to_reopen, self.books.manager, one, "ghi thiếu một khoản"
                )
                self.books.attempt("reopen", closing.agree_to_reopen, self.books.second, one)

    @invariant()
    def sums_are_zero_and_nothing_is_negative(self) -> None:
        whole = select(func.coalesce(func.sum(Posting.amount_vnd), 0))
        assert db.session.execute(whole).scalar_one() == 0
        held = queries.balances(self.books.world.org)
        assert held[AccountKind.CASH] >= 0 and held[AccountKind.BANK] >= 0
        assert all(self.books.world.owed(one) >= 0 for one in self.books.world.producers)
        there = queries.balance(self.books.desk.organisation_id, AccountKind.DUE_TO_COOPERATIVE)
        assert held[AccountKind.DUE_FROM_COLLECTOR] + there == 0


def machine(books: Books) -> type[RuleBasedStateMachine]:
    """The walker over one world that lives through all steps."""
    return type("Walker", (Walk,), {"books": books})


def the_books(cash_vnd: int) -> Books:
    """A cooperative whose terms keep tax back, and the collector of its card money."""
    world = a_world(grams=(40_000, 20_000, 33_333), quantity=10, cash_vnd=cash_vnd)
    opened(world.coop, bank_vnd=1_000_000)
    manager = manager_of(world.coop)
    with transaction():
        set_terms(manager, Terms(clock.today(), 6000, 3000, 1000, withholds_tax=True))
        desk = collector.open_collector("Đơn vị thu hộ thử nghiệm").id
    second, clerk = (actor_for(Role.TREASURER, organisation_id=one) for one in (world.org, desk))
    return Books(world, manager, second, clerk)


def walk(books: Books, steps: int, folder: Path) -> None:
    run_state_machine_as_test(
        machine(books),
        settings=settings(max_examples=steps // 50, stateful_step_count=50, deadline=None, database=None,
                          phases=[Phase.generate], suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    world = books.world
    everything = db.session.execute(
        select(Posting.order_line_id).distinct().where(Posting.order_line_id.is_not(None))
    )
    assert all(share.left_vnd >= 0 for share in posted_shares(list(everything.scalars())).values())
    assert list(faults()) == []
    for who in world.producers:
        seen = queries.statement(world.org, who.id)
        open_ = seen.open_advance_vnd + seen.debt_vnd
        assert seen.owed_vnd == seen.earned_vnd - seen.advanced_vnd - seen.paid_vnd + open_
    others_agree(folder)


def others_agree(folder: Path) -> None:
    """hledger and beancount, run as programs over all books in one file, find every balance as we say it."""
    for form, command in PROGRAMS.items():
        made = written(form)
        assert made is not None
        path = folder / f"books.{form}"
        path.write_bytes(made)
        if shutil.which(command[0]):
            done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]


def test_three_hundred_random_steps_break_nothing(ctx: Flask, tmp_path: Path) -> None:
    books = the_books(cash_vnd=50_000_000)
    walk(books, STEPS, tmp_path)
    assert len(books.done) >= 10, books.done


@pytest.mark.slow
def test_ten_thousand_random_steps_break_nothing(ctx: Flask, tmp_path: Path) -> None:
    if not FULL:
        pytest.skip("an exam: set EXAM=full")
    books = the_books(cash_vnd=500_000_000)
    walk(books, EXAM_STEPS, tmp_path)
    wanted = {
        "sale",
        "refund",
        "recall",
        "payout",
        "returned",
        "dispute",
        "won",
        "lost",
        "cod refused",
        "tax",
        "close",
    }
    assert wanted <= books.done.keys(), books.done
