"""Needs and what happened to each. What a household or an officer wrote is encrypted: it may speak of illness."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Instant, ref
from registry.needs.kinds import NeedKind, Urgency
from registry.needs.rules import OPEN_STATES, NeedEvent, NeedState, Outcome


def _among(values: object) -> str:
    return ", ".join(f"'{one}'" for one in values)  # type: ignore[attr-defined]


class Need(Base):
    """One thing a household asks its commune for; at most one of a kind is open at a time."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_among(NeedKind)})", name="kind_known"),
        CheckConstraint(f"urgency IN ({_among(Urgency)})", name="urgency_known"),
        CheckConstraint(f"state IN ({_among(NeedState)})", name="state_known"),
        CheckConstraint(f"outcome IS NULL OR outcome IN ({_among(Outcome)})", name="outcome_known"),
        CheckConstraint("confirmed_how IN ('', 'self', 'code', 'present')", name="confirmed_how_known"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_with_an_outcome"),
        CheckConstraint("state <> 'taken' OR owner_user_id IS NOT NULL", name="taken_by_somebody"),
        Index(
            "uq_need_open",
            "household_id",
            "kind",
            unique=True,
            sqlite_where=text(f"state IN ({_among(OPEN_STATES)})"),
            postgresql_where=text(f"state IN ({_among(OPEN_STATES)})"),
        ),
        Index("ix_need_commune_state", "commune_id", "state", "due_on"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names the need in addresses")
    household_id: Mapped[int] = ref("household.id")
    commune_id: Mapped[int] = ref("unit.id", index=False, comment="of that day; its officers may read it")
    village: Mapped[str]
    kind: Mapped[str]
    urgency: Mapped[str]
    state: Mapped[str]
    note: Mapped[bytes | None] = mapped_column(comment="encrypted: what the household added in its own words")
    copayment_vnd: Mapped[int | None] = mapped_column(
        comment="what it can pay itself each month; telecom only"
    )
    said_at: Mapped[Instant]
    said_by_user_id: Mapped[int] = ref("person_account.id")
    helped_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True)
    confirmed_how: Mapped[str] = mapped_column(
        default="", comment="self, code (to the household's phone), present"
    )
    confirmed_at: Mapped[Instant | None]
    due_on: Mapped[date | None] = mapped_column(comment="by working days since it was confirmed or reopened")
    owner_user_id: Mapped[int | None] = ref("person_account.id", nullable=True)
    outcome: Mapped[str | None]
    scheme_id: Mapped[str | None] = mapped_column(comment="the scheme that answered it; id of its file")
    steps: Mapped[list["NeedStep"]] = relationship(order_by="NeedStep.id", viewonly=True)


class NeedStep(Base):
    """One thing that happened to a need: who, when, and what the officer answered. Only `answer` is ever erased."""

    __tablename__ = "need_step"
    __table_args__ = (
        CheckConstraint(f"event IN ('say', {_among(NeedEvent)})", name="event_known"),
        CheckConstraint(f"outcome IS NULL OR outcome IN ({_among(Outcome)})", name="outcome_known"),
    )
    id: Mapped[Id]
    need_id: Mapped[int] = ref("need.id")
    event: Mapped[str]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True)
    outcome: Mapped[str | None]
    scheme_id: Mapped[str | None]
    answer: Mapped[bytes | None] = mapped_column(comment="encrypted: the officer's words to the household")
    due_on: Mapped[date | None]
