"""`flask registry classify` and `score`: golden cases at every limit, odd lines, and what worse must never do."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Role
from core import audit
from core.db import db, transaction
from core.lines import Refused, answers
from registry.cli import registry
from registry.lines import classify_line, score_line
from registry.standards.files import shipped
from registry.standards.kept import NAME, keep_approved
from registry.standards.operations import approve
from tests.factories.accounts import actor_for
from tests.factories.registry import POOR, proposed_points, submitted_review

NOW, NEXT = "vn-2022-2025", "vn-2027-2030"


def line(**asked: Any) -> bytes:
    return json.dumps(asked).encode()


def said(area: str, b1: int, b2: int, standard: str = NOW) -> Any:
    return classify_line(line(standard=standard, area=area, b1=b1, b2=b2), shipped())["class"]


@pytest.mark.parametrize(
    ("area", "b1", "b2", "expected"),
    [
        *[("rural", b1, 30, "poor") for b1 in (0, 139, 140)],
        *[("rural", b1, 20, "near_poor") for b1 in (0, 139, 140)],
        *[("rural", b1, b2, "none") for b1 in (141, 174, 175, 176, 10**9) for b2 in (0, 20, 30, 120)],
        *[("urban", b1, 30, "poor") for b1 in (139, 140, 141, 174, 175)],
        *[("urban", b1, 20, "near_poor") for b1 in (139, 140, 141, 174, 175)],
        *[("urban", b1, b2, "none") for b1 in (176, 10**9) for b2 in (0, 20, 30, 120)],
        ("rural", 140, 29, "near_poor"),
        ("rural", 140, 31, "poor"),
        ("urban", 175, 0, "near_poor"),
    ],
)
def test_the_class_at_every_limit(area: str, b1: int, b2: int, expected: str) -> None:
    assert said(area, b1, b2) == expected


@pytest.mark.parametrize("area", ["rural", "urban"])
@pytest.mark.parametrize(("b1", "b2"), [(0, 120), (140, 30), (175, 20), (999, 0)])
def test_nothing_is_said_where_limits_are_unknown_and_why(area: str, b1: int, b2: int) -> None:
    got = classify_line(line(standard=NEXT, area=area, b1=b1, b2=b2), shipped())
    assert got["class"] is None and got["demo"] is True and "not known" in got["why"]


def test_every_answer_says_demo_and_why() -> None:
    got = classify_line(
        line(standard=NOW, area="rural", b1=140, b2=30, note="more is passed over"), shipped()
    )
    assert set(got) == {"class", "demo", "why"}
    assert got["demo"] is True and "140" in got["why"] and "30" in got["why"]


@given(
    st.sampled_from(["rural", "urban"]),
    st.integers(0, 400),
    st.integers(0, 13),
    st.integers(0, 50),
    st.integers(0, 5),
)
def test_worse_never_scores_better(area: str, b1: int, lacks: int, less: int, more: int) -> None:
    """Fewer points of income or more lacks never lead to a better class."""
    order = ["poor", "near_poor", "none"]
    before = order.index(said(area, b1, 10 * lacks))
    assert order.index(said(area, max(0, b1 - less), 10 * lacks)) <= before
    assert order.index(said(area, b1, 10 * (lacks + more))) <= before


GOOD: dict[str, Any] = {"standard": NOW, "area": "rural", "b1": 140, "b2": 30}
ODD_LINES = [
    b"", b"   ", b"\xff", b"nothing", b"[]", b"1", b"null", b'"x"', b"{", b"{}",
    *[json.dumps({name: value for name, value in GOOD.items() if name != left}).encode() for left in GOOD],
    *[
        line(**GOOD | {name: odd})
        for name in ("b1", "b2")
        for odd in (140.0, 139.5, True, False, None, "140", "", [], {}, [140], -1, -(10**30), 10**30)
    ],
    b'{"standard": "vn-2022-2025", "area": "rural", "b1": NaN, "b2": 30}',
    b'{"standard": "vn-2022-2025", "area": "rural", "b1": Infinity, "b2": 30}',
    b'{"standard": "vn-2022-2025", "area": "rural", "b1": 1e2, "b2": 30}',
    b'{"standard": "vn-2022-2025", "area": "rural", "b1": 140, "b1": 141, "b2": 30}',
    *[line(**GOOD | {"standard": odd}) for odd in ("vn-2016", "", None, 1, [], {}, "VN-2022-2025")],
    *[line(**GOOD | {"area": odd}) for odd in ("town", "", None, True, [], "Rural")],
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD_LINES)
def test_an_odd_line_is_answered_with_its_fault(odd: bytes) -> None:
    with pytest.raises(Refused) as refused:
        classify_line(odd, shipped())
    assert str(refused.value)


def test_one_line_out_for_each_line_in() -> None:
    lines = [line(**GOOD), b"", b"x", line(**GOOD | {"standard": NEXT})]
    got = [json.loads(one) for one in answers(lines, lambda one: classify_line(one, shipped()))]
    assert [one.get("class", one.get("ok")) for one in got] == ["poor", False, False, None]


def test_what_was_approved_is_known_without_a_database(app: Flask) -> None:
    with app.app_context():
        key = proposed_points().key
        with transaction():
            approve(actor_for(Role.ADMINISTRATOR), key)
        assert keep_approved() == 1 and keep_approved() == 0
        db.session.remove()
        db.drop_all()
    got = app.test_cli_runner().invoke(registry, ["classify"], input=line(**GOOD))
    assert json.loads(got.stdout)["demo"] is False
    (Path(app.instance_path) / NAME).write_bytes(b"[[\xff")
    got = app.test_cli_runner().invoke(registry, ["classify"], input=line(**GOOD))
    assert got.exit_code == 0 and json.loads(got.stdout)["demo"] is True


def test_given_answers_get_points_class_and_a_reason_for_each() -> None:
    asked = {"standard": NOW, "area": "rural", "region": "mien_nui_phia_bac", "answers": POOR}
    got = score_line(line(**asked), shipped())
    assert (got["class"], got["demo"], got["b1_limit"]) == ("poor", True, 140)
    assert got["b1"] == [sum(one["points"][0] for one in got["items"])] * 2
    assert got["b2"][0] == 10 * sum(one["deprived"] is True for one in got["indicators"])
    gaps = score_line(line(**asked | {"answers": {}}), shipped())
    assert gaps["class"] is None and gaps["b2"] == [0, 120] and "missing" in gaps["why"]


@pytest.mark.parametrize(
    "odd",
    [
        {"region": "nowhere"}, {"region": "urban"}, {"region": 3}, {"answers": []}, {"answers": {"people": 0}},
        {"answers": {"people": True}}, {"answers": {"people": [4]}}, {"answers": {"who": "x"}},
        {"answers": {"water": "sea"}}, {"area": "town"},
    ],
)  # fmt: skip
def test_odd_answers_are_refused(odd: dict[str, Any]) -> None:
    asked = {"standard": NOW, "area": "rural", "region": "bac_trung_bo", "answers": POOR} | odd
    with pytest.raises(Refused):
        score_line(line(**asked), shipped())


def test_a_stored_declaration_is_scored_after_its_audit_line(app: Flask) -> None:
    with app.app_context():
        key = submitted_review().key
    got = app.test_cli_runner().invoke(
        registry, ["score"], input=line(review=key) + b"\n" + line(review="no")
    )
    first, second = (json.loads(one) for one in got.stdout.splitlines())
    assert [one["class"] for one in first["results"]] == ["poor", None]
    assert second["ok"] is False and POOR["water"] not in json.dumps(first["results"][1]["items"])
    with app.app_context():
        assert db.session.query(audit.AuditLine).filter_by(verb="score declaration").count() == 1
