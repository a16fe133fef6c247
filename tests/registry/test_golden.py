"""Golden cases: whole families, of one to nine people, in the countryside and in town, put exactly on every limit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.questions import QUESTIONS
from registry.rules import Answers, Area, HouseholdClass, Result, classify, deprived, score
from registry.standards.files import shipped
from registry.standards.rules import Standard
from tests.factories.registry import WELL

NOW, NEXT = shipped()["vn-2022-2025"], shipped()["vn-2027-2030"]
RURAL, TOWN = Area("mien_nui_phia_bac", urban=False), Area("mien_nui_phia_bac", urban=True)
ORDER = [HouseholdClass.POOR, HouseholdClass.NEAR_POOR, HouseholdClass.NONE]
LACKS = {"jobless": "yes", "internet": "no", "devices": "no"}  # asked for B2 alone: they move no point of B1
POOR, NEAR, NONE = ORDER


def family(people: int, lacks: int) -> dict[str, str | int]:
    """A family that lacks exactly so many things, whatever its size."""
    plenty: dict[str, str | int] = {
        **WELL,
        "people": people,
        "children": 0,
        "allowance": 0,
        "area": 20 * people,
    }
    return plenty | dict(list(LACKS.items())[:lacks])


def with_points(people: int, area: Area, b1: int) -> Standard:
    """The standard with its points moved so that such a family has `b1` of them: as if that table were published."""
    table = NOW.b1_table
    assert table is not None
    column = table.columns.index(area.column)
    result = score(family(people, 0), NOW, area)
    assert result.b1 is not None
    shift = b1 - result.b1[0]
    first, *others = table.items
    moved = {
        code: tuple(one + shift if at == column else one for at, one in enumerate(points))
        for code, points in first.options.items()
    }
    return replace(NOW, b1_table=replace(table, items=(replace(first, options=moved), *others)))


@pytest.mark.parametrize("people", range(1, 10))
@pytest.mark.parametrize(
    ("area", "b1", "lacks", "expected"),
    [
        (RURAL, 139, 3, POOR), (RURAL, 140, 3, POOR), (RURAL, 141, 3, NONE),
        (RURAL, 139, 2, NEAR), (RURAL, 140, 2, NEAR), (RURAL, 141, 2, NONE),
        (RURAL, 174, 3, NONE), (RURAL, 175, 3, NONE), (RURAL, 176, 2, NONE),
        (TOWN, 139, 3, POOR), (TOWN, 140, 3, POOR), (TOWN, 141, 2, NEAR),
        (TOWN, 174, 3, POOR), (TOWN, 175, 3, POOR), (TOWN, 176, 3, NONE),
        (TOWN, 174, 2, NEAR), (TOWN, 175, 2, NEAR), (TOWN, 176, 2, NONE),
    ],
)  # fmt: skip
def test_a_family_exactly_on_a_limit(
    people: int, area: Area, b1: int, lacks: int, expected: HouseholdClass
) -> None:
    result = score(family(people, lacks), with_points(people, area, b1), area)
    assert (result.b1, result.b2) == ((b1, b1), (10 * lacks, 10 * lacks))
    assert result.outcome is expected


@pytest.mark.parametrize(("lacks", "expected"), [(20, NEAR), (30, POOR)])
def test_one_unknown_answer_on_a_limit_says_a_class_only_where_it_cannot_matter(
    lacks: int, expected: HouseholdClass
) -> None:
    assert classify((139, 140), 140, (lacks, lacks), 30) is expected
    assert classify((140, 141), 140, (lacks, lacks), 30) is HouseholdClass.UNSAID
    assert classify((141, 150), 140, (lacks, lacks), 30) is NONE
    assert classify((100, 140), 140, (20, 30), 30) is HouseholdClass.UNSAID


CERTAIN = st.fixed_dictionaries(
    {
        one.id: st.integers(one.low, one.high)
        if one.kind == "number"
        else st.sampled_from([value for value, _words in one.options])
        for one in QUESTIONS
    }
)


def lacking(result: Result) -> int:
    return result.b2[0] // 10


@given(CERTAIN, st.sampled_from(sorted(LACKS)), st.booleans(), st.sampled_from([NOW, NEXT]))
def test_one_lack_more_never_leads_to_a_better_class(
    answers: Answers, question: str, urban: bool, standard: Standard
) -> None:
    area = Area("bac_trung_bo", urban)
    before = score(answers, standard, area)
    after = score({**answers, question: LACKS[question]}, standard, area)
    assert lacking(after) >= lacking(before)
    if before.outcome is not HouseholdClass.UNSAID:
        assert ORDER.index(after.outcome) <= ORDER.index(before.outcome)


@given(CERTAIN, st.integers(1, 30))
def test_a_bigger_family_in_the_same_house_never_has_more_room(
    answers: dict[str, str | int], more: int
) -> None:
    room = next(one for one in NOW.indicators if one.code == "housing_area")
    if deprived(room, answers):
        assert deprived(room, answers | {"people": int(answers["people"]) + more})


@given(CERTAIN, st.integers(0, 60))
def test_a_lower_limit_never_makes_a_family_poorer(answers: Answers, lower: int) -> None:
    assert NOW.b1_limit is not None
    strict = replace(NOW, b1_limit={name: limit - lower for name, limit in NOW.b1_limit.items()})
    before, after = score(answers, NOW, RURAL), score(answers, strict, RURAL)
    assert ORDER.index(after.outcome) >= ORDER.index(before.outcome)
