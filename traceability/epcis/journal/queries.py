"""Reads of the manager's book: a page of her cooperative's events, and one with what was said about it since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from sqlalchemy import func, or_, select

from catalog.models import Certificate
from catalog.rules import CERTIFICATE_NAMES, CertificateKind
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from traceability.epcis.models import ClosedField, EpcisEvent, EventLot
from traceability.epcis.rules import Step, goods_said
from traceability.log.models import LogLeaf
from traceability.models import Crop, Lot

PAGE_SIZE = 30
Named = tuple[tuple[str, int | None, str], ...]


@dataclass(frozen=True)
class Told:
    """One event as a list shows it. goods: (name, quantity or None, unit) of each."""

    id: int
    step: str
    at: datetime
    goods: Named
    wrong: bool


@dataclass(frozen=True)
class One:
    """One event whole. name: its eventID. taken: what went in, where something was
    made of it; goods: all else. closed: names of what is closed. follows: rows about it, oldest first."""

    row: EpcisEvent
    name: str
    leaf: int
    lots: tuple[tuple[int, str], ...]
    taken: Named
    goods: Named
    closed: tuple[str, ...]
    erased: bool
    wrong: dict[str, Any] | None
    readings: tuple[tuple[str, int, str], ...]
    papers: tuple[str, ...]
    follows: tuple[Told, ...]


def page_of_events(
    cooperative_id: int, number: int, step: str | None = None, lot_id: int | None = None
) -> tuple[list[Told], int]:
    """A page of the cooperative's events, newest first, and how many pages there are. Three queries."""
    mine = [EpcisEvent.cooperative_id == cooperative_id]
    if step:
        mine.append(EpcisEvent.step == step)
    if lot_id:
        mine.append(EpcisEvent.id.in_(select(EventLot.event_id).where(EventLot.lot_id == lot_id)))
    count = db.session.execute(select(func.count(EpcisEvent.id)).where(*mine)).scalar_one()
    pages = max(1, -(-count // PAGE_SIZE))
    number = min(max(1, number), pages)
    rows = db.session.execute(
        select(EpcisEvent).where(*mine).order_by(EpcisEvent.at.desc(), EpcisEvent.id.desc())
        .offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).scalars().all()  # fmt: skip
    crops = _crops(rows)
    return [told(row, crops) for row in rows], pages


def _crops(rows: Iterable[EpcisEvent]) -> dict[str, str]:
    """Names of the crops that events speak of, by the last part of their path. One query."""
    paths = (str(one.get("epcClass", "")) for row in rows for one in goods_said(row.document))
    ids = {path.rpartition("/")[2] for path in paths if "/id/crop/" in path}
    found = db.session.execute(select(Crop.id, Crop.name).where(Crop.id.in_(map(int, ids))))
    return {str(row.id): row.name for row in found}


def told(row: EpcisEvent, crops: Mapping[str, str]) -> Told:
    """A row as a list shows it: of a transformation what came out."""
    return Told(
        row.id, row.step, row.at, _named(_out(row.document), crops), "errorDeclaration" in row.document
    )


def _out(document: dict[str, Any]) -> list[dict[str, Any]]:
    outputs = document.get("outputQuantityList")
    return goods_said({"quantityList": outputs} if outputs else document)


def _named(elements: Iterable[dict[str, Any]], crops: Mapping[str, str]) -> Named:
    """Goods by the last part of their paths, which is the lot's code where there is one; a crop by its name."""
    found = []
    for one in elements:
        kind, _slash, last = str(one["epcClass"]).rpartition("/")
        name = crops.get(last, last) if kind.endswith("/crop") else unquote(last)
        found.append((name, _whole(one.get("quantity")), str(one.get("uom", ""))))
    return tuple(found)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def event_of(cooperative_id: int, event_id: int, *, lock: bool = False) -> EpcisEvent:
    """An event of this cooperative. Raises NotFound for another's as well."""
    wanted = select(EpcisEvent).where(EpcisEvent.id == event_id, EpcisEvent.cooperative_id == cooperative_id)
    row = db.session.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
    if row is None:
        raise NotFound(N_("Không có việc này trong sổ."), remedy=N_("Mở lại sổ chuyến hàng."))
    return row


def lots_of(event_id: int) -> list[tuple[int, str]]:
    """The lots that an event speaks of: (row id, code)."""
    wanted = (
        select(Lot.id, Lot.code)
        .join(EventLot, EventLot.lot_id == Lot.id)
        .where(EventLot.event_id == event_id)
    )
    return [(row.id, row.code) for row in db.session.execute(wanted.order_by(Lot.code))]


def about(row: EpcisEvent) -> list[EpcisEvent]:
    """What was told about an event since, oldest first: a copy that declares it wrong, readings, papers."""
    name = str(row.document["eventID"])
    later = select(EpcisEvent).where(
        EpcisEvent.cooperative_id == row.cooperative_id, EpcisEvent.subject == row.subject, EpcisEvent.id > row.id,
        or_(EpcisEvent.document["eventID"].as_string() == name,
            EpcisEvent.document["chophien:about"].as_string() == name),
    )  # fmt: skip
    return list(db.session.execute(later.order_by(EpcisEvent.id)).scalars())


def same_subject(row: EpcisEvent, limit: int = 20) -> list[Told]:
    """The latest events of what this one is about, which may hold the right one."""
    near = select(EpcisEvent).where(
        EpcisEvent.cooperative_id == row.cooperative_id, EpcisEvent.subject == row.subject
    )
    return [
        told(one, {})
        for one in db.session.execute(near.order_by(EpcisEvent.id.desc()).limit(limit)).scalars()
    ]


def declared_wrong(row: EpcisEvent) -> bool:
    """Whether the event, or the row itself, says that it was an error."""
    return any("errorDeclaration" in one.document for one in [row, *about(row)])


def one_event(cooperative_id: int, event_id: int) -> One:
    """Everything about one event. Raises NotFound."""
    row = event_of(cooperative_id, event_id)
    document, follows = row.document, about(row)
    crops = _crops([row, *follows])
    hidden = document.get("chophien:closed")
    closed = tuple(sorted(hidden)) if isinstance(hidden, dict) else ()
    kept = select(func.count(ClosedField.id)).where(ClosedField.event_id == row.id)
    said = next((one.document for one in [row, *follows] if "errorDeclaration" in one.document), None)
    wrong = said["errorDeclaration"] if said else None
    elements: Any = document.get("sensorElementList", [])
    papers: Any = document.get("certificationInfo", [])
    return One(
        row, str(document["eventID"]),
        db.session.execute(select(LogLeaf.seq).where(LogLeaf.id == row.leaf_id)).scalar_one(),
        tuple(lots_of(row.id)), _named(goods_said({"quantityList": document.get("inputQuantityList")}), crops),
        _named(_out(document), crops), closed,
        bool(closed) and not db.session.execute(kept).scalar_one(),
        wrong if isinstance(wrong, dict) else None,
        tuple((one["type"], one["value"], one["uom"]) for element in elements for one in element["sensorReport"]),
        tuple(papers), tuple(told(one, crops) for one in follows),
    )  # fmt: skip


def papers_for(cooperative_id: int, lot_ids: list[int], on: date) -> list[tuple[int, str]]:
    """Papers that hold on a day for the products of these lots: (row id, name and number)."""
    products = select(Lot.product_id).where(Lot.id.in_(lot_ids))
    rows = db.session.execute(
        select(Certificate).where(
            Certificate.cooperative_id == cooperative_id,
            or_(Certificate.product_id.is_(None), Certificate.product_id.in_(products)),
            Certificate.valid_from <= on, or_(Certificate.valid_to.is_(None), Certificate.valid_to >= on),
        ).order_by(Certificate.kind, Certificate.number)
    ).scalars()  # fmt: skip
    return [(one.id, f"{CERTIFICATE_NAMES[CertificateKind(one.kind)]} {one.number}") for one in rows]


def steps_used(cooperative_id: int) -> list[Step]:
    """The steps that stand in the cooperative's book, in the order in which goods go through them."""
    used = db.session.execute(
        select(EpcisEvent.step).where(EpcisEvent.cooperative_id == cooperative_id).distinct()
    ).scalars()
    known = set(used)
    return [step for step in Step if step.value in known]
