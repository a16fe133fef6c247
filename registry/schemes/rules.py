"""A support scheme read from its file, and whether its conditions fit a household. Never a decision."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from registry.needs.kinds import NeedKind

FORMAT = "cho-phien-scheme/1"
Known = Mapping[str, str | int | bool]


class Unusable(ValueError):
    """A scheme's file does not say what it must. `faults`: each in one sentence."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Fit(StrEnum):
    """Whether a condition, or all of a scheme's, hold by what is known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Condition:
    """One condition. fact: 'class', 'area', 'lack:<indicator>' or 'answer:<question>'. Either `among` or `least`."""

    fact: str
    among: tuple[str | int | bool, ...]
    least: int | None
    vi: str
    en: str


@dataclass(frozen=True)
class Scheme:
    """A support scheme with its dates (both inclusive), its place ('' for the country) and its conditions.

    is_example: invented to try the program. is_verified: the conditions were compared with the text of law.
    copayment: in words, Vietnamese and English, where the household pays a part; else None.
    """

    id: str
    names: tuple[str, str]
    sources: tuple[str, str]
    is_example: bool
    is_verified: bool
    needs: frozenset[NeedKind]
    valid_from: date
    valid_to: date
    province: str
    offers: tuple[str, str]
    copayment: tuple[str, str] | None
    conditions: tuple[Condition, ...]

    def holds(self, day: date, province: str) -> bool:
        """Whether the scheme is in force on a day in a province (by code)."""
        return self.valid_from <= day <= self.valid_to and self.province in ("", province)


@dataclass(frozen=True)
class Match:
    """A scheme beside a household: how each condition stands, and all of them together."""

    scheme: Scheme
    fit: Fit
    lines: tuple[tuple[Condition, Fit], ...]


def judge(condition: Condition, known: Known) -> Fit:
    """Whether one condition holds; UNKNOWN where the fact was never said.

    >>> judge(Condition("answer:children", (), 2, "", ""), {"answer:children": 3}).value
    'yes'
    >>> judge(Condition("class", ("poor",), None, "", ""), {}).value
    'unknown'
    """
    if condition.fact not in known:
        return Fit.UNKNOWN
    value = known[condition.fact]
    if condition.least is not None:
        held = isinstance(value, int) and not isinstance(value, bool) and value >= condition.least
    else:
        held = any(value == one and type(value) is type(one) for one in condition.among)
    return Fit.YES if held else Fit.NO


def match(scheme: Scheme, known: Known) -> Match:
    """Lay a scheme beside what is known: one condition that fails refuses, one unknown leaves it open."""
    lines = tuple((one, judge(one, known)) for one in scheme.conditions)
    fits = {fit for _one, fit in lines}
    whole = Fit.NO if Fit.NO in fits else Fit.UNKNOWN if Fit.UNKNOWN in fits else Fit.YES
    return Match(scheme, whole, lines)


def matches(
    schemes: Mapping[str, Scheme], kind: NeedKind, known: Known, day: date, province: str
) -> list[Match]:
    """The schemes in force for one kind of need, those that fit first, those that do not last."""
    order = list(Fit)
    found = [match(one, known) for one in schemes.values() if kind in one.needs and one.holds(day, province)]
    return sorted(found, key=lambda one: ((0, 2, 1)[order.index(one.fit)], one.scheme.id))


def _pair(value: Any, what: str, faults: list[str]) -> tuple[str, str]:
    if not isinstance(value, dict) or not all(isinstance(value.get(one), str) for one in ("vi", "en")):
        faults.append(f"{what}: vi and en, both words")
        return "", ""
    return value["vi"], value["en"]


def _condition(row: Any, at: int, faults: list[str]) -> Condition:
    words = _pair(row, f"conditions[{at}]", faults)
    row = row if isinstance(row, dict) else {}
    fact, among, least = row.get("fact"), row.get("in", []), row.get("least")
    if not isinstance(fact, str) or fact.partition(":")[0] not in ("class", "area", "lack", "answer"):
        faults.append(f"conditions[{at}]: fact is class, area, lack:… or answer:…")
    if bool(among) == (least is not None):
        faults.append(f"conditions[{at}]: either in or least")
    return Condition(str(fact), tuple(among), least, *words)


def _day(document: dict[str, Any], name: str, faults: list[str]) -> date:
    try:
        return date.fromisoformat(str(document.get(name)))
    except ValueError:
        faults.append(f"{name}: a date as 2026-12-31")
        return date.min


def parse_scheme(text: str) -> Scheme:
    """A scheme from its file. Raises Unusable with every fault found.

    A scheme that is an example can never call itself verified.
    """
    document, faults = json.loads(text), list[str]()
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unusable([f"format is not {FORMAT}"])
    kinds = set(document.get("needs", [])) & set(NeedKind)
    if not kinds or len(kinds) != len(document.get("needs", [])):
        faults.append("needs: at least one kind, all of them known")
    first, last = _day(document, "valid_from", faults), _day(document, "valid_to", faults)
    if last < first:
        faults.append("valid_to: before valid_from")
    flags = [document.get("example"), document.get("verified")]
    if not all(isinstance(one, bool) for one in flags) or all(flags):
        faults.append("example and verified: true or false, never both true")
    for name in ("id", "source"):
        if not document.get(name):
            faults.append(f"{name} is missing")
    copayment = document.get("copayment")
    made = Scheme(
        id=str(document.get("id")),
        names=_pair(document, "the name", faults),
        sources=(str(document.get("source")), str(document.get("source_en") or document.get("source"))),
        is_example=bool(flags[0]),
        is_verified=bool(flags[1]),
        needs=frozenset(NeedKind(one) for one in kinds),
        valid_from=first,
        valid_to=last,
        province=str(document.get("province") or ""),
        offers=_pair(document.get("offers"), "offers", faults),
        copayment=_pair(copayment, "copayment", faults) if copayment is not None else None,
        conditions=tuple(
            _condition(row, at, faults) for at, row in enumerate(document.get("conditions", []))
        ),
    )
    if faults:
        raise Unusable(faults)
    return made
