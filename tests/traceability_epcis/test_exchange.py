"""Capture and query over HTTP: what is kept, who sees it, how it is found, and that no captured event moves stock."""

import json

import pytest

from accounts.rules import Actor, Role
from core.db import db, transaction
from core.errors import NotAllowed, NotFound
from tests.conftest import SHARED
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.traceability import create_lot, create_slip
from traceability.epcis.checking import check_document
from traceability.epcis.exchange import operations
from traceability.epcis.exchange.models import EpcisEntry, EpcisKey
from traceability.epcis.exchange.rules import BadQuery, wanted
from traceability.epcis.hashing import event_hash, events_of
from traceability.models import Movement

EXAMPLES = sorted((SHARED / "epcis" / "examples").glob("*.jsonld"))
AGGREGATION = next(path for path in EXAMPLES if "Aggregation" in path.name)


def read(path):
    return json.loads(path.read_text("utf-8"))


def key_of(coop, name="Siêu thị Vĩnh Phúc"):
    actor = Actor(user_id=None, role=Role.MANAGER, organisation_id=coop.organisation_id)
    with transaction():
        _row, key = operations.make_key(actor, f"form-{coop.id}-{name}", name)
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def coop(ctx):
    return create_cooperative("HTX Tài Hoan")


@pytest.fixture
def auth(coop):
    return key_of(coop)


def post(client, path, value, auth=None, **headers):
    named = {name.replace("_", "-"): text for name, text in headers.items()} | (auth or {})
    return client.post(path, data=json.dumps(value), headers=named, content_type="application/json")


def captured(client, auth, value, **headers):
    """The job as it ended."""
    sent = post(client, "/epcis/capture", value, auth, **headers)
    assert sent.status_code == 202, sent.text
    return client.get(sent.headers["Location"], headers=auth).json


def listed(answer):
    assert answer.status_code == 200, answer.text
    assert check_document(answer.json) == []
    return answer.json["epcisBody"]["queryResults"]["resultsBody"]["eventList"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_official_example_is_captured_found_and_the_same_by_hash(client, auth, path):
    document = read(path)
    assert captured(client, auth, document)["success"] is True
    sent = events_of(document)
    found = listed(client.get("/epcis/events", headers=auth))
    assert sorted(event_hash(one) for one in found) == sorted(
        event_hash(one, document["@context"]) for one in sent
    )
    for one in sent:
        [alone] = listed(
            client.get("/epcis/events", query_string={"EQ_eventID": one["eventID"]}, headers=auth)
        )
        assert {key: alone[key] for key in one} == one and alone["recordTime"]


def test_an_event_is_found_by_its_id_in_the_path_encoded_or_not(client, auth):
    document = read(AGGREGATION)
    captured(client, auth, document)
    event_id = events_of(document)[0]["eventID"]
    for shown in (event_id.replace("/", "%2F").replace("?", "%3F"), event_id):
        assert len(listed(client.get(f"/epcis/events/{shown}", headers=auth))) == 1


def test_a_document_sent_twice_is_kept_once_and_another_event_of_its_name_refused(client, auth):
    document = read(AGGREGATION)
    assert captured(client, auth, document)["success"] and captured(client, auth, document)["success"]
    assert db.session.query(EpcisEntry).count() == 1
    document["epcisBody"]["eventList"][0]["action"] = "DELETE"
    job = captured(client, auth, document)
    assert job["success"] is False and "another event" in job["errors"][0]["detail"]
    assert db.session.query(EpcisEntry).count() == 1


def test_one_bad_event_keeps_all_out_unless_the_sender_says_proceed(client, auth):
    document = read(EXAMPLES[0])
    document["epcisBody"]["eventList"][1]["bizStep"] = "harvesting"
    job = captured(client, auth, document)
    assert (job["success"], job["running"], len(job["errors"])) == (False, False, 1)
    assert "/bizStep" in job["errors"][0]["detail"] and not listed(client.get("/epcis/events", headers=auth))
    job = captured(client, auth, document, GS1_Capture_Error_Behaviour="proceed")
    assert job["success"] is False and len(listed(client.get("/epcis/events", headers=auth))) == 1


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({"eventType": "AggregationEvent"}, 1),
        ({"eventType": "AggregationEvent|ObjectEvent"}, 4),
        ({"EQ_bizStep": "receiving"}, 3),
        ({"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-receiving"}, 3),
        ({"EQ_bizStep": "urn:epcglobal:cbv:bizstep:receiving|shipping"}, 4),
        ({"EQ_disposition": "in_transit"}, 1),
        ({"EQ_action": "OBSERVE"}, 4),
        ({"MATCH_epc": "urn:epc:id:sgtin:0614141.107346.2018"}, 3),
        ({"MATCH_epc": "https://example.com/01/10614141073464/21/2018"}, 3),
        ({"MATCH_epc": "urn:epc:idpat:sgtin:0614141.107346.*"}, 3),
        ({"MATCH_anyEPC": "urn:epc:id:sscc:0614141.1234567890"}, 1),
        ({"MATCH_epc": "urn:epc:id:sscc:0614141.1234567890"}, 0),
        ({"MATCH_parentID": "urn:epc:id:sscc:0614141.1234567890"}, 1),
        ({"MATCH_inputEPC": "urn:epc:id:sgtin:4012345.011122.25"}, 1),
        ({"MATCH_outputEPC": "urn:epc:id:sgtin:4012345.077889.26"}, 1),
        ({"MATCH_epcClass": "urn:epc:class:lgtin:4012345.012345.998877"}, 2),
        ({"MATCH_inputEPCClass": "urn:epc:class:lgtin:4012345.011111.4444"}, 1),
        ({"MATCH_anyEPCClass": "urn:epc:class:lgtin:4012345.011111.4444"}, 1),
        ({"EQ_readPoint": "urn:epc:id:sgln:0614141.00777.0"}, 2),
        ({"EQ_readPoint": "https://id.gs1.org/414/0614141007776"}, 2),
        ({"EQ_bizLocation": "urn:epc:id:sgln:0614141.00888.0"}, 2),
        ({"GE_eventTime": "2013-06-08T14:58:56.591Z"}, 3),
        ({"LT_eventTime": "2013-06-08T14:58:56.591Z"}, 2),
        ({"GE_eventTime": "2013-06-08T14:58:56.592Z", "LT_eventTime": "2014-01-01T00:00:00+07:00"}, 1),
        ({"EQ_bizTransaction_po": "http://transaction.acme.com/po/12345678"}, 2),
        ({"EQ_bizTransaction_desadv": "http://transaction.acme.com/po/12345678"}, 0),
        ({"EQ_source_location": "urn:epc:id:sgln:4012345.00225.0"}, 1),
        ({"EQ_destination_owning_party": "urn:epc:id:sgln:0614141.00001.0"}, 1),
        ({"GT_quantity": "200"}, 2),
        ({"EQ_quantity": "200.5"}, 1),
        ({"EXISTS_errorDeclaration": "true"}, 0),
        ({"GE_recordTime": "2026-11-22T00:00:00Z"}, 5),
        ({"eventCountLimit": "2"}, 2),
        ({"maxEventCount": "5"}, 5),
    ],
)
def test_events_are_found_by_the_standards_parameters(client, auth, parameters, count):
    for path in EXAMPLES:
        if "pseudo" not in path.name and "comment" not in path.name:
            captured(client, auth, read(path))
    assert len(listed(client.get("/epcis/events", query_string=parameters, headers=auth))) == count


@pytest.mark.parametrize("parameters", [
    {"EQ_colour": "red"}, {"GE_eventTime": "yesterday"}, {"orderBy": "bizStep"}, {"orderDirection": "UP"},
    {"perPage": "0"}, {"perPage": "x"}, {"nextPageToken": "x"}, {"EQ_quantity": "nan"}, {"MATCH_epc": ""},
    {"EXISTS_errorDeclaration": "yes"}, {"eventCountLimit": "0"}, {"eventCountLimit": "1", "maxEventCount": "1"},
])  # fmt: skip
def test_a_parameter_that_cannot_be_answered_is_named(client, coop, parameters):
    answer = client.get("/epcis/events", query_string=parameters)
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "epcisException:QueryParameterException" and answer.json["detail"]


def test_more_than_max_event_count_is_refused_not_cut(client, auth):
    captured(client, auth, read(EXAMPLES[0]))
    assert client.get("/epcis/events?maxEventCount=1", headers=auth).status_code == 413


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_lead_through_every_event_once_and_in_order(client, auth, direction):
    for path in EXAMPLES:
        captured(client, auth, read(path))
    address, seen = f"/epcis/events?perPage=2&orderBy=eventTime&orderDirection={direction}", []
    while address:
        answer = client.get(address, headers=auth)
        seen += listed(answer)
        link = answer.headers.get("Link", "")
        address = link[1 : link.index(">")].split("://", 1)[-1].partition("/")[2] if link else ""
        address = f"/{address}" if address else ""
    times = [one["eventTime"] for one in seen]
    assert len({one["eventID"] for one in seen}) == len(seen) == 7
    assert len(times) == 7


def test_the_words_in_use_are_listed_and_lead_to_their_events(client, auth):
    for path in EXAMPLES:
        captured(client, auth, read(path))
    assert client.get("/epcis/bizSteps", headers=auth).json["member"] == [
        "commissioning",
        "receiving",
        "shipping",
    ]
    assert client.get("/epcis/dispositions", headers=auth).json["member"] == ["in_progress", "in_transit"]
    first = client.get("/epcis/epcs?perPage=3", headers=auth)
    assert len(first.json["member"]) == 3 and "nextPageToken" in first.headers["Link"]
    assert client.get("/epcis/bizSteps/shipping", headers=auth).json["member"] == ["events"]
    assert {
        one["bizStep"] for one in listed(client.get("/epcis/bizSteps/shipping/events", headers=auth))
    } == {"shipping"}
    epc = "urn:epc:id:sgtin:4012345.011122.25"
    assert len(listed(client.get(f"/epcis/epcs/{epc}/events", headers=auth))) == 1
    encoded = "https%3A%2F%2Fid.gs1.org%2F01%2F04012345111224%2F21%2F25"
    assert len(listed(client.get(f"/epcis/epcs/{encoded}/events", headers=auth))) == 1
    assert len(listed(client.get("/epcis/eventTypes/AggregationEvent/events", headers=auth))) == 1
    assert client.get("/epcis/bizSteps/killing", headers=auth).status_code == 404
    assert client.get("/epcis/epcs/urn:x:none/events", headers=auth).status_code == 404


def test_captured_events_are_seen_by_those_who_captured_them_alone(client, auth):
    captured(client, auth, read(AGGREGATION))
    other = key_of(create_cooperative("HTX Ba Bể"))
    assert not listed(client.get("/epcis/events")) and not listed(client.get("/epcis/events", headers=other))
    assert client.get("/epcis/epcs").json["member"] == []
    job = client.get("/epcis/capture", headers=auth).json[0]["captureID"]
    assert client.get(f"/epcis/capture/{job}", headers=other).status_code == 404
    assert client.get("/epcis/capture", headers=other).json == []


def test_writing_asks_for_a_key_that_still_opens(client, coop, auth):
    document = read(AGGREGATION)
    assert post(client, "/epcis/capture", document).status_code == 401
    assert post(client, "/epcis/capture", document, {"Authorization": "Bearer cp_wrong"}).status_code == 401
    assert post(client, "/epcis/capture", document, {"Authorization": "Basic eA=="}).status_code == 401
    row = db.session.query(EpcisKey).one()
    assert auth["Authorization"].split()[1] not in (row.key_hash, row.hint) and len(row.key_hash) == 64
    with transaction():
        operations.revoke_key(Actor(None, Role.MANAGER, coop.organisation_id), row.id)
    assert post(client, "/epcis/capture", document, auth).status_code == 401


def test_a_key_is_shown_once_and_belongs_to_the_manager(ctx):
    coop, other = create_cooperative("HTX Tài Hoan"), create_cooperative("HTX Ba Bể")
    manager = manager_of(coop)
    with transaction():
        row, key = operations.make_key(manager, "one-form-key", "Siêu thị")
        again, none = operations.make_key(manager, "one-form-key", "Siêu thị")
    assert key is not None and none is None and row.id == again.id
    with pytest.raises(NotFound), transaction():
        operations.revoke_key(manager_of(other), row.id)
    with pytest.raises(NotAllowed), transaction():
        operations.make_key(Actor(None, Role.TREASURER, coop.organisation_id), "another-key", "Siêu thị")


@pytest.mark.parametrize(("data", "mime", "status"), [
    (b"{", "application/json", 400), (b"[]", "application/json", 400), (b"<x/>", "application/xml", 415),
    (b'{"type":"EPCISDocument"}', "application/json", 400), (b'{"a":NaN}', "application/json", 400),
    (b"\xff", "application/json", 400), (b"[" * 100_000, "application/json", 400),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_as_a_problem(client, auth, data, mime, status):
    answer = client.post("/epcis/capture", data=data, headers=auth, content_type=mime)
    assert answer.status_code == status and answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status and answer.json["title"]


@pytest.mark.parametrize("value", [b'"\\ud800"', b'"a\\u0000b"', b"1e999"])
def test_what_no_database_holds_is_refused_too(client, auth, value):
    document = read(AGGREGATION)
    document["epcisBody"]["eventList"][0]["example:odd"] = "HERE"
    data = json.dumps(document).encode().replace(b'"HERE"', value)
    answer = client.post("/epcis/capture", data=data, headers=auth, content_type="application/json")
    assert answer.status_code == 400 and answer.json["status"] == 400
    harmless = data.replace(value, b'"a\\\\u0000b"')
    assert client.post("/epcis/capture", data=harmless, headers=auth,
                       content_type="application/json").status_code == 202  # fmt: skip


def test_too_large_and_too_long_are_said_to_be_so(client, auth):
    assert client.post("/epcis/capture", data=b" " * 5_000_001, headers=auth,
                       content_type="application/json").status_code == 413  # fmt: skip
    document = read(AGGREGATION)
    document["epcisBody"]["eventList"] *= 1_001
    answer = post(client, "/epcis/capture", document, auth)
    assert answer.status_code == 413 and answer.headers["GS1-EPCIS-Capture-Limit"] == "1000"
    assert client.get("/epcis/events?EQ_eventID=urn:x:" + "y" * 9_000).status_code == 414


def test_one_event_posted_alone_gets_an_id_and_an_address(client, auth):
    event = read(SHARED / "epcis" / "JSON-Schema" / "test" / "ObjectEvent.json")
    event.pop("eventID")
    made = post(client, "/epcis/events", event, auth)
    assert made.status_code == 201 and made.json["eventID"].startswith("urn:uuid:")
    assert len(listed(client.get(made.headers["Location"], headers=auth))) == 1
    changed = made.json | {"action": "ADD"}
    assert post(client, "/epcis/events", changed, auth).status_code == 409
    assert post(client, "/epcis/events", event | {"action": "SHOW"}, auth).status_code == 400


def test_an_event_and_its_error_declaration_share_an_id(client, auth):
    event = read(SHARED / "epcis" / "JSON-Schema" / "test" / "ObjectEvent.json")
    wrong = event | {
        "errorDeclaration": {"declarationTime": "2026-11-22T00:00:00Z", "reason": "did_not_occur"}
    }
    assert post(client, "/epcis/events", event, auth).status_code == 201
    assert post(client, "/epcis/events", wrong, auth).status_code == 201
    assert len(listed(client.get(f"/epcis/events/{event['eventID']}", headers=auth))) == 2
    assert len(listed(client.get("/epcis/events?EXISTS_errorDeclaration=true", headers=auth))) == 1
    assert len(listed(client.get("/epcis/events?EQ_errorReason=did_not_occur", headers=auth))) == 1


def test_a_query_is_kept_asked_and_forgotten_by_name(client, auth):
    for path in EXAMPLES:
        captured(client, auth, read(path))
    query = {
        "name": "nhan-hang",
        "query": {"eventType": ["ObjectEvent"], "EQ_bizStep": ["receiving"], "perPage": 2},
    }
    assert post(client, "/epcis/queries", query).status_code == 401
    assert post(client, "/epcis/queries", query, auth).status_code == 201
    assert post(client, "/epcis/queries", query, auth).status_code == 409
    assert (
        post(client, "/epcis/queries", {"name": "x", "query": {"EQ_colour": ["red"]}}, auth).status_code
        == 400
    )
    assert [one["name"] for one in client.get("/epcis/queries", headers=auth).json] == ["nhan-hang"]
    assert client.get("/epcis/queries/nhan-hang", headers=auth).json[0]["query"]["EQ_bizStep"] == [
        "receiving"
    ]
    first = client.get("/epcis/queries/nhan-hang/events", headers=auth)
    assert {one["bizStep"] for one in listed(first)} == {"receiving"} and len(listed(first)) == 2
    assert first.json["epcisBody"]["queryResults"]["queryName"] == "nhan-hang" and first.headers["Link"]
    assert client.delete("/epcis/queries/nhan-hang", headers=auth).status_code == 204
    assert client.get("/epcis/queries/nhan-hang/events", headers=auth).status_code == 404
    assert client.delete("/epcis/queries/nhan-hang", headers=auth).status_code == 404


def test_versions_and_forms_that_are_not_spoken_are_refused(client, coop):
    for headers in ({"GS1-EPCIS-Min": "2.1"}, {"GS1-CBV-Max": "1.2"}, {"GS1-EPC-Format": "Always_EPC_URN"},
                    {"Accept": "application/xml"}, {"GS1-EPCIS-Max": "x"}):  # fmt: skip
        answer = client.get("/epcis/events", headers=headers)
        assert answer.status_code == 406 and answer.mimetype == "application/problem+json"


def test_our_own_events_are_public_closed_fields_closed_and_no_capture_moves_stock(client, coop, auth):
    pack = create_product(coop, "Miến dong").packs[0]
    slips = [
        create_slip(coop, create_producer(coop, name), net_g=net) for name, net in (("Lý Thị Mẫu", 41_300),)
    ]
    lot = create_lot(coop, pack, 20, slips)
    with transaction():
        assert operations.index_own() == 3
        assert operations.index_own() == 0
    answer = client.get("/epcis/events")
    found = listed(answer)
    assert {one["chophien:step"] for one in found} == {"weighed", "made", "packed"}
    for secret in ("Mẫu", "41300", "salt", 'net_g": 4'):
        assert secret not in answer.text
    weighed = next(one for one in found if one["chophien:step"] == "weighed")
    assert weighed["eventTime"] == "2026-11-01T00:00:00+07:00" and "recordTime" not in weighed
    assert not listed(client.get("/epcis/events?GE_recordTime=2026-11-02T00:00:00Z&EQ_action=ADD"))
    moved = db.session.query(Movement).count()
    named = f"https://id.gs1.org/01/{pack.gtin}/10/{lot.code}"
    shipped = {"@context": weighed["@context"], "type": "ObjectEvent", "eventTime": "2026-11-22T03:00:00Z",
               "eventTimeZoneOffset": "+07:00", "action": "DELETE", "bizStep": "destroying",
               "quantityList": [{"epcClass": named, "quantity": 20}]}  # fmt: skip
    assert post(client, "/epcis/events", shipped, auth).status_code == 201
    assert db.session.query(Movement).count() == moved


def test_a_query_reads_what_it_knows_and_nothing_else():
    assert wanted({"EQ_bizStep": "shipping|packing"}).matches[0].values == (
        "https://ref.gs1.org/cbv/BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-packing",
    )  # fmt: skip
    with pytest.raises(BadQuery, match="EQ_colour"):
        wanted({"EQ_colour": "red"})
