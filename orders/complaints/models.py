"""Complaints and their steps."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from orders.complaints.rules import Kind, State


def _one_of(column: str, values: type[Kind] | type[State]) -> CheckConstraint:
    return CheckConstraint(
        f"{column} IN ({', '.join(repr(one.value) for one in values)})", name=f"{column}_known"
    )


class Complaint(Base):
    """What somebody complains of. Who they are is erased after the time that records must be kept."""

    __tablename__ = "complaint"
    __table_args__ = (
        _one_of("kind", Kind),
        _one_of("state", State),
        CheckConstraint("state NOT IN ('with_cooperative', 'answered') OR cooperative_id IS NOT NULL",
                        name="cooperative_known"),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled_has_instant"),
        Index(None, "state", "due_at"),
    )  # fmt: skip
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="the form's own key: a double tap is one complaint")
    token: Mapped[str] = mapped_column(unique=True, comment="unguessable; the link by which it is followed")
    kind: Mapped[str]
    order_id: Mapped[int | None] = ref("sale_order.id")
    cooperative_id: Mapped[int | None] = ref("cooperative.id")
    about: Mapped[str] = mapped_column(default="", comment="the address of the page or the thing it is about")
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="", comment="E.164; empty once erased")
    language: Mapped[str] = mapped_column(default="vi")
    text: Mapped[str]
    wish: Mapped[str] = mapped_column(default="")
    photo: Mapped[str | None] = mapped_column(comment="private file, re-encoded, without metadata")
    state: Mapped[str]
    received_at: Mapped[Instant]
    acknowledged_at: Mapped[Instant | None]
    since_at: Mapped[Instant] = mapped_column(comment="of the present state")
    due_at: Mapped[Instant | None] = mapped_column(
        comment="by when the next step is due; the worker acts then"
    )
    settled_at: Mapped[Instant | None]
    erased_at: Mapped[Instant | None] = mapped_column(comment="when name, phone, texts and photo were erased")


class ComplaintStep(Base):
    """One step, with what was written. Rows are added, and only their text is erased with the complaint's."""

    __tablename__ = "complaint_step"
    __table_args__ = (UniqueConstraint("complaint_id", "seq"),)
    id: Mapped[Id]
    complaint_id: Mapped[int] = ref("complaint.id", index=False)
    seq: Mapped[int]
    event: Mapped[str]
    to_state: Mapped[str]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    role: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
