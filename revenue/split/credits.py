"""Giving a producer an amount: tax kept back first, then the oldest advances, then a debt; the rest is payable."""

from dataclasses import dataclass, field

from revenue.rules import AccountKind, Component, Line, producer, slip
from revenue.split import queries, rules
from revenue.tax.operations import Withholding


@dataclass
class Open:
    """What producers owe and are owed while an entry is being written; each share posted changes it."""

    advances: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    debts: dict[int, int] = field(default_factory=dict)
    tax: Withholding = field(default_factory=Withholding)

    @classmethod
    def of(cls, organisation_id: int, producer_ids: set[int], tax: Withholding | None = None) -> "Open":
        """How these producers stand now in a cooperative's book, which the caller holds."""
        if not producer_ids:
            return cls()
        return cls(
            queries.open_advances(organisation_id, producer_ids),
            queries.of_producers(organisation_id, AccountKind.PRODUCER_RECEIVABLE, producer_ids),
            tax or Withholding(),
        )

    def credit(self, who: int, home: int | None, amount_vnd: int, component: Component, line_id: int | None,
               lot_id: int | None, *, rule: str = "", deal: str = "") -> list[Line]:  # fmt: skip
        """The postings that give a producer an amount."""
        kept = self.tax.keep(who, home, amount_vnd, component, line_id, lot_id, deal)
        amount_vnd += sum(line.amount_vnd for line in kept)
        settled = rules.settle(amount_vnd, self.advances.get(who, []), self.debts.get(who, 0))
        gone = dict(settled.advances)
        self.advances[who] = [(one, left - gone.get(one, 0)) for one, left in self.advances.get(who, [])]
        self.debts[who] = self.debts.get(who, 0) - settled.receivable_vnd
        parts = [(AccountKind.PRODUCER_ADVANCE, slip(one), part) for one, part in settled.advances]
        parts += [(AccountKind.PRODUCER_RECEIVABLE, producer(who), settled.receivable_vnd)]
        parts += [(AccountKind.PRODUCER_PAYABLE, producer(who), settled.payable_vnd)]
        return [
            Line(kind, subject, -part, line_id, lot_id, who, home, component, rule, deal)
            for kind, subject, part in parts
            if part
        ] + kept
