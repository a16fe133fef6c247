"""Reading a book for export."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from accounts.queries import organisation
from core.db import db
from revenue.export.rules import Part, Row, account_name
from revenue.ledger.queries import ledger_id
from revenue.ledger.walks import accounts_of, chunks
from revenue.models import Account, Ledger, Posting
from revenue.rules import AccountKind


@dataclass(frozen=True)
class Book:
    """A ledger to be written out. `mark` stands in its account names where several books share a file."""

    organisation_id: int
    name: str
    mark: str = ""


def books(organisation_id: int | None = None) -> list[Book]:
    """One organisation's book, without a mark; or every book there is, told apart by `Book-<organisation id>`."""
    if organisation_id is not None:
        known = ledger_id(organisation_id) is not None
        return [Book(organisation_id, organisation(organisation_id).name)] if known else []
    rows = db.session.execute(select(Ledger.organisation_id).order_by(Ledger.organisation_id)).all()
    return [Book(one, organisation(one).name, f"Book-{one}") for (one,) in rows]


def rows(organisation_id: int, book: str = "") -> Iterator[Row]:
    """Every entry of an organisation, the oldest first; a few statements per thousand entries."""
    own = ledger_id(organisation_id)
    if own is None:
        return
    places = {one: (AccountKind(kind), subject) for one, (kind, subject) in accounts_of(own).items()}
    for entries in chunks(own):
        for entry in entries:
            lines = tuple(
                Part(*places[line.account_id], line.amount_vnd, line.rule, line.deal) for line in entry.lines
            )
            yield Row(entry.on, entry.seq, entry.kind, entry.note, entry.hash, lines, book)


def balances(organisation_id: int, book: str = "") -> dict[str, int]:
    """The balance of every account by the name it has in the exported file, đồng."""
    asked = (
        select(Account.kind, Account.subject, func.sum(Posting.amount_vnd))
        .join(Posting, Posting.account_id == Account.id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id)
        .group_by(Account.id)
    )
    return {
        account_name(AccountKind(kind), subject, book): int(total)
        for kind, subject, total in db.session.execute(asked)
    }
