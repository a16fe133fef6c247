"""schemathesis over GS1's OpenAPI description: what it makes up, good and spoiled, is answered as the description says.

The description is changed in memory, and only so: what it takes from addresses of GS1 comes from the schema beside it;
a job's two alternatives ask for their fields (see test_epcis_openapi); documents to capture are the official examples,
since the generator knows none of that schema's conditions; a header that is an object is text, as all headers are on
the line; a question that cannot be read is answered 400 everywhere, as the description has it at some resources; and
subscriptions, which are not offered, are left out. Schemas of OpenAPI 3.0 know no conditions either: test_epcis_openapi
holds the events in answers against the whole schema.
"""

import json
import os
import re
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
import yaml
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

from tests.conftest import SHARED
from tests.factories.cooperatives import create_cooperative
from tests.traceability_epcis.test_exchange import captured, key_of, read

REST = SHARED / "epcis" / "REST Bindings"
STUB = "https://gs1.github.io/EPCIS/REST%20Bindings/JSON-Schema-Stub.json#/definitions/"
EXAMPLES = sorted((SHARED / "epcis" / "examples").glob("*.jsonld"))
ASKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
         "response_schema_conformance")  # fmt: skip
EACH = 100 if os.environ.get("EXAM") == "full" else 4


def description() -> dict[str, Any]:
    """GS1's description with the changes named above."""
    schema = (SHARED / "epcis" / "EPCIS-JSON-Schema.json").read_text("utf-8")
    inside = schema.replace('"#/definitions/', '"#/components/schemas/EPCIS/definitions/')
    found: dict[str, Any] = json.loads(
        json.dumps(yaml.safe_load((REST / "openapi.yaml").read_text("utf-8"))).replace(
            f'"{STUB}', '"#/components/schemas/EPCIS/definitions/'
        )
    )
    found["components"]["schemas"]["EPCIS"] = {"definitions": json.loads(inside)["definitions"]}
    for one in found["components"]["schemas"]["CaptureJob"]["allOf"][1]["oneOf"]:
        one["required"] = list(one["properties"])
    for header in found["components"]["headers"].values():
        named = header["schema"].get("$ref", "").rpartition("/")[2]
        if found["components"]["schemas"].get(named, header["schema"]).get("type") == "object":
            header["schema"] = {"type": "string"}
    for item in found["paths"].values():
        for method in ("get", "post"):
            if method in item:
                item[method]["responses"].setdefault("400", {"$ref": "#/components/responses/400QueryIssues"})
    found["paths"] = {path: item for path, item in found["paths"].items() if "/subscriptions" not in path}
    for path, made in (("/capture", EXAMPLES), ("/events", [])):
        documents = [read(one) for one in made] or [read(EXAMPLES[0])["epcisBody"]["eventList"][0]]
        content = found["paths"][path]["post"]["requestBody"]["content"]
        content.clear()
        content["application/json"] = {"schema": {"enum": documents}}
    return found


SCHEMA = schemathesis.openapi.from_dict(description())
OPERATIONS = {one.label: one for one in (found.ok() for found in SCHEMA.get_all_operations())}


@pytest.fixture
def world(client: FlaskClient, ctx: Any) -> tuple[dict[str, str], dict[str, str]]:
    """A writer's key, and values of paths that name something: a document captured, a query named."""
    auth = key_of(create_cooperative("HTX Tài Hoan"))
    job = captured(client, auth, read(EXAMPLES[1]))
    query = {"name": "nhan", "query": {"eventType": ["ObjectEvent"]}}
    assert client.post("/epcis/queries", json=query, headers=auth).status_code == 201
    event = read(EXAMPLES[1])["epcisBody"]["eventList"][0]
    known = {"captureID": job["captureID"], "eventID": event["eventID"], "eventType": "ObjectEvent",
             "epc": event["epcList"][0], "bizStep": event["bizStep"], "readPoint": event["readPoint"]["id"],
             "disposition": event["disposition"], "queryName": "nhan"}  # fmt: skip
    return auth, known


def ask(client: FlaskClient, case: Case, auth: dict[str, str]) -> None:
    """Send a case to the application, and hold the answer against the description."""
    sent = case.as_transport_kwargs(base_url="http://localhost/epcis")
    body = {"json": sent["json"]} if "json" in sent else {"data": sent.get("data")}
    headers = {**dict(sent["headers"]), **auth, "Accept-Encoding": "identity"}
    answer = client.open(
        sent["url"], method=sent["method"], query_string=sent.get("params"), headers=headers, **body
    )
    asked = ASKED[1:] if answer.status_code == 501 else ASKED  # documented: a token that is not kept
    case.validate_response(answer, checks=[CHECKS.get_one(name) for name in asked])


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_schemathesis_makes_up_is_answered_as_described(
    client: FlaskClient, world: tuple[dict[str, str], dict[str, str]], label: str
) -> None:
    auth, known = world
    operation = OPERATIONS[label]
    named = re.findall(r"\{(\w+)\}", operation.path)
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    spoiled = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(max_examples=EACH, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.one_of(good, spoiled), st.booleans())
    def answered(case: Case, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {
                **case.path_parameters,
                **{one: quote(known[one], safe="") for one in named if one in known},
            }
        ask(client, case, auth)

    answered()
