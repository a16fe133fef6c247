"""Which standards were used, and what was imported for them and by whom approved."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref


class Kind(StrEnum):
    """What was imported: the points of a standard, or a whole standard."""

    POINTS = "points"
    STANDARD = "standard"


class ImportState(StrEnum):
    """Where an import stands: it counts once a second person approved it."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@immutable
class StandardUse(Base):
    """A standard that made a result: from then on its file may not change."""

    __tablename__ = "standard_use"
    id: Mapped[Id]
    standard_id: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(
        comment="SHA-256 of its file as canonical JSON, without approved points"
    )
    first_used_at: Mapped[Instant]


class StandardImport(Base):
    """Points or a standard sent in by one person; used once another one approved it. The content never changes."""

    __tablename__ = "standard_import"
    __table_args__ = (
        CheckConstraint("kind IN ('points', 'standard')", name="kind_known"),
        CheckConstraint("state IN ('proposed', 'approved', 'refused')", name="state_known"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint(
            "state <> 'approved' OR (decided_by_user_id IS NOT NULL AND decided_by_user_id <> proposed_by_user_id)",
            name="approved_by_a_second_person",
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names the import in addresses")
    kind: Mapped[str]
    standard_id: Mapped[str] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(comment="which text of law it was copied from, in the sender's words")
    content: Mapped[str] = mapped_column(
        Text, comment="canonical JSON: {limit, table}, or the standard's file"
    )
    hash: Mapped[str] = mapped_column(comment="SHA-256 of the content")
    state: Mapped[str]
    proposed_at: Mapped[Instant]
    proposed_by_user_id: Mapped[int] = ref("person_account.id")
    decided_at: Mapped[Instant | None]
    decided_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True)
