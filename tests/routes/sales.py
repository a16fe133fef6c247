"""Who may open the pages of sales as evidence."""

from accounts.rules import Role
from tests.routes.row import SIGNED_IN, Row

OFFICER = frozenset({Role.COMMUNE_OFFICER})
BOTH = ("GET", "POST")
ROWS = [
    Row(
        "sales_evidence.own",
        SIGNED_IN,
        own=lambda w: {"key": w.sales.key},
        foreign=lambda w: {"key": w.other_sales.key},
        methods=BOTH,
        page=False,
    ),
    Row("sales_evidence.listed", OFFICER),
    Row(
        "sales_evidence.one",
        OFFICER,
        own=lambda w: {"key": w.sales.key},
        foreign=lambda w: {"key": w.other_sales.key},
        methods=BOTH,
    ),
]
