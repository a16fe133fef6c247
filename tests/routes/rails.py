"""Who may open the pages of rails: providers prove themselves by a signature; the desk is a collector's alone.

Nobody of the world works for a collector: all are refused here, and tests/rails/test_pages.py opens the desk.
"""

from accounts.rules import Role
from tests.routes.row import ANYBODY, Row

NOBODY: frozenset[Role] = frozenset()
STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH = ("GET", "POST")
POST = ("POST",)


def _card(_world: object) -> dict[str, str]:
    return {"rail": "stripe"}


ROWS = [
    # Anybody may knock; without an account behind the number it is 404, without a fitting signature 400.
    Row("rails.notify", ANYBODY, own=lambda w: {"rail": "stripe", "account_id": 1},
        foreign=lambda w: {"rail": "stripe", "account_id": 99}, page=False, methods=BOTH),
    Row("rails.settings", NOBODY),
    Row("rails.setting", NOBODY, own=_card, methods=BOTH),
    Row("rails.attempts", NOBODY),
    Row("collector.desk", NOBODY),
    Row("collector.remit", NOBODY, own=lambda w: {"cooperative_id": w.coop.id}, methods=BOTH),
    Row("collector.settle", NOBODY, own=_card, methods=BOTH),
    Row("collector.returned", NOBODY, own=lambda w: {"remittance_id": 1}, page=False, methods=POST),
    Row("collector.index", STAFF),
    Row("collector.arrived", STAFF, own=lambda w: {"remittance_id": _remittance(w)}, page=False, methods=POST),
]  # fmt: skip


def _remittance(world: object) -> int:
    """Money on its way to the world's cooperative."""
    from core.db import transaction
    from revenue.collector.operations import open_collector
    from tests.rails.sending import sent

    with transaction():
        collector_id = open_collector("Bên thu hộ").id
    return sent(collector_id, world.coop).id  # type: ignore[attr-defined]
