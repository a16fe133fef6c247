"""Writing an event: the one door through which every verb that moves goods leaves its trace."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import Table, bindparam, insert, select

from cooperatives.models import Cooperative
from core.db import run
from traceability.epcis.models import ClosedField, EpcisEvent, EventLot
from traceability.epcis.rules import OF_ONE_FAMILY, Goods, Step, build, canonical, closed_hash
from traceability.log.operations import append

_EVENT, _OF_LOT, _CLOSED = EpcisEvent.__table__, EventLot.__table__, ClosedField.__table__
assert isinstance(_EVENT, Table) and isinstance(_OF_LOT, Table) and isinstance(_CLOSED, Table)
_SLUG = select(Cooperative.__table__.c.slug).where(Cooperative.__table__.c.id == bindparam("cooperative"))
_ADD_EVENT, _ADD_LOT, _ADD_CLOSED = insert(_EVENT).returning(_EVENT.c.id), insert(_OF_LOT), insert(_CLOSED)

__all__ = ["Goods", "Step", "record"]


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
) -> int:
    """Write one EPCIS 2.0 event and its leaf of the log, in the caller's transaction; the event's row id.

    step: what happened; decides event type, action, business step and disposition (`epcis.rules.FORMS`).
    goods: for every step but MADE and PACKED. inputs, outputs: for MADE and PACKED. Make them with `packs`, `bulk`,
    `crop` and `material` of `traceability.epcis.rules`.
    closed: fields that may expose a family (slip, producer, net_g, name, plot): whole numbers, texts, or lists and
    dicts of them. Each is replaced by a separately salted hash; value and salt are kept apart and can be erased.
    subject: the row it came from, "slip:17".

    record(Step.WEIGHED, cooperative_id=c, at=slip.weighed_at, goods=[crop(slip.crop_id)], subject=f"slip:{slip.id}",
           closed={"slip": slip.number, "producer": slip.producer_id, "net_g": slip.net_g, "grade": slip.grade})
    record(Step.MADE, …, inputs=[crop(3, grams_of_five_households_or_None), bulk(lot_in.id, lot_in.code, grams)],
           outputs=[bulk(lot.id, lot.code, lot.output_g)], closed={"slips": {"17": 40000}}, subject=f"batch:{batch.id}")
    record(Step.PACKED, …, inputs=[bulk(lot.id, lot.code, grams)], outputs=[packs(lot.id, pack.gtin, lot.code, 20)])
    record(Step.RECALLED, …, goods=[packs(lot.id, gtin, lot.code, left)], subject=f"lot:{lot.id}")
    """
    hidden = dict(closed or {})
    if step in OF_ONE_FAMILY:
        hidden["at"] = at.isoformat()
    salts = {name: secrets.token_bytes(32) for name in hidden}
    event_id = UUID(bytes=secrets.token_bytes(16), version=4).urn
    slug = run(_SLUG, {"cooperative": cooperative_id}).scalar_one()
    document = build(
        step, base_url=current_app.config["BASE_URL"], event_id=event_id, at=at, location=f"/cooperatives/{slug}",
        goods=goods, inputs=inputs, outputs=outputs,
        closed={name: closed_hash(salts[name], name, value) for name, value in hidden.items()},
    )  # fmt: skip
    leaf_id = append(canonical(document), subject=event_id)
    values = {"event_id": event_id, "step": step.value, "type": document["type"], "at": at, "leaf_id": leaf_id,
              "cooperative_id": cooperative_id, "subject": subject, "document": document}  # fmt: skip
    row_id = int(run(_ADD_EVENT, values).scalar_one())
    _keep_apart(row_id, hidden, salts)
    lots = {one.lot_id for one in (*goods, *inputs, *outputs) if one.lot_id is not None}
    if lots:
        run(_ADD_LOT, [{"event_id": row_id, "lot_id": lot_id} for lot_id in sorted(lots)])
    return row_id


def _keep_apart(event_id: int, values: Mapping[str, object], salts: Mapping[str, bytes]) -> None:
    rows = [
        {"event_id": event_id, "name": name, "salt": salts[name].hex(), "value": canonical(value).decode()}
        for name, value in values.items()
    ]
    if rows:
        run(_ADD_CLOSED, rows)
