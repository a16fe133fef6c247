"""Who may open the pages of poverty standards."""

from accounts.rules import Role
from tests.routes.row import Row

READERS = frozenset({Role.ADMINISTRATOR, Role.PROVINCE_OFFICER, Role.COMMUNE_OFFICER})
KEEPERS = frozenset({Role.ADMINISTRATOR})


def _today(_world):  # type: ignore[no-untyped-def]
    return {"standard_id": "vn-2022-2025"}


def _next(_world):  # type: ignore[no-untyped-def]
    return {"standard_id": "vn-2027-2030"}


def _sent(world):  # type: ignore[no-untyped-def]
    return {"key": world.standard_import.key}


ROWS = [
    Row("standards.listed", READERS),
    Row("standards.one", READERS, own=_today),
    Row("standards.blank_table", KEEPERS, own=_today, page=False),
    Row("standards.send_points", KEEPERS, own=_today, methods=("GET", "POST")),
    Row("standards.imported", KEEPERS, own=_sent),
    Row("standards.approve", KEEPERS, own=_sent, methods=("POST",), page=False),
    Row("standards.refuse", KEEPERS, own=_sent, methods=("POST",), page=False),
    Row("standards.trial", frozenset({Role.PROVINCE_OFFICER}), own=_next),
]
