"""Appending a leaf, inside the transaction of the event it covers; tiles, checkpoints and countersignatures."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql

from core import clock
from core.db import db, run
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from traceability.log import keys, notes
from traceability.log.models import (
    TREE,
    LogCheckpoint,
    LogCosignature,
    LogHead,
    LogKey,
    LogLeaf,
    LogTile,
)
from traceability.log.queries import Reader, latest_checkpoint, root_at, tree_head
from traceability.log.rules import SALT_BYTES, Edge, appended, commitment, leaf_hash
from traceability.log.tiles import HEIGHT, fold

_HEAD, _LEAF, _TILE, _COSIGNATURE = (
    LogHead.__table__, LogLeaf.__table__, LogTile.__table__, LogCosignature.__table__,
)  # fmt: skip
assert isinstance(_HEAD, Table) and isinstance(_LEAF, Table)
assert isinstance(_TILE, Table) and isinstance(_COSIGNATURE, Table)
_LOCK = select(_HEAD.c.leaf_count, _HEAD.c.edge).where(_HEAD.c.name == TREE).with_for_update()
_GROW = (
    update(_HEAD).where(_HEAD.c.name == TREE).values(leaf_count=bindparam("size"), edge=bindparam("grown"))
)
# PostgreSQL's form of ON CONFLICT is understood on both engines, SQLite's is not. Of two firsts one waits.
_ADD_HEAD = postgresql.insert(_HEAD).values(name=TREE, leaf_count=0, edge="").on_conflict_do_nothing()
_ADD_LEAF = insert(_LEAF).returning(_LEAF.c.id)
_ADD_TILE = postgresql.insert(_TILE).on_conflict_do_nothing()
_ADD_COSIGNATURE = postgresql.insert(_COSIGNATURE).on_conflict_do_nothing()


def hold_log() -> None:
    """Hold the log until the transaction ends: for verbs that write a line of audit before what they tell the log.

    The one order of locks: payment, order, lot, pack, book, log, chain of audit. Two verbs of one cooperative that took
    two of them the other way round would wait for each other, and PostgreSQL would end one of the two.
    """
    if run(_LOCK).one_or_none() is None:
        run(_ADD_HEAD)
        run(_LOCK)


def append(document: bytes, *, subject: str) -> int:
    """Add the salted leaf of a document in its final form; the leaf's row id. The caller holds the transaction."""
    head = run(_LOCK).one_or_none()
    if head is None:
        run(_ADD_HEAD)
        head = run(_LOCK).one()
    size = head.leaf_count
    edge: Edge = tuple(bytes.fromhex(part) for part in head.edge.split())
    salt = secrets.token_bytes(SALT_BYTES)
    entry = commitment(salt, document)
    leaf = leaf_hash(entry)
    run(_GROW, {"size": size + 1, "grown": " ".join(part.hex() for part in appended(edge, size, leaf))})
    row = {"seq": size, "salt": salt.hex(), "leaf_hash": leaf.hex(), "commitment": entry.hex(), "subject": subject,
           "at": clock.now()}  # fmt: skip
    return int(run(_ADD_LEAF, row).scalar_one())


def fill_tiles(size: int) -> int:
    """Store every tile that is full in the tree of a size and not stored yet; how many."""
    level, made = 0, 0
    while full := size >> (HEIGHT * (level + 1)):
        last = db.session.execute(
            select(LogTile.n).where(LogTile.level == level).order_by(LogTile.n.desc()).limit(1)
        ).scalar_one_or_none()
        for n in range(0 if last is None else last + 1, full):
            hashes = Reader().tile(level, n)
            run(_ADD_TILE, {"level": level, "n": n, "head": fold(hashes).hex(), "hashes": b"".join(hashes)})
            made += 1
        level += 1
    return made


def sign_checkpoint() -> LogCheckpoint | None:
    """Sign the tree as it stands; None where nothing grew since and the key is the same.

    The caller holds the transaction. Raises Conflict, and signs nothing, where the tree is not the one signed before
    with more leaves: a log must never sign two stories. Raises Invalid where there is no key.
    """
    run(_LOCK)
    size, root = tree_head()
    if size == 0:
        return None
    fill_tiles(size)
    reader, last, key = Reader(), latest_checkpoint(), _key_row()
    _same_story(reader, size, root, last)
    if last is not None and (last.size, last.key_id) == (size, key.id):
        return None
    text = notes.checkpoint_text(keys.origin(), size, root)
    line = notes.sign(text, keys.origin(), keys.private_key())
    signed = LogCheckpoint(
        size=size, root=root.hex(), key_id=key.id, note=f"{text}\n{line}\n", at=clock.now()
    )
    db.session.add(signed)
    db.session.flush()
    return signed


def _same_story(reader: Reader, size: int, root: bytes, last: LogCheckpoint | None) -> None:
    try:
        same = root_at(size, reader.node) == root and (
            last is None or (last.size <= size and root_at(last.size, reader.node).hex() == last.root)
        )
    except IndexError:
        same = False
    if not same:
        raise Conflict(
            N_("Nhật ký không còn khớp với lần ký trước, nên không ký."),
            remedy=N_("Chạy flask log verify để biết chỗ sai."),
        )


def _key_row() -> LogKey:
    """The row of the key that signs now. A new key takes over: the one before keeps its dates and stays known."""
    vkey = keys.verifier().vkey
    found = db.session.execute(select(LogKey).where(LogKey.vkey == vkey)).scalar_one_or_none()
    now = clock.now()
    if found is None or found.until_at is not None:
        db.session.execute(update(LogKey).where(LogKey.until_at.is_(None)).values(until_at=now))
        found = found or LogKey(vkey=vkey, from_at=now)
        found.until_at = None
        db.session.add(found)
        db.session.flush()
    return found


def add_cosignatures(raw: str) -> int:
    """Keep what known witnesses signed under a checkpoint of ours; how many are new. `raw` is the whole signed note.

    Raises Invalid for what is no checkpoint with a known witness's signature, NotFound for one we never signed.
    """
    try:
        note, signers = notes.verified(raw, keys.witnesses())
        said = notes.parse_checkpoint(note.text)
    except notes.BadNote as error:
        raise Invalid(N_("Chữ ký nhân chứng không dùng được: %(why)s"), why=str(error)) from error
    ours = db.session.execute(
        select(LogCheckpoint.id)
        .where(LogCheckpoint.size == said.size, LogCheckpoint.root == said.root.hex())
        .order_by(LogCheckpoint.id.desc()).limit(1)
    ).scalar_one_or_none()  # fmt: skip
    if ours is None or said.origin != keys.origin():
        raise NotFound(N_("Nhật ký này chưa từng ký điểm đó."))
    return sum(_keep(ours, note, who) for who in signers)


def _keep(checkpoint_id: int, note: notes.Note, who: notes.Verifier) -> int:
    line = next(one for one in note.signatures if (one.name, one.key_id) == (who.name, who.key_id))
    values = {
        "checkpoint_id": checkpoint_id, "vkey": who.vkey, "line": line.line,
        "signed_at": datetime.fromtimestamp(min(notes.timestamp_of(line), 2**33), UTC),
    }  # fmt: skip
    return int(run(_ADD_COSIGNATURE, values).rowcount)
