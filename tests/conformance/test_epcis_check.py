"""Our own rules for what comes in, and GS1's JSON schema, say the same of every example, good and spoiled."""

import copy
import json
import random

import pytest
from jsonschema import Draft7Validator, FormatChecker

from tests.conftest import SHARED
from traceability.epcis.checking import check_document, is_time, is_uri

FORMATS = FormatChecker(formats=())
FORMATS.checks("uri")(lambda value: not isinstance(value, str) or is_uri(value))
FORMATS.checks("date-time")(lambda value: not isinstance(value, str) or is_time(value))
SCHEMA = Draft7Validator(
    json.loads((SHARED / "epcis" / "EPCIS-JSON-Schema.json").read_text("utf-8")), format_checker=FORMATS
)
EXAMPLES = [*sorted((SHARED / "epcis" / "examples").glob("*.jsonld")),
            *sorted((SHARED / "epcis" / "JSON-Schema" / "test").glob("*.json"))]  # fmt: skip
SPOILED = [None, True, 0, 1.5, "", "x", "urn:x:y", [], {}, ["x"], [{}], "ObjectEvent", "ADD", {"id": "x"},
           {"id": "a:b"}, [{"type": "x"}], "urn:epcglobal:cbv:x", "2020-01-01T00:00:00Z",
           "2021-02-29T00:00:00Z"]  # fmt: skip
ADDED = (
    "foo",
    "ex:foo",
    "ilmd",
    "parentID",
    "transformationID",
    "epcList",
    "set",
    "childEPCs",
    "errorDeclaration",
)
SENSED = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "TransactionEvent", "eventTime": "2026-11-22T10:00:00+07:00", "eventTimeZoneOffset": "+07:00",
    "action": "ADD", "epcList": [], "quantityList": [], "bizTransactionList": [{"bizTransaction": "urn:x:1"}],
    "certificationInfo": ["https://a.example/c1"],
    "errorDeclaration": {"declarationTime": "2026-11-22T11:00:00Z", "reason": "incorrect_data",
                         "correctiveEventIDs": ["urn:uuid:1"]},
    "sensorElementList": [{
        "sensorMetadata": {"time": "2026-11-22T10:00:00Z", "deviceID": "urn:x:d", "ex:own": 1},
        "sensorReport": [{"type": "Temperature", "value": 3.5, "uom": "CEL", "component": "x", "booleanValue": True,
                          "hexBinaryValue": "0aF", "exception": "ALARM_CONDITION", "uriValue": "a:b"}],
    }],
    "sourceList": [{"type": "location", "source": "urn:x:1"}],
}  # fmt: skip
LASTING = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "type": "ObjectEvent", "eventTime": "2026-11-22T10:00:00+07:00", "eventTimeZoneOffset": "+07:00",
    "action": "ADD", "epcList": ["urn:x:1"], "persistentDisposition": {"set": ["recalled"], "unset": ["available"]},
    "ilmd": {"ex:best": "2027"},
}  # fmt: skip


def places(value, at=()):
    yield at
    for key, held in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(held, (*at, key))


def reached(value, at):
    for key in at:
        value = value[key]
    return value


def spoilt(document):
    """Every place with every wrong value, left out, doubled, or with a name that may not belong there."""
    for at in places(document):
        if at:
            for wrong in SPOILED:
                other = copy.deepcopy(document)
                reached(other, at[:-1])[at[-1]] = wrong
                yield other
            other = copy.deepcopy(document)
            del reached(other, at[:-1])[at[-1]]
            yield other
        here = reached(document, at)
        if isinstance(here, list) and here:
            other = copy.deepcopy(document)
            reached(other, at).append(copy.deepcopy(here[0]))
            yield other
        if isinstance(here, dict):
            for name in ADDED:
                other = copy.deepcopy(document)
                reached(other, at)[name] = "urn:a:b"
                yield other


def sources():
    yield from ((path.stem, json.loads(path.read_text("utf-8"))) for path in EXAMPLES)
    yield "sensed", SENSED
    yield "lasting", LASTING


@pytest.mark.parametrize(("name", "document"), list(sources()), ids=[name for name, _document in sources()])
def test_our_rules_and_the_schema_agree(name, document):
    assert SCHEMA.is_valid(document) and check_document(document) == []
    others = list(spoilt(document))
    random.Random(name).shuffle(others)
    told = {True: 0, False: 0}
    for other in others[:200]:
        valid = SCHEMA.is_valid(other)
        assert (check_document(other) == []) is valid, (
            other,
            [error.message for error in SCHEMA.iter_errors(other)],
        )
        told[valid] += 1
    assert told[True] and told[False]


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, {"type": None}, {"type": "x:Event"}])
def test_our_rules_and_the_schema_agree_on_what_is_no_document(value):
    assert (check_document(value) == []) is SCHEMA.is_valid(value)


def test_a_fault_says_where_and_what():
    document = copy.deepcopy(SENSED) | {"bizStep": "harvesting"}
    [fault] = check_document(document)
    assert (fault.at, fault.why) == ("/bizStep", "neither a word of the vocabulary nor a URI of one's own")
