"""What figures are read from: a narrow row for each household of a round, and how many of each there are in a commune.

Both are written in the transaction that sends, withdraws or recognises; both can be made anew from what they count.
"""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from registry.figures.rules import BASES

_BASES = ", ".join(f"'{one}'" for one in BASES)


class CountedHome(Base):
    """A household as a round counts it under one standard, as declared or as recognised. No answers, no name."""

    __tablename__ = "counted_home"
    __table_args__ = (
        CheckConstraint(f"basis IN ({_BASES})", name="basis_known"),
        UniqueConstraint("household_id", "year", "basis", "standard_id", name="uq_counted_home_once"),
        Index("ix_counted_home_place", "basis", "year", "commune_id"),
    )
    id: Mapped[Id]
    year: Mapped[int] = mapped_column(comment="the round")
    basis: Mapped[str] = mapped_column(comment="declared or recognised")
    standard_id: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(comment="scored with invented points: said wherever shown")
    household_id: Mapped[int] = ref("household.id", index=False)
    commune_id: Mapped[int] = ref("unit.id", index=False, comment="of that day; read as what it is today")
    village: Mapped[str]
    outcome: Mapped[str] = mapped_column(comment="class")
    lacking: Mapped[str] = mapped_column(default="", comment="indicators that it lacks, by spaces")
    unjudged: Mapped[str] = mapped_column(default="", comment="indicators that could not be judged")
    sex: Mapped[str] = mapped_column(comment="of the head on that day, as are the three that follow")
    age: Mapped[str]
    ethnic: Mapped[str]
    people: Mapped[str] = mapped_column(default="", comment="name of the ethnic group")
    traits: Mapped[bytes | None] = mapped_column(
        comment="encrypted: disability and causes as form C said them"
    )
    departs: Mapped[str] = mapped_column(
        default="unknown",
        comment="recognised in a class other than its score: yes, no, or nothing recognised",
    )
    before: Mapped[str] = mapped_column(comment="its class in the round of the year before")
    moved: Mapped[str] = mapped_column(comment="new, relapsed, escaped, or none of these")
    counted_at: Mapped[Instant]


class PlaceCount(Base):
    """How many households of a commune a word is true of, such as 'class/poor' or 'sex/female/poor'.

    Never below nought: without a CHECK, which both engines hold against the difference that an upsert brings along.
    """

    __tablename__ = "place_count"
    __table_args__ = (
        CheckConstraint(f"basis IN ({_BASES})", name="basis_known"),
        {"sqlite_with_rowid": False},  # a country is read in the order of the key: half the time
    )
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    basis: Mapped[str] = mapped_column(primary_key=True)
    standard_id: Mapped[str] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = ref(
        "unit.id", index=False, primary_key=True, autoincrement=False, comment="of the day it was counted"
    )
    word: Mapped[str] = mapped_column(primary_key=True)
    household_count: Mapped[int]
