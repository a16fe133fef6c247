"""The table of agreements to be helped."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref


class ListingHelp(Base):
    """A manager agreed, by a code read aloud, that this person fills in the cooperative's products for a while."""

    __tablename__ = "listing_help"
    __table_args__ = (CheckConstraint("agreed_by_user_id <> helper_user_id", name="two_people"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id")
    helper_user_id: Mapped[int] = ref("person_account.id")
    agreed_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    agreed_at: Mapped[Instant]
    until_on: Mapped[date] = mapped_column(comment="last day of the help")
    ended_at: Mapped[Instant | None] = mapped_column(comment="the manager ended it before")
