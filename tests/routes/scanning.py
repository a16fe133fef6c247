"""Who may scan to receive, pack and count."""

from accounts.rules import Role
from tests.routes.row import Row

MANAGER = frozenset({Role.MANAGER})


def _shelf(lot):
    from traceability.labels.queries import packs_of

    return {"task": "count", "lot_id": lot.id, "pack_id": packs_of(lot)[0][0], "place": "store"}


ROWS = [
    Row("scanning.begin", MANAGER),
    Row("scanning.scan", MANAGER, lambda w: {"task": "count", "code": w.lot.code}, methods=("GET", "POST")),
    Row("scanning.read", MANAGER | {Role.DIGITAL_TEAM}, page=False, methods=("POST",)),
    Row("scanning.carry_out", MANAGER, lambda w: _shelf(w.lot), lambda w: _shelf(w.other_lot), page=False,
        methods=("POST",)),
]  # fmt: skip
