"""Table: what leaked or may have, by when it must be told, and what was done."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref


class Breach(Base):
    """One breach of personal data. Its words are sealed: they may say whose data it was."""

    __tablename__ = "breach"
    __table_args__ = (
        CheckConstraint("affected_count >= 0", name="affected_not_negative"),
        CheckConstraint("(notified_at IS NULL) = (notified_whom = '')", name="notified_names_whom"),
        CheckConstraint("notified_at IS NULL OR notified_at >= noticed_at", name="notified_after_noticed"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="the form's: sent twice is one")
    noticed_at: Mapped[Instant] = mapped_column(comment="the clock runs from here")
    what: Mapped[bytes] = mapped_column(comment="encrypted: what happened, which data")
    affected_count: Mapped[int] = mapped_column(comment="people, as far as known; 0: not known yet")
    measures: Mapped[bytes | None] = mapped_column(comment="encrypted: what was done")
    notified_at: Mapped[Instant | None]
    notified_whom: Mapped[str] = mapped_column(default="", comment="authority; people affected")
    recorded_at: Mapped[Instant]
    recorded_by_user_id: Mapped[int] = ref("person_account.id", index=False)
