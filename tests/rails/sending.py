"""A remittance without a payment behind it, for pages."""

import secrets
from typing import Any

from accounts.rules import Role
from core import clock
from core.db import transaction
from revenue.collector import operations, rules
from revenue.collector.models import Remittance
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line
from tests.factories.accounts import actor_for


def sent(collector_id: int, coop: Any, amount_vnd: int = 120_000) -> Remittance:
    """So much is owed, in the collector's bank, and on its way."""
    here = [
        Line(AccountKind.DUE_FROM_COLLECTOR, rules.collector(collector_id), amount_vnd),
        Line(AccountKind.CAPITAL, "", -amount_vnd),
    ]
    there = [
        Line(AccountKind.BANK, "", amount_vnd),
        Line(AccountKind.DUE_TO_COOPERATIVE, rules.cooperative(coop.id), -amount_vnd),
    ]
    staff = actor_for(Role.TREASURER, organisation_id=collector_id)
    key = secrets.token_urlsafe(8)
    with transaction():
        post(coop.organisation_id, "collected", f"test:{key}", here, clock.today())
        post(collector_id, "collected", f"test:{key}", there, clock.today())
        return operations.remit(staff, coop.id, amount_vnd, key)
