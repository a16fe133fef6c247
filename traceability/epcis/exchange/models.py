"""What may be asked for: one entry an event, ours or captured; keys of organisations, capture jobs, named queries."""

from sqlalchemy import JSON, CheckConstraint, Float, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref


class EpcisKey(Base):
    """A key by which a machine writes for a cooperative. Only its SHA-256 is kept; it is shown once."""

    __tablename__ = "epcis_key"
    __table_args__ = (CheckConstraint("length(key_hash) = 64", name="hash_is_64_hex_digits"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    name: Mapped[str] = mapped_column(comment="who holds it: the supermarket's system, the state's gateway")
    key_hash: Mapped[str] = mapped_column(
        String(64), unique=True, comment="of 32 random bytes: no slow hash needed"
    )
    hint: Mapped[str] = mapped_column(comment="its first characters, to know it by")
    form_key: Mapped[str] = mapped_column(unique=True, comment="a second tap makes no second key")
    created_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    revoked_at: Mapped[Instant | None]


@immutable
class EpcisCapture(Base):
    """One capture job as it ended: what arrived, and each thing wrong with it."""

    __tablename__ = "epcis_capture"
    __table_args__ = (
        CheckConstraint("error_behaviour IN ('rollback', 'proceed')", name="behaviour_known"),
        Index(None, "cooperative_id", "created_at"),
    )
    id: Mapped[Id]
    capture_id: Mapped[str] = mapped_column(unique=True)
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    key_id: Mapped[int | None] = ref("epcis_key.id", index=False)
    error_behaviour: Mapped[str]
    success: Mapped[bool]
    errors: Mapped[list[object]] = mapped_column(JSON, comment="problem details (RFC 7807)")
    created_at: Mapped[Instant]
    finished_at: Mapped[Instant]


@immutable
class EpcisEntry(Base):
    """An event that can be asked for. Ours are read by anybody; a captured one by those who captured it.

    Captured events never move stock: nothing in the goods' tables points here.
    """

    __tablename__ = "epcis_entry"
    __table_args__ = (
        CheckConstraint("(own_id IS NULL) = (document IS NOT NULL)", name="own_or_captured"),
        CheckConstraint("(own_id IS NULL) = (capture_id IS NOT NULL)", name="captured_by_a_job"),
        UniqueConstraint("cooperative_id", "event_id", "errored"),
        Index(None, "event_time", "place"),
        Index(None, "record_time", "place"),
        Index(None, "event_id"),
    )
    id: Mapped[Id]
    event_id: Mapped[str]
    place: Mapped[str] = mapped_column(
        comment="orders events of one moment: the eventID, and which copy it is"
    )
    errored: Mapped[bool] = mapped_column(default=False, comment="the copy that says it was an error")
    own_id: Mapped[int | None] = ref("epcis_event.id", unique=True, index=False)
    capture_id: Mapped[int | None] = ref("epcis_capture.id")
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    document: Mapped[dict[str, object] | None] = mapped_column(
        JSON(none_as_null=True), comment="as it came, with the context of its document"
    )
    hash: Mapped[str] = mapped_column(
        index=True, comment="CBV 2.0; of an event of ours with closed fields never shown"
    )
    type: Mapped[str]
    event_time: Mapped[Instant] = mapped_column(comment="as the document says it: of one family, its month")
    record_time: Mapped[Instant] = mapped_column(comment="of ours the same, so that no day can be guessed")


@immutable
class EpcisTerm(Base):
    """What an event may be found by: field and value, each in one spelling."""

    __tablename__ = "epcis_term"
    __table_args__ = (Index(None, "value", "field"), Index(None, "field", "value"))
    id: Mapped[Id]
    entry_id: Mapped[int] = ref("epcis_entry.id")
    field: Mapped[str] = mapped_column(comment="epc, inputEPCClass, bizStep, readPoint …")
    value: Mapped[str]
    amount: Mapped[float | None] = mapped_column(Float, comment="of a class, as the event says it; no money")


class EpcisQuery(Base):
    """A query kept under a name."""

    __tablename__ = "epcis_query"
    __table_args__ = (UniqueConstraint("cooperative_id", "name"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    name: Mapped[str]
    definition: Mapped[dict[str, object]] = mapped_column(JSON)
    created_at: Mapped[Instant]
