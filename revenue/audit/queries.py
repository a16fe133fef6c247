"""`flask revenue verify`: chains, sums, splits against the trace graph, payouts, balances that may not turn over."""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from core.db import db
from core.money import largest_remainder
from revenue.ledger import rules as ledger
from revenue.ledger.queries import lines_of
from revenue.models import Account, Entry, Ledger, Payout, Posting
from revenue.rules import (
    NEVER_NEGATIVE,
    NEVER_POSITIVE,
    NO_OVERDRAFT,
    NO_OVERSPEND,
    SHARES,
    AccountKind,
    Component,
    EntryKind,
    Line,
)  # fmt: skip
from revenue.split import queries, rules
from revenue.subsidies import queries as subsidies

ShareKey = tuple[int, int, str, int, int]


def faults() -> Iterator[str]:
    """Every fault of every ledger, in order, in plain English for the operator. Nothing when all is well."""
    for book in db.session.execute(select(Ledger).order_by(Ledger.id)).scalars():
        for one in _faults_of(book):
            yield f"ledger {book.id} (organisation {book.organisation_id}): {one}"
    yield from subsidies.faults()


def _faults_of(book: Ledger) -> Iterator[str]:
    prev, expected = ledger.GENESIS, 1
    running: dict[tuple[str, str], int] = {}
    entries = (
        select(Entry).where(Entry.ledger_id == book.id).order_by(Entry.seq).execution_options(yield_per=200)
    )
    for entry in db.session.execute(entries).scalars():
        lines = lines_of(entry.id)
        yield from (f"entry {entry.seq}: {one}" for one in _of_entry(entry, lines, prev, expected))
        for line in lines:
            place = (str(line.kind), line.subject)
            running[place] = running.get(place, 0) + line.amount_vnd
        yield from (f"entry {entry.seq}: {one}" for one in _turned_over(running, lines))
        prev, expected = entry.hash, entry.seq + 1
    if (book.seq, book.head_hash) != (expected - 1, prev):
        yield f"the head says entry {book.seq}, the chain ends at {expected - 1}"
    if total := sum(running.values()):
        yield f"all balances add up to {total}, not 0"
    yield from _payouts(book)


def _of_entry(entry: Entry, lines: list[Line], prev: str, expected: int) -> Iterator[str]:
    body = ledger.body_hash(entry.kind, (entry.order_id, entry.slip_id, entry.terms_id), entry.note, lines)
    if entry.seq != expected:
        yield f"expected entry {expected}"
    if fault := ledger.fault(lines):
        yield f"its lines are {fault}"
    if body != entry.body_hash:
        yield "its lines are not those that were hashed"
    digest = ledger.entry_hash(prev, entry.seq, entry.key, entry.at, entry.on, entry.body_hash)
    if entry.prev_hash != prev or entry.hash != digest:
        yield "the chain is broken here"
    if check := CHECKS.get(entry.kind):
        yield from check(entry, lines)


def _turned_over(running: dict[tuple[str, str], int], lines: list[Line]) -> Iterator[str]:
    for kind, subject in dict.fromkeys((str(line.kind), line.subject) for line in lines):
        amount = running[kind, subject]
        wrong = (amount < 0 and AccountKind(kind) in NEVER_NEGATIVE) or (
            amount > 0 and AccountKind(kind) in NEVER_POSITIVE
        )
        if wrong:
            word = "overdrawn" if AccountKind(kind) in NO_OVERDRAFT | NO_OVERSPEND else "turned over"
            yield f"account {kind} {subject} {word}: {amount}"


def _shares(lines: list[Line], sign: int) -> dict[ShareKey, int]:
    found: dict[ShareKey, int] = {}
    for line in lines:
        if line.component in SHARES and line.order_line_id:
            key = (
                line.order_line_id,
                line.lot_id or 0,
                str(line.component),
                line.producer_id or 0,
                line.household_id or 0,
            )
            found[key] = found.get(key, 0) + sign * line.amount_vnd
    return found


def _sale(entry: Entry, lines: list[Line]) -> Iterator[str]:
    """The sale's shares, recomputed from packed lots, slips and the terms it names."""
    posted = _shares(lines, -1)
    sums: dict[int, int] = {}
    for key, amount in posted.items():
        sums[key[0]] = sums.get(key[0], 0) + amount
    terms = queries.terms(entry.terms_id or 0).terms
    packed = queries.packed_lots(entry.order_id or 0)
    given = queries.contributions({lot for lots in packed.values() for lot in lots})
    wanted: dict[ShareKey, int] = {}
    for line_id, amount in sums.items():
        for lot_id, part in rules.over_lots(amount, packed.get(line_id, {})).items():
            for share in rules.split_lot(part, given[lot_id], terms):
                key = (line_id, lot_id, str(share.component), share.producer_id or 0, share.household_id or 0)
                wanted[key] = share.amount_vnd
    for key in sorted(posted.keys() | wanted.keys()):
        if posted.get(key, 0) != wanted.get(key, 0):
            yield f"share {key} is posted as {posted.get(key, 0)}, the trace graph gives {wanted.get(key, 0)}"


def _refund(entry: Entry, lines: list[Line]) -> Iterator[str]:
    """No share gave back more than it had at that moment, and each line's refund was divided by what was left."""
    taken = _shares(lines, 1)
    left = _left_before(entry, {key[0] for key in taken})
    for line_id in sorted({key[0] for key in taken}):
        mine = {key: amount for key, amount in left.items() if key[0] == line_id and amount > 0}
        amount = sum(part for key, part in taken.items() if key[0] == line_id)
        if amount > sum(mine.values()):
            yield f"refund of line {line_id} takes {amount}, only {sum(mine.values())} was left"
            continue
        for key, part in largest_remainder(amount, mine).items():
            if taken.get(key, 0) != part:
                yield f"refund took {taken.get(key, 0)} from share {key}, {part} was its part"


def _left_before(entry: Entry, line_ids: set[int]) -> dict[ShareKey, int]:
    rows = db.session.execute(
        select(Posting.order_line_id, Posting.lot_id, Posting.component, Posting.producer_id, Posting.household_id,
               Posting.amount_vnd)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.order_line_id.in_(line_ids), Entry.seq < entry.seq, Entry.ledger_id == entry.ledger_id,
               Posting.component.in_([str(one) for one in SHARES]))
    )  # fmt: skip
    left: dict[ShareKey, int] = {}
    for line, lot, component, who, home, amount in rows:
        key = (line, lot or 0, component, who or 0, home or 0)
        left[key] = left.get(key, 0) - amount
    return left


def _guarantee(_entry: Entry, lines: list[Line]) -> Iterator[str]:
    if any(line.component != Component.GUARANTEE for line in lines):
        yield "a guarantee holds other lines"


CHECKS: dict[str, Callable[[Entry, list[Line]], Iterator[str]]] = {
    EntryKind.SALE: _sale,
    EntryKind.REFUND: _refund,
    EntryKind.GUARANTEE: _guarantee,
}


def _payouts(book: Ledger) -> Iterator[str]:
    """Each payout is its entry, and each payout entry has its payout."""
    debit = (
        select(Posting.entry_id, Posting.producer_id, Posting.amount_vnd)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.ledger_id == book.id, Account.kind == str(AccountKind.PRODUCER_PAYABLE))
        .subquery()
    )
    rows = db.session.execute(
        select(Payout.number, Payout.amount_vnd, Payout.producer_id, debit.c.amount_vnd, debit.c.producer_id)
        .outerjoin(debit, debit.c.entry_id == Payout.entry_id)
        .where(Payout.ledger_id == book.id)
    )
    for number, amount, who, posted, posted_who in rows:
        if (amount, who) != (posted, posted_who):
            yield f"payout {number} says {amount} to producer {who}, the ledger {posted} to {posted_who}"
    alone = select(Entry.seq).where(
        Entry.ledger_id == book.id, Entry.kind == str(EntryKind.PAYOUT),
        Entry.id.not_in(select(Payout.entry_id).where(Payout.ledger_id == book.id)),
    )  # fmt: skip
    yield from (f"entry {seq}: a payout without its row" for (seq,) in db.session.execute(alone))
