"""Who may open the manager's day and recall."""

from accounts.rules import Role
from tests.routes.row import Row

ROWS = [
    Row("office.today", frozenset({Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM})),
    Row("office.recall_lot", frozenset({Role.MANAGER}), own=lambda w: {"lot_id": w.lot.id},
        foreign=lambda w: {"lot_id": w.other_lot.id}, methods=("GET", "POST")),
    Row("goods.many", frozenset({Role.MANAGER}), methods=("GET", "POST"), post=lambda w: {"do": "save"}),
]  # fmt: skip
