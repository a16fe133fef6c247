"""hledger and beancount: one organisation's entries as text, closed by assertions of every balance.

hledger's journal format: https://hledger.org/hledger.html#journal. beancount's: its Language Syntax page. Both programs
are run separately (tests and operators); nothing of them is imported.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from revenue.rules import ASSETS, LIABILITIES, AccountKind

FORMATS = ("hledger", "beancount", "xlsx")
EXPENSES = frozenset({
    AccountKind.SHIPPING_COST, AccountKind.PROVIDER_FEE, AccountKind.RECALL_COST, AccountKind.DISPUTE_COST,
    AccountKind.COST_OF_GOODS, AccountKind.CARRIER_LOSS, AccountKind.MARKET_FEE, AccountKind.CASH_DIFFERENCE,
})  # fmt: skip


class Part(NamedTuple):
    """One posting to be written: account, đồng, the rule it follows, how its goods were come by; where one is said."""

    kind: AccountKind
    subject: str
    amount_vnd: int
    rule: str = ""
    deal: str = ""


@dataclass(frozen=True)
class Row:
    """One entry to be written: day, running number, words, and its postings."""

    on: date
    seq: int
    kind: str
    note: str
    hash: str
    lines: tuple[Part, ...]
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


def _merged(row: Row) -> list[tuple[str, int, dict[str, str]]]:
    """The entry's amounts by account, rule and deal: what agrees in all three is one posting there. The last: the two
    that are said, as words without signs that either program reads as its own."""
    merged: dict[tuple[str, str, str], int] = {}
    for one in row.lines:
        place = (account_name(one.kind, one.subject, row.book), one.rule, one.deal)
        merged[place] = merged.get(place, 0) + one.amount_vnd
    return [
        (
            name,
            amount,
            {
                tag: re.sub(r"[\"\\;,|\n]", " ", said)
                for tag, said in (("rule", rule), ("deal", deal))
                if said
            },
        )
        for (name, rule, deal), amount in merged.items()
        if amount
    ]


def _tags(said: Mapping[str, str]) -> str:
    return "  ; " + ", ".join(f"{tag}:{word}" for tag, word in said.items()) if said else ""


def hledger(rows: Iterable[Row], balances: Mapping[str, int], title: str) -> Iterable[str]:
    """A journal, oldest entry first, with assertions of every balance at the end."""
    yield f"; {title}"
    yield "commodity 1000. VND"
    last = None
    for row in rows:
        last = row.on if last is None else max(last, row.on)
        yield f"\n{row.on.isoformat()} ({row.seq}) {_words(row)}  ; {row.hash}"
        yield from (f"    {name}  {amount} VND{_tags(said)}" for name, amount, said in _merged(row))
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
    names = {account_name(one.kind, one.subject, row.book) for row in entries for one in row.lines}
    yield from (f"{first.isoformat()} open {name} VND" for name in sorted(names))
    for row in entries:
        yield f'\n{row.on.isoformat()} * "{_words(row)}"\n  hash: "{row.hash}"'
        for name, amount, said in _merged(row):
            yield f"  {name}  {amount} VND"
            yield from (f'    {tag}: "{word}"' for tag, word in said.items())
    after = (last + timedelta(days=1)).isoformat()
    yield ""
    yield from (f"{after} balance {name}  {amount} VND" for name, amount in sorted(balances.items()))
