"""Whether a JSON value is an EPCIS 2.0 document or event: the rules of GS1's JSON schema, as code of our own.

A conformance test holds that these and the schema (draft 07, formats asserted) agree on every example, good and
spoiled. Pure. Each check yields faults: the place as a JSON pointer, and what is wrong there, in plain English for the
sender.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from traceability.epcis.vocabulary import (
    ALERTS,
    BIZ_STEPS,
    BIZ_TRANSACTIONS,
    COMPONENTS,
    DISPOSITIONS,
    ERROR_REASONS,
    EVENT_TYPES,
    MEASUREMENTS,
    PARTIES,
)

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TIME = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"
)
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NO_CBV = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_NO_VOC = re.compile(r"https?://(www\.)?gs1\.org/voc/")
_OFFSET = re.compile(r"[+-]((0[0-9]|1[0-3]):([0-5][0-9])|14:00)")
_VERSION = re.compile(r"\d+(\.\d+)*")
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_HEX = re.compile(r"[A-Fa-f0-9]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `at` is a JSON pointer (RFC 6901) into the document."""

    at: str
    why: str


Check = Callable[[object, str], Iterator[Fault]]


def is_uri(value: object) -> bool:
    """An absolute URI (RFC 3986), or a prefix and a name: a scheme, a colon, no space."""
    return isinstance(value, str) and bool(_URI.fullmatch(value))


def is_time(value: object) -> bool:
    """A moment of RFC 3339: date, time and zone."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    year, month, day = int(value[:4]), int(value[5:7]), int(value[8:10])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year > 0 and day <= _LENGTHS[month - 1] - (month == 2 and not leap)


def _text(test: Callable[[str], bool], why: str) -> Check:
    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not test(value):
            yield Fault(at, why)

    return check


def _word(words: frozenset[str], own: re.Pattern[str]) -> Check:
    """A word of the standard's vocabulary, or a URI of somebody's own that does not pose as the standard's."""
    return _text(lambda value: value in words or (is_uri(value) and not own.match(value)),
                 "neither a word of the vocabulary nor a URI of one's own")  # fmt: skip


def _number(value: object, at: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault(at, "not a number")


def _boolean(value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(at, "neither true nor false")


def _list(item: Check, least: int = 0, *, unique: bool = False) -> Check:
    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(at, "not a list")
            return
        if len(value) < least:
            yield Fault(at, f"fewer than {least} members")
        if unique and len({_same(one) for one in value}) < len(value):
            yield Fault(at, "the same member twice")
        for index, one in enumerate(value):
            yield from item(one, f"{at}/{index}")

    return check


def _same(value: object) -> str:
    """A text that two JSON values share where they are equal: 1 and 1.0 are, true and 1 are not."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return f"{type(value).__name__}:{value}"
    if isinstance(value, int | float):
        return f"number:{value + 0.0!r}"
    if isinstance(value, list):
        return f"[{','.join(_same(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{key!r}={_same(value[key])}' for key in sorted(value))}}}"
    return repr(value)


def _object(fields: Mapping[str, Check], required: tuple[str, ...] = (), *, others: str = "uri") -> Check:
    """others: which names beside these may stand there: 'uri' (extensions), 'any' or 'none'."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(at, "not an object")
            return
        for name in required:
            if name not in value:
                yield Fault(at, f"{name} is missing")
        for name, one in value.items():
            below = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in fields:
                yield from fields[name](one, below)
            elif others == "none" or (others == "uri" and not is_uri(name)):
                yield Fault(below, "a name that does not belong here")

    return check


def _context(value: object, at: str) -> Iterator[Fault]:
    if isinstance(value, list):
        one = _either(_uri, _anything_object)
        yield from _list(one, unique=True)(value, at)
    elif not isinstance(value, dict) and not is_uri(value):
        yield Fault(at, "not a JSON-LD context")


def _either(*checks: Check) -> Check:
    def check(value: object, at: str) -> Iterator[Fault]:
        if all(next(one(value, at), None) for one in checks):
            yield from checks[0](value, at)

    return check


def _anything(value: object, at: str) -> Iterator[Fault]:
    return iter(())


_anything_object = _object({}, others="any")
_string = _text(lambda value: True, "not a text")
_uri = _text(is_uri, "not a URI")
_time = _text(is_time, "not a moment with its zone")
_uris = _list(_uri)
_offset = _text(lambda value: bool(_OFFSET.fullmatch(value)), "not an offset like +07:00")
_version = _text(lambda value: bool(_VERSION.fullmatch(value)), "not a version")
_unit = _text(lambda value: bool(_UNIT.fullmatch(value)), "not a unit of two or three capitals or digits")
_disposition = _word(DISPOSITIONS, _NO_CBV)
_quantity = _object({"epcClass": _uri, "quantity": _number, "uom": _unit}, ("epcClass",), others="none")
_place = _object({"id": _uri}, ("id",), others="any")
_transaction = _object({"type": _word(BIZ_TRANSACTIONS, _NO_CBV), "bizTransaction": _uri}, ("bizTransaction",),
                       others="none")  # fmt: skip
_party = _word(PARTIES, _NO_CBV)
_lasting = _object({"set": _list(_disposition, 1, unique=True), "unset": _list(_disposition, 1, unique=True)},
                   others="none")  # fmt: skip
_metadata = _object({"time": _time, "startTime": _time, "endTime": _time, "deviceID": _uri, "deviceMetadata": _uri,
                     "rawData": _uri, "dataProcessingMethod": _uri, "bizRules": _uri})  # fmt: skip
_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
_LINKS = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "microorganism",
          "chemicalSubstance", "coordinateReferenceSystem", "uriValue")  # fmt: skip
_report = _object(
    {
        "type": _word(MEASUREMENTS, _NO_VOC),
        "exception": _word(ALERTS, _NO_VOC),
        "time": _time,
        "component": _word(COMPONENTS, _NO_CBV),
        "stringValue": _string,
        "booleanValue": _boolean,
        "hexBinaryValue": _text(lambda value: bool(_HEX.fullmatch(value)), "not hexadecimal"),
        "uom": _string,
    }
    | dict.fromkeys(_NUMBERS, _number)
    | dict.fromkeys(_LINKS, _uri),
    ("type",),
)
_sensor = _object({"sensorMetadata": _metadata, "sensorReport": _list(_report, 1)}, ("sensorReport",))
_error = _object({"declarationTime": _time, "reason": _word(ERROR_REASONS, _NO_CBV), "correctiveEventIDs": _uris},
                 ("declarationTime",))  # fmt: skip


def _persistent(value: object, at: str) -> Iterator[Fault]:
    yield from _lasting(value, at)
    if isinstance(value, dict) and not {"set", "unset"} & value.keys():
        yield Fault(at, "neither set nor unset")


_EVENT: dict[str, Check] = {
    "@context": _context, "type": _string, "eventTime": _time, "recordTime": _time, "eventTimeZoneOffset": _offset,
    "eventID": _uri, "certificationInfo": _either(_uri, _uris), "errorDeclaration": _error,
}  # fmt: skip
_WHAT_ELSE: dict[str, Check] = {
    "bizStep": _word(BIZ_STEPS, _NO_CBV), "disposition": _disposition, "readPoint": _place, "bizLocation": _place,
    "bizTransactionList": _list(_transaction),
    "sourceList": _list(_object({"type": _party, "source": _uri}, ("type", "source"), others="none")),
    "destinationList": _list(_object({"type": _party, "destination": _uri}, ("type", "destination"), others="none")),
    "sensorElementList": _list(_sensor),
}  # fmt: skip
_ACTION: dict[str, Check] = {
    "action": _text(lambda value: value in ("OBSERVE", "ADD", "DELETE"), "neither ADD, OBSERVE nor DELETE")
}
_EPCS, _GOODS, _ILMD = _list(_uri, unique=True), _list(_quantity), _object({})
_PARENT: dict[str, Check] = {"parentID": _uri, "childEPCs": _uris, "childQuantityList": _GOODS}
_SHAPES: dict[str, Check] = {
    "ObjectEvent": _object(
        _EVENT | _WHAT_ELSE | _ACTION
        | {"epcList": _EPCS, "quantityList": _GOODS, "persistentDisposition": _persistent, "ilmd": _ILMD},
        ("eventTime", "eventTimeZoneOffset", "action"),
    ),
    "AggregationEvent": _object(
        _EVENT | _WHAT_ELSE | _ACTION | _PARENT, ("eventTime", "eventTimeZoneOffset", "action")
    ),
    "AssociationEvent": _object(
        _EVENT | _WHAT_ELSE | _ACTION | _PARENT, ("eventTime", "eventTimeZoneOffset", "action", "parentID")
    ),
    "TransactionEvent": _object(
        _EVENT | _WHAT_ELSE | _ACTION
        | {"parentID": _uri, "epcList": _uris, "quantityList": _GOODS, "bizTransactionList": _list(_transaction, 1)},
        ("eventTime", "eventTimeZoneOffset", "action", "bizTransactionList"),
    ),
    "TransformationEvent": _object(
        _EVENT | _WHAT_ELSE
        | {"inputEPCList": _EPCS, "inputQuantityList": _GOODS, "outputEPCList": _EPCS, "outputQuantityList": _GOODS,
           "transformationID": _uri, "persistentDisposition": _persistent, "ilmd": _ILMD},
        ("eventTime", "eventTimeZoneOffset"),
    ),
}  # fmt: skip
_foreign_event = _object(_EVENT | {"type": _uri}, ("eventTime", "eventTimeZoneOffset"), others="any")


def _some(event: Mapping[str, object], *names: str) -> bool:
    return any(isinstance(event.get(name), list) and event[name] for name in names)


def _what(event: Mapping[str, object]) -> Iterator[str]:
    """What no single field can say: whether the event speaks of anything."""
    kind, action = event["type"], event.get("action")
    if kind == "ObjectEvent":
        if not (
            isinstance(event.get("epcList"), list)
            or _some(event, "quantityList")
            or (_some(event, "sensorElementList") and "readPoint" in event)
        ):
            yield "neither goods nor a sensor at a place"
        if "ilmd" in event and action != "ADD":
            yield "ilmd belongs to ADD alone"
    elif kind in ("AggregationEvent", "AssociationEvent"):
        if not _some(event, "childEPCs", "childQuantityList") and action != "DELETE":
            yield "no children"
    elif kind == "TransactionEvent":
        if (
            not isinstance(event.get("epcList"), list)
            and not _some(event, "quantityList")
            and action != "DELETE"
        ):
            yield "no goods"
    elif kind == "TransformationEvent":
        taken = _some(event, "inputEPCList", "inputQuantityList")
        given = _some(event, "outputEPCList", "outputQuantityList")
        if not (taken and given) and not ("transformationID" in event and (taken or given)):
            yield "inputs and outputs, or one of them under a transformationID"


def check_event(event: object, at: str = "", *, alone: bool = True) -> Iterator[Fault]:
    """Faults of one event. alone: it stands by itself and so brings its own @context."""
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        yield Fault(at, "an event has a type")
        return
    if alone and "@context" not in event:
        yield Fault(at, "@context is missing")
    if event["type"] in EVENT_TYPES:
        yield from _SHAPES[event["type"]](event, at)
        for why in _what(event):
            yield Fault(at, why)
    else:
        yield from _foreign_event(event, at)


def _inner_event(value: object, at: str) -> Iterator[Fault]:
    yield from check_event(value, at, alone=False)


_attribute = _object(
    {"id": _uri, "attribute": _either(_number, _string, _anything_object)}, ("id",), others="any"
)
_element = _object({"id": _uri, "attributes": _list(_attribute), "children": _uris}, ("id",), others="any")
_vocabulary = _object({"type": _uri, "vocabularyElementList": _list(_element)}, ("type",), others="any")
_header = _object({"epcisMasterData": _object({"vocabularyList": _list(_vocabulary)}, others="any")})
_HEAD: dict[str, Check] = {
    "@context": _context, "id": _uri, "type": _string, "schemaVersion": _version, "creationDate": _time,
}  # fmt: skip
_document = _object(
    _HEAD
    | {
        "instanceIdentifier": _string, "sender": _string, "receiver": _string, "epcisHeader": _header,
        "epcisBody": _object({"eventList": _list(_inner_event)}, ("eventList",), others="any"),
    },
    ("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
)  # fmt: skip
_results = _object({"eventList": _list(_inner_event), "vocabularyList": _list(_vocabulary)}, ("eventList",))
_answer = _object({"queryName": _string, "subscriptionID": _string, "resultsBody": _results},
                  ("queryName", "resultsBody"))  # fmt: skip
_query_document = _object(
    _HEAD | {"epcisBody": _object({"queryResults": _answer}, ("queryResults",))}, ("@context", "type", "epcisBody")
)  # fmt: skip


def check_document(value: object) -> list[Fault]:
    """Every fault of an EPCIS document, a query's answer, or an event by itself; none where it is good."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "EPCISDocument":
        return list(_document(value, ""))
    if kind == "EPCISQueryDocument":
        return list(_query_document(value, ""))
    return list(check_event(value))
