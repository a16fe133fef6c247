"""Appending a leaf, inside the transaction of the event it covers."""

import secrets

from sqlalchemy import insert, select, update

from core import clock
from core.db import db
from traceability.log.models import TREE, LogHead, LogLeaf
from traceability.log.rules import SALT_BYTES, Edge, appended, salted_leaf


def append(document: bytes, *, subject: str) -> int:
    """Add the salted leaf of a document in its final form; the leaf's row id. The caller holds the transaction."""
    head = db.session.execute(
        select(LogHead.leaf_count, LogHead.edge).where(LogHead.name == TREE).with_for_update()
    ).one_or_none()
    size = head.leaf_count if head else 0
    edge: Edge = tuple(bytes.fromhex(part) for part in head.edge.split()) if head else ()
    salt = secrets.token_bytes(SALT_BYTES)
    leaf = salted_leaf(salt, document)
    grown = " ".join(part.hex() for part in appended(edge, size, leaf))
    if head is None:
        db.session.execute(insert(LogHead).values(name=TREE, leaf_count=1, edge=grown))
    else:
        db.session.execute(
            update(LogHead).where(LogHead.name == TREE).values(leaf_count=size + 1, edge=grown)
        )
    row = {"seq": size, "salt": salt.hex(), "leaf_hash": leaf.hex(), "subject": subject, "at": clock.now()}
    return int(db.session.execute(insert(LogLeaf).values(**row).returning(LogLeaf.id)).scalar_one())
