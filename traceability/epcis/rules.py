"""Building EPCIS 2.0 events (CBV 2.0 words), pure: identity, time, salts and place are arguments.

Sources: EPCIS 2.0 sections 7.4 and 8, CBV 2.0 sections 7.1 (business steps) and 7.2 (dispositions). A document holds
whole numbers only (grams and millilitres, UN/ECE codes GRM and MLT), so that its canonical JSON is the same everywhere.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote, unquote

from core.clock import HANOI
from core.text import slugify

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PREFIX = "chophien"
UOM = {"g": "GRM", "ml": "MLT", "pcs": None}


class Step(StrEnum):
    """What happened, in our words."""

    WEIGHED = "weighed"  # a slip: a household's harvest is taken in
    SLIP_VOIDED = "slip_voided"
    MADE = "made"  # a batch was closed: inputs became bulk of lots
    PACKED = "packed"  # bulk became packs
    COUNTED = "counted"
    LOST = "lost"
    CASED = "cased"  # packs put into a case or pallet with a number of its own
    UNCASED = "uncased"  # a case opened or given up: its number holds nothing any more
    PICKED = "picked"  # packs put into a parcel
    SHIPPED = "shipped"
    RECEIVED = "received"  # goods from outside came in, or a parcel arrived
    SOLD = "sold"
    RETURNED = "returned"
    RESTOCKED = "restocked"
    DESTROYED = "destroyed"
    RECALLED = "recalled"
    SENSED = "sensed"  # a reading taken of goods that an earlier event speaks of
    CERTIFIED = "certified"  # a paper that covers goods of an earlier event


@dataclass(frozen=True)
class Form:
    """How a step is said in EPCIS. An empty action means a TransformationEvent, an empty disposition none."""

    action: str
    biz_step: str
    disposition: str
    aggregates: bool = False  # goods are put into something: an AggregationEvent


FORMS: dict[Step, Form] = {
    Step.WEIGHED: Form("ADD", "creating_class_instance", "in_progress"),
    Step.SLIP_VOIDED: Form("DELETE", "decommissioning", "inactive"),
    Step.MADE: Form("", "commissioning", "in_progress"),
    Step.PACKED: Form("", "packing", "sellable_accessible"),
    Step.COUNTED: Form("OBSERVE", "stock_taking", "sellable_accessible"),
    Step.LOST: Form("DELETE", "decommissioning", "inactive"),
    Step.CASED: Form("ADD", "packing", "container_closed", aggregates=True),
    Step.UNCASED: Form("DELETE", "unpacking", "container_open", aggregates=True),
    Step.PICKED: Form("ADD", "packing", "container_closed", aggregates=True),
    Step.SHIPPED: Form("OBSERVE", "shipping", "in_transit"),
    Step.RECEIVED: Form("OBSERVE", "receiving", "in_progress"),
    Step.SOLD: Form("OBSERVE", "retail_selling", "retail_sold"),
    Step.RETURNED: Form("OBSERVE", "receiving", "returned"),
    Step.RESTOCKED: Form("OBSERVE", "stocking", "sellable_accessible"),
    Step.DESTROYED: Form("DELETE", "destroying", "destroyed"),
    Step.RECALLED: Form("OBSERVE", "holding", "recalled"),
    Step.SENSED: Form("OBSERVE", "sensor_reporting", ""),
    Step.CERTIFIED: Form("OBSERVE", "inspecting", "conformant"),
}
OF_ONE_FAMILY = frozenset(
    {Step.WEIGHED, Step.SLIP_VOIDED}
)  # their day is closed: the document says the month only

OF_ONE_PARCEL = frozenset(
    {Step.PICKED, Step.SHIPPED, Step.RECEIVED, Step.SOLD}
)  # told of a lot, its buyers' business


@dataclass(frozen=True)
class Goods:
    """A class of things with a quantity. `path` names it below our address; `quantity` None keeps the amount closed."""

    path: str
    quantity: int | None = None
    unit: str = "pcs"
    lot_id: int | None = None


def packs(lot_id: int, gtin: str, lot_code: str, quantity: int, unit: str = "pcs") -> Goods:
    """So many packs of a lot: a GS1 Digital Link with AI 01 and 10. `gtin` has 14 digits.

    unit: 'pcs', or 'g' where packs are weighed one by one and counted by their grams (EPCIS uom GRM).
    """
    return Goods(f"/01/{gtin}/10/{quote(lot_code, safe='')}", quantity, unit, lot_id)


def bulk(lot_id: int, lot_code: str, quantity: int | None, unit: str = "g") -> Goods:
    """A lot's goods that are not packed yet, in grams or millilitres."""
    return Goods(f"/id/lot/{quote(lot_code, safe='')}", quantity, unit, lot_id)


def crop(crop_id: int, grams: int | None = None) -> Goods:
    """Harvest of one crop. Give `grams` only for a sum over five households or more; else it stays closed."""
    return Goods(f"/id/crop/{crop_id}", grams, "g")


def material(name: str, grams: int | None) -> Goods:
    """A bought-in material without slips, by its name."""
    return Goods(f"/id/material/{slugify(name)}", grams, "g")


def canonical(value: object) -> bytes:
    """The bytes that are hashed: JSON with sorted keys, no spaces, UTF-8 unescaped. Raises TypeError on a float.

    For our documents (ASCII keys, whole numbers, text) this equals RFC 8785.
    """
    _refuse_floats(value)
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("an event holds whole numbers and text only")
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    ):
        _refuse_floats(inner)


def closed_hash(salt: bytes, name: str, value: object) -> str:
    """What stands in the document for a closed field: SHA-256(salt ‖ canonical JSON of [name, value]), in hex."""
    return hashlib.sha256(salt + canonical([name, value])).hexdigest()


_GOODS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_OF_LOT = re.compile(r".*(?:/01/\d{14}/10|/id/lot)/([^/]+)")


def goods_said(document: Mapping[str, object]) -> list[dict[str, object]]:
    """Every element of goods that an event names, in the order of the standard."""
    lists = (document.get(name) for name in _GOODS)
    return [one for listed in lists if isinstance(listed, list) for one in listed if isinstance(one, dict)]


def lot_codes(document: Mapping[str, object]) -> set[str]:
    """The codes of the lots that an event of ours speaks of, packed (AI 10) or in bulk.

    >>> lot_codes({"quantityList": [{"epcClass": "https://chophien.vn/01/02000000000015/10/MD-1"}]})
    {'MD-1'}
    """
    names = (_OF_LOT.fullmatch(str(one.get("epcClass", ""))) for one in goods_said(document))
    return {unquote(name[1]) for name in names if name}


def sensed(kind: str, value: int, unit: str, at: datetime) -> dict[str, object]:
    """A reading that an event can carry: a measurement type of GS1's Web Vocabulary, a whole number, a UN/ECE unit.

    Choose the unit so that the number is whole: 26 CEL, 65 P1 (per cent).
    """
    moment = at.astimezone(HANOI).replace(microsecond=0).isoformat()
    return {"sensorMetadata": {"time": moment}, "sensorReport": [{"type": kind, "value": value, "uom": unit}]}


def declared_wrong(
    document: Mapping[str, object], at: datetime, reason: str, corrected_by: Sequence[str] = ()
) -> dict[str, object]:
    """The same event saying that it was an error (EPCIS 2.0 section 7.4.1.4): same eventID, nothing else changed.

    reason: did_not_occur or incorrect_data. corrected_by: eventIDs of what is right. Of an event that says the month
    only, so does the declaration.
    """
    local = at.astimezone(HANOI).replace(microsecond=0)
    if f"{PREFIX}:timePrecision" in document:
        local = local.replace(day=1, hour=0, minute=0, second=0)
    error: dict[str, object] = {"declarationTime": local.isoformat(), "reason": reason}
    if corrected_by:
        error["correctiveEventIDs"] = list(corrected_by)
    return dict(document) | {"errorDeclaration": error}


def _element(base_url: str, goods: Goods) -> dict[str, object]:
    element: dict[str, object] = {"epcClass": base_url + goods.path}
    if goods.quantity is not None:
        element["quantity"] = goods.quantity
        if UOM[goods.unit]:
            element["uom"] = UOM[goods.unit]
    return element


def event_time(step: Step, at: datetime) -> str:
    """ISO 8601 in Việt Nam's time, to the second; for a step of one family, the first instant of its month."""
    local = at.astimezone(HANOI).replace(microsecond=0)
    if step in OF_ONE_FAMILY:
        local = local.replace(day=1, hour=0, minute=0, second=0)
    return local.isoformat()


def build(
    step: Step,
    *,
    base_url: str,
    event_id: str,
    at: datetime,
    location: str,
    goods: Sequence[Goods] = (),
    inputs: Sequence[Goods] = (),
    outputs: Sequence[Goods] = (),
    closed: Mapping[str, str] | None = None,
    parent: str = "",
    sensors: Sequence[Mapping[str, object]] = (),
    certificates: Sequence[str] = (),
    transaction: str = "",
    about: str = "",
) -> dict[str, object]:
    """The document of one event. `closed` maps names to hashes. `location`, `parent`, `transaction` are paths of ours.

    location: empty where the place is a buyer's, which no event tells. sensors: made with `sensed`. certificates: URIs
    of what certifies the step. transaction: of the order, which nobody can read its code from. about: the eventID of
    the event that a reading or a paper belongs to.

    Raises ValueError where a transformation lacks an input or output, or another event its goods.
    """
    form = FORMS[step]
    document: dict[str, object] = {
        "@context": [CONTEXT, {PREFIX: f"{base_url}/epcis/terms#"}],
        "type": _type(form),
        "eventID": event_id,
        "eventTime": event_time(step, at),
        "eventTimeZoneOffset": "+07:00",
        "bizStep": form.biz_step,
        f"{PREFIX}:step": step.value,
    }
    if form.disposition:
        document["disposition"] = form.disposition
    if location:
        document |= {"readPoint": {"id": base_url + location}, "bizLocation": {"id": base_url + location}}
    if transaction:
        document["bizTransactionList"] = [{"type": "po", "bizTransaction": base_url + transaction}]
    if about:
        document[f"{PREFIX}:about"] = about
    if step in OF_ONE_FAMILY:
        document[f"{PREFIX}:timePrecision"] = "month"
    if closed:
        document[f"{PREFIX}:closed"] = dict(closed)
    if parent and form.aggregates:
        document["parentID"] = base_url + parent
    if sensors:
        document["sensorElementList"] = [dict(one) for one in sensors]
    if certificates:
        document["certificationInfo"] = list(certificates)
    return document | _goods_of(form, base_url, goods, inputs, outputs)


def _type(form: Form) -> str:
    if form.aggregates:
        return "AggregationEvent"
    return "ObjectEvent" if form.action else "TransformationEvent"


def _goods_of(form: Form, base_url: str, goods: Sequence[Goods], inputs: Sequence[Goods],
              outputs: Sequence[Goods]) -> dict[str, object]:  # fmt: skip
    if form.action:
        if not goods or inputs or outputs:
            raise ValueError("an object event has goods, and no inputs or outputs")
        listed = "childQuantityList" if form.aggregates else "quantityList"
        return {"action": form.action, listed: [_element(base_url, one) for one in goods]}
    if not inputs or not outputs or goods:
        raise ValueError("a transformation has inputs and outputs, and no other goods")
    return {
        "inputQuantityList": [_element(base_url, one) for one in inputs],
        "outputQuantityList": [_element(base_url, one) for one in outputs],
    }
