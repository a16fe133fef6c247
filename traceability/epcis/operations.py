"""Writing an event: the one door through which every verb that moves goods leaves its trace."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import Table, bindparam, insert, select

from cooperatives.models import Cooperative
from core.crypto import keyed_hash
from core.db import run
from traceability.epcis.hashing import event_hash
from traceability.epcis.models import ClosedField, EpcisEvent, EventLot
from traceability.epcis.rules import OF_ONE_FAMILY, Goods, Step, build, canonical, closed_hash, declared_wrong
from traceability.log.operations import append

_EVENT, _OF_LOT, _CLOSED = EpcisEvent.__table__, EventLot.__table__, ClosedField.__table__
assert isinstance(_EVENT, Table) and isinstance(_OF_LOT, Table) and isinstance(_CLOSED, Table)
_SLUG = select(Cooperative.__table__.c.slug).where(Cooperative.__table__.c.id == bindparam("cooperative"))
_SAME = select(_EVENT.c.id).where(_EVENT.c.event_id == bindparam("name"))
_LATEST = (
    select(_EVENT.c.id)
    .where(_EVENT.c.step == bindparam("step"), _EVENT.c.subject == bindparam("subject"))
    .order_by(_EVENT.c.id.desc())
    .limit(1)
)
_WHOLE = select(_EVENT.c.document, _EVENT.c.cooperative_id, _EVENT.c.subject).where(
    _EVENT.c.id == bindparam("id")
)
_LOTS_OF = select(_OF_LOT.c.lot_id).where(_OF_LOT.c.event_id == bindparam("id"))
_ADD_EVENT, _ADD_LOT, _ADD_CLOSED = insert(_EVENT).returning(_EVENT.c.id), insert(_OF_LOT), insert(_CLOSED)

__all__ = ["Goods", "Step", "declare_wrong", "record"]


def record(
    step: Step,
    *,
    cooperative_id: int,
    at: datetime,
    goods: Sequence[Goods] = (),
    inputs: Sequence[Goods] = (),
    outputs: Sequence[Goods] = (),
    closed: Mapping[str, object] | None = None,
    subject: str = "",
    sensors: Sequence[Mapping[str, object]] = (),
    certificates: Sequence[str] = (),
    order_code: str = "",
    at_buyers: bool = False,
    about: str = "",
    parent: str = "",
) -> int:
    """Write one EPCIS 2.0 event and its leaf of the log, in the caller's transaction; the event's row id.

    step: what happened; decides event type, action, business step and disposition (`epcis.rules.FORMS`).
    goods: for every step but MADE and PACKED. inputs, outputs: for MADE and PACKED. Make them with `packs`, `bulk`,
    `crop` and `material` of `traceability.epcis.rules`.
    closed: fields that may expose a family (slip, producer, net_g, name, plot): whole numbers, texts, or lists and
    dicts of them. Each is replaced by a separately salted hash; value and salt are kept apart and can be erased.
    subject: the row it came from, "slip:17". A voided slip's event is declared an error under its own ID instead.
    sensors, certificates: readings made with `epcis.rules.sensed`, and URIs of certificates.
    order_code: of the order that the goods were for; a keyed hash of it stands as the business transaction, equal in
    all events of the order. at_buyers: it happened at the buyer's, so that no place is told.
    about: the eventID of the event that a reading or a paper belongs to. parent: path of the case that the goods were
    put into, "/00/…"; without it a parcel's is a keyed hash of its subject.
    The event's CBV 2.0 hash is kept; it is the eventID where nothing is closed and no other event has it.

    record(Step.WEIGHED, cooperative_id=c, at=slip.weighed_at, goods=[crop(slip.crop_id)], subject=f"slip:{slip.id}",
           closed={"slip": slip.number, "producer": slip.producer_id, "net_g": slip.net_g, "grade": slip.grade})
    record(Step.MADE, …, inputs=[crop(3, grams_of_five_households_or_None), bulk(lot_in.id, lot_in.code, grams)],
           outputs=[bulk(lot.id, lot.code, lot.output_g)], closed={"slips": {"17": 40000}}, subject=f"batch:{batch.id}")
    record(Step.PACKED, …, inputs=[bulk(lot.id, lot.code, grams)], outputs=[packs(lot.id, pack.gtin, lot.code, 20)])
    record(Step.RECALLED, …, goods=[packs(lot.id, gtin, lot.code, left)], subject=f"lot:{lot.id}")
    """
    if step is Step.SLIP_VOIDED and (wrong := latest(Step.WEIGHED, subject)) is not None:
        return declare_wrong(wrong, at=at, step=step)
    hidden = dict(closed or {})
    if step in OF_ONE_FAMILY:
        hidden["at"] = at.isoformat()
    salts = {name: secrets.token_bytes(32) for name in hidden}
    slug = run(_SLUG, {"cooperative": cooperative_id}).scalar_one()
    document = build(
        step, base_url=current_app.config["BASE_URL"], event_id="", at=at,
        location="" if at_buyers else f"/cooperatives/{slug}", about=about,
        transaction=f"/id/order/{keyed_hash(order_code, purpose='order_event')[:24]}" if order_code else "",
        goods=goods, inputs=inputs, outputs=outputs,
        closed={name: closed_hash(salts[name], name, value) for name, value in hidden.items()},
        parent=parent or (f"/id/parcel/{keyed_hash(subject, purpose='parcel')[:24]}" if subject else ""),
        sensors=sensors, certificates=certificates,
    )  # fmt: skip
    lots = {one.lot_id for one in (*goods, *inputs, *outputs) if one.lot_id is not None}
    row_id = _write(step, document, at, cooperative_id, subject, lots, open_to_all=not hidden)
    _keep_apart(row_id, hidden, salts)
    return row_id


def _write(step: Step, document: dict[str, object], at: datetime, cooperative_id: int, subject: str,
           lots: set[int], *, open_to_all: bool = False, named: str | None = None) -> int:  # fmt: skip
    """The event, its leaf and its lots. `named`: the eventID it has already, as the copy that declares it an error."""
    digest = event_hash(document)
    row_name = UUID(bytes=secrets.token_bytes(16), version=4).urn
    if open_to_all and not run(_SAME, {"name": digest}).first():
        row_name = digest
    document["eventID"] = named or row_name
    leaf_id = append(canonical(document), subject=row_name)
    values = {"event_id": row_name, "step": step.value, "type": document["type"], "at": at, "leaf_id": leaf_id,
              "cooperative_id": cooperative_id, "subject": subject, "document": document, "hash": digest}  # fmt: skip
    row_id = int(run(_ADD_EVENT, values).scalar_one())
    if lots:
        run(_ADD_LOT, [{"event_id": row_id, "lot_id": lot_id} for lot_id in sorted(lots)])
    return row_id


def latest(step: Step, subject: str) -> int | None:
    """The last event of this step about this row; None where there is none."""
    found: int | None = run(_LATEST, {"step": step.value, "subject": subject}).scalar()
    return found


def declare_wrong(
    event_id: int,
    *,
    at: datetime,
    step: Step,
    reason: str = "incorrect_data",
    corrected_by: Sequence[str] = (),
) -> int:
    """Say that an event was an error, by a second copy of it with an errorDeclaration; nothing is deleted.

    event_id: the row of the event. step: our word for the declaration. Returns the new row's id.
    """
    row = run(_WHOLE, {"id": event_id}).one()
    document = declared_wrong(row.document, at, reason, corrected_by)
    lots = set(run(_LOTS_OF, {"id": event_id}).scalars())
    return _write(
        step, document, at, row.cooperative_id, row.subject, lots, named=str(row.document["eventID"])
    )


def _keep_apart(event_id: int, values: Mapping[str, object], salts: Mapping[str, bytes]) -> None:
    rows = [
        {"event_id": event_id, "name": name, "salt": salts[name].hex(), "value": canonical(value).decode()}
        for name, value in values.items()
    ]
    if rows:
        run(_ADD_CLOSED, rows)
