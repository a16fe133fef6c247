"""Who may read figures of poverty: officers theirs, everybody what was published."""

from accounts.rules import Role
from tests.routes.row import ANYBODY, Row

READERS = frozenset({Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER})
KEEPERS = frozenset({Role.ADMINISTRATOR})


def _year(_world):  # type: ignore[no-untyped-def]
    return {"year": 2025}


ROWS = [
    Row("figures.round_", READERS),
    Row("figures.workbook_", READERS, page=False),
    Row("figures.paper_", READERS, page=False),
    Row("published.figures", ANYBODY),
    Row("published.table_csv", ANYBODY, own=lambda w: _year(w) | {"name": "classes"}, page=False),
    Row("published.dictionary", ANYBODY, own=_year, page=False),
    Row("published.desk", KEEPERS),
    Row("published.send", KEEPERS, own=_year, methods=("POST",), page=False),
]
