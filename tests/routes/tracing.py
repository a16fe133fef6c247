"""Who may walk the graph, recall, and see whether masses balance: a cooperative's own managers."""

from accounts.rules import Role
from tests.routes.row import Row

MANAGER = frozenset({Role.MANAGER})

ROWS = [
    Row("walks.choose", MANAGER),
    Row("walks.see", MANAGER, own=lambda w: {"of": f"lot:{w.lot.id}"},
        foreign=lambda w: {"of": f"lot:{w.other_lot.id}"}, methods=("GET", "POST")),
    Row("walks.file", MANAGER, own=lambda w: {"kind": "csv", "of": f"lot:{w.lot.id}"},
        foreign=lambda w: {"kind": "csv", "of": f"lot:{w.other_lot.id}"}, page=False),
    Row("walks.rehearse", MANAGER, own=lambda w: {"of": f"lot:{w.lot.id}"},
        foreign=lambda w: {"of": f"lot:{w.other_lot.id}"}, methods=("POST",)),
    Row("walks.begin", MANAGER, own=lambda w: {"of": f"lot:{w.lot.id}"},
        foreign=lambda w: {"of": f"lot:{w.other_lot.id}"}, methods=("GET", "POST")),
    Row("walks.case", MANAGER, own=lambda w: {"case_id": w.recall.id}, foreign=lambda w: {"case_id": w.other_recall.id},
        methods=("GET", "POST")),
    Row("walks.step", MANAGER, own=lambda w: {"case_id": w.recall.id}, foreign=lambda w: {"case_id": w.other_recall.id},
        methods=("POST",)),
    Row("walks.close", MANAGER, own=lambda w: {"case_id": w.recall.id},
        foreign=lambda w: {"case_id": w.other_recall.id}, methods=("POST",)),
    Row("walks.balance", MANAGER),
    Row("walks.add_plot", MANAGER, methods=("POST",)),
    Row("walks.assume", MANAGER, methods=("POST",)),
]  # fmt: skip
