"""Appending a leaf, inside the transaction of the event it covers."""

import secrets

from sqlalchemy import Table, bindparam, insert, select, update

from core import clock
from core.db import run
from traceability.log.models import TREE, LogHead, LogLeaf
from traceability.log.rules import SALT_BYTES, Edge, appended, salted_leaf

_HEAD, _LEAF = LogHead.__table__, LogLeaf.__table__
assert isinstance(_HEAD, Table) and isinstance(_LEAF, Table)
_LOCK = select(_HEAD.c.leaf_count, _HEAD.c.edge).where(_HEAD.c.name == TREE).with_for_update()
_GROW = (
    update(_HEAD).where(_HEAD.c.name == TREE).values(leaf_count=bindparam("size"), edge=bindparam("grown"))
)
_ADD_HEAD, _ADD_LEAF = insert(_HEAD), insert(_LEAF).returning(_LEAF.c.id)


def append(document: bytes, *, subject: str) -> int:
    """Add the salted leaf of a document in its final form; the leaf's row id. The caller holds the transaction."""
    head = run(_LOCK).one_or_none()
    size = head.leaf_count if head else 0
    edge: Edge = tuple(bytes.fromhex(part) for part in head.edge.split()) if head else ()
    salt = secrets.token_bytes(SALT_BYTES)
    leaf = salted_leaf(salt, document)
    grown = " ".join(part.hex() for part in appended(edge, size, leaf))
    if head is None:
        run(_ADD_HEAD, {"name": TREE, "leaf_count": 1, "edge": grown})
    else:
        run(_GROW, {"size": size + 1, "grown": grown})
    row = {"seq": size, "salt": salt.hex(), "leaf_hash": leaf.hex(), "subject": subject, "at": clock.now()}
    return int(run(_ADD_LEAF, row).scalar_one())
