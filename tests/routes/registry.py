"""Who may open the pages of declaring."""

from accounts.rules import Role
from tests.routes.row import SIGNED_IN, Row

HELPERS = frozenset({Role.DIGITAL_TEAM, Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER})
READERS = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
BOTH = ("GET", "POST")


def _draft(w):  # type: ignore[no-untyped-def]
    return {"key": w.other_review.key}


ROWS = [
    Row("registry.declare", SIGNED_IN),
    Row("registry.start", SIGNED_IN, methods=("POST",), page=False),
    Row("registry.resume", SIGNED_IN, own=_draft, foreign=_draft, page=False),
    Row(
        "registry.question",
        SIGNED_IN,
        own=lambda w: _draft(w) | {"question_id": "people"},
        foreign=lambda w: _draft(w) | {"question_id": "people"},
        methods=BOTH,
        page=False,
    ),
    Row("registry.check", SIGNED_IN, own=_draft, foreign=_draft, methods=BOTH, page=False),
    Row("registry.confirm", SIGNED_IN, own=_draft, foreign=_draft, methods=BOTH, page=False),
    Row("registry.result", SIGNED_IN, own=_draft, foreign=_draft, page=False),
    Row("registry.withdraw", SIGNED_IN, own=_draft, foreign=_draft, methods=("POST",), page=False),
    Row("registry.consent", SIGNED_IN, methods=("POST",), page=False),
    Row("registry.help_household", HELPERS, methods=BOTH),
    Row("registry.begin_help", HELPERS, methods=BOTH),
    Row("registry.new_household", HELPERS, methods=BOTH),
    Row("registry.queue", READERS),
    Row(
        "registry.review",
        READERS,
        own=lambda w: {"key": w.review.key},
        foreign=lambda w: {"key": w.other_review.key},
    ),
]
