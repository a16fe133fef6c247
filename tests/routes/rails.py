"""Who may open the pages of rails: providers prove themselves by a signature; the desk is a collector's alone.

Nobody of a cooperative works for a collector: its desk is foreign to all of them; tests/site opens it as its manager.
"""

from typing import Any

from accounts.rules import Role
from tests.routes.row import ANYBODY, Row, nothing

MANAGER = frozenset({Role.MANAGER})
STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH = ("GET", "POST")
POST = ("POST",)


def _card(_world: Any) -> dict[str, Any]:
    return {"rail": "stripe"}


def _coop(world: Any) -> dict[str, Any]:
    return {"cooperative_id": world.coop.id}


def _first(_world: Any) -> dict[str, Any]:
    return {"remittance_id": 1}


ROWS = [
    # Anybody may knock; without an account behind the number it is 404, without a fitting signature 400.
    Row("rails.notify", ANYBODY, own=lambda w: {"rail": "stripe", "account_id": 1},
        foreign=lambda w: {"rail": "stripe", "account_id": 99}, page=False, methods=BOTH),
    Row("rails.settings", STAFF, foreign=nothing, page=False),
    Row("rails.setting", MANAGER, own=_card, foreign=_card, page=False, methods=BOTH),
    Row("rails.try_out", STAFF, own=_card, foreign=_card, post=lambda w: {}, page=False, methods=POST),
    Row("rails.attempts", STAFF, foreign=nothing, page=False),
    Row("collector.desk", STAFF, foreign=nothing, page=False),
    Row("collector.remit", STAFF, own=_coop, foreign=_coop, page=False, methods=BOTH),
    Row("collector.settle", STAFF, own=_card, foreign=_card, page=False, methods=BOTH),
    Row("collector.returned", STAFF, own=_first, foreign=_first, page=False, methods=POST),
    Row("collector.index", STAFF),
    Row("collector.arrived", STAFF, own=lambda w: {"remittance_id": w.remittance.id}, page=False, methods=POST),
]  # fmt: skip
