"""Plots of producers, and what a square metre plausibly gives. Both are what people say, dated, never public."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref


class Plot(Base):
    """A producer's field of one crop between days, as the cooperative was told. Never on a public page."""

    __tablename__ = "plot"
    __table_args__ = (
        CheckConstraint("area_m2 > 0 AND area_m2 = CAST(area_m2 AS BIGINT)", name="area_positive"),
        CheckConstraint("to_on IS NULL OR to_on > from_on", name="ends_after_it_begins"),
        UniqueConstraint("cooperative_id", "name"),
        Index(None, "producer_id", "crop_id"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    producer_id: Mapped[int] = ref("producer.id", index=False)
    crop_id: Mapped[int] = ref("crop.id", index=False)
    name: Mapped[str] = mapped_column(comment="as people call it: ruộng Nà Pò")
    area_m2: Mapped[int]
    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(comment="first day on which it no longer holds")
    added_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class PlausibleYield(Base):
    """The most that a square metre of a crop gives in a year, from a day on: an assumption of the cooperative."""

    __tablename__ = "plausible_yield"
    __table_args__ = (
        CheckConstraint("most_g > 0", name="yield_positive"),
        CheckConstraint("length(source) > 0", name="source_said"),
        UniqueConstraint("cooperative_id", "crop_id", "from_on"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    crop_id: Mapped[int] = ref("crop.id", index=False)
    from_on: Mapped[date]
    most_g: Mapped[int] = mapped_column(comment="grams of fresh harvest a square metre and year")
    source: Mapped[str] = mapped_column(comment="who says so: extension officer, own count of 2025 …")
