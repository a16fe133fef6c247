"""Photos: of a meeting's minutes, a list on the wall, a household's signed sheets, a home on a visit."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, erasable, ref


@erasable("photo")
class ScannedPaper(Base):
    """A photo of a signed paper or a home, drawn anew without metadata, encrypted. Of exactly one thing."""

    __tablename__ = "scanned_paper"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN posting_id IS NULL THEN 0 ELSE 1 END) + "
            "(CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one_thing",
        ),
        CheckConstraint("shows IN ('paper', 'home')", name="shows_known"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(
        unique=True, comment="random; names it in addresses, binds the photo to it"
    )
    meeting_id: Mapped[int | None] = ref("village_meeting.id", nullable=True)
    posting_id: Mapped[int | None] = ref("wall_list.id", nullable=True)
    case_id: Mapped[int | None] = ref("review_case.id", nullable=True)
    shows: Mapped[str] = mapped_column(default="paper", comment="a signed paper, or a home on a visit")
    commune_id: Mapped[int] = ref("unit.id", index=False)
    village: Mapped[str]
    photo: Mapped[bytes] = mapped_column(comment="encrypted WebP in base64")
    at: Mapped[Instant]
    user_id: Mapped[int] = ref("person_account.id", index=False)
