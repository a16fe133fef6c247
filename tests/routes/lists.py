"""Who may open the pages of commune's lists; a list of another unit is not found."""

from accounts.rules import Role
from tests.routes.row import Row

KEEPERS = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
BOTH = ("GET", "POST")


def _none(_world):  # type: ignore[no-untyped-def]
    return {"key": "no-such-list"}


ROWS = [
    Row("lists.begin", KEEPERS, methods=BOTH),
    Row("lists.form", KEEPERS, page=False),
    Row("lists.one", KEEPERS, own=_none, foreign=_none, methods=BOTH, page=False),
    Row("lists.columns", KEEPERS, own=_none, foreign=_none, methods=BOTH, page=False),
    Row("lists.drop", KEEPERS, own=_none, foreign=_none, methods=("POST",), page=False),
]
