"""Who may open the pages that a phone keeps, and the door through which its drafts arrive."""

from typing import Any

from accounts.rules import Role
from tests.routes.row import ANYBODY, Row

MANAGER = frozenset({Role.MANAGER})
WEIGHERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM})
WORKERS = WEIGHERS | {Role.TREASURER}
KEY = "11111111-2222-4333-8444-555555555555"


def draft(_world: Any) -> dict[str, str]:
    """A draft's key."""
    return {"key": KEY}


ROWS = [
    Row("offline.worker", ANYBODY, page=False),
    Row("offline.day_shell", ANYBODY),
    Row("offline.product_shell", ANYBODY),
    Row("offline.slip_shell", ANYBODY),
    Row("offline.token", ANYBODY, page=False),
    Row("offline.names", WEIGHERS, page=False, methods=("POST",)),
    Row("offline.orders", WORKERS, page=False),
    Row("offline.take_product", MANAGER, page=False, methods=("POST",)),
    Row("offline.take_photo", MANAGER, own=lambda w: draft(w) | {"photo_key": KEY}, page=False, methods=("POST",)),
    Row("offline.take_slip", WEIGHERS, page=False, methods=("POST",)),
    Row("offline.kept_draft", WORKERS, own=draft, page=False),
    Row("offline.keep", WORKERS, own=draft, page=False, methods=("POST",)),
    Row("offline.drop", WORKERS, own=draft, page=False, methods=("POST",)),
]  # fmt: skip
