"""The tree as it stands, and whether its rows still say so."""

from sqlalchemy import select

from core.db import db
from traceability.log.models import TREE, LogHead, LogLeaf
from traceability.log.rules import Edge, appended, edge_root


def tree_head() -> tuple[int, bytes]:
    """The number of leaves and the root hash."""
    head = db.session.execute(
        select(LogHead.leaf_count, LogHead.edge).where(LogHead.name == TREE)
    ).one_or_none()
    if head is None:
        return 0, edge_root(())
    return head.leaf_count, edge_root(tuple(bytes.fromhex(part) for part in head.edge.split()))


def first_broken_leaf() -> int | None:
    """Recompute the tree from its rows: the seq of the first leaf that is missing or does not add up, else None."""
    edge: Edge = ()
    expected = 0
    for row in db.session.execute(select(LogLeaf.seq, LogLeaf.leaf_hash).order_by(LogLeaf.seq)).yield_per(
        1000
    ):
        if row.seq != expected:
            return expected
        edge = appended(edge, expected, bytes.fromhex(row.leaf_hash))
        expected += 1
    size, root = tree_head()
    return None if (size, root) == (expected, edge_root(edge)) else min(size, expected)
