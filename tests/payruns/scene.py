"""A cooperative that owes families money, two of its people, and accounts of some of the families."""

import secrets
from dataclasses import dataclass
from typing import Any

from accounts.rules import Actor
from core import clock
from core.db import transaction
from payments.payouts.operations import set_producer_account
from payments.payruns import queries
from payments.payruns.models import Payrun, PayrunLine
from payments.payruns.operations import make_run
from payments.payruns.queries import Choice
from revenue import operations
from revenue.ledger.queries import balance
from revenue.rules import AccountKind, Line, producer
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of, treasurer_of
from tests.factories.revenue import opened


@dataclass
class Till:
    """The scene: ids and actors, because rows do not outlive a commit."""

    coop_id: int
    org: int
    maker: Actor
    second: Actor
    producers: list[int]
    phones: list[str]

    def owed(self, who: int = 0) -> int:
        """What the book owes a producer."""
        return -balance(self.org, AccountKind.PRODUCER_PAYABLE, producer(self.producers[who]))

    def bank(self) -> int:
        """What the bank holds by the book."""
        return balance(self.org, AccountKind.BANK)

    def earns(self, amount_vnd: int, who: int = 0) -> None:
        """Something more is owed to a producer."""
        owe(self.org, self.producers[who], amount_vnd)

    def account(self, who: int = 0, number: str = "1234567890") -> None:
        """A producer says where her money goes."""
        with transaction():
            set_producer_account(self.maker, self.producers[who], "970436", number, "Lý Thị Mẫu")

    def run(self, who: Actor | None = None, **choice: Any) -> Payrun:
        """Plan and make a run, as it is shown."""
        asked = Choice(clock.today(), **choice)
        with transaction():
            digest = queries.planned(self.org, asked).digest
            return make_run(who or self.maker, asked, secrets.token_hex(8), digest)

    def lines(self, run_id: int) -> list[PayrunLine]:
        """The lines of a run, in the order of producers."""
        from core.db import db

        rows = db.session.query(PayrunLine).filter_by(run_id=run_id).populate_existing().all()
        return sorted(rows, key=lambda one: self.producers.index(one.producer_id))


def owe(organisation_id: int, producer_id: int, amount_vnd: int) -> None:
    """Post a debt to a producer, as a bonus."""
    lines = [
        Line(AccountKind.COOPERATIVE_INCOME, "", amount_vnd),
        Line(AccountKind.PRODUCER_PAYABLE, producer(producer_id), -amount_vnd, producer_id=producer_id),
    ]
    with transaction():
        operations.post(organisation_id, "bonus", f"bonus:{secrets.token_hex(6)}", lines, clock.today())


def a_till(*owed_vnd: int, bank_vnd: int = 50_000_000, cash_vnd: int = 0, accounts: bool = True) -> Till:
    """A cooperative owing these sums to as many producers, with so much in bank and till."""
    coop = create_cooperative()
    maker, second = treasurer_of(coop), manager_of(coop)
    phones = [f"+8491{secrets.randbelow(10**7):07}" for _one in owed_vnd]
    producers = [
        create_producer(coop, name=f"Lý Thị {'ABCDEFGH'[place]}", phone=phones[place]).id
        for place in range(len(owed_vnd))
    ]
    opened(coop, bank_vnd=bank_vnd, cash_vnd=cash_vnd)
    made = Till(coop.id, int(coop.organisation_id or 0), maker, second, producers, phones)
    for place, amount in enumerate(owed_vnd):
        if amount:
            made.earns(amount, place)
        if accounts:
            made.account(place, f"10000000{place}")
    return made
