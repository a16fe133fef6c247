"""Requests of authorities to take a listing down, and notices before a cooperative's shop is suspended."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.moderation.rules import NoticeState, State
from core.db import Base, Id, Instant, ref


def _one_of(column: str, values: type[State] | type[NoticeState]) -> CheckConstraint:
    return CheckConstraint(
        f"{column} IN ({', '.join(repr(one.value) for one in values)})", name=f"{column}_known"
    )


class Takedown(Base):
    """An authority asked for one listing to be taken down. The clock runs from the instant its document arrived."""

    __tablename__ = "takedown"
    __table_args__ = (
        _one_of("state", State),
        CheckConstraint("(state = 'asked') = (down_at IS NULL)", name="down_has_instant"),
        CheckConstraint("due_at > received_at", name="due_after_receipt"),
        CheckConstraint("state <> 'appealed' OR appealed_at IS NOT NULL", name="appeal_has_instant"),
        UniqueConstraint("product_id", "document_number"),
        Index(None, "state", "due_at"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="the form's own key: a double tap is one request")
    product_id: Mapped[int] = ref("product.id")
    authority: Mapped[str] = mapped_column(comment="who asked")
    document_number: Mapped[str]
    document_on: Mapped[date]
    reason: Mapped[str] = mapped_column(comment="the cooperative reads exactly this")
    received_at: Mapped[Instant]
    due_at: Mapped[Instant] = mapped_column(comment="24 hours after receipt (a setting)")
    state: Mapped[str] = mapped_column(default=State.ASKED)
    recorded_at: Mapped[Instant]
    recorded_by_id: Mapped[int | None] = ref("person_account.id", index=False)
    down_at: Mapped[Instant | None]
    automatic: Mapped[bool] = mapped_column(
        default=False, comment="taken down by the worker, since nobody had acted"
    )
    appeal: Mapped[str] = mapped_column(default="")
    appealed_at: Mapped[Instant | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[Instant | None]


class SuspensionNotice(Base):
    """A cooperative is told that its shop will close, why, and from when; the worker closes it then."""

    __tablename__ = "suspension_notice"
    __table_args__ = (
        _one_of("state", NoticeState),
        CheckConstraint("effective_at >= given_at", name="effective_after_notice"),
        CheckConstraint("(state = 'given') = (settled_at IS NULL)", name="settled_has_instant"),
        Index("uq_suspension_notice_open", "cooperative_id", unique=True, sqlite_where=text("state = 'given'"),
              postgresql_where=text("state = 'given'")),
    )  # fmt: skip
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    cooperative_id: Mapped[int] = ref("cooperative.id")
    reason: Mapped[str]
    document_number: Mapped[str] = mapped_column(
        default="", comment="of an authority that asks for it at once"
    )
    given_at: Mapped[Instant]
    given_by_id: Mapped[int | None] = ref("person_account.id", index=False)
    effective_at: Mapped[Instant] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default=NoticeState.GIVEN)
    settled_at: Mapped[Instant | None]
