"""Recomputing everything from the beginning: leaves, tiles, checkpoints, events, closed fields and sealed rows."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from core.db import db
from traceability.epcis.models import ClosedField, EpcisEvent, EventLot
from traceability.epcis.rules import canonical, closed_hash, lot_codes
from traceability.log import grounds, keys, notes
from traceability.log.models import LogCheckpoint, LogKey, LogLeaf, LogSeal, LogTile
from traceability.log.queries import known_keys, tree_head
from traceability.log.rules import Edge, appended, commitment, edge_root, first_leaf, leaf_hash
from traceability.log.sealed import SEALED
from traceability.log.seals import document, rows_of
from traceability.log.tiles import HEIGHT, WIDTH, fold
from traceability.models import Lot

BLOCK = 1000
assert grounds


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where."""

    place: str
    why: str


def verify(outside: Iterable[str] = ()) -> Iterator[Fault]:
    """Every fault, in the order of the log. outside: signed notes that somebody kept, as they were served."""
    held: dict[int, list[tuple[str, bytes]]] = {}
    for raw in outside:
        yield from _hold(raw, held)
    for kept in db.session.execute(
        select(LogCheckpoint, LogKey.vkey).join(LogKey).order_by(LogCheckpoint.id)
    ):
        yield from _own(kept[0], kept[1], held)
    yield from _leaves(held)
    yield from _events()
    yield from _closed()
    yield from _lots()
    yield from _seals()


def _hold(raw: str, held: dict[int, list[tuple[str, bytes]]]) -> Iterator[Fault]:
    known = [notes.parse_vkey(one.vkey) for one in known_keys()]
    try:
        note, _signers = notes.verified(raw, known)
        said = notes.parse_checkpoint(note.text)
    except notes.BadNote as error:
        yield Fault("the checkpoint that was kept", str(error))
        return
    if said.origin != keys.origin():
        yield Fault("the checkpoint that was kept", f"it is of another log, {said.origin}")
        return
    held.setdefault(said.size, []).append(("the checkpoint that was kept", said.root))


def _own(one: LogCheckpoint, vkey: str, held: dict[int, list[tuple[str, bytes]]]) -> Iterator[Fault]:
    place = f"checkpoint {one.id}"
    try:
        note, _signers = notes.verified(one.note, [notes.parse_vkey(vkey)])
        said = notes.parse_checkpoint(note.text)
    except notes.BadNote as error:
        yield Fault(place, str(error))
        return
    if (said.size, said.root.hex()) != (one.size, one.root):
        yield Fault(place, "its row says another size or root than its note")
    held.setdefault(said.size, []).append((place, said.root))


def _leaves(held: dict[int, list[tuple[str, bytes]]]) -> Iterator[Fault]:
    """Walk the leaves once; on the way compare tiles, and the roots that were signed at their sizes."""
    edge: Edge = ()
    size = 0
    levels: list[list[bytes]] = [[]]
    rows = select(LogLeaf.seq, LogLeaf.leaf_hash, LogLeaf.commitment).order_by(LogLeaf.seq)
    for row in db.session.execute(rows).yield_per(BLOCK):
        if row.seq != size:
            yield Fault(f"leaf {size}", "it is missing")
            return
        leaf = _hex(row.leaf_hash)
        if row.commitment is not None and leaf_hash(_hex(row.commitment)) != leaf:
            yield Fault(f"leaf {size}", "its hash does not fit its entry")
        edge = appended(edge, size, leaf)
        size += 1
        yield from _tiles(levels, leaf, size)
        for place, root in held.get(size, ()):
            if edge_root(edge) != root:
                yield Fault(place, f"the first {size} leaves do not give its root")
    for bigger in sorted(one for one in held if one > size):
        yield Fault(held[bigger][0][0], f"it counts {bigger} leaves, the log has {size}")
    try:
        head = tree_head()
    except ValueError:
        head = None
    if head != (size, edge_root(edge)):
        yield Fault("the head", f"it does not fit the {size} leaves")


def _tiles(levels: list[list[bytes]], leaf: bytes, size: int) -> Iterator[Fault]:
    level, head = 0, leaf
    while True:
        levels[level].append(head)
        if len(levels[level]) < WIDTH:
            return
        n = (size >> (HEIGHT * (level + 1))) - 1
        head = fold(levels[level])
        stored = db.session.get(LogTile, (level, n))
        if stored is not None and (stored.head, bytes(stored.hashes)) != (
            head.hex(),
            b"".join(levels[level]),
        ):
            yield Fault(f"tile {level}/{n}", "it does not fit its leaves")
        if stored is not None:
            db.session.expunge(stored)
        levels[level] = []
        level += 1
        if level == len(levels):
            levels.append([])


def _hex(text: str) -> bytes:
    """The bytes of a hash or salt; no bytes, which fit nothing, where somebody made it unreadable."""
    try:
        return bytes.fromhex(text) if len(text) == 64 else b""
    except (TypeError, ValueError):
        return b""


def _fits(leaf: Any, data: bytes) -> bool:
    salt = _hex(leaf.salt)
    if not salt:
        return False
    if leaf.commitment is None:
        return bool(first_leaf(salt, data).hex() == leaf.leaf_hash)
    return bool(commitment(salt, data).hex() == leaf.commitment)


def _events() -> Iterator[Fault]:
    seal_of = select(LogSeal.id).where(LogSeal.leaf_id == LogLeaf.id).correlate(LogLeaf).exists()
    stored = sa.cast(EpcisEvent.document, sa.Text).label("stored")
    rows = (
        select(LogLeaf.seq, LogLeaf.salt, LogLeaf.commitment, LogLeaf.leaf_hash, LogLeaf.subject, EpcisEvent.id,
               EpcisEvent.event_id, EpcisEvent.type, EpcisEvent.step, stored)
        .outerjoin(EpcisEvent, EpcisEvent.leaf_id == LogLeaf.id).where(~seal_of).order_by(LogLeaf.seq)
    )  # fmt: skip
    for row in db.session.execute(rows).yield_per(BLOCK):
        place = f"event {row.subject}, leaf {row.seq}"
        if row.id is None:
            yield Fault(place, "what the leaf covers is gone")
            continue
        said = _read(row.stored)
        if said is None:
            yield Fault(place, "its document is not as it was written")
        elif not _fits(row, canonical(said)):
            yield Fault(place, "its document does not fit its leaf")
        elif row.type != said.get("type") or row.subject != row.event_id:
            yield Fault(place, "its row says another event than its document")
        elif "errorDeclaration" in said:  # a copy under the name of the event that was wrong
            if said.get("eventID") not in _names(said.get("eventID")):
                yield Fault(place, "the event that it declares an error is gone")
        elif said.get("eventID") != row.event_id:
            yield Fault(place, "its row says another event than its document")
        elif said.get("chophien:step", row.step) != row.step:
            yield Fault(place, "its row says another step than its document")


def _names(name: object) -> list[str]:
    return list(
        db.session.execute(select(EpcisEvent.event_id).where(EpcisEvent.event_id == str(name))).scalars()
    )


def _read(stored: str) -> dict[str, Any] | None:
    """The document, where its bytes are exactly those that were written."""
    try:
        said = json.loads(stored)
    except ValueError:
        return None
    return said if isinstance(said, dict) and json.dumps(said) == stored else None


def _lots() -> Iterator[Fault]:
    """Which event speaks of which lot is read again from the events themselves: its rows have no leaf of their own."""
    stored = sa.cast(EpcisEvent.document, sa.Text).label("stored")
    rows = (
        select(EpcisEvent.id, EpcisEvent.event_id, stored, EventLot.lot_id, Lot.code,
               (Lot.cooperative_id == EpcisEvent.cooperative_id).label("own"))
        .outerjoin(EventLot, EventLot.event_id == EpcisEvent.id).outerjoin(Lot, Lot.id == EventLot.lot_id)
        .order_by(EpcisEvent.id)
    )  # fmt: skip
    for _id, found in groupby(db.session.execute(rows).yield_per(BLOCK), lambda row: row.id):
        lots = list(found)
        kept = {row.code if row.own else "?" for row in lots if row.lot_id is not None}
        if kept != lot_codes(_read(lots[0].stored) or {}):
            yield Fault(f"lots of event {lots[0].event_id}", "its rows name other lots than its document")
    events = select(EpcisEvent.id).where(EpcisEvent.id == EventLot.event_id).correlate(EventLot)
    for (gone,) in db.session.execute(select(EventLot.event_id).where(~events.exists()).distinct()):
        yield Fault(f"lots of event {gone}", "there is no such event")


def _closed() -> Iterator[Fault]:
    stored = sa.cast(EpcisEvent.document, sa.Text).label("stored")
    rows = (
        select(ClosedField.name, ClosedField.salt, ClosedField.value, EpcisEvent.event_id, stored)
        .join(EpcisEvent, EpcisEvent.id == ClosedField.event_id).order_by(ClosedField.id)
    )  # fmt: skip
    for row in db.session.execute(rows).yield_per(BLOCK):
        hashes = (_read(row.stored) or {}).get("chophien:closed", {})
        try:
            value = json.loads(row.value)
            opened = canonical(value).decode() == row.value
            right = opened and closed_hash(_hex(row.salt), row.name, value) == hashes.get(row.name)
        except (ValueError, TypeError):
            right = False
        if not right:
            yield Fault(f"closed field {row.name} of {row.event_id}", "value and salt do not fit the event")


def _seals() -> Iterator[Fault]:
    """Sealed rows, each by its newest revision: those before are history, and their leaves stay in the tree."""
    newest = select(
        LogSeal.noun, LogSeal.first_id, sa.func.max(LogSeal.revision).label("revision")
    ).group_by(LogSeal.noun, LogSeal.first_id).subquery()  # fmt: skip
    rows = select(LogSeal, LogLeaf.seq, LogLeaf.salt, LogLeaf.commitment, LogLeaf.leaf_hash).join(
        LogLeaf, LogLeaf.id == LogSeal.leaf_id
    ).join(newest, sa.and_(newest.c.noun == LogSeal.noun, newest.c.first_id == LogSeal.first_id,
                           newest.c.revision == LogSeal.revision)).order_by(LogLeaf.seq)  # fmt: skip
    for row in db.session.execute(rows).all():
        one, place = row[0], f"{row[0].noun} {row[0].first_id}–{row[0].last_id}, leaf {row.seq}"
        if one.noun not in SEALED:
            yield Fault(place, "no such table is sealed")
            continue
        columns = one.columns.split()
        known = SEALED[one.noun]
        try:
            found = rows_of(one.noun, columns, one.first_id, one.last_id)
        except (ValueError, TypeError, KeyError):
            yield Fault(place, "the rows cannot be read any more")
            continue
        if known.revision and found and getattr(found[0], known.revision) > one.revision:
            continue  # changed through its verb a moment ago, and sealed at the next turn
        if not _fits(row, document(one.noun, columns, found)):
            yield Fault(place, "the rows are not those that were sealed")
