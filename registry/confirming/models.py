"""A household's PIN, and marks made before a witness."""

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref


class HouseholdPin(Base):
    """Six digits that only the household knows, as an Argon2 hash: its yes where no message arrives."""

    __tablename__ = "household_pin"
    id: Mapped[Id]
    household_id: Mapped[int] = ref("household.id", unique=True, index=False)
    pin_hash: Mapped[str]
    set_at: Mapped[Instant]
    set_by_user_id: Mapped[int] = ref("person_account.id", index=False)


class WitnessedMark(Base):
    """The household signed, or left its finger's print, on a sheet before a witness; the photo shows the sheet."""

    __tablename__ = "witnessed_mark"
    id: Mapped[Id]
    review_id: Mapped[int] = ref("review.id", unique=True, index=False)
    witness: Mapped[bytes] = mapped_column(comment="encrypted name of who stood by; never the helper")
    photo: Mapped[bytes | None] = mapped_column(comment="encrypted WebP of the sheet, drawn anew; erasable")
    recorded_at: Mapped[Instant]
    recorded_by_user_id: Mapped[int] = ref("person_account.id", index=False)
