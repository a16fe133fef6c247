"""Kin that officers declare, the seeds that draw re-checks, the re-checks, and officers' answers to questions."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref
from registry.fairness.rules import Pattern, RecheckState, Verdict


def _among(column: str, values: object) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"  # type: ignore[attr-defined]


@immutable
class KinDeclared(Base):
    """An officer says that a household is her kin: from then on she judges nothing of it. Never taken back."""

    __tablename__ = "kin_declared"
    __table_args__ = (UniqueConstraint("user_id", "household_id"),)
    id: Mapped[Id]
    user_id: Mapped[int] = ref("person_account.id", index=False)
    household_id: Mapped[int] = ref("household.id")
    declared_at: Mapped[Instant]


class DrawSeed(Base):
    """What draws a province's re-checks in a round. Its hash is shown from the start, the seed after the year."""

    __tablename__ = "draw_seed"
    __table_args__ = (UniqueConstraint("province_id", "round_year"),)
    id: Mapped[Id]
    province_id: Mapped[int] = ref("unit.id", index=False)
    round_year: Mapped[int]
    commitment: Mapped[str] = mapped_column(comment="SHA-256 of the seed, hex")
    seed: Mapped[bytes] = mapped_column(comment="encrypted")
    rate_bp: Mapped[Big]
    made_at: Mapped[Instant]


class Recheck(Base):
    """A recognised class that departs from the score, drawn for an officer of another commune to look at again."""

    __tablename__ = "recheck"
    __table_args__ = (
        CheckConstraint(_among("state", RecheckState), name="state_known"),
        CheckConstraint(f"verdict IS NULL OR {_among('verdict', Verdict)}", name="verdict_known"),
        CheckConstraint("found IN ('', 'poor', 'near_poor', 'none')", name="found_known"),
        CheckConstraint("(state = 'waiting') = (found = '')", name="found_unless_waiting"),
        CheckConstraint("(state = 'settled') = (verdict IS NOT NULL)", name="settled_with_a_verdict"),
        Index("ix_recheck_officer", "officer_user_id", "state"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names it in addresses")
    case_id: Mapped[int] = ref("review_case.id", unique=True, index=False)
    province_id: Mapped[int] = ref("unit.id")
    round_year: Mapped[int]
    state: Mapped[str]
    officer_user_id: Mapped[int | None] = ref(
        "person_account.id", nullable=True, index=False, comment="NULL: nobody elsewhere may, yet"
    )
    drawn_at: Mapped[Instant]
    due_on: Mapped[date] = mapped_column(comment="by working days; a promise of ours, not law")
    found: Mapped[str] = mapped_column(default="", comment="class that the other officer finds right")
    note: Mapped[bytes | None] = mapped_column(comment="encrypted: what was seen")
    found_at: Mapped[Instant | None]
    found_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True, index=False)
    verdict: Mapped[str | None]
    words: Mapped[bytes | None] = mapped_column(comment="encrypted: why the level above decides so")
    settled_at: Mapped[Instant | None]
    settled_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True, index=False)


class OfficerQuestion(Base):
    """What a round's counts ask of an officer, as the worker counted it last; officer and province read it."""

    __tablename__ = "officer_question"
    __table_args__ = (
        UniqueConstraint("province_id", "round_year", "user_id", "kind"),
        CheckConstraint(_among("kind", Pattern), name="kind_known"),
    )
    id: Mapped[Id]
    user_id: Mapped[int] = ref("person_account.id")
    province_id: Mapped[int] = ref("unit.id", index=False)
    round_year: Mapped[int]
    kind: Mapped[str]
    found_count: Mapped[Big] = mapped_column(comment="how many stand out")
    whole_count: Mapped[Big] = mapped_column(comment="of how many")
    beside_count: Mapped[Big] = mapped_column(
        comment="of the peers; for visits: minutes between them, the middle one"
    )
    beside_whole_count: Mapped[Big] = mapped_column(comment="of how many of the peers; for visits: how many")
    counted_at: Mapped[Instant]


@immutable
class QuestionAnswer(Base):
    """What an officer answers to a question that figures ask of her; the newest stands beside the question."""

    __tablename__ = "question_answer"
    __table_args__ = (CheckConstraint(_among("kind", Pattern), name="kind_known"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; binds the sealed words to their row")
    user_id: Mapped[int] = ref("person_account.id")
    round_year: Mapped[int]
    kind: Mapped[str]
    asked: Mapped[str] = mapped_column(comment="the numbers that were asked about, e.g. '5/10 4/40'")
    words: Mapped[bytes] = mapped_column(comment="encrypted")
    at: Mapped[Instant]
