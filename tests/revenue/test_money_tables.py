"""The worked tables of docs/guide/money.md are played with the verbs users call, and compared posting by posting."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules import SYSTEM
from config import ROOT
from core.db import db, transaction
from payments import operations as payments
from revenue import operations
from revenue.audit.queries import faults
from revenue.ledger.queries import ledger_id, lines_of
from revenue.models import Entry
from revenue.payouts.operations import return_payout
from tests.factories.cooperatives import manager_of
from tests.factories.payments import pay, shipped, staff_of
from tests.factories.revenue import paid_out, weighed
from tests.revenue.stories import World, a_world
from tests.revenue.test_refund import line_of

GUIDE = ROOT / "docs" / "guide" / "money.md"
Rows = list[tuple[str, str, int]]


def tables() -> dict[str, list[tuple[str, str, int]]]:
    """Each marked table of the guide: (step, account, đồng) with debit + and credit −."""
    found: dict[str, Rows] = {}
    for name, body in re.findall(r"<!-- played: ([a-z ]+) -->\n\n((?:\|.*\n)+)", GUIDE.read_text()):
        rows, step = [], ""
        for line in body.splitlines()[2:]:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            step = cells[0] or step
            amount = int(cells[2].replace(",", "") or 0) - int(cells[3].replace(",", "") or 0)
            rows.append((step, cells[1], amount))
        found[name] = rows
    return found


@dataclass
class Play:
    """A world in which a table is played; each step's new postings are written down in the guide's words."""

    world: World
    rows: Rows = field(default_factory=list)
    seen: int = 0
    order: Any = None
    transfer: Any = None
    paid: Any = None

    def step(self, name: str, deed: Callable[["Play"], Any]) -> None:
        """Do it, and write down what it posted."""
        deed(self)
        asked = select(Entry.id).where(Entry.ledger_id == ledger_id(self.world.org), Entry.id > self.seen)
        for entry_id in list(db.session.execute(asked.order_by(Entry.seq)).scalars()):
            for line in lines_of(entry_id):
                self.rows.append((name, self.named(str(line.kind), line.subject), line.amount_vnd))
            self.seen = entry_id

    def named(self, kind: str, subject: str) -> str:
        """An account as the guide calls it: "producer_payable A", "bank"."""
        what, _colon, number = subject.partition(":")
        who = {one.id: "AB"[place] for place, one in enumerate(self.world.producers)}
        slips = {one.id: "AB"[place] for place, one in enumerate(self.world.slips)}
        one = int(number) if number.isdigit() else 0
        if what in ("producer", "slip"):
            return f"{kind} {(who if what == 'producer' else slips)[one]}"
        return f"{kind} {what}".strip()

    def skip(self) -> None:
        """What the world began with stands in no table."""
        asked = select(Entry.id).where(Entry.ledger_id == ledger_id(self.world.org)).order_by(Entry.id.desc())
        self.seen = db.session.execute(asked).scalars().first() or 0


def weigh(play: Play) -> None:
    play.world.slips[0] = weighed(play.world.producers[0], advance_vnd=30_000, net_g=40_000)


def buy(play: Play) -> None:
    play.order = play.world.bought(2)
    pay(play.order)


def deliver(play: Play) -> None:
    order_id = shipped(play.order).id
    with transaction():
        operations.deliver(SYSTEM, order_id)


def give_back(play: Play) -> None:
    with transaction():
        made = payments.refund(
            staff_of(play.order), play.order.id, {line_of(play.order): 1}, "vỡ", key="one-refund"
        )
        play.transfer = made.id


def send_back(play: Play) -> None:
    with transaction():
        payments.mark_sent(staff_of(play.order), play.transfer, "cash")


def pay_b(play: Play) -> None:
    who = play.world.producers[1]
    play.paid = paid_out(who, play.world.owed(who))


def bank_returns(play: Play) -> None:
    with transaction():
        return_payout(manager_of(play.world.coop), play.paid.id, "sai số tài khoản")


def buy_cod(play: Play) -> None:
    play.order = shipped(play.world.bought(1, "cod"))
    with transaction():
        payments.collect_cod(staff_of(play.order), play.order.id)


def carrier_pays(play: Play) -> None:
    with transaction():
        payments.remit_cod(staff_of(play.order), "the-list-key", [play.order.id], carrier="Bưu điện", fee_vnd=3_000,
                           shipping_vnd=20_000)  # fmt: skip


def strange_money(play: Play) -> None:
    play.order = play.world.bought(1)
    play.transfer = pay(play.order, play.order.total_vnd + 1_000, content="CHUYEN TIEN").id


def match(play: Play) -> None:
    with transaction():
        payments.match_transfer(staff_of(play.order), play.transfer, play.order.code, "khách gọi báo")


def half(play: Play) -> None:
    play.order = play.world.bought(1)
    pay(play.order, 50_000)


def rest(play: Play) -> None:
    pay(play.order, play.order.total_vnd - 50_000)


def cancel(play: Play) -> None:
    with transaction():
        payments.cancel(staff_of(play.order), play.order.id, "khách đổi ý")


STORIES: dict[str, list[tuple[str, Callable[[Play], Any]]]] = {
    "from order to family": [
        ("she weighs 40 kg and gets an advance", weigh), ("the buyer pays for two packs", buy), ("delivered", deliver),
        ("one pack is refunded", give_back), ("the refund goes in cash", send_back), ("B is paid by bank", pay_b),
        ("the bank returns it", bank_returns),
    ],
    "cash on delivery": [("the carrier has the cash", buy_cod), ("the carrier pays over", carrier_pays)],
    "money without a name": [("a transfer without a code", strange_money), ("given to its order", match)],
    "in two parts and cancelled": [("a part", half), ("the rest", rest), ("cancelled", cancel)],
}  # fmt: skip


def played(name: str) -> Rows:
    play = Play(a_world(grams=(40_000, 20_000)))
    play.skip()
    for words, deed in STORIES[name]:
        play.step(words, deed)
    return play.rows


def in_steps(rows: Rows) -> list[tuple[str, list[tuple[str, int]]]]:
    """Each step with its postings; their order within an entry hangs on random keys and means nothing."""
    steps = dict.fromkeys(step for step, _account, _amount in rows)
    return [
        (step, sorted((account, amount) for name, account, amount in rows if name == step)) for step in steps
    ]


@pytest.mark.parametrize("name", STORIES)
def test_the_guides_table_is_what_the_book_says(ctx: Flask, name: str) -> None:
    assert in_steps(played(name)) == in_steps(tables()[name])
    assert list(faults()) == []


def test_every_table_of_the_guide_is_played_and_balances_step_by_step() -> None:
    found = tables()
    assert found.keys() == STORIES.keys()
    for rows in found.values():
        for step in dict.fromkeys(row[0] for row in rows):
            assert sum(amount for name, _account, amount in rows if name == step) == 0, step
