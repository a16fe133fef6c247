"""Tables: units with the days between which they exist, what became of them, and shipping rates.

Days are half-open everywhere: `valid_from` is the first day, `valid_to` the first day on which it no longer holds.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, ref


class Unit(Base):
    """A province, district (until 2025-06-30) or commune during one stretch of time."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("level", "code", "valid_from"),
        CheckConstraint("level IN ('province', 'district', 'commune')", name="level_known"),
        CheckConstraint("(level = 'province') = (parent_id IS NULL)", name="parent_unless_province"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        CheckConstraint("urban IS NULL OR urban_source <> ''", name="urban_has_source"),
        Index("ix_unit_folded_level", "folded", "level"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(comment="statistics office code, unique per level and stretch of time")
    level: Mapped[str]
    kind: Mapped[str] = mapped_column(
        comment="Xã, Phường, Thị trấn, Đặc khu, Huyện, Quận, Thị xã, Thành phố, Tỉnh"
    )
    name: Mapped[str] = mapped_column(comment="without its kind")
    folded: Mapped[str] = mapped_column(comment="rules.name_key(name)")
    parent_id: Mapped[int | None] = ref("unit.id")
    region: Mapped[str | None] = mapped_column(comment="one of six, provinces only; for shipping zones")
    urban: Mapped[bool | None] = mapped_column(
        comment="sources disagree on some communes; never derived elsewhere"
    )
    urban_source: Mapped[str] = mapped_column(default="")
    urban_from: Mapped[date | None]
    valid_from: Mapped[date] = mapped_column(comment="first day on which our source shows it")
    valid_to: Mapped[date | None] = mapped_column(comment="first day on which it no longer exists")
    source: Mapped[str] = mapped_column(comment="package or list, version and date")


class UnitChange(Base):
    """An old unit, or a part of it, became (part of) a new one."""

    __tablename__ = "unit_change"
    __table_args__ = (UniqueConstraint("old_id", "new_id", "changed_on"),)
    id: Mapped[Id]
    old_id: Mapped[int] = ref("unit.id")
    new_id: Mapped[int] = ref("unit.id")
    changed_on: Mapped[date]
    share_note: Mapped[str] = mapped_column(
        default="", comment="'' whole; 'part' of a split; 'most' its larger part"
    )


class ShippingRate(Base):
    """What a parcel up to a weight costs in a zone between two days. Demo rows are illustrative."""

    __tablename__ = "shipping_rate"
    __table_args__ = (
        UniqueConstraint("zone", "up_to_g", "valid_from"),
        CheckConstraint("zone IN ('same_province', 'same_region', 'far')", name="zone_known"),
        CheckConstraint("price_vnd >= 0 AND up_to_g > 0", name="amounts_positive"),
        CheckConstraint("0 < days_min AND days_min <= days_max", name="days_in_order"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
    )
    id: Mapped[Id]
    zone: Mapped[str]
    up_to_g: Mapped[Big]
    price_vnd: Mapped[Big]
    days_min: Mapped[int]
    days_max: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(
        default="", comment="'illustrative' until a carrier's list is entered"
    )
