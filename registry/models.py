"""Declarations, what each standard said of them, and consents to the commune."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, Instant, ref
from registry.confirming.models import HouseholdPin, WitnessedMark
from registry.fairness.models import DrawSeed, KinDeclared, OfficerQuestion, QuestionAnswer, Recheck
from registry.figures.models import CountedHome, PlaceCount
from registry.followup.models import CarePlan, CareStep, CareVisit
from registry.needs.models import Need, NeedStep
from registry.papers.models import ScannedPaper
from registry.phones.models import PhoneEntry
from registry.procedure.models import ReviewCase
from registry.published.models import FigureRelease, FigureRow
from registry.record.models import RecordRequest
from registry.rules import HouseholdClass, State
from registry.safety.models import Breach
from registry.sales.models import SalesYear
from registry.standards.models import StandardImport, StandardUse
from registry.traits.models import CaseTraits

__all__ = [
    "Breach",
    "CarePlan",
    "CareStep",
    "CareVisit",
    "CaseTraits",
    "CommuneConsent",
    "CountedHome",
    "DrawSeed",
    "FigureRelease",
    "FigureRow",
    "HouseholdPin",
    "KinDeclared",
    "Need",
    "NeedStep",
    "OfficerQuestion",
    "PhoneEntry",
    "PlaceCount",
    "QuestionAnswer",
    "Recheck",
    "RecordRequest",
    "Review",
    "ReviewCase",
    "ReviewDeprivation",
    "ReviewResult",
    "SalesYear",
    "ScannedPaper",
    "StandardImport",
    "StandardUse",
    "WitnessedMark",
]
_STATES = ", ".join(f"'{state}'" for state in State)
_CLASSES = ", ".join(f"'{outcome}'" for outcome in HouseholdClass)


class Review(Base):
    """One household's declaration. The answers are one encrypted document; what was found stands in results."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "confirmed_how IN ('', 'self', 'code', 'present', 'pin', 'mark')", name="confirmed_how_known"
        ),
        Index(
            "uq_review_open",
            "household_id",
            unique=True,
            sqlite_where=text("state IN ('draft', 'to_confirm')"),
            postgresql_where=text("state IN ('draft', 'to_confirm')"),
        ),
        Index(
            "ix_review_uncounted",
            "id",
            sqlite_where=text("state = 'submitted' AND NOT counted"),
            postgresql_where=text("state = 'submitted' AND NOT counted"),
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names the review in addresses")
    household_id: Mapped[int] = ref("household.id")
    commune_id: Mapped[int] = ref("unit.id", comment="of that day; officers of this commune may read it")
    village: Mapped[str]
    region: Mapped[str] = mapped_column(comment="column of the income table, of that day")
    urban: Mapped[bool]
    urban_source: Mapped[str]
    state: Mapped[str]
    answers: Mapped[bytes | None] = mapped_column(comment="encrypted JSON: question → answer")
    answers_hash: Mapped[str] = mapped_column(default="", comment="keyed hash: proves what was scored")
    started_at: Mapped[Instant]
    started_by_user_id: Mapped[int] = ref("person_account.id")
    helped_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True)
    confirmed_how: Mapped[str] = mapped_column(
        default="",
        comment="self, code (to the household's phone), pin, mark (with a witness); present: before marks",
    )
    confirmed_at: Mapped[Instant | None]
    submitted_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    counted: Mapped[bool] = mapped_column(
        default=False, comment="its household stands in the round's figures"
    )
    results: Mapped[list["ReviewResult"]] = relationship(back_populates="review", order_by="ReviewResult.id")


class ReviewResult(Base):
    """What one standard says of a review's answers, scored once and re-scorable from the answers."""

    __tablename__ = "review_result"
    __table_args__ = (
        UniqueConstraint("review_id", "standard_id", "standard_hash"),
        CheckConstraint(f"outcome IN ({_CLASSES})", name="outcome_known"),
        CheckConstraint(
            "b1_low_points <= b1_high_points AND b2_low_points <= b2_high_points", name="ranges_ordered"
        ),
    )
    id: Mapped[Id]
    review_id: Mapped[int] = ref("review.id")
    standard_id: Mapped[str]
    standard_hash: Mapped[str]
    outcome: Mapped[str] = mapped_column(comment="poor, near_poor, none, unsaid")
    is_demo: Mapped[bool] = mapped_column(
        comment="made with the invented income table: must be said wherever shown"
    )
    b1_low_points: Mapped[int | None]
    b1_high_points: Mapped[int | None]
    b2_low_points: Mapped[int]
    b2_high_points: Mapped[int]
    scored_at: Mapped[Instant]
    review: Mapped[Review] = relationship(back_populates="results")
    deprivations: Mapped[list["ReviewDeprivation"]] = relationship(order_by="ReviewDeprivation.id")


class ReviewDeprivation(Base):
    """One indicator of one result: deprived, not deprived, or NULL where it could not be judged."""

    __tablename__ = "review_deprivation"
    __table_args__ = (UniqueConstraint("result_id", "indicator"),)
    id: Mapped[Id]
    result_id: Mapped[int] = ref("review_result.id")
    indicator: Mapped[str]
    deprived: Mapped[bool | None]


class CommuneConsent(Base):
    """A household lets its commune's officer see bands of its sales per closed year, until it withdraws."""

    __tablename__ = "commune_consent"
    __table_args__ = (
        CheckConstraint("purpose IN ('sales_bands')", name="purpose_known"),
        Index(
            "uq_commune_consent_open",
            "household_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    household_id: Mapped[int] = ref("household.id")
    person_id: Mapped[int | None] = ref("person.id", nullable=True, comment="who gave it")
    purpose: Mapped[str]
    wording_version: Mapped[str]
    given_at: Mapped[Instant]
    helped_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True)
    withdrawn_at: Mapped[Instant | None]
