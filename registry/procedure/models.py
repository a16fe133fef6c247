"""Cases, every step of them, village meetings with their votes, postings, objections and recognitions."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, erasable, immutable, ref
from registry.procedure.rules import CHOSEN, ENDED, CaseEvent, CaseState, How, Origin


def _among(column: str, values: object) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"  # type: ignore[attr-defined]


_ENDED = ", ".join(f"'{state}'" for state in ENDED)


class ReviewCase(Base):
    """One household on its way to recognition. Its state moves only along the table in rules."""

    __tablename__ = "review_case"
    __table_args__ = (
        CheckConstraint(_among("state", CaseState), name="state_known"),
        CheckConstraint(_among("origin", Origin), name="origin_known"),
        CheckConstraint(_among("chosen", ["", *CHOSEN]), name="chosen_known"),
        CheckConstraint("state <> 'recognised' OR chosen <> ''", name="recognised_has_a_class"),
        Index("uq_review_case_open", "household_id", unique=True,
              sqlite_where=text(f"state NOT IN ({_ENDED})"), postgresql_where=text(f"state NOT IN ({_ENDED})")),
        Index("ix_review_case_queue", "commune_id", "state", "due_on"),
    )  # fmt: skip
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names the case in addresses")
    household_id: Mapped[int] = ref("household.id")
    commune_id: Mapped[int] = ref("unit.id", index=False, comment="of the day it was opened")
    village: Mapped[str]
    origin: Mapped[str]
    round_year: Mapped[int]
    state: Mapped[str]
    review_id: Mapped[int | None] = ref(
        "review.id", nullable=True, comment="the declaration it was scored by"
    )
    score: Mapped[str] = mapped_column(default="", comment="class by score under the standard of the day")
    standard_id: Mapped[str] = mapped_column(default="")
    is_demo: Mapped[bool] = mapped_column(default=False, comment="scored with the invented table: say so")
    chosen: Mapped[str] = mapped_column(
        default="", comment="class that people propose; may depart from score"
    )
    departs: Mapped[bool] = mapped_column(default=False, comment="chosen differs from score; counted")
    opened_on: Mapped[date]
    opened_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    due_on: Mapped[date] = mapped_column(comment="last day of the whole; dated data, unverified in law")
    recheck_due_on: Mapped[date | None]
    ended_on: Mapped[date | None]


@erasable("note")
class CaseStep(Base):
    """Who moved a case, when, from where to where, and the words they gave."""

    __tablename__ = "case_step"
    __table_args__ = (CheckConstraint(_among("event", ["open", *CaseEvent]), name="event_known"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; binds the sealed note to its row")
    case_id: Mapped[int] = ref("review_case.id")
    event: Mapped[str]
    after: Mapped[str] = mapped_column(comment="state after it")
    chosen: Mapped[str] = mapped_column(default="", comment="class proposed at that step")
    note: Mapped[bytes | None] = mapped_column(comment="encrypted words: reasons, what was seen, dissent")
    at: Mapped[Instant]
    user_id: Mapped[int | None] = ref("person_account.id", index=False, nullable=True)


@erasable("led_by", "written_by", "minutes")
class VillageMeeting(Base):
    """A village meeting: who led it, how many households of the list came, what was said."""

    __tablename__ = "village_meeting"
    __table_args__ = (
        CheckConstraint("0 <= present_count AND present_count <= listed_count", name="present_of_the_listed"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    commune_id: Mapped[int] = ref("unit.id")
    village: Mapped[str]
    held_on: Mapped[date]
    led_by: Mapped[str]
    written_by: Mapped[str]
    listed_count: Mapped[Big] = mapped_column(comment="households on the list to be reviewed")
    present_count: Mapped[Big] = mapped_column(comment="of them, represented")
    quorum_bp: Mapped[Big] = mapped_column(comment="asked for that day; unverified in law")
    quorate: Mapped[bool]
    minutes: Mapped[bytes] = mapped_column(comment="encrypted")
    recorded_at: Mapped[Instant]
    recorded_by_user_id: Mapped[int] = ref("person_account.id", index=False)


@erasable("dissent")
class MeetingVote(Base):
    """How a meeting voted on one household."""

    __tablename__ = "meeting_vote"
    __table_args__ = (
        UniqueConstraint("meeting_id", "case_id"),
        CheckConstraint("for_count >= 0 AND against_count >= 0", name="votes_not_negative"),
    )
    id: Mapped[Id]
    meeting_id: Mapped[int] = ref("village_meeting.id", index=False)
    case_id: Mapped[int] = ref("review_case.id")
    chosen: Mapped[str]
    for_count: Mapped[Big]
    against_count: Mapped[Big]
    dissent: Mapped[bytes | None] = mapped_column(comment="encrypted: why some did not agree")


@immutable
class WallList(Base):
    """A village's list on the wall and on a page until the end of its last day. Names are read, never copied."""

    __tablename__ = "wall_list"
    __table_args__ = (CheckConstraint("closes_on > opened_on", name="closes_after_it_opens"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; its public address")
    commune_id: Mapped[int] = ref("unit.id")
    village: Mapped[str]
    opened_on: Mapped[date]
    closes_on: Mapped[date] = mapped_column(comment="last day on which it is shown")
    posted_by_user_id: Mapped[int] = ref("person_account.id", index=False)


@immutable
class WallLine(Base):
    """A household on a posted list, with the class as posted."""

    __tablename__ = "wall_line"
    __table_args__ = (UniqueConstraint("posting_id", "line_no"), UniqueConstraint("posting_id", "case_id"))
    id: Mapped[Id]
    posting_id: Mapped[int] = ref("wall_list.id", index=False)
    case_id: Mapped[int] = ref("review_case.id")
    line_no: Mapped[Big]
    chosen: Mapped[str]


class Objection(Base):
    """What somebody says against a posted line. Who says it may stay unsaid."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(_among("how", How), name="how_known"),
        CheckConstraint("state IN ('open', 'upheld', 'refused')", name="state_known"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="the request's own key: sent twice is one")
    case_id: Mapped[int] = ref("review_case.id")
    posting_id: Mapped[int] = ref("wall_list.id", index=False)
    how: Mapped[str]
    said: Mapped[bytes] = mapped_column(comment="encrypted")
    contact: Mapped[bytes | None] = mapped_column(comment="encrypted; only to answer")
    state: Mapped[str]
    answer: Mapped[bytes | None] = mapped_column(comment="encrypted")
    received_at: Mapped[Instant]
    taken_by_user_id: Mapped[int | None] = ref("person_account.id", index=False, nullable=True)
    decided_at: Mapped[Instant | None]
    decided_by_user_id: Mapped[int | None] = ref("person_account.id", index=False, nullable=True)


class Recognition(Base):
    """The decision on one household: proposed by one person, approved by another."""

    __tablename__ = "recognition"
    __table_args__ = (
        CheckConstraint(
            "approved_by_user_id IS NULL OR approved_by_user_id <> proposed_by_user_id", name="two_people"
        ),
        CheckConstraint("(approved_by_user_id IS NULL) = (decided_on IS NULL)", name="decided_when_approved"),
        CheckConstraint(_among("chosen", CHOSEN), name="chosen_known"),
        Index(
            "ix_recognition_uncounted",
            "id",
            sqlite_where=text("decided_on IS NOT NULL AND NOT counted"),
            postgresql_where=text("decided_on IS NOT NULL AND NOT counted"),
        ),
    )
    id: Mapped[Id]
    case_id: Mapped[int] = ref("review_case.id", unique=True, index=False)
    decision_number: Mapped[str]
    chosen: Mapped[str]
    proposed_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    proposed_at: Mapped[Instant]
    approved_by_user_id: Mapped[int | None] = ref("person_account.id", index=False, nullable=True)
    decided_on: Mapped[date | None]
    certificate_number: Mapped[str | None] = mapped_column(
        unique=True, comment="16 random digits, printed as QR; leads to no name"
    )
    counted: Mapped[bool] = mapped_column(default=False, comment="it stands in the round's figures")
