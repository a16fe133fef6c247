"""Who may open the pages against favouritism, looking after, and papers."""

from accounts.rules import Role
from tests.routes.row import SIGNED_IN, Row

OFFICERS = frozenset({Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD})
COMMUNE = frozenset({Role.COMMUNE_OFFICER})
PROVINCE = frozenset({Role.PROVINCE_OFFICER})
BOTH = ("GET", "POST")


def _look(w):  # type: ignore[no-untyped-def]
    return {"key": w.recheck.key}


def _other(w):  # type: ignore[no-untyped-def]
    return {"key": w.other_recheck.key}


def _home(w):  # type: ignore[no-untyped-def]
    return {"key": w.household.key}


def _far(w):  # type: ignore[no-untyped-def]
    return {"key": w.other_household.key}


CASE = "papers_of_cases.of_case"
PAPERS = [
    Row("papers_of_cases.listed", OFFICERS),
    Row(
        "papers_of_cases.meeting",
        OFFICERS,
        own=lambda w: {"key": w.meeting.key},
        foreign=lambda w: {"key": w.other_case.key},
        page=False,
    ),
    Row(
        "papers_of_cases.posting",
        OFFICERS,
        own=lambda w: {"key": w.wall.key},
        foreign=lambda w: {"key": w.other_case.key},
        page=False,
    ),
    Row("papers_of_cases.blank", OFFICERS, own=lambda _w: {"kind": "form_a"}, page=False),
    Row(
        CASE,
        OFFICERS,
        own=lambda w: {"key": w.case.key, "kind": "form_a"},
        foreign=lambda w: {"key": w.other_case.key, "kind": "form_a"},
        page=False,
    ),
    Row("papers_of_cases.own", SIGNED_IN, own=lambda _w: {"kind": "request"}, page=False),
    Row(
        "papers_of_cases.scans",
        OFFICERS,
        own=lambda w: {"what": "meeting", "key": w.meeting.key},
        foreign=lambda w: {"what": "case", "key": w.other_case.key},
        methods=BOTH,
    ),
    Row(
        "papers_of_cases.photo",
        OFFICERS,
        own=lambda w: {"key": w.scan.key},
        foreign=lambda _w: {"key": "none"},
        page=False,
    ),
]
ROWS = [
    *PAPERS,
    Row("followup.listed", OFFICERS),
    Row("followup.home", OFFICERS, own=_home, foreign=_far),
    Row(
        "followup.act",
        OFFICERS,
        own=lambda w: _home(w) | {"deed": "plan"},
        foreign=lambda w: _far(w) | {"deed": "plan"},
        methods=("POST",),
        page=False,
    ),
    Row(
        "followup.end_step",
        OFFICERS,
        own=lambda w: _home(w) | {"step_key": "x", "state": "done"},
        foreign=lambda w: _far(w) | {"step_key": "x", "state": "done"},
        methods=("POST",),
        page=False,
    ),
    Row("followup.mine", SIGNED_IN),
    Row("followup.agree", SIGNED_IN, methods=("POST",), page=False),
    Row("fairness.mine", OFFICERS, methods=BOTH),
    Row("fairness.answer", OFFICERS, own=lambda _w: {"kind": "fast"}, methods=("POST",), page=False),
    Row("fairness.look", COMMUNE, own=_look, foreign=_other, methods=BOTH),
    Row("fairness.province", PROVINCE),
    Row(
        "fairness.difference", PROVINCE, own=lambda w: {"key": w.difference.key}, foreign=_other, methods=BOTH
    ),
]
