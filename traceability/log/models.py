"""Leaves in their order, the head that is locked while one is appended, tiles, checkpoints, keys and seals."""

from sqlalchemy import CheckConstraint, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref

TREE = "events"  # the one tree


@immutable
class LogLeaf(Base):
    """One leaf: `commitment` = SHA-256(salt ‖ canonical JSON), `leaf_hash` = SHA-256(0x00 ‖ commitment)."""

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
    commitment: Mapped[str | None] = mapped_column(
        String(64), comment="the public entry, hex; none in leaves made before entries were published"
    )
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


@immutable
class LogTile(Base):
    """256 hashes of one level that will never change, so that a proof reads a few rows and walks no leaves."""

    __tablename__ = "log_tile"
    __table_args__ = (CheckConstraint("level >= 0 AND n >= 0", name="place_not_negative"),)
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    n: Mapped[Big] = mapped_column(primary_key=True, autoincrement=False)
    head: Mapped[str] = mapped_column(String(64), comment="head over the tile: one hash of the next level")
    hashes: Mapped[bytes] = mapped_column(LargeBinary, comment="8192 bytes")


class LogKey(Base):
    """A key that the log signs or signed with. Only its public part is here."""

    __tablename__ = "log_key"
    id: Mapped[Id]
    vkey: Mapped[str] = mapped_column(unique=True, comment="C2SP verifier key: name+id+key")
    from_at: Mapped[Instant]
    until_at: Mapped[Instant | None] = mapped_column(comment="when another key took over")


@immutable
class LogCheckpoint(Base):
    """A tree head that was signed: never taken back, so that nobody can be shown two."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (UniqueConstraint("size", "key_id"),)
    id: Mapped[Id]
    size: Mapped[Big]
    root: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[int] = ref("log_key.id", index=False)
    note: Mapped[str] = mapped_column(comment="C2SP signed note with our signature")
    at: Mapped[Instant]


@immutable
class LogCosignature(Base):
    """What a witness signed: that this checkpoint agrees with all it ever saw of this log."""

    __tablename__ = "log_cosignature"
    __table_args__ = (UniqueConstraint("checkpoint_id", "vkey"),)
    id: Mapped[Id]
    checkpoint_id: Mapped[int] = ref("log_checkpoint.id", index=False)
    vkey: Mapped[str]
    line: Mapped[str] = mapped_column(comment="the signature line, without its newline")
    signed_at: Mapped[Instant]


@immutable
class LogSeal(Base):
    """Rows of a table that one leaf covers: its document is their canonical JSON, made anew from the rows to verify.

    Nothing of the rows is copied here, so that erasing them elsewhere erases them.
    """

    __tablename__ = "log_seal"
    __table_args__ = (
        UniqueConstraint("noun", "first_id", "revision"),
        CheckConstraint("first_id <= last_id", name="from_first_to_last"),
    )
    id: Mapped[Id]
    noun: Mapped[str] = mapped_column(comment="name of the table")
    first_id: Mapped[Big]
    last_id: Mapped[Big]
    revision: Mapped[Big] = mapped_column(default=1)
    columns: Mapped[str] = mapped_column(comment="names of the columns that are covered, by spaces")
    leaf_id: Mapped[int] = ref("log_leaf.id", unique=True, index=False)
