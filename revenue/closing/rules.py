"""Months as arithmetic: when one may be closed, what its two statements are, which day a late entry counts for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from revenue.export.rules import root
from revenue.rules import AccountKind

SETTLE_DAYS = 3  # news of its last days still comes, and a clock two days off writes into no closed month


def first_day(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def last_day(month: date) -> date:
    """The last day of a month.

    >>> last_day(date(2028, 2, 1))
    datetime.date(2028, 2, 29)
    """
    return next_month(month) - timedelta(days=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (first_day(month) + timedelta(days=32)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return first_day(first_day(month) - timedelta(days=1))


def closable_from(month: date) -> date:
    """The day from which a month may be closed: the third of the next is the last day of waiting."""
    return next_month(month) + timedelta(days=SETTLE_DAYS)


def open_day(on: date, closed_until: date | None) -> date:
    """The day that an entry for `on` counts for: itself, or the first day after what is closed.

    >>> open_day(date(2026, 10, 30), date(2026, 10, 31))
    datetime.date(2026, 11, 1)
    """
    return on if closed_until is None or on > closed_until else closed_until + timedelta(days=1)


@dataclass(frozen=True)
class Figure:
    """One kind of account: debits less credits of the month, and the balance at its end, đồng, debit +."""

    kind: AccountKind
    moved_vnd: int
    balance_vnd: int


@dataclass(frozen=True)
class Line:
    """A line of a statement, in the sign in which people read it."""

    kind: AccountKind
    amount_vnd: int


@dataclass(frozen=True)
class Statements:
    """A month's balance sheet (at its end) and income statement (of the month); đồng, read as positive numbers.

    assets = debts + capital + result, where result is everything earned less everything spent since the book began.
    """

    assets: tuple[Line, ...]
    debts: tuple[Line, ...]
    capital_vnd: int
    result_vnd: int
    income: tuple[Line, ...]
    expenses: tuple[Line, ...]

    @property
    def assets_vnd(self) -> int:
        """Everything there is and is coming."""
        return sum(line.amount_vnd for line in self.assets)

    @property
    def debts_vnd(self) -> int:
        """Everything owed, the common fund among it."""
        return sum(line.amount_vnd for line in self.debts)

    @property
    def month_result_vnd(self) -> int:
        """Earned less spent in the month."""
        return sum(line.amount_vnd for line in self.income) - sum(line.amount_vnd for line in self.expenses)

    @property
    def balanced(self) -> bool:
        """Whether the two sides are equal, as double entry makes them."""
        return self.assets_vnd == self.debts_vnd + self.capital_vnd + self.result_vnd


def statements(figures: Mapping[AccountKind, Figure]) -> Statements:
    """Both statements out of the figures of a month."""
    by_root: dict[str, list[Figure]] = {}
    for kind in AccountKind:
        if kind in figures:
            by_root.setdefault(root(kind), []).append(figures[kind])

    def at_end(name: str, sign: int) -> tuple[Line, ...]:
        return tuple(
            Line(one.kind, sign * one.balance_vnd) for one in by_root.get(name, []) if one.balance_vnd
        )

    def in_month(name: str, sign: int) -> tuple[Line, ...]:
        return tuple(Line(one.kind, sign * one.moved_vnd) for one in by_root.get(name, []) if one.moved_vnd)

    earned = [*by_root.get("Income", []), *by_root.get("Expenses", [])]
    return Statements(
        at_end("Assets", 1), at_end("Liabilities", -1),
        -sum(one.balance_vnd for one in by_root.get("Equity", [])), -sum(one.balance_vnd for one in earned),
        in_month("Income", -1), in_month("Expenses", 1),
    )  # fmt: skip
