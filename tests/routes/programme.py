"""Who may open the project's pages."""

from accounts.rules import Role
from tests.routes.row import Row

STAFF = frozenset({Role.PROJECT_STAFF})
ROWS = [
    Row("programme.overview", STAFF),
    Row("programme.revenue", STAFF),
    Row("programme.revenue_csv", STAFF, page=False),
    Row("programme.reach", STAFF),
    Row("programme.calls", STAFF),
    Row("programme.poverty", STAFF),
]
