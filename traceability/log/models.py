"""Leaves in their order, and the head that is locked while one is appended."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable

TREE = "events"  # the one tree


@immutable
class LogLeaf(Base):
    """One leaf. `leaf_hash` = SHA-256(0x00 ‖ salt ‖ canonical JSON of the event); the event's row names its leaf."""

    __tablename__ = "log_leaf"
    __table_args__ = (
        CheckConstraint("seq >= 0", name="seq_not_negative"),
        CheckConstraint("length(salt) = 64 AND length(leaf_hash) = 64", name="hashes_are_64_hex_digits"),
    )
    id: Mapped[Id]
    seq: Mapped[Big] = mapped_column(
        unique=True, comment="index of the leaf in the tree, from 0 without gaps"
    )
    salt: Mapped[str] = mapped_column(String(64), comment="32 random bytes in hex")
    leaf_hash: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(comment="what the leaf covers: the event's urn:uuid")
    at: Mapped[Instant]


class LogHead(Base):
    """The one row of the tree's present size and right edge; locked while appending, so that leaves have an order."""

    __tablename__ = "log_head"
    name: Mapped[str] = mapped_column(primary_key=True)
    leaf_count: Mapped[Big] = mapped_column(comment="number of leaves")
    edge: Mapped[str] = mapped_column(
        comment="hex hashes of the perfect subtrees, largest first, joined by spaces"
    )
