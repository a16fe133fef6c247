"""What an event is found by beyond its named fields: fields of somebody's own, sensor values, units, moments. Pure.

Source: EPCIS 2.0 section 8.2.7.1 (EQ_fieldname, EQ_INNER_…, EQ_ILMD_…, EXISTS_…, HASATTR_…, EQ_value_uom …) and GS1's
schema of queries. A term's field is written `x:SCOPE:{namespace}name`, with `INNER_` before the scope where the field
lies deeper; a moment's amount is its seconds since 1970.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from traceability.epcis.checking import is_time
from traceability.epcis.hashing import namespaces, utc_milliseconds
from traceability.epcis.identifiers import canonical

Fact = tuple[str, str, float | None]
SIGNS = {"EQ": "=", "GT": ">", "GE": ">=", "LT": "<", "LE": "<="}
_SCOPES = "ILMD|ERROR_DECLARATION|SENSORELEMENT|SENSORMETADATA|SENSORREPORT|readPoint|bizLocation"
_NAME = re.compile(rf"(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?(?:({_SCOPES})_)?([A-Za-z][\w.+-]*:.+)")
_MEASURED = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue")
_VALUE = re.compile(
    rf"(EQ|GT|GE|LT|LE)_(quantity|{'|'.join(_MEASURED)})_([A-Z0-9]{{2,4}})|(GT|GE|LT|LE)_(percRank)"
)
_MOMENT = re.compile(r"(GE|LT)_(time|startTime|endTime|errorDeclaration_?Time)")
_ATTRIBUTE = re.compile(r"(HASATTR|EQ_?ATTR)_([A-Za-z][\w.+-]*:[^_]+)(?:_(.+))?")
_SENSED = {"SENSORELEMENT": ("sensorMetadata", "sensorReport")}
_CLOSED = "chophien:closed"  # hashes: they say nothing that anybody may ask for
_DEEPEST = 16
_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


@dataclass(frozen=True)
class Extra:
    """One condition on terms: this field (or, where `ending`, any that ends so), and a value or an amount if asked."""

    field: str
    ending: bool = False
    values: tuple[str, ...] = ()
    amount: tuple[str, float] | None = None


def number_of(text: object) -> float | None:
    """A number or a moment as a number; None for anything else."""
    if isinstance(text, bool):
        return None
    if isinstance(text, int | float):
        return float(text) if abs(text) < 1e300 else None
    if not isinstance(text, str):
        return None
    if is_time(text):
        return datetime.fromisoformat(utc_milliseconds(text).replace("Z", "+00:00")).timestamp()
    return float(text) if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text) else None


def spelled(value: object) -> str:
    """A leaf as it is kept and asked for."""
    return (
        "true"
        if value is True
        else "false"
        if value is False
        else canonical(str(value))
        if value is not None
        else ""
    )


def _full(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        return f"{{{prefixes[prefix]}}}{local}"
    cut = max(name.rfind("/"), name.rfind("#"), name.rfind(":")) + 1
    return f"{{{name[:cut]}}}{name[cut:]}"


def facts(event: Mapping[str, Any], context: object = None) -> Iterator[Fact]:
    """Every term of this kind of a valid event."""
    prefixes = namespaces(context, event.get("@context"))
    yield from _own("", event, prefixes)
    yield from _own("ILMD_", event.get("ilmd"), prefixes)
    for name in ("readPoint", "bizLocation"):
        yield from _own(f"{name}_", event.get(name), prefixes)
    error = event.get("errorDeclaration")
    if isinstance(error, dict):
        yield from _own("ERROR_DECLARATION_", error, prefixes)
        yield "errorDeclarationTime", "", number_of(error.get("declarationTime"))
    for listed in _LISTS:
        for one in event.get(listed) or []:
            if "uom" in one and "quantity" in one:
                yield f"quantity_{one['uom']}", "", number_of(one["quantity"])
    for element in event.get("sensorElementList") or []:
        yield "sensorElementList", "", None
        yield from _sensed(element, prefixes)


def _sensed(element: Mapping[str, Any], prefixes: Mapping[str, str]) -> Iterator[Fact]:
    metadata = element.get("sensorMetadata") or {}
    yield from _own("SENSORELEMENT_", element, prefixes)
    yield from _own("SENSORMETADATA_", metadata, prefixes)
    for part in (metadata, *element["sensorReport"]):
        for name in ("time", "startTime", "endTime"):
            if name in part:
                yield name, "", number_of(part[name])
    for report in element["sensorReport"]:
        yield from _own("SENSORREPORT_", report, prefixes)
        if "percRank" in report:
            yield "percRank", "", number_of(report["percRank"])
        for name in _MEASURED:
            if name in report:
                yield f"{name}_{report.get('uom', '')}", "", number_of(report[name])


def _own(scope: str, part: object, prefixes: Mapping[str, str]) -> Iterator[Fact]:
    """Fields of somebody's own in an element of the standard, and what lies inside them."""
    if isinstance(part, dict):
        for name, value in part.items():
            if ":" in name:
                yield from _field(scope, name, value, prefixes, 0)


def _field(scope: str, name: str, value: object, prefixes: Mapping[str, str], depth: int) -> Iterator[Fact]:
    full = _full(name, prefixes)
    place = f"x:{'INNER_' if depth else ''}{scope}:{full}"
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict | list):
            yield place, spelled(one), number_of(one)
            continue
        yield place, "", None
        if isinstance(one, dict) and depth < _DEEPEST and name != _CLOSED:
            for key, held in one.items():
                if not isinstance(held, dict | list):
                    yield f"a:{full}@{key}", spelled(held), None
                yield from _field(scope, key, held, prefixes, depth + 1)


def _asked(scope: str, name: str) -> tuple[str, bool]:
    """The field that a parameter's name means. A prefix that the standard does not know stands for any namespace."""
    prefixes = namespaces()
    prefix, _colon, local = name.partition(":")
    if prefix in prefixes or local.startswith("//") or prefix == "urn":
        return f"{scope}{_full(name, prefixes)}", False
    return f"{scope}{{%}}{local}", True


def extra_of(name: str, text: str) -> Extra | None:
    """The condition that a parameter asks for; None where its name is none of these. Raises ValueError."""
    values = tuple(spelled(one) for one in text.split("|") if one)
    if name == "EXISTS_sensorElementList":
        return Extra("sensorElementList")
    if read := _MOMENT.fullmatch(name):
        if not is_time(text):
            raise ValueError(f"{name} is a moment with its zone")
        return Extra(read[2].replace("_", ""), amount=(SIGNS[read[1]], number_of(text) or 0.0))
    if read := _VALUE.fullmatch(name):
        sign, field = read[1] or read[4], f"{read[2]}_{read[3]}" if read[2] else read[5]
        return Extra(field, amount=(SIGNS[sign], _number(name, text)))
    if read := _ATTRIBUTE.fullmatch(name):
        return _attribute(read, values)
    if read := _NAME.fullmatch(name):
        field, ending = _asked(f"x:{read[2] or ''}{read[3] + '_' if read[3] else ''}:", read[4])
        if read[1] == "EXISTS":
            return Extra(field, ending)
        if read[1] == "EQ":
            return Extra(field, ending, values)
        return Extra(field, ending, amount=(SIGNS[read[1]], _number(name, text)))
    return None


def _attribute(read: re.Match[str], values: tuple[str, ...]) -> Extra:
    field, ending = _asked("a:", read[2])
    if read[1] == "HASATTR":
        return Extra(f"{field}@{values[0] if values else ''}", ending)
    return Extra(f"{field}@{read[3] or ''}", ending, values)


def _number(name: str, text: str) -> float:
    found = number_of(text)
    if found is None:
        raise ValueError(f"{name[:60]} is a number or a moment")
    return found
