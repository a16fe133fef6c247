"""What an event is found by, and what a query asks: EPCIS 2.0 sections 8.2.7 (parameters) and 12 (REST), pure."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from traceability.epcis.checking import is_time, is_uri
from traceability.epcis.exchange.extras import Extra, extra_of, facts, number_of
from traceability.epcis.hashing import namespaces, utc_milliseconds
from traceability.epcis.identifiers import canonical
from traceability.epcis.vocabulary import spelled_out

PER_PAGE, PER_PAGE_MAX, EVENTS_MAX = 30, 200, 10_000
CAPTURE_EVENTS_MAX, CAPTURE_BYTES_MAX = 1_000, 5_000_000
URL_MAX = 8_000
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
Term = tuple[str, str, float | None]
_SINGLE = ("action", "bizStep", "disposition", "transformationID", "parentID")
_EPCS = {"epcList": "epc", "childEPCs": "epc", "inputEPCList": "inputEPC", "outputEPCList": "outputEPC"}
_CLASSES = {"quantityList": "epcClass", "childQuantityList": "epcClass", "inputQuantityList": "inputEPCClass",
            "outputQuantityList": "outputEPCClass"}  # fmt: skip
_SENSED = ("deviceID", "dataProcessingMethod", "bizRules")
_REPORTED = ("type", "deviceID", "dataProcessingMethod", "microorganism", "chemicalSubstance", "bizRules",
             "stringValue", "booleanValue", "hexBinaryValue", "uriValue")  # fmt: skip
MATCHED = {
    "MATCH_epc": ("epc",),
    "MATCH_parentID": ("parentID",),
    "MATCH_inputEPC": ("inputEPC",),
    "MATCH_outputEPC": ("outputEPC",),
    "MATCH_anyEPC": ("epc", "parentID", "inputEPC", "outputEPC"),
    "MATCH_epcClass": ("epcClass",),
    "MATCH_inputEPCClass": ("inputEPCClass",),
    "MATCH_outputEPCClass": ("outputEPCClass",),
    "MATCH_anyEPCClass": ("epcClass", "inputEPCClass", "outputEPCClass"),
}
# Parameter → field of the term, and the field its bare words belong to.
EQUAL = {
    "EQ_action": ("action", ""), "EQ_bizStep": ("bizStep", "bizStep"),
    "EQ_disposition": ("disposition", "disposition"),
    "EQ_persistentDisposition_set": ("set", "set"), "EQ_persistentDisposition_unset": ("unset", "unset"),
    "EQ_readPoint": ("readPoint", ""), "WD_readPoint": ("readPoint", ""), "EQ_bizLocation": ("bizLocation", ""),
    "WD_bizLocation": ("bizLocation", ""), "EQ_transformationID": ("transformationID", ""),
    "EQ_errorReason": ("reason", "reason"), "EQ_correctiveEventID": ("correctiveEventID", ""),
    "EQ_type": ("sensor.type", "sensorReport.type"), "EQ_deviceID": ("sensor.deviceID", ""),
    "EQ_dataProcessingMethod": ("sensor.dataProcessingMethod", ""), "EQ_bizRules": ("sensor.bizRules", ""),
    "EQ_microorganism": ("sensor.microorganism", ""), "EQ_chemicalSubstance": ("sensor.chemicalSubstance", ""),
    "EQ_stringValue": ("sensor.stringValue", ""), "EQ_hexBinaryValue": ("sensor.hexBinaryValue", ""),
    "EQ_uriValue": ("sensor.uriValue", ""), "EQ_booleanValue": ("sensor.booleanValue", ""),
}  # fmt: skip
_TYPED = {
    "EQ_bizTransaction_": "bizTransactionList",
    "EQ_source_": "sourceList",
    "EQ_destination_": "destinationList",
}
_TIMES = ("GE_eventTime", "LT_eventTime", "GE_recordTime", "LT_recordTime")
_AMOUNTS = {
    "EQ_quantity": "=",
    "GT_quantity": ">",
    "GE_quantity": ">=",
    "LT_quantity": "<",
    "LE_quantity": "<=",
}


@dataclass(frozen=True)
class Writer:
    """For whom a machine writes: a cooperative, by one of its keys (None at the command line)."""

    cooperative_id: int
    key_id: int | None = None


def key_hash(key: str) -> str:
    """What is kept of a key. 32 random bytes cannot be guessed, so one SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def place_of(event_id: str, *, errored: bool, captured: bool) -> str:
    """Where an event stands among those of its moment. No row number, which would tell when it was written."""
    return f"{event_id} {int(errored)}{int(captured)}"


class BadQuery(ValueError):
    """A parameter that cannot be answered; the text says which and why."""


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _spelled(name: str, value: object, prefixes: Mapping[str, str]) -> str:
    """A value as it is kept and as it is asked for: one spelling."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        text = prefixes[prefix] + local
    return canonical(spelled_out(name, text))


def terms(event: Mapping[str, Any], context: object = None) -> list[Term]:
    """Everything a valid event may be found by: (field, value, amount)."""
    prefixes = namespaces(context, event.get("@context"))
    found = [
        (name, _spelled(within, value, prefixes), amount) for name, within, value, amount in _facts(event)
    ]
    return list(dict.fromkeys([*found, *facts(event, context)]))


def _facts(event: Mapping[str, Any]) -> Iterator[tuple[str, str, object, float | None]]:
    for name in _SINGLE:
        if name in event:
            yield name, name, event[name], None
    for name in ("readPoint", "bizLocation"):
        if name in event:
            yield name, "", event[name]["id"], None
    for name, kept in _EPCS.items():
        for one in _listed(event.get(name)):
            yield kept, "", one, None
    for name, kept in _CLASSES.items():
        for one in _listed(event.get(name)):
            yield kept, "", one["epcClass"], number_of(one.get("quantity"))
    for name in ("set", "unset"):
        for one in _listed((event.get("persistentDisposition") or {}).get(name)):
            yield name, name, one, None
    for name, key in (("bizTransactionList", "bizTransaction"), ("sourceList", "source"),
                      ("destinationList", "destination")):  # fmt: skip
        for one in _listed(event.get(name)):
            kind = spelled_out(f"{name}.type", str(one.get("type", "")))
            yield f"{name}:{kind}", "", one[key], None
    error = event.get("errorDeclaration") or {}
    if "reason" in error:
        yield "reason", "reason", error["reason"], None
    for one in _listed(error.get("correctiveEventIDs")):
        yield "correctiveEventID", "", one, None
    for element in _listed(event.get("sensorElementList")):
        yield from _sensed(element)


def _sensed(element: Mapping[str, Any]) -> Iterator[tuple[str, str, object, float | None]]:
    metadata = element.get("sensorMetadata") or {}
    for name in _SENSED:
        if name in metadata:
            yield f"sensor.{name}", "", metadata[name], None
    for report in element.get("sensorReport", []):
        for name in _REPORTED:
            if name in report:
                yield f"sensor.{name}", f"sensorReport.{name}", report[name], None


def moment(text: str) -> datetime:
    """A moment in UTC to the millisecond. Raises BadQuery for text that is none."""
    if not is_time(text):
        raise BadQuery(f"{text[:60]!r} is no moment with its zone")
    spelled = utc_milliseconds(text)
    try:
        return datetime.fromisoformat(spelled.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError as error:
        raise BadQuery(f"{text[:60]!r} is no moment that can be kept") from error


@dataclass(frozen=True)
class Match:
    """Any of these fields holds any of these values; `under` holds stems of patterns, matched from their start."""

    fields: tuple[str, ...]
    values: tuple[str, ...]
    under: tuple[str, ...] = ()


@dataclass
class Wanted:
    """A query as it was read."""

    types: tuple[str, ...] = ()
    event_ids: tuple[str, ...] = ()
    matches: list[Match] = field(default_factory=list)
    amounts: list[tuple[str, float]] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    times: dict[str, datetime] = field(default_factory=dict)
    errored: bool | None = None
    order_by: str = "eventTime"
    descending: bool = True
    limit: int | None = None
    most: int | None = None


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text)):
        raise BadQuery(f"{name} is a whole number from 1")
    return int(text)


def _number(name: str, text: str) -> float:
    try:
        found = float(text)
    except ValueError as error:
        raise BadQuery(f"{name} is a number") from error
    if found != found or found in (float("inf"), float("-inf")):
        raise BadQuery(f"{name} is a number")
    return found


def _pattern(text: str) -> tuple[str, bool]:
    """An EPC in its spelling; a pattern of all serials of a class as that class, which others lie under."""
    return canonical(text), text.startswith("urn:epc:idpat:") and text.endswith(".*")


def wanted(parameters: Mapping[str, str]) -> Wanted:
    """Read parameters as they stand in a URL, lists parted by '|'. Raises BadQuery, naming what it does not know."""
    want = Wanted()
    for name, text in parameters.items():
        values = tuple(one for one in text.split("|") if one)
        if not values and not name.startswith("EXISTS_"):
            raise BadQuery(f"{name} is empty")
        if not (_read_known(want, name, text, values) or _read_typed(want, name, values)
                or _read_extra(want, name, text)):  # fmt: skip
            raise BadQuery(f"{name[:60]} is no parameter that is answered here")
    if want.limit is not None and want.most is not None:
        raise BadQuery("eventCountLimit and maxEventCount exclude each other")
    return want


def _read_known(want: Wanted, name: str, text: str, values: tuple[str, ...]) -> bool:
    if name in MATCHED:
        spelled = [_pattern(one) for one in values]
        want.matches.append(Match(MATCHED[name], tuple(uri for uri, _all in spelled),
                                  tuple(uri + "/" for uri, whole in spelled if whole)))  # fmt: skip
    elif name in EQUAL:
        kept, within = EQUAL[name]
        want.matches.append(Match((kept,), tuple(_spelled(within, one, namespaces()) for one in values)))
    elif name in _TIMES:
        want.times[name] = moment(text)
    elif name in _AMOUNTS:
        want.amounts.append((_AMOUNTS[name], _number(name, text)))
    elif name == "eventType":
        want.types = values
    elif name == "EQ_eventID":
        want.event_ids = values
    elif name == "EXISTS_errorDeclaration":
        if text not in ("true", "false"):
            raise BadQuery(f"{name} is true or false")
        want.errored = text == "true"
    else:
        return _read_order(want, name, text)
    return True


def _read_order(want: Wanted, name: str, text: str) -> bool:
    if name == "orderBy":
        if text not in ("eventTime", "recordTime"):
            raise BadQuery("orderBy is eventTime or recordTime")
        want.order_by = text
    elif name == "orderDirection":
        if text not in ("ASC", "DESC"):
            raise BadQuery("orderDirection is ASC or DESC")
        want.descending = text == "DESC"
    elif name == "eventCountLimit":
        want.limit = _whole(name, text)
    elif name == "maxEventCount":
        want.most = _whole(name, text)
    else:
        return False
    return True


def _read_extra(want: Wanted, name: str, text: str) -> bool:
    try:
        found = extra_of(name, text)
    except ValueError as error:
        raise BadQuery(str(error)) from error
    if found is not None:
        want.extras.append(found)
    return found is not None


def _read_typed(want: Wanted, name: str, values: tuple[str, ...]) -> bool:
    for stem, listed in _TYPED.items():
        if name.startswith(stem) and name != stem:
            kind = spelled_out(f"{listed}.type", name.removeprefix(stem))
            want.matches.append(Match((f"{listed}:{kind}",), tuple(canonical(one) for one in values)))
            return True
    return False


def parameters_of(query: object) -> dict[str, str]:
    """A named query's JSON as URL parameters: lists joined by '|'. Raises BadQuery for what is no query."""
    if not isinstance(query, dict):
        raise BadQuery("a query is an object of parameters")
    found = {}
    for name, value in query.items():
        if name == "@context":
            continue
        texts = [str(one).lower() if isinstance(one, bool) else str(one) for one in _listed(value)
                 if isinstance(one, str | int | float)]  # fmt: skip
        if not texts or len(texts) < len(_listed(value)):
            raise BadQuery(f"{str(name)[:60]} holds texts and numbers only")
        found[str(name)] = "|".join(texts)
    wanted({name: text for name, text in found.items() if name not in ("perPage", "nextPageToken")})
    return found


def page_token(at: datetime, place: str, given: int) -> str:
    """Where the next page begins: the last event's place in the order, and how many were given. Holds no secret."""
    text = json.dumps([at.isoformat(), place, given], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def page_of(token: str) -> tuple[datetime, str, int]:
    """The reverse of `page_token`. Raises BadQuery for one that was not made here."""
    try:
        at, event_id, given = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        when = datetime.fromisoformat(at)
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadQuery("nextPageToken was not given here") from error
    if not isinstance(event_id, str) or not isinstance(given, int) or when.tzinfo is None:
        raise BadQuery("nextPageToken was not given here")
    return when, event_id, given


def is_term(name: str, value: str) -> bool:
    """Whether a text may stand in a path as a value of this field: a word of the vocabulary or a URI."""
    return is_uri(spelled_out(name, value))


# ---- what is sent ----


def read_json(data: bytes) -> Any:
    """What was sent as JSON and can be kept. Raises ValueError, or RecursionError for what is nested too deeply.

    No database holds half a surrogate pair, NUL, or a number beyond all numbers, though some readers take them.
    """
    value = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    text.encode()
    if _NUL.search(text):
        raise ValueError("NUL in a text")
    return value


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)
