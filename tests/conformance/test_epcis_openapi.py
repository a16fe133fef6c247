"""A walk over GS1's OpenAPI description: each path and method answers a documented status, headers and body.

Not offered, and said so in docs/guide/epcis.md: subscriptions (their paths answer 404), XML, the WebSocket. A parameter
that cannot be read is answered 400 by /events too, though the description names 400 only below other resources.
"""

import json
import re
from urllib.parse import quote

import pytest
import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.conftest import SHARED
from tests.factories.cooperatives import create_cooperative
from tests.traceability_epcis.test_exchange import captured, key_of, read

REST = SHARED / "epcis" / "REST Bindings"
DESCRIPTION = yaml.safe_load((REST / "openapi.yaml").read_text("utf-8"))
STUB = "https://gs1.github.io/EPCIS/REST%20Bindings/JSON-Schema-Stub.json"
EXAMPLES = sorted((SHARED / "epcis" / "examples").glob("*.jsonld"))
# A job holds `errors` or `errorFile`; the description says so by two alternatives that every object meets, so that none
# is ever "exactly one": each alternative is read as asking for its field.
for _one in DESCRIPTION["components"]["schemas"]["CaptureJob"]["allOf"][1]["oneOf"]:
    _one["required"] = list(_one["properties"])
MISSING = ("/subscriptions",)
EPC, PLACE = "urn:epc:id:sgtin:0614141.107346.2018", "urn:epc:id:sgln:0614141.00777.0"
VALUES = {"eventType": "ObjectEvent", "epc": EPC, "bizStep": "receiving",
          "bizLocation": "urn:epc:id:sgln:0614141.00888.0", "readPoint": PLACE,
          "disposition": "in_progress", "queryName": "nhan", "token": "WyJ4Il0"}  # fmt: skip
OPERATIONS = [
    (path, method)
    for path, item in DESCRIPTION["paths"].items()
    for method in item
    if method in ("get", "post", "delete", "options") and not any(one in path for one in MISSING)
]


def registry():
    schema = json.loads((SHARED / "epcis" / "EPCIS-JSON-Schema.json").read_text("utf-8"))
    return Registry().with_resources([
        ("urn:openapi", Resource(DESCRIPTION, DRAFT7)),
        (STUB, Resource(schema, DRAFT7)),
    ])  # fmt: skip


REGISTRY = registry()


def resolved(part):
    while "$ref" in part and part["$ref"].startswith("#/"):
        found = DESCRIPTION
        for name in part["$ref"][2:].split("/"):
            found = found[name]
        part = found
    return part


def valid(schema, value):
    """Against a schema of the description, its references read from where they lie."""
    text = json.dumps(schema).replace('"#/components', '"urn:openapi#/components')
    return [one.message for one in Draft7Validator(json.loads(text), registry=REGISTRY).iter_errors(value)]


def check(path, method, answer):
    """The status is documented; so are its headers and its body."""
    documented = DESCRIPTION["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert status in documented, (path, method, status, answer.text[:200])
    said = resolved(documented[status])
    for name, header in said.get("headers", {}).items():
        text = answer.headers.get(name)
        if name in ("Link", "GS1-Next-Page-Token-Expires", "GS1-Query-Min-Record-Time"):
            continue  # only where there is a next page, or a subscription
        assert text is not None, (path, method, name)
        schema = resolved(resolved(header).get("schema", {}))
        if schema.get("type") == "object":
            assert isinstance(json.loads(text), dict)
        elif schema.get("type") == "integer":
            assert int(text) >= 1
        else:
            assert valid(schema, text) == [], (name, text)
    contents = said.get("content", {})
    if contents and status != "204":
        media = next((one for one in contents if one == answer.mimetype), None)
        assert media, (path, method, status, answer.mimetype)
        assert valid(contents[media]["schema"], answer.json) == [], (path, method, status)


@pytest.fixture
def captured_world(client, ctx):
    """Two official examples captured, one named query; made once, copied for each path and method."""
    databases = ctx.extensions["databases"]
    if "captured_world" not in databases.made:
        auth = key_of(create_cooperative("HTX Tài Hoan"))
        jobs = [captured(client, auth, read(EXAMPLES[at])) for at in (1, 3)]
        query = {"name": "nhan", "query": {"eventType": ["ObjectEvent"]}}
        assert client.post("/epcis/queries", json=query, headers=auth).status_code == 201
        event_id = read(EXAMPLES[1])["epcisBody"]["eventList"][0]["eventID"]
        values = VALUES | {"captureID": jobs[0]["captureID"], "eventID": event_id}
        databases.keep("captured_world", (auth, values))
    return databases.made["captured_world"]


@pytest.fixture
def world(captured_world):
    """Its key and the values of the paths' parameters."""
    return captured_world


def address(path, values):
    return "/epcis" + re.sub(r"\{(\w+)\}", lambda found: quote(values[found[1]], safe=""), path)


def body_of(path):
    if path == "/capture":
        return read(EXAMPLES[0])
    if path == "/events":
        return read(SHARED / "epcis" / "JSON-Schema" / "test" / "AssociationEvent.json")
    return {"name": "moi", "query": {"EQ_bizStep": ["shipping"], "orderBy": "eventTime"}}


def ask(client, method, where, auth, path, **more):
    if method == "post":
        more = {"data": json.dumps(body_of(path)), "content_type": "application/json"} | more
    return client.open(where, method=method.upper(), headers=auth, **more)


@pytest.mark.parametrize(
    ("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS]
)
def test_each_path_and_method_answers_as_described(client, world, path, method):
    auth, values = world
    answer = ask(client, method, address(path, values), auth, path)
    assert answer.status_code < 400 or path.startswith("/nextPageToken"), answer.text[:300]
    check(path, method, answer)


@pytest.mark.parametrize(
    ("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS]
)
def test_each_refusal_is_as_described(client, world, path, method):
    auth, values = world
    unknown = dict.fromkeys(values, "urn:x:none") | {"eventType": "urn:x:None", "token": "WyJ4Il0"}
    if method in ("get", "delete") and "{" in path and "Token" not in path:
        check(path, method, ask(client, method, address(path, unknown), auth, path))
    if method == "get":
        check(path, method, ask(client, method, address(path, values), auth | {"Accept": "text/csv"}, path))
        check(path, method, ask(client, method, address(path, values), auth | {"GS1-EPCIS-Min": "3.0"}, path))
    if method == "post" or path in ("/events", "/capture", "/queries", "/epcs"):
        check(path, method, ask(client, method, address(path, values), {"Authorization": "Bearer x"}, path))
    if method == "post":
        check(path, method, ask(client, method, address(path, values), auth, path, content_type="text/plain"))
        if path != "/queries":
            check(path, method, ask(client, method, address(path, values), auth, path, data="{"))
    if (
        method == "get"
        and path.endswith("/events")
        and path not in ("/events", "/queries/{queryName}/events")
    ):
        check(path, method, ask(client, method, address(path, values) + "?EQ_colour=red", auth, path))


def test_the_walk_knows_every_path_but_those_that_are_not_offered():
    left_out = {path for path in DESCRIPTION["paths"] if any(one in path for one in MISSING)}
    assert left_out == {
        "/queries/{queryName}/subscriptions",
        "/queries/{queryName}/subscriptions/{subscriptionID}",
    }
    assert len(OPERATIONS) > 50
