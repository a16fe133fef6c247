"""Disputes: the link between a family, a cooperative and their recorded conversation."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Id, Instant, ref
from revenue.disputes.rules import About, Outcome, State


def _listed(words: type[About] | type[State] | type[Outcome]) -> str:
    return ", ".join(repr(str(one)) for one in words)


class Dispute(Base):
    """One thing that a family says is wrong. Never deleted: it ends with an outcome."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint(f"about IN ({_listed(About)})", name="about_known"),
        CheckConstraint(f"state IN ({_listed(State)})", name="state_known"),
        CheckConstraint(f"outcome IS NULL OR outcome IN ({_listed(Outcome)})", name="outcome_known"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        Index(None, "organisation_id", "state"),
    )
    id: Mapped[Id]
    conversation_id: Mapped[int] = ref("conversation.id", unique=True, index=False)
    producer_id: Mapped[int] = ref("producer.id")
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    about: Mapped[str]
    about_id: Mapped[int | None] = mapped_column(
        BigId, comment="id of the slip or payout it is about, if one"
    )
    state: Mapped[str]
    outcome: Mapped[str | None]
    opened_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    opened_at: Mapped[Instant]
    moved_at: Mapped[Instant] = mapped_column(comment="of the last word")
    closed_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
