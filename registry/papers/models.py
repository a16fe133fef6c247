"""Signed papers as photos: of a meeting's minutes, a list on the wall, or a household's sheets."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref


@immutable
class ScannedPaper(Base):
    """A photo of a signed paper, drawn anew without metadata, encrypted. Of exactly one thing."""

    __tablename__ = "scanned_paper"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN posting_id IS NULL THEN 0 ELSE 1 END) + "
            "(CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one_thing",
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(
        unique=True, comment="random; names it in addresses, binds the photo to it"
    )
    meeting_id: Mapped[int | None] = ref("village_meeting.id", nullable=True)
    posting_id: Mapped[int | None] = ref("wall_list.id", nullable=True)
    case_id: Mapped[int | None] = ref("review_case.id", nullable=True)
    commune_id: Mapped[int] = ref("unit.id", index=False)
    village: Mapped[str]
    photo: Mapped[bytes] = mapped_column(comment="encrypted WebP in base64")
    at: Mapped[Instant]
    user_id: Mapped[int] = ref("person_account.id", index=False)
