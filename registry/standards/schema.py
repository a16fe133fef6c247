"""Checks a document against our own schema: the few words of JSON Schema that `schema.json` uses, and no library.

`jsonschema` is only in the tests, where it must agree with this. A word that is not known here is an error of ours.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.json")
FAULTS_MAX = 50
_KINDS: dict[str, Callable[[Any], bool]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
_KNOWN = {
    "$schema", "title", "$defs", "$ref", "type", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum",
    "minItems", "maxItems", "items", "required", "properties", "additionalProperties", "minProperties", "maxProperties",
}  # fmt: skip


@cache
def the_schema() -> dict[str, Any]:
    """Our schema, as read."""
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8")))


def faults(document: object, part: str = "standard") -> list[str]:
    """What is wrong with a document, each fault with its place; empty where nothing is. At most 50.

    part: which definition of the schema it must meet ('standard', 'table', 'limit').

    >>> faults({"schema": "x"}, "limit")[0]
    'at the top: rural is missing'
    """
    found: list[str] = []
    for one in _faults(document, the_schema()["$defs"][part], ""):
        found.append(one)
        if len(found) == FAULTS_MAX:
            break
    return found


def _faults(value: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
    if odd := schema.keys() - _KNOWN:
        raise LookupError(f"the schema says {sorted(odd)}, which this checker does not know")
    where = at or "at the top"
    if "$ref" in schema:
        yield from _faults(value, the_schema()["$defs"][schema["$ref"].rpartition("/")[2]], at)
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(_KINDS[kind](value) for kind in kinds):
            yield f"{where}: not {' or '.join(kinds)}"
            return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: not one of {schema['enum']}"
    if isinstance(value, str):
        yield from _text(value, schema, where)
    elif isinstance(value, dict):
        yield from _object(value, schema, at, where)
    elif isinstance(value, list):
        yield from _sized(len(value), schema, "Items", where)
        for place, one in enumerate(value):
            yield from _faults(one, schema.get("items", {}), f"{at}[{place}]")
    elif isinstance(value, int) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            yield f"{where}: below {schema['minimum']}"
        if value > schema.get("maximum", value):
            yield f"{where}: above {schema['maximum']}"


def _text(value: str, schema: dict[str, Any], where: str) -> Iterator[str]:
    yield from _sized(len(value), schema, "Length", where)
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value[:40]!r} is not written as {schema['pattern']}"


def _sized(size: int, schema: dict[str, Any], what: str, where: str) -> Iterator[str]:
    if size < schema.get(f"min{what}", size):
        yield f"{where}: {size}, at least {schema[f'min{what}']}"
    if size > schema.get(f"max{what}", size):
        yield f"{where}: {size}, at most {schema[f'max{what}']}"


def _object(value: dict[str, Any], schema: dict[str, Any], at: str, where: str) -> Iterator[str]:
    yield from _sized(len(value), schema, "Properties", where)
    for name in schema.get("required", []):
        if name not in value:
            yield f"{where}: {name} is missing"
    known = schema.get("properties", {})
    for name, one in value.items():
        if name in known:
            yield from _faults(one, known[name], f"{at}.{name}".lstrip("."))
        elif schema.get("additionalProperties") is False:
            yield f"{where}: {name[:40]!r} is not known"
