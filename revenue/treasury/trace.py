"""One order's money through the book: its entries, who got which share by which slips, and which payout paid it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select

from core.db import db
from orders.models import Allocation, OrderLine
from revenue.ledger.queries import ledger_id
from revenue.models import Account, Entry, Payout, Posting
from revenue.payouts.queries import returned_key
from revenue.rules import AccountKind, Component, order, producer
from revenue.treasury.rules import Credit, Move, paid_by
from traceability import queries as traceability
from traceability.models import Lot, Slip


@dataclass(frozen=True)
class TracedLine:
    """One posting of an entry; debit +."""

    kind: str
    subject: str
    amount_vnd: int
    producer_id: int | None
    component: str
    lot_id: int | None


@dataclass(frozen=True)
class TracedEntry:
    """An entry that concerns the order; of an entry over many orders (a carrier's list), this order's lines alone."""

    id: int
    seq: int
    kind: str
    key: str
    on: date
    at: datetime
    note: str
    hash: str
    lines: list[TracedLine] = field(default_factory=list)


_BUYERS = frozenset(
    str(one) for one in (AccountKind.REFUND_DUE, AccountKind.BUYER_PREPAYMENT, AccountKind.SUBSIDY_RECEIVABLE)
)


def entries_of(organisation_id: int, order_id: int) -> list[TracedEntry]:
    """Every entry of the cooperative's book that concerns an order, the oldest first. One statement."""
    own, mine = ledger_id(organisation_id), order(order_id)
    named = select(Posting.entry_id).join(Account, Account.id == Posting.account_id).where(
        Account.ledger_id == own, Account.subject == mine
    )  # fmt: skip
    rows = db.session.execute(
        select(
            Entry.id, Entry.seq, Entry.kind, Entry.key, Entry.on, Entry.at, Entry.note, Entry.hash, Entry.order_id,
            Account.kind, Account.subject, Posting.amount_vnd, Posting.producer_id, Posting.component, Posting.lot_id,
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Entry.ledger_id == own, or_(Entry.order_id == order_id, Entry.id.in_(named)))
        .order_by(Entry.seq, Posting.id)
    )  # fmt: skip
    found: dict[int, TracedEntry] = {}
    for row in rows:
        line = TracedLine(*row[9:])
        entry = found.setdefault(row[0], TracedEntry(*row[:8]))
        if row[8] == order_id or line.subject == mine:
            entry.lines.append(line)
    return list(found.values())


@dataclass(frozen=True)
class SlipPart:
    """One slip behind a share: how many of its grams went into the lots that the order was packed from."""

    slip_id: int
    number: str
    lot_code: str
    grams: int


@dataclass(frozen=True)
class PaidPart:
    """A payout and what of this order's share it paid."""

    payout_id: int
    number: str
    at: datetime
    amount_vnd: int


@dataclass
class ShareOf:
    """One producer's share of an order, refunds taken off, and where it went; đồng.

    earned = advance + netted + paid + open, as long as nothing was taken back of what had been paid.
    """

    producer_id: int
    earned_vnd: int = 0
    advance_vnd: int = 0
    netted_vnd: int = 0
    open_vnd: int = 0
    paid: list[PaidPart] = field(default_factory=list)
    slips: list[SlipPart] = field(default_factory=list)


def shares_of(organisation_id: int, order_id: int, entries: Sequence[TracedEntry]) -> list[ShareOf]:
    """Who got what of an order. entries: as `entries_of` gave them. A handful of statements, whatever the order."""
    found: dict[int, ShareOf] = {}
    for line in (line for entry in entries for line in entry.lines):
        if line.producer_id and line.component:
            one = found.setdefault(line.producer_id, ShareOf(line.producer_id))
            one.earned_vnd -= line.amount_vnd
            if line.kind == AccountKind.PRODUCER_ADVANCE:
                one.advance_vnd -= line.amount_vnd
            elif line.kind == AccountKind.PRODUCER_RECEIVABLE:
                one.netted_vnd -= line.amount_vnd
    if not found:
        return []
    for who, slips in _slips(order_id).items():
        if who in found:
            found[who].slips = slips
    payouts = _payouts(organisation_id, found)
    for who, credits in _credits(organisation_id, found).items():
        for credit in credits:
            if credit.order_id == order_id:
                _add(found[who], credit, payouts)
    return sorted(found.values(), key=lambda one: (-one.earned_vnd, one.producer_id))


def _add(share: ShareOf, credit: Credit, payouts: dict[int, tuple[int, str, datetime]]) -> None:
    share.open_vnd += credit.open_vnd
    for entry_id, amount in credit.paid:
        if entry_id in payouts:
            share.paid.append(PaidPart(*payouts[entry_id], amount))


def _payouts(organisation_id: int, producers: Iterable[int]) -> dict[int, tuple[int, str, datetime]]:
    """Payouts to these producers by their entry: (id, number, when)."""
    rows = db.session.execute(
        select(Payout.entry_id, Payout.id, Payout.number, Payout.paid_at).where(
            Payout.ledger_id == ledger_id(organisation_id), Payout.producer_id.in_(list(producers))
        )
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _credits(organisation_id: int, producers: Iterable[int]) -> dict[int, list[Credit]]:
    """What each producer was credited and by which payouts it was paid, from the beginning."""
    who = list(producers)
    known = _payouts(organisation_id, who)
    undone = {f"reverse:{entry}": entry for entry in known}
    undone |= {returned_key(row[0]): entry for entry, row in known.items()}
    rows = db.session.execute(
        select(Posting.producer_id, Entry.id, Entry.key, Entry.order_id, Posting.amount_vnd)
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.ledger_id == ledger_id(organisation_id), Account.kind == str(AccountKind.PRODUCER_PAYABLE),
               Account.subject.in_([producer(one) for one in who]))
        .order_by(Entry.seq, Posting.id)
    )  # fmt: skip
    moves: dict[int, list[Move]] = {}
    for one, entry_id, key, of_order, amount in rows:
        moves.setdefault(int(one or 0), []).append(Move(entry_id, of_order, -amount, undone.get(key)))
    return {one: paid_by(steps) for one, steps in moves.items()}


def _slips(order_id: int) -> dict[int, list[SlipPart]]:
    """The slips behind each packed lot of an order, by producer."""
    lots = db.session.execute(
        select(Lot.id, Lot.code).distinct().join(Allocation, Allocation.lot_id == Lot.id)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .where(OrderLine.order_id == order_id, Allocation.packed.is_(True)).order_by(Lot.id)
    ).all()  # fmt: skip
    given = [(code, one) for lot_id, code in lots for one in traceability.contributions(lot_id)]
    asked = select(Slip.id, Slip.number).where(Slip.id.in_({one.slip_id for _code, one in given}))
    numbers = {row.id: row.number for row in db.session.execute(asked)}
    found: dict[int, list[SlipPart]] = {}
    for code, one in given:
        part = SlipPart(one.slip_id, numbers[one.slip_id], code, one.grams)
        found.setdefault(one.producer_id, []).append(part)
    return found


def kept_of(entries: Sequence[TracedEntry]) -> list[tuple[str, int]]:
    """What of the goods did not go to producers: (component, đồng), refunds taken off, zeros left out."""
    sums: dict[str, int] = {}
    for line in (line for entry in entries for line in entry.lines):
        if (
            line.component
            and not line.producer_id
            and line.kind not in _BUYERS
            and line.component != Component.REFUND
        ):
            sums[line.component] = sums.get(line.component, 0) - line.amount_vnd
    return [(component, amount) for component, amount in sums.items() if amount]
