"""What one line of `flask registry classify` and `score` asks, read strictly, and its answer. Pure.

Class words are the commands' own: 'poor', 'near_poor', 'none', and null where it cannot be said, with `why`.
"""

from collections.abc import Mapping
from typing import Any

from core.lines import Refused, read
from registry.questions import BY_ID, DUNNO
from registry.rules import Area, HouseholdClass, Result, check_answer, classify, score
from registry.standards.rules import Standard

AREAS = ("rural", "urban")
Held = Mapping[str, Standard]


def classify_line(line: bytes, held: Held) -> dict[str, Any]:
    """{"standard", "area", "b1", "b2"} → {"class", "demo", "why"}. Raises Refused for what is no such line.

    >>> from registry.standards.files import shipped
    >>> said = b'{"standard": "vn-2022-2025", "area": "rural", "b1": 140, "b2": 30}'
    >>> classify_line(said, shipped())["class"]
    'poor'
    """
    asked = read(line)
    _must_have(asked, ("standard", "area", "b1", "b2"))
    standard, area = _standard(asked, held), _area(asked)
    b1, b2 = _points(asked, "b1"), _points(asked, "b2")
    limit = standard.b1_limit[area] if standard.b1_limit else None
    outcome = classify((b1, b1), limit, (b2, b2), standard.poor_from_b2)
    return _said(standard, outcome, _why(standard, area, limit, (b1, b1), (b2, b2)))


def score_line(line: bytes, held: Held) -> dict[str, Any]:
    """{"standard", "area", "region", "answers"} → points, class and a reason for each point. Raises Refused.

    region: a column of the points table; not asked of urban households. An answer that is missing, null or
    'unknown' is not known, and points become a range.
    """
    asked = read(line)
    _must_have(asked, ("standard", "area", "answers"))
    standard, area = _standard(asked, held), _area(asked)
    region = asked.get("region", "")
    if area == "rural" and standard.b1_table and region not in standard.b1_table.columns[:-1]:
        raise Refused(f"region is none of {', '.join(standard.b1_table.columns[:-1])}")
    return scored(score(_answers(asked["answers"]), standard, Area(str(region), area == "urban")), standard)


def scored(result: Result, standard: Standard) -> dict[str, Any]:
    """A result as one line says it."""
    area = next(
        (name for name in AREAS if standard.b1_limit and standard.b1_limit[name] == result.b1_limit), ""
    )
    return _said(standard, result.outcome, _why(standard, area, result.b1_limit, result.b1, result.b2)) | {
        "standard": result.standard_id,
        "hash": result.standard_hash,
        "b1": list(result.b1) if result.b1 else None,
        "b1_limit": result.b1_limit,
        "b2": list(result.b2),
        "items": [
            {"item": one.item, "option": one.option, "points": [one.low_points, one.high_points]}
            for one in result.items
        ],
        "indicators": [
            {"indicator": one.code, "deprived": one.deprived, "verified": one.status == "read"}
            for one in result.indicators
        ],
    }


def _said(standard: Standard, outcome: HouseholdClass, why: str) -> dict[str, Any]:
    said = None if outcome is HouseholdClass.UNSAID else outcome.value
    return {"class": said, "demo": standard.is_demo, "why": why}


def _why(
    standard: Standard, area: str, limit: int | None, b1: tuple[int, int] | None, b2: tuple[int, int]
) -> str:
    if limit is None:
        return f"the B1 limits of {standard.id} are not known, so no class can be said"
    if b1 is None:
        return f"the B1 points of {standard.id} are not known, so no class can be said"
    first = f"B1 {_span(b1)} against the {area} limit {limit}"
    if b1[0] > limit:
        return f"{first}: above it"
    if b1[1] > limit:
        return f"{first}: answers are missing that decide it"
    second = f"{first}: not above it; B2 {_span(b2)} against {standard.poor_from_b2}"
    if b2[0] >= standard.poor_from_b2:
        return f"{second}: reached"
    if b2[1] < standard.poor_from_b2:
        return f"{second}: not reached"
    return f"{second}: answers are missing that decide it"


def _span(points: tuple[int, int]) -> str:
    return str(points[0]) if points[0] == points[1] else f"{points[0]} to {points[1]}"


def _must_have(asked: Mapping[str, Any], names: tuple[str, ...]) -> None:
    if missing := [name for name in names if name not in asked]:
        raise Refused(f"{', '.join(missing)} is missing")


def _standard(asked: Mapping[str, Any], held: Held) -> Standard:
    name = asked["standard"]
    if not isinstance(name, str) or name not in held:
        raise Refused(f"standard is none of {', '.join(held)}")
    return held[name]


def _area(asked: Mapping[str, Any]) -> str:
    if asked["area"] not in AREAS:
        raise Refused('area is neither "rural" nor "urban"')
    return str(asked["area"])


def _points(asked: Mapping[str, Any], name: str) -> int:
    value = asked[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{name} is no whole number")
    if value < 0:
        raise Refused(f"{name} is negative")
    return value


def _answers(given: object) -> dict[str, str | int]:
    if not isinstance(given, dict):
        raise Refused("answers is no object of {question: answer}")
    kept: dict[str, str | int] = {}
    for question, answer in given.items():
        if question not in BY_ID:
            raise Refused(f"there is no question {question[:40]!r}")
        if answer is None:
            answer = DUNNO
        if isinstance(answer, bool) or not isinstance(answer, str | int):
            raise Refused(f"the answer to {question} is neither a text nor a whole number")
        try:
            kept[question] = check_answer(question, str(answer))
        except ValueError:
            raise Refused(f"{question} does not allow {str(answer)[:40]!r}") from None
    return kept
