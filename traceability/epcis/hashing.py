"""The event hash of CBV 2.0 section 8.9: one canonical text of an event, whichever way it was spelled, and its SHA-256.

Where the standard's prose and the hash values printed in the standard disagree (the place of source and destination
lists, and of a transaction's type), the printed values are kept: they are what every other implementation gives.
See docs/adr/0034-event-hashes.md. Pure: no network, no JSON-LD processor, no clock.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from traceability.epcis.identifiers import canonical
from traceability.epcis.vocabulary import PREFIXES, spelled_out

NOT_HASHED = frozenset({"recordTime", "eventID", "type", "errorDeclaration", "@context"})
COMMENTS = frozenset({"comment", "{http://www.w3.org/2000/01/rdf-schema#}comment"})
# Lists whose members the canonical text names, though JSON leaves the name out.
MEMBERS = {
    "epcList": "epc", "inputEPCList": "epc", "outputEPCList": "epc", "childEPCs": "epc",
    "quantityList": "quantityElement", "childQuantityList": "quantityElement",
    "inputQuantityList": "quantityElement", "outputQuantityList": "quantityElement",
    "sensorElementList": "sensorElement",
}  # fmt: skip
ORDER = (
    "eventTime", "eventTimeZoneOffset", "certificationInfo", "parentID", "epcList", "inputEPCList", "childEPCs",
    "quantityList", "childQuantityList", "inputQuantityList", "outputEPCList", "outputQuantityList", "action",
    "transformationID", "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation",
    "sensorElementList",
)  # fmt: skip
_ORDERED_INSIDE = {
    "quantityElement": ("epcClass", "quantity", "uom"),
    "persistentDisposition": ("set", "unset"),
    "readPoint": ("id",),
    "bizLocation": ("id",),
    "sensorElement": ("sensorMetadata", "sensorReport"),
    "sensorMetadata": (
        "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
    ),
    "sensorReport": (
        "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
        "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue",
        "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
    ),
    "bizTransactionList": ("type", "bizTransaction"),
    "sourceList": ("type", "source"),
    "destinationList": ("type", "destination"),
}  # fmt: skip
_TYPED_LISTS = ("bizTransactionList", "sourceList", "destinationList")
_TIMES = frozenset({"eventTime", "time", "startTime", "endTime"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)")
DEEPEST = 64


class Unhashable(ValueError):
    """What has no hash: not an event, or nested without end."""


def namespaces(*contexts: object) -> dict[str, str]:
    """Prefix → namespace of JSON-LD contexts, later ones winning, on top of what the standard's context declares."""
    found = dict(PREFIXES)
    for context in contexts:
        for one in context if isinstance(context, list) else [context]:
            if isinstance(one, dict):
                found |= {key: value for key, value in one.items() if isinstance(value, str)}
    return found


def utc_milliseconds(text: str) -> str:
    """A moment in UTC to the millisecond, the fourth decimal rounding it up from 5; text that is no moment as it came.

    >>> utc_milliseconds("2005-04-03T20:33:31.116500-06:00")
    '2005-04-04T02:33:31.117Z'
    """
    read = _MOMENT.fullmatch(text)
    if read is None:
        return text
    day, clock, fraction, zone = read.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}").astimezone(UTC)
        digits = (fraction or "").ljust(4, "0")
        moment = whole + timedelta(milliseconds=int(digits[:3]) + (digits[3] >= "5"))
    except (ValueError, OverflowError):
        return text
    return moment.strftime("%Y-%m-%dT%H:%M:%S.").rjust(20, "0") + f"{moment.microsecond // 1000:03d}Z"


def plain_number(text: str) -> str:
    """A number without leading or trailing zeros, plus sign or exponent; text that is no number as it came.

    >>> plain_number("+0200.50"), plain_number("MD-1")
    ('200.5', 'MD-1')
    """
    if not _NUMBER.fullmatch(text):
        return text
    shown = f"{Decimal(text):f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


class _Speller:
    """Writes the parts of one event; holds the namespaces that its keys and values are expanded by."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes

    def key(self, name: str) -> str:
        """A standard field as it is; a field of somebody's own as {namespace}name."""
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.prefixes and not local.startswith("//"):
            return f"{{{self.prefixes[prefix]}}}{local}"
        if not colon:
            return name
        for space in sorted(self.prefixes.values(), key=len, reverse=True):
            if space and name.startswith(space) and name != space:
                return f"{{{space}}}{name.removeprefix(space)}"
        cut = max(name.rfind("/"), name.rfind("#"), name.rfind(":")) + 1
        return f"{{{name[:cut]}}}{name[cut:]}"

    def value(self, field: str, value: object) -> str:
        """A leaf in its one spelling; empty for nothing."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        text = str(value).strip()
        if field in _TIMES:
            return utc_milliseconds(text)
        if not isinstance(value, str):
            return plain_number(text)
        prefix, colon, local = text.partition(":")
        if colon and prefix in self.prefixes and not local.startswith("//"):
            text = self.prefixes[prefix] + local
        return canonical(plain_number(spelled_out(field, text)))

    def field(self, name: str, value: object, within: str, depth: int) -> str:
        """A standard field with its value: name=value, or name and what is inside; nothing where nothing is."""
        if name in MEMBERS:
            inside = "".join(sorted(self.field(MEMBERS[name], one, name, depth) for one in _many(value)))
            return name + inside if inside else ""
        if name in _TYPED_LISTS:
            inside = "".join(sorted(self.inside(name, one, depth) for one in _many(value)))
            return name + inside if inside else ""
        if isinstance(value, list):
            return "".join(sorted(self.field(name, one, within, depth) for one in value))
        if isinstance(value, dict):
            inside = self.inside(name, value, depth)
            return name + inside if inside else ""
        spelled = self.value(_speaking(name, within), value)
        return f"{name}={spelled}" if spelled else ""

    def inside(self, name: str, value: object, depth: int) -> str:
        """The fields of a standard element in their order, then the foreign ones sorted."""
        if depth > DEEPEST:
            raise Unhashable("nested too deeply")
        if not isinstance(value, dict):
            raise Unhashable(f"{name} is no object")
        order = _ORDERED_INSIDE.get(name, ())
        known = "".join(self.field(one, value[one], name, depth + 1) for one in order if one in value)
        return known + self.free({key: held for key, held in value.items() if key not in order}, depth + 1)

    def free(self, fields: Mapping[str, object], depth: int) -> str:
        """Fields without an order of their own, sorted as texts."""
        return "".join(sorted(self._free(fields, depth)))

    def _free(self, fields: Mapping[str, object], depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            raise Unhashable("nested too deeply")
        for name, value in fields.items():
            full = self.key(name)
            if full in COMMENTS:
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield full + self.free(one, depth + 1)
                elif isinstance(one, list):
                    yield full + self.free({"": one}, depth + 1)
                else:
                    spelled = self.value("", one)
                    yield f"{full}={spelled}" if spelled else full


def _many(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _speaking(name: str, within: str) -> str:
    """The field as the vocabulary names it: a bare `type` means another word in each list."""
    if name in ("type", "exception", "component"):
        return f"{within}.{name}"
    return name


def prehash(event: Mapping[str, Any], context: object = None) -> str:
    """The canonical text of one event. `context` is that of its document. Raises Unhashable for what is no event."""
    kind = event.get("type")
    if not isinstance(kind, str):
        raise Unhashable("an event has a type")
    speller = _Speller(namespaces(context, event.get("@context")))
    ordered = "".join(speller.field(name, event[name], "", 0) for name in ORDER if name in event)
    lists = {name: event[name] for name in _TYPED_LISTS if name in event}
    ilmd = event.get("ilmd")
    rest = [speller.field(name, value, "", 0) for name, value in lists.items()]
    rest += ["ilmd" + speller.free(ilmd, 0)] if isinstance(ilmd, dict) and ilmd else []
    known = {*ORDER, *_TYPED_LISTS, *NOT_HASHED, "ilmd"}
    rest += speller._free({key: value for key, value in event.items() if key not in known}, 0)
    return f"eventType={speller.value('', kind)}{ordered}{''.join(sorted(rest))}"


def event_hash(event: Mapping[str, Any], context: object = None) -> str:
    """The event's name by its content: ni:///sha-256;…?ver=CBV2.0. Raises Unhashable."""
    digest = hashlib.sha256(prehash(event, context).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def events_of(document: object) -> list[dict[str, Any]]:
    """The events of an EPCIS document, of a query's answer, or the one event itself. Raises Unhashable."""
    if not isinstance(document, dict):
        raise Unhashable("the document is no JSON object")
    body = document.get("epcisBody")
    if document.get("type") not in ("EPCISDocument", "EPCISQueryDocument"):
        return [document]
    if isinstance(body, dict) and isinstance(body.get("queryResults"), dict):
        body = body["queryResults"].get("resultsBody")
    events = body.get("eventList") if isinstance(body, dict) else None
    if events is None and isinstance(body, dict) and "event" in body:
        events = [body["event"]]
    if not isinstance(events, list) or not all(isinstance(one, dict) for one in events):
        raise Unhashable("the document has no list of events")
    return events
