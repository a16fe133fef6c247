"""The table of hours worked on a batch."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.db import Base, Id, Instant, ref


class WorkHours(Base):
    """How long one producer worked on a batch. Written while the batch is open: afterwards sales are shared by it."""

    __tablename__ = "work_hours"
    __table_args__ = (
        UniqueConstraint("batch_id", "producer_id"),
        CheckConstraint("minutes BETWEEN 1 AND 60000", name="minutes_in_range"),
    )
    id: Mapped[Id]
    batch_id: Mapped[int] = ref("batch.id", index=False)
    producer_id: Mapped[int] = ref("producer.id")
    household_id: Mapped[int | None] = ref(
        "household.id", index=False, comment="in which she lived on that day"
    )
    minutes: Mapped[int]
    written_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
