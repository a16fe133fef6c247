"""A standard as one SELECT over a table of answers, so that a database made for columns can score millions. Pure.

The table has a column for each question (texts of options, whole numbers; NULL or 'unknown' where it is not known),
`region` (a column of the points table) and `urban`. What comes out equals `registry.rules.score`, row by row: ranges
of points, three-valued lacks, and a class only where every way of filling the gaps leads to it.
"""

from collections.abc import Mapping
from typing import Any

from registry.questions import BY_ID, DUNNO
from registry.standards.rules import Indicator, Item, Standard, asked_by

UNPLACED = "unplaced"  # a row whose region or 'urban' says nothing: it cannot be scored


def columns_of(standard: Standard) -> list[str]:
    """The columns that a file must have for this standard."""
    return [*asked_by(standard), *(["region"] if standard.b1_table else []), "urban"]


def select_of(standard: Standard, source: str) -> str:
    """SQL: every row of `source` with outcome, b1_low, b1_high, b2_low, b2_high. Names come from the standard alone,
    whose codes the schema restricts to letters, digits, '_', '+' and '-'. A row in no known region is 'unplaced'.
    """
    table, limits = standard.b1_table, standard.b1_limit
    lows, highs = [], []
    for item in table.items if table else ():
        lows.append(_points(item, standard, min))
        highs.append(_points(item, standard, max))
    lacks = [_lack(one) for one in standard.indicators]
    each = standard.points_per_indicator
    flags = ",\n".join(
        f"({lack}) AS {_lack_name(one)}" for one, lack in zip(standard.indicators, lacks, strict=True)
    )
    sure = " + ".join(f"coalesce({_lack_name(one)}, false)::INTEGER" for one in standard.indicators)
    maybe = " + ".join(f"coalesce({_lack_name(one)}, true)::INTEGER" for one in standard.indicators)
    limit = f"CASE WHEN urban THEN {limits['urban']} ELSE {limits['rural']} END" if limits else "NULL"
    places = (
        "".join(f" WHEN {_text(name)} THEN {at}" for at, name in enumerate(table.columns)) if table else ""
    )
    column = f"CASE WHEN urban THEN {_urban(standard)} ELSE CASE region{places} END END" if table else "NULL"
    lost = "urban IS NULL" + (" OR place IS NULL" if table else "")
    return f"""
WITH placed AS (SELECT *, {column} AS place, {limit} AS b1_limit FROM {source}),
judged AS (SELECT *, {" + ".join(lows) or "NULL"} AS b1_low, {" + ".join(highs) or "NULL"} AS b1_high,
{flags} FROM placed),
counted AS (SELECT *, {each} * ({sure}) AS b2_low, {each} * ({maybe}) AS b2_high FROM judged)
SELECT *, CASE
WHEN {lost} THEN '{UNPLACED}'
WHEN b1_low IS NULL OR b1_limit IS NULL THEN 'unsaid'
WHEN b1_low > b1_limit THEN 'none'
WHEN b1_high > b1_limit THEN 'unsaid'
WHEN b2_low >= {standard.poor_from_b2} THEN 'poor'
WHEN b2_high < {standard.poor_from_b2} THEN 'near_poor'
ELSE 'unsaid' END AS outcome FROM counted"""


def _urban(standard: Standard) -> int:
    return standard.b1_table.columns.index("urban") if standard.b1_table else 0


def _lack_name(indicator: Indicator) -> str:
    return f'"lacks {indicator.code}"'


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _answer(question: str) -> str:
    """A question's answer, NULL where it is not known."""
    if question in BY_ID and BY_ID[question].kind == "number":
        return f'"{question}"'
    return f"nullif(\"{question}\", '{DUNNO}')"


def _by_place(points: tuple[int, ...]) -> str:
    """The points of an option: a number where every region has the same, else by the row's column."""
    if len(set(points)) == 1:
        return str(points[0])
    common = max(set(points), key=points.count)
    others = "".join(f" WHEN {at} THEN {one}" for at, one in enumerate(points) if one != common)
    return f"CASE place{others} ELSE {common} END"


def _points(item: Item, standard: Standard, choose: Any) -> str:
    """The least or most points of an item: those of the answer, or over all options where it is not known."""
    table = standard.b1_table
    width = len(table.columns) if table else 0
    span = tuple(choose(points[at] for points in item.options.values()) for at in range(width))
    if item.bands:
        heads = f' * "{item.per}"' if item.per else ""
        known = f'"{item.question}" IS NULL' + (f' OR coalesce("{item.per}", 0) = 0' if item.per else "")
        whens = [f"WHEN {known} THEN {_by_place(span)}"]
        for code, _low, below in item.bands:
            points = _by_place(item.options[code])
            whens.append(
                f"ELSE {points}"
                if below is None
                else f'WHEN "{item.question}" < {below}{heads} THEN {points}'
            )
        return f"(CASE {' '.join(whens)} END)"
    options = " ".join(
        f"WHEN {_text(code)} THEN {_by_place(points)}" for code, points in item.options.items()
    )
    return f'(CASE "{item.question}" {options} ELSE {_by_place(span)} END)'


def _among(said: Mapping[str, Any]) -> str:
    words = ", ".join(_text(code) for code in said["among"])
    return f"{_answer(said['question'])} IN ({words})"


def _lack(indicator: Indicator) -> str:
    """Whether a row is deprived, as SQL's true, false or NULL."""
    kind, said = next(iter(indicator.rule.items()))
    if kind == "is":
        return _among(said)
    if kind == "at_least":
        sure = " + ".join(f"coalesce({_among(one)}, false)::INTEGER" for one in said["of"])
        maybe = " + ".join(f"coalesce({_among(one)}, true)::INTEGER" for one in said["of"])
        return f"CASE WHEN {sure} >= {said['count']} THEN true WHEN {maybe} < {said['count']} THEN false END"
    heads = f'"{said["of"]}"'
    if kind == "more_than_half":
        least = " + ".join(f'coalesce("{name}", 0)' for name in said["parts"])
        gaps = " OR ".join(f'"{name}" IS NULL' for name in said["parts"])
        return (
            f"CASE WHEN coalesce({heads}, 0) = 0 THEN NULL WHEN 2 * ({least}) > {heads} THEN true "
            f"WHEN {gaps} THEN NULL ELSE false END"
        )
    return (
        f'CASE WHEN "{said["question"]}" IS NULL OR coalesce({heads}, 0) = 0 THEN NULL '
        f'ELSE "{said["question"]}" < {said["limit"]} * {heads} END'
    )
