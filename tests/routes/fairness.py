"""Who may open the pages against favouritism."""

from accounts.rules import Role
from tests.routes.row import Row

OFFICERS = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
COMMUNE = frozenset({Role.COMMUNE_OFFICER})
PROVINCE = frozenset({Role.PROVINCE_OFFICER})
BOTH = ("GET", "POST")


def _look(w):  # type: ignore[no-untyped-def]
    return {"key": w.recheck.key}


def _other(w):  # type: ignore[no-untyped-def]
    return {"key": w.other_recheck.key}


ROWS = [
    Row("fairness.mine", OFFICERS, methods=BOTH),
    Row("fairness.answer", OFFICERS, own=lambda _w: {"kind": "fast"}, methods=("POST",), page=False),
    Row("fairness.look", COMMUNE, own=_look, foreign=_other, methods=BOTH),
    Row("fairness.province", PROVINCE),
    Row(
        "fairness.difference", PROVINCE, own=lambda w: {"key": w.difference.key}, foreign=_other, methods=BOTH
    ),
]
