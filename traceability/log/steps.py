"""The steps of a lot as its proof pack tells them: in words, for people; the events themselves stand beside them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from sqlalchemy import select

from catalog.rules import CERTIFICATE_NAMES, CertificateKind
from core.db import db
from core.format import day, number, volume, weight
from core.i18n import _
from traceability.epcis.journal.words import READINGS, STEP_WORDS, UNITS
from traceability.epcis.rules import PREFIX, Step, goods_said
from traceability.log.public import Evidence
from traceability.models import Crop

_PACKED = re.compile(r".*/01/(\d{14})/10/([^/]+)")
_KIND = re.compile(r".*/id/(lot|crop|material)/([^/]+)")
_AMOUNTS = {"GRM": weight, "MLT": volume}


@dataclass(frozen=True)
class Told:
    """One step: what it was, when, what went in, what it speaks of or what came out of it, readings, and whether it
    was declared wrong later on.
    """

    what: str
    when: str
    taken: tuple[str, ...]
    goods: tuple[str, ...]
    readings: tuple[str, ...]
    wrong: bool


def steps_of(found: Evidence) -> list[Told]:
    """The evidence's events in words, in the order of the log. One query, for the names of crops."""
    documents = [json.loads(one.document) for one in found.events]
    crops = _crops(documents)
    wrong = {str(one["eventID"]) for one in documents if "errorDeclaration" in one}
    return [_told(one, found, crops, wrong) for one in documents]


@dataclass(frozen=True)
class PaperSaid:
    """A paper as people name it. to: its last day, None where none is written."""

    name: str
    number: str
    issuer: str
    since: date
    to: date | None


def papers_said(found: Evidence) -> list[PaperSaid]:
    """The evidence's papers in words."""
    return [
        PaperSaid(
            _(CERTIFICATE_NAMES[CertificateKind(one.kind)]), one.number, one.issuer,
            date.fromisoformat(one.valid_from), date.fromisoformat(one.valid_to) if one.valid_to else None,
        )
        for one in found.certificates
    ]  # fmt: skip


def _crops(documents: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    named = (_KIND.fullmatch(str(one["epcClass"])) for document in documents for one in goods_said(document))
    ids = {name[2] for name in named if name and name[1] == "crop" and name[2].isdecimal()}
    if not ids:
        return {}
    rows = db.session.execute(select(Crop.id, Crop.name).where(Crop.id.in_(map(int, ids))))
    return {str(row.id): row.name for row in rows}


def _told(document: dict[str, Any], found: Evidence, crops: Mapping[str, str], wrong: set[str]) -> Told:
    taken: list[dict[str, Any]] = document.get("inputQuantityList") or []
    rest = [one for one in goods_said(document) if one not in taken]
    return Told(
        _what(document), _when(document), tuple(_goods(one, found, crops) for one in taken),
        tuple(_goods(one, found, crops) for one in rest), tuple(_readings(document)),
        str(document["eventID"]) in wrong and "errorDeclaration" not in document,
    )  # fmt: skip


def _what(document: Mapping[str, Any]) -> str:
    step = str(document.get(f"{PREFIX}:step", ""))
    said = _(STEP_WORDS[Step(step)]) if step in set(Step) else str(document.get("bizStep", ""))
    return _("Khai lại là ghi sai: %(step)s", step=said) if "errorDeclaration" in document else str(said)


def _when(document: Mapping[str, Any]) -> str:
    at = datetime.fromisoformat(str(document["eventTime"]))
    if f"{PREFIX}:timePrecision" in document:
        return _("Tháng %(month)s năm %(year)s", month=at.month, year=at.year)
    return day(date(at.year, at.month, at.day))


def _goods(one: Mapping[str, Any], found: Evidence, crops: Mapping[str, str]) -> str:
    """A name and an amount; an amount that is closed is said to be."""
    quantity, unit = one.get("quantity"), str(one.get("uom", ""))
    name = _name(str(one["epcClass"]), found, crops)
    if not isinstance(quantity, int):
        return _("%(name)s (lượng khép kín)", name=name)
    said = _AMOUNTS[unit](quantity) if unit in _AMOUNTS else _("%(count)s gói", count=number(quantity))
    return f"{name}: {said}"


def _name(path: str, found: Evidence, crops: Mapping[str, str]) -> str:
    if packed := _PACKED.fullmatch(path):
        lot = unquote(packed[2])
        if packed[1] == found.gtin:
            return _("%(product)s đã đóng gói, lô %(lot)s", product=found.product, lot=lot)
        return _("Hàng mang mã %(gtin)s, lô %(lot)s", gtin=packed[1], lot=lot)
    named = _KIND.fullmatch(path)
    if named is None:
        return unquote(path.rpartition("/")[2])
    if named[1] == "lot":
        return _("Hàng chưa đóng gói, lô %(lot)s", lot=unquote(named[2]))
    if named[1] == "crop":
        return crops.get(named[2], _("Thứ bà con giao"))
    return _("Nguyên liệu mua ngoài: %(name)s", name=unquote(named[2]).replace("-", " "))


def _readings(document: Mapping[str, Any]) -> Iterable[str]:
    for element in document.get("sensorElementList") or ():
        for one in element.get("sensorReport") or ():
            kind, unit = str(one.get("type", "")), str(one.get("uom", ""))
            named = str(_(READINGS[kind])).partition(",")[0] if kind in READINGS else kind
            yield f"{named}: {one.get('value', '')} {UNITS.get(unit, unit)}"
