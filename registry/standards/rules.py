"""What a standard is once its file is read: dates, area, form, points, limits, indicators. Pure.

A file is checked twice: for its shape (`schema.json`) and for its sense (codes that exist, bands without gaps, a
column for each region). Only then is it a standard, with a hash that stands in every result made with it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from registry.standards.schema import faults

COUNTRY = "vn"
Points = tuple[int, ...]


@dataclass(frozen=True)
class Item:
    """One item of the income table. question: whose answer it takes; per: divided by that answer (persons).

    options: code → points by column. bands: for numbers, (code, from, below) in order; below None is open.
    """

    code: str
    question: str
    per: str | None
    options: Mapping[str, Points]
    bands: tuple[tuple[str, int, int | None], ...]


@dataclass(frozen=True)
class Table:
    """Points of B1: item × option × column (a region's rural areas, or 'urban')."""

    columns: tuple[str, ...]
    items: tuple[Item, ...]
    is_demo: bool
    source: str
    hash: str


@dataclass(frozen=True)
class Indicator:
    """One of the indicators of B2. rule: when a household is deprived, as data ('is', 'at_least', …)."""

    code: str
    rule: Mapping[str, Any]
    verified: bool
    source: str


@dataclass(frozen=True)
class Standard:
    """A poverty standard with its dates and area. hash: of the file and of the points it is used with.

    file_hash: of the file alone; frozen once the standard was used. province: code, or None for the whole country.
    """

    id: str
    title: str
    title_en: str
    legal: str
    legal_en: str
    valid_from: date
    valid_to: date
    province: str | None
    indicators: tuple[Indicator, ...]
    points_per_indicator: int
    poor_from_b2: int
    b1_limit: Mapping[str, int] | None
    b1_table: Table | None
    income_line_vnd: Mapping[str, int]
    questions: tuple[str, ...]
    hash: str
    file_hash: str

    @property
    def is_demo(self) -> bool:
        """True until its official points are imported and approved: whatever depends on them must say DEMO."""
        return self.b1_table is None or self.b1_table.is_demo

    def with_points(self, table: Table, limit: Mapping[str, int] | None = None) -> "Standard":
        """The same standard with approved points, and its limits where the file did not know them."""
        used = limit or self.b1_limit
        digest = digest_of([self.file_hash, table.hash, used])
        return replace(self, b1_table=table, b1_limit=used, hash=digest)


class Unusable(ValueError):
    """A file that is no standard; `faults` says what is wrong with it, each with its place."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("; ".join(found[:5]))
        self.faults = found


def digest_of(content: object) -> str:
    """SHA-256 over the content as canonical JSON: key order and spaces do not count.

    >>> digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def parse_standard(text: str) -> Standard:
    """A standard from its JSON text. Raises Unusable with every fault found."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable([f"not JSON: {error}"]) from error
    found = faults(raw) or list(senseless(raw))
    if found:
        raise Unusable(found)
    limit, file_hash = raw["b1"]["limit"], digest_of(raw)
    return Standard(
        id=raw["id"],
        title=raw["title"]["vi"],
        title_en=raw["title"]["en"],
        legal=raw["legal"]["vi"],
        legal_en=raw["legal"]["en"],
        valid_from=date.fromisoformat(raw["from"]),
        valid_to=date.fromisoformat(raw["to"]),
        province=raw["area"]["code"] if raw["area"]["level"] == "province" else None,
        indicators=tuple(
            Indicator(one["code"], one["rule"], one["verified"], one["source"])
            for one in raw["b2"]["indicators"]
        ),
        points_per_indicator=raw["b2"]["points_each"],
        poor_from_b2=raw["b2"]["poor_from"],
        b1_limit={"rural": limit["rural"], "urban": limit["urban"]} if limit else None,
        b1_table=parse_table(raw["b1"]["points"]) if raw["b1"]["points"] else None,
        income_line_vnd={name: raw["income_line_vnd"][name] for name in ("rural", "urban")},
        questions=tuple(one["code"] for one in raw["questions"]),
        hash=file_hash,
        file_hash=file_hash,
    )


def parse_table(raw: Mapping[str, Any]) -> Table:
    """Points that were checked before, as a table."""
    items = tuple(
        Item(
            code=one["code"],
            question=one["question"],
            per=one.get("per"),
            options={option["code"]: tuple(option["points"]) for option in one["options"]},
            bands=tuple(
                (option["code"], option["from"], option["below"])
                for option in one["options"]
                if "from" in option
            ),
        )
        for one in raw["items"]
    )
    return Table(tuple(raw["columns"]), items, raw["demo"], raw["source"], digest_of(raw))


def asked_by(standard: Standard) -> list[str]:
    """The questions whose answers a standard uses."""
    found: dict[str, None] = {}
    for indicator in standard.indicators:
        found |= dict.fromkeys(named_by(indicator.rule))
    for item in standard.b1_table.items if standard.b1_table else ():
        found |= dict.fromkeys([item.question, *([item.per] if item.per else [])])
    return list(found)


def named_by(rule: Mapping[str, Any]) -> list[str]:
    """The questions that a rule of an indicator asks."""
    kind, said = next(iter(rule.items()))
    if kind == "at_least":
        return [one["question"] for one in said["of"]]
    if kind == "more_than_half":
        return [*said["parts"], said["of"]]
    return [said["question"], said["of"]] if kind == "per_head_under" else [said["question"]]


def senseless(raw: Mapping[str, Any]) -> Iterator[str]:
    """Faults of sense in a document of the right shape: dates, codes that are named, points that are missing."""
    try:
        if date.fromisoformat(raw["from"]) > date.fromisoformat(raw["to"]):
            yield "to: before from"
    except ValueError as error:
        yield f"from, to: {error}"
    if raw["area"]["level"] == "country" and raw["area"]["code"] != COUNTRY:
        yield f"area: the country's code is {COUNTRY!r}"
    yield from _odd_questions(raw["questions"])
    asked = {one["code"]: one for one in raw["questions"]}
    yield from _twice("classes", [one["code"] for one in raw["classes"]])
    yield from _twice("b2.indicators", [one["code"] for one in raw["b2"]["indicators"]])
    for one in raw["b2"]["indicators"]:
        yield from _odd_rule(f"b2.indicators.{one['code']}", one["rule"], asked)
    if raw["b1"]["points"]:
        yield from odd_table(raw["b1"]["points"], asked)


def _twice(where: str, codes: list[str]) -> Iterator[str]:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{where}: {code!r} stands there twice"


def _odd_questions(questions: list[dict[str, Any]]) -> Iterator[str]:
    yield from _twice("questions", [one["code"] for one in questions])
    for one in questions:
        where = f"questions.{one['code']}"
        if one["kind"] == "choice":
            if "options" not in one:
                yield f"{where}: no options"
            yield from _twice(where, [option["code"] for option in one.get("options", [])])
        elif "low" not in one or "high" not in one or one["low"] > one["high"]:
            yield f"{where}: low and high"


def _odd_rule(where: str, rule: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    """A rule that names a question or an answer that is not there, or asks a number of a choice."""
    kind, said = next(iter(rule.items()))
    if kind in ("is", "at_least"):
        answers = [said] if kind == "is" else said["of"]
        for one in answers:
            yield from _odd_answer(where, one, asked)
        if kind == "at_least" and said["count"] > len(answers):
            yield f"{where}: {said['count']} of {len(answers)}"
        return
    names = [*said["parts"], said["of"]] if kind == "more_than_half" else [said["question"], said["of"]]
    for name in names:
        if asked.get(name, {}).get("kind") != "number":
            yield f"{where}: {name!r} is no question with a number"


def _odd_answer(where: str, one: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    known = {option["code"] for option in asked.get(one["question"], {}).get("options", [])}
    for code in one["among"]:
        if code not in known:
            yield f"{where}: {one['question']!r} has no answer {code!r}"


def odd_table(raw: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    """Faults of sense in an income table: columns, options that a question lacks, points that are missing."""
    columns = raw["columns"]
    yield from _twice("b1.points.columns", columns)
    if "urban" not in columns:
        yield "b1.points.columns: no column 'urban'"
    yield from _twice("b1.points.items", [one["code"] for one in raw["items"]])
    for one in raw["items"]:
        where, options = f"b1.points.{one['code']}", one["options"]
        yield from _twice(where, [option["code"] for option in options])
        for option in options:
            if len(option["points"]) != len(columns):
                yield f"{where}.{option['code']}: {len(option['points'])} points for {len(columns)} columns"
        question = asked.get(one["question"])
        if question is None:
            yield f"{where}: no question {one['question']!r}"
        elif question["kind"] == "number":
            yield from _odd_bands(where, options, question["low"] if "per" not in one else 0)
            if "per" in one and asked.get(one["per"], {}).get("kind") != "number":
                yield f"{where}: {one['per']!r} is no question with a number"
        elif {option["code"] for option in options} != {option["code"] for option in question["options"]}:
            yield f"{where}: its options are not those of the question {one['question']!r}"


def _odd_bands(where: str, options: list[dict[str, Any]], lowest: int) -> Iterator[str]:
    if any("from" not in option or "below" not in option for option in options):
        yield f"{where}: each option of a number needs from and below"
        return
    if options[0]["from"] > lowest or options[-1]["below"] is not None:
        yield f"{where}: the bands leave numbers out"
    for one, following in pairwise(options):
        if one["below"] != following["from"] or one["below"] <= one["from"]:
            yield f"{where}: {one['code']!r} and {following['code']!r} do not meet"
