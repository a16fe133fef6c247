"""`flask revenue verify`: chains, sums, splits against the trace graph, payouts, balances that may not turn over."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from core.db import db
from revenue.audit.rules import Tally
from revenue.audit.shares import Sharing
from revenue.closing import queries as closing
from revenue.collector import queries as collector
from revenue.dealings import audits as dealings
from revenue.ledger import rules as ledger
from revenue.ledger.walks import Read, accounts_of, chunks
from revenue.models import Account, Entry, Ledger, Payout, Posting
from revenue.rules import NEVER_NEGATIVE, NEVER_POSITIVE, NO_OVERDRAFT, NO_OVERSPEND, AccountKind, EntryKind
from revenue.subsidies import queries as subsidies
from revenue.tax import queries as taxes

Places = dict[int, tuple[str, str]]


def faults(tally: Tally | None = None) -> Iterator[str]:
    """Every fault of every ledger, in order, in plain English for the operator. Nothing when all is well.

    tally: counts what was looked at.
    """
    tally = tally or Tally()
    asked = select(Ledger.id, Ledger.organisation_id, Ledger.seq, Ledger.head_hash).order_by(Ledger.id)
    for ledger_id, organisation_id, seq, head in db.session.execute(asked).all():
        tally.ledgers += 1
        for one in _faults_of(ledger_id, (seq, head), tally):
            yield f"ledger {ledger_id} (organisation {organisation_id}): {one}"
    yield from subsidies.faults()
    yield from taxes.faults()
    yield from dealings.faults()
    yield from closing.faults()
    yield from collector.faults()


def _faults_of(ledger_id: int, head: tuple[int, str], tally: Tally) -> Iterator[str]:
    chain, running = Chain(accounts_of(ledger_id), tally), Running(accounts_of(ledger_id))
    sharing = Sharing(ledger_id)
    for entries in chunks(ledger_id):
        found = [fault for entry in entries for fault in (*chain.faults(entry), *running.faults(entry))]
        yield from (
            f"entry {seq}: {one}" for seq, one in sorted([*found, *sharing.faults(entries)], key=_seq)
        )
    if head != (chain.seq, chain.hash):
        yield f"the head says entry {head[0]}, the chain ends at {chain.seq}"
    if total := sum(running.balances.values()):
        yield f"all balances add up to {total}, not 0"
    yield from _payouts(ledger_id)


def _seq(fault: tuple[int, str]) -> int:
    return fault[0]


class Chain:
    """Walks the chain of one ledger: each entry hashed again, counted, and held against the one before."""

    def __init__(self, places: Places, tally: Tally) -> None:
        self.seq, self.hash = 0, ledger.GENESIS
        self._places, self._tally = places, tally

    def faults(self, entry: Read) -> Iterator[tuple[int, str]]:
        """What is wrong with an entry by itself and in its place."""
        seq, lines = entry.seq, entry.lines
        self._tally.entries += 1
        self._tally.postings += len(lines)
        self._tally.debit_vnd += sum(line.amount_vnd for line in lines if line.amount_vnd > 0)
        if seq != self.seq + 1:
            yield seq, f"expected entry {self.seq + 1}"
        if fault := ledger.amounts_fault([line.amount_vnd for line in lines]):
            yield seq, f"its lines are {fault}"
        body = self._body(entry)
        if body != entry.body_hash:
            yield seq, "its lines are not those that were hashed"
        digest = ledger.entry_hash(self.hash, seq, entry.key, entry.at, entry.on, entry.body_hash)
        if entry.prev_hash != self.hash or entry.hash != digest:
            yield seq, "the chain is broken here"
        self.seq, self.hash = seq, entry.hash

    def _body(self, entry: Read) -> str:
        nowhere = ("another ledger's account", "")
        rows = [line.body(self._places.get(line.account_id, nowhere)) for line in entry.lines]
        return ledger.rows_hash(entry.kind, (entry.order_id, entry.slip_id, entry.terms_id), entry.note, rows)


class Running:
    """The balance of every account as the book is read, and the first moment at which one may not be what it is."""

    def __init__(self, places: Places) -> None:
        self.balances: dict[int, int] = {}
        self._places = places
        self._sign = {one: sign for one, (kind, _subject) in places.items() if (sign := _side(kind))}

    def faults(self, entry: Read) -> Iterator[tuple[int, str]]:
        """The accounts that an entry turned over."""
        balances = self.balances
        for line in entry.lines:
            balances[line.account_id] = balances.get(line.account_id, 0) + line.amount_vnd
        for one in dict.fromkeys(line.account_id for line in entry.lines):
            if self._sign.get(one, 0) * balances[one] < 0:
                kind, subject = self._places[one]
                word = "overdrawn" if kind in NO_OVERDRAFT | NO_OVERSPEND else "turned over"
                yield entry.seq, f"account {kind} {subject} {word}: {balances[one]}"


def _side(kind: str) -> int:
    """+1 for accounts that may not go below zero, -1 for those that may not go above, 0 for the rest."""
    known = AccountKind(kind)
    return 1 if known in NEVER_NEGATIVE else -1 if known in NEVER_POSITIVE else 0


def _payouts(ledger_id: int) -> Iterator[str]:
    """Each payout is its entry, and each payout entry has its payout."""
    debit = (
        select(Posting.entry_id, Posting.producer_id, Posting.amount_vnd)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.ledger_id == ledger_id, Account.kind == str(AccountKind.PRODUCER_PAYABLE))
        .subquery()
    )
    rows: Sequence[tuple[str, int, int, int | None, int | None]] = db.session.execute(
        select(Payout.number, Payout.amount_vnd, Payout.producer_id, debit.c.amount_vnd, debit.c.producer_id)
        .outerjoin(debit, debit.c.entry_id == Payout.entry_id)
        .where(Payout.ledger_id == ledger_id)
    ).all()  # type: ignore[assignment]
    for number, amount, who, posted, posted_who in rows:
        if (amount, who) != (posted, posted_who):
            yield f"payout {number} says {amount} to producer {who}, the ledger {posted} to {posted_who}"
    alone = select(Entry.seq).where(
        Entry.ledger_id == ledger_id, Entry.kind == str(EntryKind.PAYOUT),
        Entry.id.not_in(select(Payout.entry_id).where(Payout.ledger_id == ledger_id)),
    )  # fmt: skip
    yield from (f"entry {seq}: a payout without its row" for (seq,) in db.session.execute(alone))
