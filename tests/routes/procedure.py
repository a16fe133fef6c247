"""Who may open the pages of the procedure from request to recognition."""

from accounts.rules import Role
from tests.routes.row import ANYBODY, SIGNED_IN, Row

JUDGES = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
OFFICER = frozenset({Role.COMMUNE_OFFICER})
BOTH = ("GET", "POST")


def _case(world):  # type: ignore[no-untyped-def]
    return {"key": world.case.key}


def _other(world):  # type: ignore[no-untyped-def]
    return {"key": world.other_case.key}


def _wall(world):  # type: ignore[no-untyped-def]
    return {"key": world.wall.key}


ROWS = [
    Row("procedure.board", JUDGES),
    Row("procedure.enrol", JUDGES, methods=BOTH),
    Row("procedure.case", JUDGES, own=_case, foreign=_other),
    Row(
        "procedure.act",
        JUDGES,
        own=lambda w: _case(w) | {"step": "object"},
        foreign=lambda w: _other(w) | {"step": "screen"},
        methods=("POST",),
        page=False,
    ),
    Row("procedure.meeting", JUDGES, methods=BOTH),
    Row("procedure.post", OFFICER, methods=("POST",), page=False),
    Row("procedure.certificate", JUDGES, own=_case, foreign=_other, page=False),
    Row("procedure.mine", SIGNED_IN),
    Row("procedure.ask", SIGNED_IN, methods=("POST",), page=False),
    Row("procedure.withdraw", SIGNED_IN, methods=("POST",), page=False),
    Row("procedure.my_certificate", SIGNED_IN, page=False),
    Row("procedure.posting", ANYBODY, own=_wall),
    Row("procedure.objection", ANYBODY, own=_wall, methods=BOTH),
    Row("procedure.certificate_facts", ANYBODY, own=lambda _w: {"number": "0" * 16}, page=False),
]
