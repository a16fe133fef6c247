"""Sums of sales along one or two dimensions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from programme.rules import Month

Key = TypeVar("Key")


@dataclass(frozen=True)
class Sale:
    """Delivered goods of one product, cooperative, month and channel, refunds taken off, đồng."""

    cooperative_id: int
    product_id: int
    month: Month
    channel: str
    goods_vnd: int
    households_vnd: int


@dataclass(frozen=True)
class Sum:
    """Goods sold, and the part of it that is the households', đồng."""

    goods_vnd: int = 0
    households_vnd: int = 0


def total(sales: Iterable[Sale]) -> Sum:
    """Everything together."""
    rows = list(sales)
    return Sum(sum(one.goods_vnd for one in rows), sum(one.households_vnd for one in rows))


def sums(sales: Iterable[Sale], key: Callable[[Sale], Key]) -> dict[Key, Sum]:
    """Sums by whatever `key` says, the largest first."""
    found: dict[Key, list[Sale]] = {}
    for one in sales:
        found.setdefault(key(one), []).append(one)
    made = {name: total(rows) for name, rows in found.items()}
    return dict(sorted(made.items(), key=lambda item: -item[1].goods_vnd))


def by_month(sales: Iterable[Sale], months: Sequence[Month]) -> list[Sum]:
    """One sum for each month in order, nothing where nothing was sold."""
    found = sums(sales, lambda one: one.month)
    return [found.get(month, Sum()) for month in months]


def matrix(sales: Sequence[Sale], months: Sequence[Month]) -> dict[int, list[int]]:
    """Cooperative → goods sold in each month, đồng; the cooperative that sold most first."""
    order = sums(sales, lambda one: one.cooperative_id)
    cells = sums(sales, lambda one: (one.cooperative_id, one.month))
    return {coop: [cells.get((coop, month), Sum()).goods_vnd for month in months] for coop in order}


def millions(amount_vnd: int) -> float | int:
    """Millions of đồng with one decimal: 341.3; whole numbers stay whole.

    >>> millions(341_260_000), millions(2_000_000)
    (341.3, 2)
    """
    tenths = round(amount_vnd / 100_000)
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def csv_cell(text: str) -> str:
    """A cell that a spreadsheet reads as text, never as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
