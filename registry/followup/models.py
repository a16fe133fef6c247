"""Plans with households, their steps, and visits between rounds. What people wrote is encrypted."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, erasable, ref
from registry.followup.rules import Finding, StepState, Who


def _among(column: str, values: object) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"  # type: ignore[attr-defined]


class CarePlan(Base):
    """What a household wants to reach, written with it; at most one is open at a time."""

    __tablename__ = "care_plan"
    __table_args__ = (
        CheckConstraint("agreed_how IN ('', 'self', 'present')", name="agreed_how_known"),
        CheckConstraint("(agreed_how = '') = (agreed_at IS NULL)", name="agreed_when_said"),
        Index("uq_care_plan_open", "household_id", unique=True,
              sqlite_where=text("ended_on IS NULL"), postgresql_where=text("ended_on IS NULL")),
    )  # fmt: skip
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; binds the sealed words to their row")
    household_id: Mapped[int] = ref("household.id", index=False)
    commune_id: Mapped[int] = ref("unit.id", comment="of that day")
    goal: Mapped[bytes] = mapped_column(comment="encrypted")
    made_at: Mapped[Instant]
    made_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    agreed_how: Mapped[str] = mapped_column(
        default="", comment="self: in its own session; present: by word of mouth"
    )
    agreed_at: Mapped[Instant | None]
    ended_on: Mapped[date | None]


class CareStep(Base):
    """One step of a plan: what, who, by when; for a need that the household said, where it is for one."""

    __tablename__ = "care_step"
    __table_args__ = (
        CheckConstraint(_among("state", StepState), name="state_known"),
        CheckConstraint(_among("who", Who), name="who_known"),
        CheckConstraint("(state = 'open') = (ended_on IS NULL)", name="ended_unless_open"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    plan_id: Mapped[int] = ref("care_plan.id")
    what: Mapped[bytes] = mapped_column(comment="encrypted")
    who: Mapped[str]
    due_on: Mapped[date]
    need_id: Mapped[int | None] = ref("need.id", nullable=True, index=False)
    state: Mapped[str]
    ended_on: Mapped[date | None]


@erasable("note")
class CareVisit(Base):
    """A visit between rounds: what was seen, and whether life became easier or harder."""

    __tablename__ = "care_visit"
    __table_args__ = (CheckConstraint(_among("found", Finding), name="found_known"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random, from the form: sent twice is one")
    household_id: Mapped[int] = ref("household.id")
    visited_on: Mapped[date]
    found: Mapped[str]
    note: Mapped[bytes] = mapped_column(comment="encrypted")
    case_id: Mapped[int | None] = ref(
        "review_case.id", nullable=True, index=False, comment="the review that the visit asked for"
    )
    at: Mapped[Instant]
    user_id: Mapped[int] = ref("person_account.id", index=False)
