"""The tree as it stands, its nodes at any size from a few rows, and whether its rows still say so."""

from functools import partial

from sqlalchemy import Table, bindparam, func, select

from core.db import db, run
from traceability.log import keys
from traceability.log.models import (
    TREE,
    LogCheckpoint,
    LogCosignature,
    LogHead,
    LogKey,
    LogLeaf,
    LogTile,
)
from traceability.log.rules import (
    Edge,
    Node,
    appended,
    audit_path,
    edge_root,
    growth_path,
    head_of,
)
from traceability.log.tiles import HEIGHT, WIDTH, fold

_TILE, _LEAF = LogTile.__table__, LogLeaf.__table__
assert isinstance(_TILE, Table) and isinstance(_LEAF, Table)
_FULL = select(_TILE.c.hashes).where(_TILE.c.level == bindparam("level"), _TILE.c.n == bindparam("n"))
_HEADS = (
    select(_TILE.c.head)
    .where(_TILE.c.level == bindparam("level"), _TILE.c.n.between(bindparam("low"), bindparam("high")))
    .order_by(_TILE.c.n)
)
_LEAVES = (
    select(_LEAF.c.leaf_hash)
    .where(_LEAF.c.seq.between(bindparam("low"), bindparam("high")))
    .order_by(_LEAF.c.seq)
)
_ENTRIES = (
    select(_LEAF.c.commitment)
    .where(_LEAF.c.seq.between(bindparam("low"), bindparam("high")))
    .order_by(_LEAF.c.seq)
)


def tree_head() -> tuple[int, bytes]:
    """The number of leaves and the root hash, as the head row says."""
    head = db.session.execute(
        select(LogHead.leaf_count, LogHead.edge).where(LogHead.name == TREE)
    ).one_or_none()
    if head is None:
        return 0, edge_root(())
    return head.leaf_count, edge_root(tuple(bytes.fromhex(part) for part in head.edge.split()))


def entries(n: int, width: int) -> list[bytes] | None:
    """The public entries of a bundle; None where it is not that long, or where a leaf is older than entries."""
    rows = run(_ENTRIES, {"low": n * WIDTH, "high": n * WIDTH + width - 1}).scalars().all()
    return [bytes.fromhex(one) for one in rows] if len(rows) == width and all(rows) else None


class Reader:
    """Nodes of the tree, each tile read once. Make one for a request: it keeps what it read."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], list[bytes]] = {}

    def tile(self, level: int, n: int) -> list[bytes]:
        """The hashes of a tile that are there by now, up to 256: one row where it is full, else the rows below it."""
        if (level, n) not in self._kept:
            full = run(_FULL, {"level": level, "n": n}).scalar_one_or_none()
            self._kept[level, n] = self._young(level, n) if full is None else _cut(bytes(full))
        return self._kept[level, n]

    def _young(self, level: int, n: int) -> list[bytes]:
        low, high = n * WIDTH, n * WIDTH + WIDTH - 1
        if level == 0:
            found = run(_LEAVES, {"low": low, "high": high}).scalars()
            return [bytes.fromhex(one) for one in found]
        found = run(_HEADS, {"level": level - 1, "low": low, "high": high}).scalars()
        return [bytes.fromhex(one) for one in found]

    def node(self, height: int, index: int) -> bytes:
        """The head of leaves [index · 2^height, (index + 1) · 2^height). Raises IndexError where they are not there."""
        level, rest = divmod(height, HEIGHT)
        first = index << rest
        within = self.tile(level, first // WIDTH)[first % WIDTH : first % WIDTH + (1 << rest)]
        if len(within) == 1 << rest:
            return fold(within)
        if level == 0:
            raise IndexError(f"the tree has no node {index} at height {height}")
        below = partial(self.node, height - rest - 1)  # no tile yet for these: from the level below
        return fold([fold([below(2 * one), below(2 * one + 1)]) for one in range(first, first + (1 << rest))])


def root_at(size: int, node: Node | None = None) -> bytes:
    """The root that the tree had at a size. Raises IndexError where it is not that long."""
    return head_of(size, node or Reader().node)


def inclusion(index: int, size: int) -> list[bytes]:
    """The inclusion proof of a leaf in the tree of a size. Raises IndexError."""
    return audit_path(index, size, Reader().node)


def consistency(old_size: int, size: int) -> list[bytes]:
    """The proof that the tree of one size became that of another. Raises IndexError."""
    return growth_path(old_size, size, Reader().node)


def latest_checkpoint() -> LogCheckpoint | None:
    """The newest tree head that was signed."""
    wanted = select(LogCheckpoint).order_by(LogCheckpoint.size.desc(), LogCheckpoint.id.desc()).limit(1)
    return db.session.execute(wanted).scalar_one_or_none()


def countersigned_checkpoint() -> LogCheckpoint | None:
    """The newest tree head that as many witnesses signed as are needed; without a quorum, the newest of all.

    What is taken home stands under this one: a fresh head is ours alone until the witnesses came by.
    """
    needed = keys.quorum()
    if not needed:
        return latest_checkpoint()
    asked = [one.vkey for one in keys.witnesses()]
    signed = (
        select(func.count(LogCosignature.id))
        .where(LogCosignature.checkpoint_id == LogCheckpoint.id, LogCosignature.vkey.in_(asked))
        .scalar_subquery()
    )
    wanted = select(LogCheckpoint).where(signed >= needed)
    newest = wanted.order_by(LogCheckpoint.size.desc(), LogCheckpoint.id.desc()).limit(1)
    return db.session.execute(newest).scalar_one_or_none()


def cosignatures(checkpoint_id: int) -> list[LogCosignature]:
    """Who countersigned a checkpoint, first come first."""
    wanted = (
        select(LogCosignature)
        .where(LogCosignature.checkpoint_id == checkpoint_id)
        .order_by(LogCosignature.id)
    )
    return list(db.session.execute(wanted).scalars())


def published(checkpoint: LogCheckpoint) -> str:
    """The signed note with its countersignatures, as it is served."""
    return checkpoint.note + "".join(f"{one.line}\n" for one in cosignatures(checkpoint.id))


def known_keys() -> list[LogKey]:
    """Every key that the log signs or signed with, oldest first."""
    return list(db.session.execute(select(LogKey).order_by(LogKey.id)).scalars())


def first_broken_leaf() -> int | None:
    """Recompute the tree from its leaf hashes: the seq of the first that is missing or does not add up, else None."""
    edge: Edge = ()
    expected = 0
    rows = select(LogLeaf.seq, LogLeaf.leaf_hash).order_by(LogLeaf.seq)
    for row in db.session.execute(rows).yield_per(1000):
        if row.seq != expected:
            return expected
        edge = appended(edge, expected, bytes.fromhex(row.leaf_hash))
        expected += 1
    size, root = tree_head()
    return None if (size, root) == (expected, edge_root(edge)) else min(size, expected)


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
