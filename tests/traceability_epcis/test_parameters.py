"""Fields of somebody's own, sensor values, units and moments are asked for as the standard names them."""

import pytest

from tests.traceability_epcis.test_exchange import auth, captured, coop, listed
from traceability.epcis.exchange.extras import extra_of, number_of
from traceability.epcis.exchange.rules import BadQuery, wanted

__all__ = ["auth", "coop"]
NS = "https://example.com/ns/"
EVENTS = [
    {"type": "ObjectEvent", "eventID": "urn:x:seen", "eventTime": "2026-11-20T01:00:00Z",
     "eventTimeZoneOffset": "+07:00", "action": "ADD", "bizStep": "commissioning",
     "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 12.5, "uom": "KGM"}],
     "readPoint": {"id": "urn:x:gate", "example:door": "north"},
     "example:grade": "A", "example:score": 7, "example:box": {"example:colour": "red", "example:size": 3},
     "ilmd": {"example:farm": "Na Rì", "example:made": "2026-11-01T00:00:00+07:00"}},
    {"type": "ObjectEvent", "eventID": "urn:x:sensed", "eventTime": "2026-11-20T02:00:00Z",
     "eventTimeZoneOffset": "+07:00", "action": "OBSERVE", "epcList": ["urn:x:1"],
     "sensorElementList": [{"sensorMetadata": {"time": "2026-11-20T01:30:00Z", "startTime": "2026-11-20T01:00:00Z",
                                               "endTime": "2026-11-20T01:45:00Z", "example:shelf": "2"},
                            "sensorReport": [{"type": "Temperature", "value": 26.5, "uom": "CEL",
                                              "example:probe": "p1"},
                                             {"type": "RelativeHumidity", "minValue": 60, "maxValue": 70, "uom": "P1",
                                              "percRank": 50}]}]},
    {"type": "ObjectEvent", "eventID": "urn:x:wrong", "eventTime": "2026-11-20T03:00:00Z",
     "eventTimeZoneOffset": "+07:00", "action": "OBSERVE", "epcList": ["urn:x:2"],
     "errorDeclaration": {"declarationTime": "2026-11-21T00:00:00Z", "reason": "did_not_occur",
                          "example:who": "kho"}},
]  # fmt: skip
DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"example": NS}],
    "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-21T00:00:00Z",
    "epcisBody": {"eventList": EVENTS},
}  # fmt: skip
ASKED = {
    "seen": [
        {"EQ_example:grade": "A"}, {f"EQ_{NS}grade": "A|B"}, {"EQ_other:grade": "A"}, {"GE_example:score": "7"},
        {"LT_example:score": "7.5"}, {"EXISTS_example:box": ""}, {"EXISTS_example:grade": "true"},
        {"EQ_INNER_example:colour": "red"}, {"GT_INNER_example:size": "2"}, {"EXISTS_INNER_example:size": ""},
        {"EQ_ILMD_example:farm": "Na Rì"}, {"LT_ILMD_example:made": "2026-11-01T01:00:00+07:00"},
        {"EXISTS_ILMD_example:farm": ""}, {"EQ_readPoint_example:door": "north"},
        {"HASATTR_example:box": "example:colour"}, {"EQATTR_example:box_example:colour": "red"},
        {"GE_quantity_KGM": "12.5"}, {"EQ_quantity": "12.5"},
    ],
    "sensed": [
        {"EXISTS_sensorElementList": "true"}, {"EQ_value_CEL": "26.5"}, {"GT_value_CEL": "26"},
        {"GE_minValue_P1": "60"}, {"LE_maxValue_P1": "70"}, {"GE_percRank": "50"},
        {"GE_startTime": "2026-11-20T01:00:00Z"}, {"LT_endTime": "2026-11-20T09:00:00+07:00"},
        {"GE_time": "2026-11-20T01:30:00Z"}, {"EQ_SENSORREPORT_example:probe": "p1"},
        {"EQ_SENSORMETADATA_example:shelf": "2"}, {"EXISTS_SENSORMETADATA_example:shelf": ""},
    ],
    "wrong": [
        {"GE_errorDeclarationTime": "2026-11-21T00:00:00Z"}, {"LT_errorDeclaration_Time": "2026-11-21T00:00:01Z"},
        {"EQ_ERROR_DECLARATION_example:who": "kho"}, {"EXISTS_ERROR_DECLARATION_example:who": ""},
    ],
}  # fmt: skip
NOBODY = [
    {"EQ_example:grade": "B"}, {"GT_example:score": "7"}, {"EQ_example:colour": "red"}, {"EXISTS_example:farm": ""},
    {"EQ_value_KEL": "26.5"}, {"GT_quantity": "20"}, {"EQ_quantity_GRM": "12.5"}, {"EQ_http://other.org/grade": "A"},
    {"HASATTR_example:box": "example:shape"}, {"EQ_example:gr%": "A"},
]  # fmt: skip


def test_each_parameter_finds_the_one_event_that_holds_it(client, auth):
    assert captured(client, auth, DOCUMENT)["success"] is True
    for name, asked in ASKED.items():
        for parameters in asked:
            found = listed(client.get("/epcis/events", query_string=parameters, headers=auth))
            assert [one["eventID"] for one in found] == [f"urn:x:{name}"], parameters
    for parameters in NOBODY:
        assert not listed(client.get("/epcis/events", query_string=parameters, headers=auth)), parameters


@pytest.mark.parametrize(
    "parameters",
    [{"GE_example:score": "seven"}, {"GE_startTime": "now"}, {"EQ_value_CEL": "warm"}, {"GT_percRank": ""}],
)
def test_a_value_that_compares_with_nothing_is_refused(parameters):
    with pytest.raises(BadQuery):
        wanted(parameters)


def test_a_number_beyond_all_measure_is_no_amount():
    assert number_of(10**400) is None and number_of(True) is None and number_of("12a") is None
    assert extra_of("EQ_bizStep", "shipping") is None
