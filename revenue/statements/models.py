"""Statements that were given out on paper, by their random numbers."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref
from revenue.statements.rules import PaperState


class Paper(Base):
    """A statement as it was given out: its sums at that entry of the book, its file, and whether it still counts."""

    __tablename__ = "statement_paper"
    __table_args__ = (
        UniqueConstraint("producer_id", "key"),
        CheckConstraint(f"state IN ({', '.join(repr(str(one)) for one in PaperState)})", name="state_known"),
        CheckConstraint("(state = 'replaced') = (replaced_by_id IS NOT NULL)", name="replaced_names_other"),
    )
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True, comment="16 random digits: all that its QR code says")
    key: Mapped[str] = mapped_column(comment="the form's own key: a double tap is one paper")
    producer_id: Mapped[int] = ref("producer.id", index=False)
    organisation_id: Mapped[int] = ref("organisation.id")
    issued_at: Mapped[Instant]
    issued_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    upto_seq: Mapped[Big] = mapped_column(comment="the newest entry of the book that it counts")
    upto_hash: Mapped[str]
    delivered_g: Mapped[Big]
    earned_vnd: Mapped[Big]
    withheld_vnd: Mapped[Big]
    advanced_vnd: Mapped[Big]
    open_advance_vnd: Mapped[Big]
    debt_vnd: Mapped[Big]
    paid_vnd: Mapped[Big]
    owed_vnd: Mapped[Big]
    file: Mapped[str] = mapped_column(comment="private file, PDF")
    state: Mapped[str]
    replaced_by_id: Mapped[int | None] = ref("statement_paper.id", index=False)
    reason: Mapped[str] = mapped_column(default="", comment="why it is void or replaced")
    moved_at: Mapped[Instant | None]
