"""Reads of the book. A balance is a sum of postings, always."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from core.db import db
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind, Line


@dataclass(frozen=True)
class Posted:
    """An entry as its caller needs it. `again` says that this key had been posted before, with the same body."""

    id: int
    ledger_id: int
    seq: int
    hash: str
    again: bool = False


def ledger_id(organisation_id: int) -> int | None:
    """The id of an organisation's ledger; None before its first entry."""
    return db.session.execute(
        select(Ledger.id).where(Ledger.organisation_id == organisation_id)
    ).scalar_one_or_none()


def posted(organisation_id: int, key: str) -> Posted | None:
    """The entry under a key, if there is one."""
    row = db.session.execute(
        select(Entry.id, Entry.ledger_id, Entry.seq, Entry.hash)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Entry.key == key)
    ).one_or_none()
    return Posted(row.id, row.ledger_id, row.seq, row.hash, True) if row else None


def balance(organisation_id: int, kind: AccountKind, subject: str | None = None) -> int:
    """The balance of an account, đồng, debit +; of all accounts of the kind when no subject is given."""
    asked = (
        select(func.coalesce(func.sum(Posting.amount_vnd), 0))
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Account.kind == str(kind))
    )
    if subject is not None:
        asked = asked.where(Account.subject == subject)
    return int(db.session.execute(asked).scalar_one())


def balances(organisation_id: int, kinds: Iterable[AccountKind] = AccountKind) -> dict[AccountKind, int]:
    """The balance of each kind of account, đồng, debit +; 0 where nothing was posted."""
    wanted = list(kinds)
    rows = db.session.execute(
        select(Account.kind, func.sum(Posting.amount_vnd))
        .join(Posting, Posting.account_id == Account.id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Account.kind.in_([str(kind) for kind in wanted]))
        .group_by(Account.kind)
    )
    known = {AccountKind(kind): int(total) for kind, total in rows}
    return {kind: known.get(kind, 0) for kind in wanted}


def lines_of(entry_id: int) -> list[Line]:
    """The lines of an entry as they were posted."""
    rows = db.session.execute(
        select(
            Account.kind, Account.subject, Posting.amount_vnd, Posting.order_line_id, Posting.lot_id,
            Posting.producer_id, Posting.household_id, Posting.component, Posting.rule, Posting.deal,
        ).join(Account, Account.id == Posting.account_id).where(Posting.entry_id == entry_id).order_by(Posting.id)
    )  # fmt: skip
    return [Line(AccountKind(row[0]), *row[1:]) for row in rows]


def owed_producers(organisation_id: int) -> list[tuple[int, int]]:
    """Whom a cooperative owes, and how much: [(producer id, đồng)…] by producer id, for a pay run."""
    total = func.sum(Posting.amount_vnd)
    rows = db.session.execute(
        select(Posting.producer_id, -total)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Account.kind == str(AccountKind.PRODUCER_PAYABLE))
        .group_by(Posting.producer_id)
        .having(total < 0)
        .order_by(Posting.producer_id)
    )
    return [(int(who), int(owed)) for who, owed in rows if who is not None]
