"""Scoring: pure, explained, and honest about what is not known."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry import reasons
from registry.questions import BY_ID, DUNNO, INDICATOR_NAMES, ITEM_NAMES, QUESTIONS
from registry.reasons import Side
from registry.rules import (
    TRANSITIONS,
    Area,
    Event,
    HouseholdClass,
    State,
    check_answer,
    deprived,
    sales_band,
    score,
    score_items,
)
from registry.standards.files import shipped
from registry.standards.queries import scored_under, standard_on
from tests.factories.registry import ALL_UNKNOWN, POOR, WELL

NOW = shipped()["vn-2022-2025"]
NEXT = shipped()["vn-2027-2030"]
LACKS = {one.code: one for one in (*NOW.indicators, *NEXT.indicators)}
RURAL = Area("mien_nui_phia_bac", urban=False)
TOWN = Area("mien_nui_phia_bac", urban=True)


def kept(raw: dict[str, str]) -> dict[str, str | int]:
    return {name: check_answer(name, value) for name, value in raw.items()}


def test_a_household_that_lacks_much_is_like_poor() -> None:
    result = score(kept(POOR), NOW, RURAL)
    assert result.outcome is HouseholdClass.POOR
    assert result.b1 is not None and result.b1[0] == result.b1[1] <= 140
    assert result.b2[0] == 10 * sum(line.deprived is True for line in result.indicators)


def test_the_same_income_with_few_lacks_is_like_near_poor() -> None:
    better = POOR | {
        "jobless": "no",
        "underweight": "no",
        "uninsured": "no",
        "young_unschooled": "no",
        "walls": "wood",
        "area": "60",
        "water": "piped",
        "toilet": "hygienic",
        "internet": "yes",
        "devices": "yes",
        "allowance": "0",
        "children": "2",
    }
    result = score(kept(better), NOW, RURAL)
    assert (result.outcome, result.b2) == (HouseholdClass.NEAR_POOR, (0, 0))


def test_a_household_that_is_well_off_is_neither() -> None:
    assert score(kept(WELL), NOW, RURAL).outcome is HouseholdClass.NONE


def test_nothing_known_means_nothing_said() -> None:
    result = score(ALL_UNKNOWN, NOW, RURAL)
    assert result.outcome is HouseholdClass.UNSAID
    assert result.b2 == (0, 120)
    assert result.unknown == len(result.items) + 12


def test_the_2027_standard_cannot_be_said_but_its_lacks_are_counted() -> None:
    result = score(kept(POOR), NEXT, RURAL)
    assert result.outcome is HouseholdClass.UNSAID and result.b1 is None
    codes = {line.code for line in result.indicators}
    assert "waste" in codes and "information_means" not in codes and len(codes) == 12


def test_whatever_has_no_official_points_says_so() -> None:
    assert NOW.is_demo and score(kept(POOR), NOW, RURAL).is_demo
    assert NEXT.is_demo and score(kept(POOR), NEXT, RURAL).is_demo


def test_the_urban_flag_decides_the_limit() -> None:
    assert score(kept(POOR), NOW, RURAL).b1_limit == 140
    assert score(kept(POOR), NOW, TOWN).b1_limit == 175


@pytest.mark.parametrize(
    ("walls", "columns", "roof", "expected"),
    [
        ("temporary", "temporary", "durable", True),
        ("temporary", "wood", "sheet", False),
        (DUNNO, "wood", "sheet", False),
        (DUNNO, "temporary", "sheet", None),
        (DUNNO, "temporary", "temporary", True),
    ],
)
def test_a_house_is_not_durable_when_two_of_three_parts_are_temporary(walls, columns, roof, expected) -> None:  # type: ignore[no-untyped-def]
    answers = {"walls": walls, "columns": columns, "roof": roof}
    assert deprived(LACKS["housing_quality"], answers) is expected


@pytest.mark.parametrize(
    ("people", "children", "allowance", "expected"),
    [(6, 3, 1, True), (6, 3, 0, False), (4, DUNNO, 3, True), (4, DUNNO, 1, None), (4, 2, 0, False)],
)
def test_more_than_half_dependent_is_a_lack(people, children, allowance, expected) -> None:  # type: ignore[no-untyped-def]
    answers = {"people": people, "children": children, "allowance": allowance}
    assert deprived(LACKS["dependents"], answers) is expected


ANSWERS = st.fixed_dictionaries(
    {
        q.id: st.one_of(
            st.just(DUNNO),
            st.integers(q.low, q.high)
            if q.kind == "number"
            else st.sampled_from([value for value, _ in q.options]),
        )
        for q in QUESTIONS
    }
)


@given(ANSWERS, st.sampled_from([q.id for q in QUESTIONS]), st.booleans())
def test_learning_an_answer_never_contradicts_what_was_said(answers, question, urban) -> None:  # type: ignore[no-untyped-def]
    """If the class could be said without an answer, it stays the same whatever the answer turns out to be."""
    area = Area("nam_trung_bo_tay_nguyen", urban)
    before = score(answers | {question: DUNNO}, NOW, area)
    after = score(answers, NOW, area)
    if before.outcome is not HouseholdClass.UNSAID:
        assert after.outcome is before.outcome
    assert before.b2[0] <= after.b2[0] <= after.b2[1] <= before.b2[1]
    assert before.b1[0] <= after.b1[0] <= after.b1[1] <= before.b1[1]


@given(ANSWERS)
def test_scoring_is_the_same_every_time(answers) -> None:  # type: ignore[no-untyped-def]
    assert score(answers, NOW, RURAL) == score(dict(reversed(answers.items())), NOW, RURAL)


def test_every_item_and_indicator_has_a_name_and_every_region_a_column() -> None:
    assert NOW.b1_table is not None
    assert {item.code for item in NOW.b1_table.items} == set(ITEM_NAMES)
    for standard in shipped().values():
        assert {one.code for one in standard.indicators} <= set(INDICATOR_NAMES)
    for region in NOW.b1_table.columns[:-1]:
        assert score_items(kept(POOR), NOW.b1_table, Area(region, urban=False))


def test_the_table_has_points_for_every_option_that_can_be_answered() -> None:
    assert NOW.b1_table is not None
    for item in NOW.b1_table.items:
        if BY_ID[item.question].kind == "choice":
            assert {value for value, _ in BY_ID[item.question].options} == set(item.options), item.code


def test_the_standard_of_a_day_and_the_next_one(ctx: Flask) -> None:
    assert standard_on(date(2026, 12, 31)).id == "vn-2022-2025"
    assert standard_on(date(2027, 1, 1)).id == "vn-2027-2030"
    assert [one.id for one in scored_under(date(2026, 11, 22))] == ["vn-2022-2025", "vn-2027-2030"]


def test_a_changed_standard_has_another_hash() -> None:
    assert len(NOW.hash) == 64 and NOW.hash != NEXT.hash


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_only_the_steps_of_the_table_exist(state: State, event: Event) -> None:
    after = TRANSITIONS.get((state, event))
    assert after is None or after in State
    assert state is not State.WITHDRAWN or after is None


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, (0, 5_000_000)),
        (4_999_999, (0, 5_000_000)),
        (5_000_000, (5_000_000, 10_000_000)),
        (250_000_000, (100_000_000, None)),
    ],
)
def test_sales_are_shown_as_bands(total: int, band: tuple[int, int | None]) -> None:
    assert sales_band(total) == band


@pytest.mark.parametrize(
    ("question", "given"),
    [("people", "0"), ("people", "31"), ("people", "ba"), ("water", "sea"), ("people", "-2")],
)
def test_what_the_question_does_not_allow_is_refused(question: str, given: str) -> None:
    with pytest.raises(ValueError, match=given):
        check_answer(question, given)


@pytest.mark.parametrize(
    ("income", "lacks", "said"),
    [
        ((100, 100), (40, 40), (Side.BELOW, 40, Side.ABOVE, 1)),
        ((140, 140), (30, 30), (Side.AT, 0, Side.AT, 0)),
        ((141, 141), (20, 20), (Side.ABOVE, 1, Side.BELOW, 1)),
        ((130, 140), (30, 60), (Side.AT, 0, Side.AT, 0)),
        ((140, 150), (20, 30), (Side.UNSURE, 0, Side.UNSURE, 0)),
        ((90, 120), (40, 60), (Side.BELOW, 20, Side.ABOVE, 1)),
    ],
)
def test_how_far_from_each_line_is_said_only_where_it_is_sure(income, lacks, said) -> None:  # type: ignore[no-untyped-def]
    result = replace(score(kept(POOR), NOW, RURAL), b1=income, b2=lacks)
    first, second = reasons.from_income_line(result), reasons.from_lacks_line(result, NOW)
    assert first is not None
    assert (first.side, first.gap, second.side, second.gap) == said


def test_each_point_has_its_answer_and_what_is_not_used_is_named() -> None:
    assert reasons.not_counted(NOW, kept(POOR)) == ["waste"]
    assert "devices" in reasons.not_counted(NEXT, kept(POOR))
    assert reasons.questions_of_lacks(NOW)["housing_quality"] == ["walls", "columns", "roof"]
    assert reasons.questions_of_items(NOW)["area_per_head"] == ["area", "people"]
    most = reasons.most_of_items(NOW, TOWN)
    assert all(line.high_points <= most[line.item] for line in score(ALL_UNKNOWN, NOW, TOWN).items)
    assert reasons.from_income_line(score(kept(POOR), NEXT, RURAL)) is None


ORDER = [HouseholdClass.POOR, HouseholdClass.NEAR_POOR, HouseholdClass.NONE]
TABLE = NOW.b1_table
assert TABLE is not None
CHOICES = {
    item.question: sorted(item.options, key=lambda code: max(item.options[code]))
    for item in TABLE.items
    if not item.bands
}
CERTAIN = st.fixed_dictionaries(
    {
        q.id: st.integers(q.low, q.high)
        if q.kind == "number"
        else st.sampled_from([value for value, _ in q.options])
        for q in QUESTIONS
    }
)


@given(CERTAIN, st.sampled_from(sorted(CHOICES)), st.booleans(), st.data())
def test_a_worse_answer_never_leads_to_a_better_class(answers, question, urban, data) -> None:  # type: ignore[no-untyped-def]
    """The table orders each item's options from least to most points; the worse one never scores better."""
    area, options = Area("bac_trung_bo", urban), CHOICES[question]
    worse = data.draw(st.sampled_from(options[: options.index(answers[question]) + 1]))
    before, after = score(answers, NOW, area), score(answers | {question: worse}, NOW, area)
    assert before.b1 is not None and after.b1 is not None and after.b1[0] <= before.b1[0]
    assert ORDER.index(after.outcome) <= ORDER.index(before.outcome)


@pytest.mark.parametrize("people", range(1, 10))
def test_each_more_person_to_feed_gives_fewer_points_down_to_none(people: int) -> None:
    def points(count: int) -> int:
        lines = score(kept(POOR | {"people": str(count)}), NOW, RURAL).items
        return next(line.low_points for line in lines if line.item == "people")

    assert points(people) >= points(people + 1) and (people < 7 or points(people) == 0)
