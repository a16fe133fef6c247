"""What a household asks about its own record: to correct, to stop, to erase; and what it was answered."""

from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from registry.record.rules import Ask, AskState, Part

_ASKS = ", ".join(f"'{one}'" for one in Ask)
_STATES = ", ".join(f"'{one}'" for one in AskState)
_PARTS = ", ".join(f"'{one}'" for one in Part)


class RecordRequest(Base):
    """One request about a record. The words of both sides are encrypted: they may repeat what the record says."""

    __tablename__ = "record_request"
    __table_args__ = (
        CheckConstraint(f"ask IN ({_ASKS})", name="ask_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(f"part IN ('', {_PARTS})", name="part_known"),
        CheckConstraint(
            "(state = 'open') = (answered_at IS NULL) AND (state = 'open') = (answer IS NULL)",
            name="answered_with_words",
        ),
        Index("ix_record_request_commune_state", "commune_id", "state", "due_on"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names the request in addresses")
    household_id: Mapped[int] = ref("household.id")
    commune_id: Mapped[int] = ref("unit.id", index=False, comment="of that day; its officers answer")
    ask: Mapped[str]
    part: Mapped[str] = mapped_column(default="", comment="which part of the record; '' for all of it")
    words: Mapped[bytes] = mapped_column(comment="encrypted: what the household says")
    state: Mapped[str]
    asked_at: Mapped[Instant]
    asked_by_user_id: Mapped[int] = ref("person_account.id")
    due_on: Mapped[date]
    erased_count: Mapped[int] = mapped_column(
        default=0, comment="pieces erased at once when erasure was asked"
    )
    answered_at: Mapped[Instant | None]
    answered_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True)
    answer: Mapped[bytes | None] = mapped_column(comment="encrypted: what the officer did, or why not")
