"""Reads of what marketplaces hold and keep."""

from sqlalchemy import func, select

from core.db import db
from revenue.models import Account, Ledger, Posting
from revenue.rules import AccountKind


def held(organisation_id: int) -> dict[str, int]:
    """{site: đồng} that sites hold for an organisation, by its book. One statement."""
    return _sums(organisation_id, AccountKind.MARKET_RECEIVABLE)


def fees(organisation_id: int) -> dict[str, int]:
    """{site: đồng} that sites kept of its sales, since the beginning. One statement."""
    return _sums(organisation_id, AccountKind.MARKET_FEE)


def _sums(organisation_id: int, kind: AccountKind) -> dict[str, int]:
    rows = db.session.execute(
        select(Account.subject, func.sum(Posting.amount_vnd))
        .join(Posting, Posting.account_id == Account.id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Account.kind == str(kind))
        .group_by(Account.subject)
    )
    return {subject.partition(":")[2]: int(amount) for subject, amount in rows}
