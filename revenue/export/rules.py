"""hledger and beancount: one organisation's entries as text, closed by assertions of every balance.

hledger's journal format: https://hledger.org/hledger.html#journal. beancount's: its Language Syntax page. Both programs
are run separately (tests and operators); nothing of them is imported.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from revenue.rules import ASSETS, LIABILITIES, AccountKind

FORMATS = ("hledger", "beancount", "xlsx")
EXPENSES = frozenset({
    AccountKind.SHIPPING_COST, AccountKind.PROVIDER_FEE, AccountKind.RECALL_COST, AccountKind.DISPUTE_COST,
    AccountKind.COST_OF_GOODS, AccountKind.CARRIER_LOSS,
})  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One entry to be written: day, running number, words, and (account kind, subject, đồng)."""

    on: date
    seq: int
    kind: str
    note: str
    hash: str
    lines: tuple[tuple[AccountKind, str, int], ...]
    book: str = ""  # named where several books stand in one file


def root(kind: AccountKind) -> str:
    """The top account that a kind hangs under."""
    if kind in ASSETS:
        return "Assets"
    if kind in LIABILITIES or kind is AccountKind.FUND:
        return "Liabilities"
    if kind is AccountKind.CAPITAL:
        return "Equity"
    return "Expenses" if kind in EXPENSES else "Income"


def account_name(kind: AccountKind, subject: str, book: str = "") -> str:
    """Assets:ProducerAdvance:Slip-17; both programs accept it. `book` tells several ledgers in one file apart.

    >>> account_name(AccountKind.PRODUCER_PAYABLE, "producer:12")
    'Liabilities:ProducerPayable:Producer-12'
    >>> account_name(AccountKind.BANK, "", "Book-3")
    'Assets:Book-3:Bank'
    """
    parts = [root(kind), book, "".join(word.capitalize() for word in str(kind).split("_"))]
    if subject:
        parts.append("-".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", subject)))
    return ":".join(part for part in parts if part)


def _words(row: Row) -> str:
    return re.sub(r"[\"\\;|\n]", " ", f"{row.seq} {row.kind} {row.note}").strip()


def _merged(row: Row) -> dict[str, int]:
    """The entry's amounts by account: an account named twice in one entry is one posting there."""
    merged: dict[str, int] = {}
    for kind, subject, amount in row.lines:
        name = account_name(kind, subject, row.book)
        merged[name] = merged.get(name, 0) + amount
    return {name: amount for name, amount in merged.items() if amount}


def hledger(rows: Iterable[Row], balances: Mapping[str, int], title: str) -> Iterable[str]:
    """A journal, oldest entry first, with assertions of every balance at the end."""
    yield f"; {title}"
    yield "commodity 1000. VND"
    last = None
    for row in rows:
        last = row.on if last is None else max(last, row.on)
        yield f"\n{row.on.isoformat()} ({row.seq}) {_words(row)}  ; {row.hash}"
        yield from (f"    {name}  {amount} VND" for name, amount in _merged(row).items())
    if last is not None:
        yield f"\n{last.isoformat()} balances of our own book"
        yield from (f"    {name}  0 VND = {amount} VND" for name, amount in sorted(balances.items()))


def beancount(rows: Iterable[Row], balances: Mapping[str, int], title: str) -> Iterable[str]:
    """A ledger file: accounts opened on the first day, entries, balance checks on the day after the last."""
    entries = list(rows)
    yield f"; {title}"
    yield 'option "operating_currency" "VND"'
    if not entries:
        return
    first, last = min(row.on for row in entries), max(row.on for row in entries)
    names = {account_name(kind, subject, row.book) for row in entries for kind, subject, _amount in row.lines}
    yield from (f"{first.isoformat()} open {name} VND" for name in sorted(names))
    for row in entries:
        yield f'\n{row.on.isoformat()} * "{_words(row)}"\n  hash: "{row.hash}"'
        yield from (f"  {name}  {amount} VND" for name, amount in _merged(row).items())
    after = (last + timedelta(days=1)).isoformat()
    yield ""
    yield from (f"{after} balance {name}  {amount} VND" for name, amount in sorted(balances.items()))
