"""Reading a book for export."""

from collections.abc import Iterator

from sqlalchemy import func, select

from core.db import db
from revenue.export.rules import Row, account_name
from revenue.ledger.queries import lines_of
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import AccountKind


def rows(organisation_id: int) -> Iterator[Row]:
    """Every entry of an organisation, the oldest first."""
    asked = (
        select(Entry).join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Ledger.organisation_id == organisation_id).order_by(Entry.seq)
    )  # fmt: skip
    for entry in db.session.execute(asked).scalars():
        lines = tuple((line.kind, line.subject, line.amount_vnd) for line in lines_of(entry.id))
        yield Row(entry.on, entry.seq, entry.kind, entry.note, entry.hash, lines)


def balances(organisation_id: int) -> dict[str, int]:
    """The balance of every account by the name it has in the exported file, đồng."""
    asked = (
        select(Account.kind, Account.subject, func.sum(Posting.amount_vnd))
        .join(Posting, Posting.account_id == Account.id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id)
        .group_by(Account.id)
    )
    return {
        account_name(AccountKind(kind), subject): int(total)
        for kind, subject, total in db.session.execute(asked)
    }
