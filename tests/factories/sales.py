"""Years of sales that contradict a declaration, for tests."""

from datetime import date
from unittest.mock import patch

from accounts.rules import Actor
from core.db import db, transaction
from households.models import Household
from registry import operations as declaring
from registry.sales import operations
from registry.sales.models import SalesYear
from registry.sales.rules import Standing

SOLD_VND = 400_000_000


def sold(total_vnd: int = SOLD_VND, year: int = 2025):  # type: ignore[no-untyped-def]
    """As if the household had sold for so much: the ledger itself has tests of its own."""
    return patch.object(operations, "sales_by_year", lambda _household: {year: total_vnd})


def asked(actor: Actor, total_vnd: int = SOLD_VND) -> SalesYear | None:
    """The family consents, and its last closed year is compared with what it declared."""
    with sold(total_vnd), transaction():
        given = declaring.give_sales_consent(actor)
        return operations.keep_year(given.household_id)


def sent(home: Household) -> SalesYear:
    """A year that the commune is to look at again."""
    home_id, commune_id = home.id, home.commune_id
    with transaction():
        made = SalesYear(
            key=f"sales-{home_id}", household_id=home_id, commune_id=commune_id, year=2025, low_vnd=20_000_000,
            high_vnd=50_000_000, made_at=declaring.clock.now(), state=Standing.SENT, first_until=date(2026, 11, 20),
        )  # fmt: skip
        db.session.add(made)
    return made
