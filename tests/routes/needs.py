"""Who may open the pages of needs, of support schemes and of one's own record."""

from accounts.rules import Role
from tests.routes.row import SIGNED_IN, Row

HELPERS = frozenset({Role.DIGITAL_TEAM, Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER})
READERS = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
COMMUNE = frozenset({Role.COMMUNE_OFFICER})
BOTH = ("GET", "POST")


def _need(w):  # type: ignore[no-untyped-def]
    return {"key": w.need.key}


def _other(w):  # type: ignore[no-untyped-def]
    return {"key": w.other_need.key}


def _review(w):  # type: ignore[no-untyped-def]
    return {"review_key": w.other_review.key}


def _request(w):  # type: ignore[no-untyped-def]
    return {"key": w.record_request.key}


def _other_request(w):  # type: ignore[no-untyped-def]
    return {"key": w.other_record_request.key}


ROWS = [
    Row("needs.mine", SIGNED_IN),
    Row("needs.say", SIGNED_IN, own=lambda _w: {"kind": "telecom"}, methods=BOTH),
    Row("needs.say_for", HELPERS, own=_review, foreign=_review, methods=BOTH, page=False),
    Row("needs.one", SIGNED_IN, own=_other, foreign=_other, page=False),
    Row("needs.confirm", SIGNED_IN, own=_other, foreign=_other, methods=("POST",), page=False),
    Row("needs.withdraw", SIGNED_IN, own=_other, foreign=_other, methods=("POST",), page=False),
    Row("needs.reopen", SIGNED_IN, own=_other, foreign=_other, methods=("POST",), page=False),
    Row("needs.schemes_listed", SIGNED_IN),
    Row("needs.listed", READERS),
    Row("needs.handle", READERS, own=_need, foreign=_other, methods=BOTH),
    Row("needs.take", COMMUNE, own=_need, foreign=_other, methods=("POST",), page=False),
    Row("record.mine", SIGNED_IN),
    Row("record.copy", SIGNED_IN, methods=("POST",), page=False),
    Row("record.ask", SIGNED_IN, own=lambda _w: {"what": "erase"}, methods=BOTH),
    Row(
        "record.withdraw",
        SIGNED_IN,
        own=lambda _w: {"held_by": "commune", "consent_id": 1},
        methods=("POST",),
        page=False,
    ),
    Row("record.requests", COMMUNE),
    Row("record.answer", COMMUNE, own=_request, foreign=_other_request, methods=BOTH),
]
