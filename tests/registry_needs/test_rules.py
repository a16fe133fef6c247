"""Needs move along their table, are due by working days, and schemes are laid beside facts without deciding."""

import json
from datetime import date
from itertools import product

import pytest

from registry.needs.kinds import KIND_ICONS, KIND_NAMES, URGENCY_NAMES, NeedKind, Urgency
from registry.needs.rules import (
    DUE_DAYS,
    TRANSITIONS,
    NeedEvent,
    NeedState,
    Outcome,
    is_unmet,
    working_day_after,
)
from registry.schemes.files import DATA, schemes
from registry.schemes.rules import Condition, Fit, Unusable, judge, matches, parse_scheme

EXAMPLE = "vi-du-vien-thong"


def test_every_step_that_is_not_in_the_table_is_refused() -> None:
    allowed = {
        ("to_confirm", "confirm"), ("to_confirm", "withdraw"), ("open", "take"), ("open", "withdraw"),
        ("taken", "take"), ("taken", "close"), ("taken", "withdraw"), ("closed", "reopen"),
    }  # fmt: skip
    assert {(str(s), str(e)) for s, e in product(NeedState, NeedEvent) if (s, e) in TRANSITIONS} == allowed


def test_every_kind_and_urgency_has_words_an_icon_and_a_due_time() -> None:
    assert len(NeedKind) == 12
    assert set(KIND_NAMES) == set(KIND_ICONS) == set(NeedKind)
    assert set(URGENCY_NAMES) == set(DUE_DAYS) == set(Urgency)
    assert DUE_DAYS[Urgency.NOW] < DUE_DAYS[Urgency.SOON] < DUE_DAYS[Urgency.LATER]


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 11, 22), 1, date(2026, 11, 23)),  # a Sunday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over New Year's Day, a Friday
        (date(2026, 4, 29), 1, date(2026, 5, 4)),  # over 30 April, 1 May and a weekend
        (date(2026, 9, 1), 0, date(2026, 9, 1)),
    ],
)
def test_a_need_is_due_by_working_days(start: date, count: int, due: date) -> None:
    assert working_day_after(start, count) == due


def test_a_need_answered_without_help_is_still_unmet() -> None:
    assert is_unmet(NeedState.OPEN, None) and is_unmet(NeedState.TAKEN, None)
    assert {one for one in Outcome if not is_unmet(NeedState.CLOSED, one)} == {Outcome.MET, Outcome.PART}
    assert not is_unmet(NeedState.WITHDRAWN, None) and not is_unmet(NeedState.TO_CONFIRM, None)


def test_what_is_shipped_is_one_marked_example_that_nobody_verified() -> None:
    [only] = schemes().values()
    assert (only.id, only.is_example, only.is_verified) == (EXAMPLE, True, False)
    assert only.copayment is not None and only.needs == {NeedKind.TELECOM}


def test_an_unknown_fact_leaves_a_scheme_open_and_a_failed_one_closes_it() -> None:
    def fit(known: dict[str, str | int | bool]) -> Fit:
        [found] = matches(schemes(), NeedKind.TELECOM, known, date(2026, 11, 22), "19")
        return found.fit

    assert fit({"class": "poor", "lack:telecom": True}) is Fit.YES
    assert fit({"class": "near_poor"}) is Fit.UNKNOWN
    assert fit({}) is Fit.UNKNOWN
    assert fit({"class": "none"}) is Fit.NO
    assert fit({"class": "poor", "lack:telecom": False}) is Fit.NO


@pytest.mark.parametrize(
    ("kind", "day", "found"),
    [
        (NeedKind.TELECOM, date(2026, 1, 1), 1),
        (NeedKind.TELECOM, date(2026, 12, 31), 1),
        (NeedKind.TELECOM, date(2025, 12, 31), 0),
        (NeedKind.TELECOM, date(2027, 1, 1), 0),
        (NeedKind.WATER, date(2026, 11, 22), 0),
    ],
)
def test_a_scheme_helps_its_own_kind_between_its_own_days(kind: NeedKind, day: date, found: int) -> None:
    assert len(matches(schemes(), kind, {}, day, "19")) == found


def test_true_is_not_one_and_a_number_is_compared_by_its_least() -> None:
    assert judge(Condition("lack:water", (True,), None, "", ""), {"lack:water": 1}) is Fit.NO
    least = Condition("answer:children", (), 2, "", "")
    assert [judge(least, {"answer:children": n}) for n in (1, 2, 3)] == [Fit.NO, Fit.YES, Fit.YES]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"needs": ["gold"]}, "needs"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"verified": True}, "example and verified"),
        ({"source": ""}, "source"),
        ({"conditions": [{"fact": "mood", "in": ["good"], "vi": "a", "en": "a"}]}, "conditions[0]"),
        ({"conditions": [{"fact": "class", "vi": "a", "en": "a"}]}, "conditions[0]"),
    ],
)
def test_a_faulty_file_is_refused_by_name(change: dict[str, object], fault: str) -> None:
    document = json.loads((DATA / "vi-du.json").read_text()) | change
    with pytest.raises(Unusable) as refused:
        parse_scheme(json.dumps(document))
    assert any(one.startswith(fault) for one in refused.value.faults)
