"""Who may take data out, and read the yearly report."""

from accounts.rules import Role
from tests.routes.row import Row

MANAGER, ADMIN = frozenset({Role.MANAGER}), frozenset({Role.ADMINISTRATOR})

ROWS = [
    Row("records.own_data", MANAGER, methods=("GET", "POST")),
    Row("records.report", ADMIN),
    Row("records.report_csv", ADMIN, page=False),
]
