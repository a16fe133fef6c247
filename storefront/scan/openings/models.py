"""Openings of a code by day: no address, no device, no cookie, no hour."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, ref


class ScanDay(Base):
    """How often a lot's page was opened on a day; with a serial, how often that one code was."""

    __tablename__ = "scan_day"
    __table_args__ = (CheckConstraint("scan_count > 0", name="scans_positive"),)
    lot_id: Mapped[int] = ref("lot.id", primary_key=True, index=False)
    serial: Mapped[str] = mapped_column(primary_key=True, comment="empty for all of the lot together")
    on_day: Mapped[date] = mapped_column(primary_key=True)
    scan_count: Mapped[Big]
