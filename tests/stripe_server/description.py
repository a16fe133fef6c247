"""Requests and answers held against Stripe's OpenAPI description. Objects have no property that it does not know."""

import gzip
import json
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

SHARED = Path(os.environ.get("CONFORMANCE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
FILE = SHARED / "stripe" / "openapi-spec3.json.gz"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def parsed(text: str) -> dict[str, Any]:
    """Stripe's form encoding as nested objects: a[b][0]=c."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        keys = re.findall(r"[^\[\]]+", name)
        place = found
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return {key: _lists(value) for key, value in found.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(one) for key, one in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def _schema(node: Any) -> Any:
    """OpenAPI 3.0's dialect as JSON Schema: `nullable`, no unknown properties, no notes."""
    if isinstance(node, list):
        return [_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: {name: _schema(one) for name, one in value.items()} if key == "properties" else _schema(value)
        for key, value in node.items()
        if key not in ("description", "nullable", "example", "title") and not key.startswith("x-")
    }
    if "properties" in kept and "additionalProperties" not in kept:
        kept["additionalProperties"] = False
    if node.get("nullable") is True:
        return {"anyOf": [kept, {"type": "null"}]}
    return kept


def _typed(schema: Any, value: Any) -> Any:
    """Form values are text: whole numbers and truth values as the schema means them."""
    if "anyOf" in schema:
        for one in schema["anyOf"]:
            tried = _typed(one, value)
            if Draft7Validator(one).is_valid(tried):
                return tried
        return value
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {key: _typed(known.get(key, {}), one) for key, one in value.items()}
    if isinstance(value, list):
        return [_typed(schema.get("items", {}), one) for one in value]
    if schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]+", str(value)):
        return int(value)
    if schema.get("type") == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


class Description:
    """Stripe's description, or nothing where it is absent."""

    def __init__(self) -> None:
        self.there = FILE.exists()
        self.faults: list[str] = []
        self.checked = {"requests": 0, "answers": 0}

    @cached_property
    def _paths(self) -> dict[str, Any]:
        with gzip.open(FILE) as file:
            whole = json.load(file)
        self._whole = {"components": {"schemas": _schema(whole["components"]["schemas"])}}
        self._registry: Any = Registry().with_resource("stripe:", DRAFT7.create_resource(self._whole))
        return dict(whole["paths"])

    def _verb(self, method: str, path: str) -> Any:
        for template, verbs in self._paths.items():
            pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
            if re.fullmatch(pattern, path) and method.lower() in verbs:
                return verbs[method.lower()]
        self.faults.append(f"no such call: {method} {path}")
        return None

    def request(self, method: str, path: str, query: str, body: str) -> None:
        """Hold a request against its schema; what is wrong is added to `faults`."""
        if not self.there or (verb := self._verb(method, path)) is None:
            return
        self.checked["requests"] += 1
        if method == "POST":
            schema = _schema(verb["requestBody"]["content"][FORM]["schema"])
            self._hold(f"{method} {path}", schema, _typed(schema, parsed(body)))
            return
        known = {
            one["name"]: _schema(one["schema"]) for one in verb.get("parameters", ()) if one["in"] == "query"
        }
        schema = {"type": "object", "properties": known, "additionalProperties": False}
        self._hold(f"{method} {path}", schema, _typed(schema, parsed(query)))

    def answer(self, method: str, path: str, status: int, body: Any) -> None:
        """Hold an answer against its schema."""
        if not self.there or (verb := self._verb(method, path)) is None:
            return
        self.checked["answers"] += 1
        responses = verb["responses"]
        schema = responses["200" if status == 200 else "default"]["content"][JSON]["schema"]
        self._hold(f"{status} of {method} {path}", _schema(schema), body)

    def event(self, body: Any) -> None:
        """Hold an event, and the object in it, against theirs."""
        if not self.there:
            return
        assert self._paths
        self.checked["answers"] += 1
        self._hold(f"event {body['type']}", {"$ref": "#/components/schemas/event"}, body)
        inner = body["data"]["object"]
        self._hold(f"object of {body['type']}", {"$ref": f"#/components/schemas/{inner['object']}"}, inner)

    def _hold(self, what: str, schema: Any, value: Any) -> None:
        pointed = json.loads(json.dumps(schema).replace('"#/components', '"stripe:#/components'))
        for error in Draft7Validator(pointed, registry=self._registry).iter_errors(value):
            self.faults.append(f"{what}: {error.json_path} {error.message[:300]}")
