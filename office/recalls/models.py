"""Recalls under way and closed, and every step of them."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref
from office.recalls.rules import CaseState, StepKind


class RecallCase(Base):
    """One recall of a cooperative: what it began from, why, and how it ended."""

    __tablename__ = "recall_case"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in CaseState)})", name="state_known"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("state = 'open' OR length(report) > 0", name="closed_with_report"),
        UniqueConstraint("cooperative_id", "key"),
        Index(None, "cooperative_id", "state"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(comment="the form's own key: a double tap is one recall")
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    subject: Mapped[str] = mapped_column(comment="what it began from: lot:12, slip:7, material:bột")
    name: Mapped[str] = mapped_column(comment="the same as people read it")
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default=CaseState.OPEN)
    opened_at: Mapped[Instant]
    opened_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    took_ms: Mapped[int] = mapped_column(default=0, comment="from the tap to everything stopped")
    refilled_count: Mapped[int] = mapped_column(default=0)
    told_count: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[str] = mapped_column(default="", comment="codes of orders, with commas")
    closed_at: Mapped[Instant | None]
    report: Mapped[str] = mapped_column(default="")


class RecallLot(Base):
    """A lot that a recall stopped."""

    __tablename__ = "recall_lot"
    case_id: Mapped[int] = ref("recall_case.id", index=False, primary_key=True)
    lot_id: Mapped[int] = ref("lot.id", primary_key=True)


@immutable
class RecallRehearsal(Base):
    """One rehearsal: what it reached and how long that took, for whoever asks when it was last tried."""

    __tablename__ = "recall_rehearsal"
    __table_args__ = (Index(None, "cooperative_id", "at"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    subject: Mapped[str] = mapped_column(comment="what it began from: lot:12, slip:7")
    name: Mapped[str] = mapped_column(comment="the same as people read it")
    lot_count: Mapped[int]
    order_count: Mapped[int]
    away_count: Mapped[int] = mapped_column(comment="packs with buyers that did not come back")
    took_ms: Mapped[int]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


@immutable
class RecallStep(Base):
    """One thing that somebody did about a recall. order_id: about which buyer."""

    __tablename__ = "recall_step"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(one.value) for one in StepKind)})", name="kind_known"),
        UniqueConstraint("case_id", "key"),
    )
    id: Mapped[Id]
    case_id: Mapped[int] = ref("recall_case.id", index=False)
    key: Mapped[str]
    kind: Mapped[str]
    order_id: Mapped[int | None] = ref("sale_order.id", index=False)
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
