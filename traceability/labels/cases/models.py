"""A case label that was asked for, and the worker's promise to make it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from core.work import Claimable


class CaseLabel(Claimable, Base):
    """Copies of one logistic unit's label. `file` is private and set only once every symbol was read."""

    __tablename__ = "case_label"
    __table_args__ = (
        sa.CheckConstraint("copies BETWEEN 1 AND 10", name="copies_1_to_10"),
        sa.CheckConstraint("state IN ('pending', 'ready', 'failed')", name="state_known"),
        sa.CheckConstraint("(state = 'ready') = (file IS NOT NULL)", name="ready_has_file"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="of the request: a double tap prints once")
    unit_id: Mapped[int] = ref("logistic_unit.id")
    copies: Mapped[int]
    layout: Mapped[str] = mapped_column(comment="name of a traceability.labels.cases.rules.CaseLayout")
    state: Mapped[str] = mapped_column(default="pending")
    file: Mapped[str | None] = mapped_column(comment="private file name of the PDF")
    problem: Mapped[str | None] = mapped_column(comment="message id of what went wrong")
    reprint_reason: Mapped[str] = mapped_column(
        default="", comment="why it was printed again; empty the first time"
    )
    made_by_id: Mapped[int | None] = ref("person_account.id", index=False)
    created_at: Mapped[Instant]
