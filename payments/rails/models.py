"""A collector's merchant account on one rail: its keys, and whether it lives. Health is rows: every process sees it."""

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from payments.rails.rules import RAILS


class RailAccount(Base):
    """How a collector is paid over one rail."""

    __tablename__ = "rail_account"
    __table_args__ = (
        UniqueConstraint("organisation_id", "rail"),
        CheckConstraint(f"rail IN ({', '.join(repr(one) for one in RAILS)})", name="rail_known"),
        CheckConstraint("failures_count >= 0", name="failures_not_negative"),
    )
    id: Mapped[Id]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    rail: Mapped[str]
    merchant: Mapped[str] = mapped_column(default="{}", comment="JSON of what is not secret")
    secrets: Mapped[bytes | None] = mapped_column(LargeBinary, comment="encrypted JSON; never shown again")
    enabled: Mapped[bool] = mapped_column(default=False, comment="offered to buyers while it is up")
    failures_count: Mapped[int] = mapped_column(default=0, comment="in a row; an answer sets it to 0")
    failed_why: Mapped[str] = mapped_column(default="", comment="class of the last failure, no personal data")
    failed_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    probe_due_at: Mapped[Instant | None] = mapped_column(comment="when a rail that is down is tried again")
    book_read_to: Mapped[Instant | None] = mapped_column(comment="until when its own book was compared")
    changed_at: Mapped[Instant]
    changed_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
