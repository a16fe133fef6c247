"""Who may open the pages of declaring without a line, and of a household's own yes."""

from typing import Any

from accounts.rules import Role
from tests.routes.row import ANYBODY, SIGNED_IN, Row

OFFICERS = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
KEY = "11111111-2222-4333-8444-555555555555"
BOTH = ("GET", "POST")


def _draft(w: Any) -> dict[str, str]:
    return {"key": w.other_review.key}


def _entry(_w: Any) -> dict[str, str]:
    return {"key": KEY}


ROWS = [
    Row("phones.worker", ANYBODY, page=False),
    Row("phones.own_shell", ANYBODY),
    Row("phones.village_shell", ANYBODY),
    Row("phones.phone_shell", ANYBODY),
    Row("phones.token", ANYBODY, page=False),
    Row("phones.mine", SIGNED_IN, page=False),
    Row("phones.take_list", OFFICERS | {Role.DIGITAL_TEAM}, page=False, methods=("POST",)),
    Row("phones.take_entry", SIGNED_IN, page=False, methods=("POST",)),
    Row("phones.take_photo", SIGNED_IN, own=lambda w: _entry(w) | {"photo_key": KEY}, page=False, methods=("POST",)),
    Row("phones.arrived", SIGNED_IN, own=_entry, foreign=_entry, page=False),
    Row("phones.choose", SIGNED_IN, own=_entry, foreign=_entry, methods=BOTH, page=False),
    Row("confirming.pin", SIGNED_IN, methods=BOTH),
    Row("confirming.mark", SIGNED_IN, own=_draft, foreign=_draft, methods=BOTH, page=False),
    Row("confirming.sheet", SIGNED_IN, own=_draft, foreign=_draft, page=False),
    Row("confirming.photo", SIGNED_IN, own=_draft, foreign=_draft, page=False),
]  # fmt: skip
