"""For `flask revenue verify`: purchases, costs and guarantees worked out again from slips and the trace graph."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import case, func, select

from core.db import db
from revenue.dealings.queries import bought_in, costs
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind, Component, EntryKind
from revenue.split import queries as split
from traceability.models import Lot


def faults() -> Iterator[str]:
    """Every fault, in plain English for the operator."""
    yield from _purchases()
    yield from _costs()
    yield from _guarantees()


def _where(ledger_id: int, seq: int) -> str:
    return f"ledger {ledger_id}: entry {seq}"


def _purchases() -> Iterator[str]:
    """Each purchase owes each producer what her slips in that batch are worth."""
    entries = select(Entry.id, Entry.ledger_id, Entry.seq, Entry.key).where(
        Entry.kind == str(EntryKind.PURCHASE)
    )
    for entry_id, ledger_id, seq, key in db.session.execute(entries.order_by(Entry.id)).all():
        wanted: dict[int, int] = {}
        for one in bought_in(int(key.rpartition(":")[2])):
            wanted[one.producer_id] = wanted.get(one.producer_id, 0) + one.value_vnd
        rows = db.session.execute(
            select(Posting.producer_id, -func.sum(Posting.amount_vnd))
            .where(Posting.entry_id == entry_id, Posting.producer_id.is_not(None))
            .group_by(Posting.producer_id)
        )
        posted = {int(who): int(amount) for who, amount in rows}
        if posted != {who: amount for who, amount in wanted.items() if amount}:
            yield f"{_where(ledger_id, seq)}: bought for {posted}, the slips give {wanted}"


def _costs() -> Iterator[str]:
    """No lot bears more cost than its bought harvest was paid."""
    rows = db.session.execute(
        select(Posting.lot_id, Lot.cooperative_id, Lot.made_on, func.sum(Posting.amount_vnd))
        .join(Account, Account.id == Posting.account_id)
        .join(Lot, Lot.id == Posting.lot_id)
        .where(Account.kind == str(AccountKind.COST_OF_GOODS))
        .group_by(Posting.lot_id, Lot.cooperative_id, Lot.made_on)
    ).all()
    for lot_id, cooperative_id, made_on, borne in rows:
        terms = split.terms_on(cooperative_id, made_on).terms
        most = sum(costs(lot_id, terms, split.contributions([lot_id])[lot_id]).values())
        if not 0 <= borne <= most:
            yield f"lot {lot_id}: bears a cost of {borne}, its bought harvest was paid {most}"


@dataclass(frozen=True)
class _Made:
    """One guarantee's entry."""

    ledger_id: int
    seq: int
    lot_id: int


def _guarantees() -> Iterator[str]:
    """Whoever a guarantee pays has earned with it exactly what the slips promised for the grams in the lot."""
    rows = db.session.execute(
        select(Entry.ledger_id, Entry.seq, Posting.lot_id)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Entry.kind == str(EntryKind.GUARANTEE), Posting.lot_id.is_not(None))
        .distinct()
        .order_by(Entry.ledger_id, Entry.seq)
    )
    for made in [_Made(*row) for row in rows]:
        promised = split.guaranteed(made.lot_id)
        for place, (earned, added) in _earned(made).items():
            if added and earned != promised.get(place, 0):
                yield (f"{_where(made.ledger_id, made.seq)}: {place} has earned {earned} with the guarantee, "
                       f"{promised.get(place, 0)} was promised")  # fmt: skip


def _earned(made: _Made) -> dict[tuple[int, int], tuple[int, int]]:
    """(producer, household) → what she had earned from the lot up to an entry, and of it that entry's."""
    here = case((Entry.seq == made.seq, -Posting.amount_vnd), else_=0)
    rows = db.session.execute(
        select(Posting.producer_id, func.coalesce(Posting.household_id, 0), -func.sum(Posting.amount_vnd),
               func.sum(here))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            Posting.lot_id == made.lot_id, Entry.ledger_id == made.ledger_id, Entry.seq <= made.seq,
            Posting.producer_id.is_not(None),
            Posting.component.in_([str(Component.PRODUCERS), str(Component.GUARANTEE)]),
        )
        .group_by(Posting.producer_id, Posting.household_id)
    )  # fmt: skip
    return {(int(who), int(home)): (int(earned), int(added)) for who, home, earned, added in rows}
