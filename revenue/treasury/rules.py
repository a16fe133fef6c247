"""Arithmetic of the treasurer's pages: ages of what carriers hold, margins, and which payout paid which share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from revenue.rules import ASSETS, LIABILITIES, AccountKind

AGES = (7, 14, 30)  # days: up to a week, two, a month, older
MONEY = (AccountKind.BANK, AccountKind.CASH)
COMING = tuple(one for one in AccountKind if one in ASSETS and one not in MONEY)
OWED = tuple(one for one in AccountKind if one in LIABILITIES)


def age_band(since: date, today: date) -> int:
    """Which band of `AGES` an open sum is in; len(AGES) when it is older than all.

    >>> age_band(date(2026, 11, 1), date(2026, 11, 9))
    1
    """
    days = (today - since).days
    return next((place for place, most in enumerate(AGES) if days <= most), len(AGES))


@dataclass(frozen=True)
class Margin:
    """What one product brought after refunds and recalls, and what of it stayed with the cooperative; đồng.

    costs_vnd: what goods bought outright had cost, and the market's fee.
    """

    product_id: int
    goods_vnd: int
    producers_vnd: int
    costs_vnd: int

    @property
    def kept_vnd(self) -> int:
        """What is left for processing, fund and surplus."""
        return self.goods_vnd - self.producers_vnd - self.costs_vnd


@dataclass
class Credit:
    """What a producer was credited by one entry, and by which payouts it was paid: [(payout's entry, đồng)…]."""

    entry_id: int
    order_id: int | None
    amount_vnd: int
    taken_vnd: int = 0
    paid: list[tuple[int, int]] = field(default_factory=list)

    @property
    def open_vnd(self) -> int:
        """What of it is still owed."""
        return self.amount_vnd - self.taken_vnd - sum(part for _entry, part in self.paid)


@dataclass(frozen=True)
class Move:
    """One change of what a producer is owed, in the order of the book. undoes: the payout's entry that came back."""

    entry_id: int
    order_id: int | None
    owed_vnd: int  # + credited, - paid or taken back
    undoes: int | None = None


def paid_by(moves: Iterable[Move]) -> list[Credit]:
    """Which payout paid which credit: the oldest first; a refund takes from its own order's credit first.

    A payout that came back, or was undone as a mistake, pays nothing any more: what it had paid is owed again.
    """
    credits: list[Credit] = []
    for move in moves:
        if move.undoes is not None:
            _undo(credits, move)
        elif move.owed_vnd >= 0:
            credits.append(Credit(move.entry_id, move.order_id, move.owed_vnd))
        else:
            _settle(credits, move)
    return credits


def _undo(credits: Sequence[Credit], move: Move) -> None:
    """Take a payout's parts off again. What of it went to a debt of hers stays paid: her credit was used for that."""
    left = move.owed_vnd
    for credit in credits:
        kept: list[tuple[int, int]] = []
        for entry_id, part in credit.paid:
            back = min(part, left) if entry_id == move.undoes else 0
            left -= back
            if part > back:
                kept.append((entry_id, part - back))
        credit.paid = kept


def _settle(credits: Sequence[Credit], move: Move) -> None:
    left = -move.owed_vnd
    for credit in sorted(credits, key=lambda one: move.order_id is None or one.order_id != move.order_id):
        part = min(left, credit.open_vnd)
        if part <= 0:
            continue
        left -= part
        if move.order_id is None:
            credit.paid.append((move.entry_id, part))
        else:
            credit.taken_vnd += part
