"""The table of closed years of sales, as bands."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref
from registry.sales.rules import Standing

_STANDINGS = ", ".join(f"'{one}'" for one in Standing)


class SalesYear(Base):
    """A household's sales of one closed year, a band for each person; made once, never refreshed within the year.

    Gone with the consent. What both sides say is encrypted.
    """

    __tablename__ = "sales_year"
    __table_args__ = (
        UniqueConstraint("household_id", "year"),
        CheckConstraint(f"state IN ({_STANDINGS})", name="state_known"),
        CheckConstraint("high_vnd IS NULL OR high_vnd > low_vnd", name="band_ordered"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on_a_day"),
        CheckConstraint("state <> 'shown' OR first_until IS NOT NULL", name="shown_until_a_day"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names it in addresses, binds sealed words")
    household_id: Mapped[int] = ref("household.id", index=False)
    commune_id: Mapped[int] = ref("unit.id", comment="of that day")
    year: Mapped[int]
    low_vnd: Mapped[Big] = mapped_column(comment="band of the year's sales for each person, from")
    high_vnd: Mapped[Big | None] = mapped_column(comment="below; NULL: open")
    made_at: Mapped[Instant]
    state: Mapped[str]
    first_until: Mapped[date | None] = mapped_column(comment="last day on which the family alone sees it")
    words: Mapped[bytes | None] = mapped_column(comment="encrypted: what the family says")
    answer: Mapped[bytes | None] = mapped_column(comment="encrypted: what the commune found")
    closed_on: Mapped[date | None]
    closed_by_user_id: Mapped[int | None] = ref("person_account.id", nullable=True, index=False)
    case_id: Mapped[int | None] = ref(
        "review_case.id", nullable=True, index=False, comment="the review that the revisit asked for"
    )
