"""The evidence of a lot: its events as the log covers them, each with its proof under the last checkpoint."""

import json
from typing import Any

from sqlalchemy import Row, and_, select

from catalog.models import Photo
from catalog.queries import pack_by_gtin
from cooperatives.public import sellers
from core.db import db
from traceability.epcis.models import EpcisEvent, EventLot
from traceability.epcis.rules import OF_ONE_PARCEL, canonical
from traceability.labels.queries import serial_fact
from traceability.log import keys
from traceability.log.models import LogCheckpoint, LogLeaf, LogSeal
from traceability.log.public import Evidence, EvidenceEvent, Paper, PrintedSerial
from traceability.log.queries import Reader, countersigned_checkpoint, known_keys, published
from traceability.log.rules import audit_path
from traceability.log.seals import document, rows_of
from traceability.models import Lot
from traceability.papers.queries import papers_of_lot

DIGEST = 40  # hex digits of a file's SHA-256 in its name


def evidence(gtin: str, code: str, serial: str = "") -> Evidence | None:
    """What proves a lot of a pack, and of the label with this serial; None where nobody has them, or nothing that
    covers them was signed yet.
    """
    pack, signed = pack_by_gtin(gtin), countersigned_checkpoint()
    if pack is None or signed is None:
        return None
    lot = db.session.execute(
        select(Lot).where(Lot.cooperative_id == pack.cooperative_id, Lot.product_id == pack.product_id,
                          Lot.code == code)
    ).scalar_one_or_none()  # fmt: skip
    if lot is None:
        return None
    events, waiting = _events(lot.id, signed)
    label = _label(lot.id, pack.pack_id, serial)
    if serial and (label is None or label.leaf_count > len(events)):
        return None
    papers = sorted(papers_of_lot(lot.id, lot.product_id, lot.cooperative_id), key=lambda one: one.id)
    return Evidence(
        gtin=gtin, lot=lot.code, product=pack.product_name,
        seller=sellers({lot.cooperative_id})[lot.cooperative_id].name,
        made_on=lot.made_on.isoformat(), expires_on=lot.expires_on.isoformat() if lot.expires_on else "",
        origin=keys.origin(), checkpoint=published(signed), keys=tuple(one.vkey for one in known_keys()),
        witnesses=tuple(one.vkey for one in keys.witnesses()), quorum=keys.quorum(), events=events, waiting=waiting,
        certificates=tuple(map(_paper, papers)), papers=_sealed([one.id for one in papers], signed),
        photos=_photos(lot.product_id), label=label,
    )  # fmt: skip


def _label(lot_id: int, pack_id: int, serial: str) -> PrintedSerial | None:
    fact = serial_fact(lot_id, pack_id, serial) if serial else None
    if fact is None:
        return None
    return PrintedSerial(fact.serial, fact.salt, fact.counter, fact.leaf_count, fact.history)


def proof_note(event_id: str) -> str | None:
    """The C2SP tlog-proof of an event by its eventID: extra data is the leaf's salt. None where none is signed yet."""
    signed = countersigned_checkpoint()
    if signed is None:
        return None
    leaf = db.session.execute(
        select(LogLeaf.seq, LogLeaf.salt)
        .join(EpcisEvent, EpcisEvent.leaf_id == LogLeaf.id)
        .where(EpcisEvent.event_id == event_id, LogLeaf.seq < signed.size)
    ).one_or_none()
    if leaf is None:
        return None
    path = audit_path(leaf.seq, signed.size, Reader().node)
    lines = ["c2sp.org/tlog-proof@v1", f"extra {keys.text64(bytes.fromhex(leaf.salt))}", f"index {leaf.seq}"]
    return "\n".join([*lines, *map(keys.text64, path), "", published(signed)])


def _events(lot_id: int, signed: LogCheckpoint) -> tuple[tuple[EvidenceEvent, ...], int]:
    """What happened to the lot itself. Parcels, four events an order, say nothing of origin and would weigh megabytes
    on a phone; each has its own proof (`proof_note`).
    """
    rows = db.session.execute(
        select(EpcisEvent.document, LogLeaf.seq, LogLeaf.salt, LogLeaf.commitment)
        .join(EventLot, EventLot.event_id == EpcisEvent.id).join(LogLeaf, LogLeaf.id == EpcisEvent.leaf_id)
        .where(EventLot.lot_id == lot_id, EpcisEvent.step.not_in(OF_ONE_PARCEL)).order_by(LogLeaf.seq)
    ).all()  # fmt: skip
    reader = Reader()
    found = tuple(
        EvidenceEvent(canonical(row.document).decode(), row.salt, row.commitment is None, row.seq,
                      _path(row.seq, signed, reader))
        for row in rows if row.seq < signed.size
    )  # fmt: skip
    return found, len(rows) - len(found)


def _path(index: int, signed: LogCheckpoint, reader: Reader) -> tuple[str, ...]:
    return tuple(one.hex() for one in audit_path(index, signed.size, reader.node))


def _sealed(ids: list[int], signed: LogCheckpoint) -> tuple[EvidenceEvent, ...]:
    newer = select(LogSeal.first_id, LogSeal.revision).where(LogSeal.noun == "certificate").subquery()
    last = ~select(newer.c.revision).where(
        newer.c.first_id == LogSeal.first_id, newer.c.revision > LogSeal.revision
    ).exists()  # fmt: skip
    rows = db.session.execute(
        select(LogSeal.first_id, LogSeal.columns, LogLeaf.seq, LogLeaf.salt, LogLeaf.commitment)
        .join(LogLeaf, LogLeaf.id == LogSeal.leaf_id)
        .where(and_(LogSeal.noun == "certificate", LogSeal.first_id.in_(ids), LogLeaf.seq < signed.size), last)
        .order_by(LogSeal.first_id)
    ).all()  # fmt: skip
    reader = Reader()
    return tuple(
        EvidenceEvent(_row(row.columns.split(), row.first_id), row.salt, row.commitment is None, row.seq,
                      _path(row.seq, signed, reader))
        for row in rows
    )  # fmt: skip


def _row(columns: list[str], row_id: int) -> str:
    return document("certificate", columns, rows_of("certificate", columns, row_id, row_id)).decode()


def _paper(one: Row[Any]) -> Paper:
    end = one.valid_to.isoformat() if one.valid_to else ""
    return Paper(one.kind, one.number, one.issuer, one.valid_from.isoformat(), end)


def _photos(product_id: int) -> tuple[str, ...]:
    rows = select(Photo.file_640).where(
        Photo.product_id == product_id, Photo.state == "ready", Photo.file_640.is_not(None)
    )
    names = db.session.execute(rows.order_by(Photo.position, Photo.id)).scalars()
    return tuple(one.rsplit("/", 1)[-1].partition(".")[0][:DIGEST] for one in names if one)


def as_json(found: Evidence) -> str:
    """The evidence for a file: no `<` in it, so that it can stand inside a script element."""
    return json.dumps(found.plain(), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
