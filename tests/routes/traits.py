"""Who may write the characteristics of a household: whoever may judge its case."""

from accounts.rules import Role
from tests.routes.row import Row

JUDGES = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})

ROWS = [
    Row(
        "traits.one",
        JUDGES,
        own=lambda w: {"key": w.case.key},
        foreign=lambda w: {"key": w.other_case.key},
        methods=("GET", "POST"),
    ),
]
