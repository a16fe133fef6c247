"""What form C said of a case. It speaks of illness and disability, so all of it is one encrypted document."""

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref


class CaseTraits(Base):
    """The characteristics of the household of one case, until it is decided."""

    __tablename__ = "case_traits"
    id: Mapped[Id]
    case_id: Mapped[int] = ref("review_case.id", unique=True, index=False)
    said: Mapped[bytes] = mapped_column(comment="encrypted JSON: causes, disability")
    said_at: Mapped[Instant]
    said_by_user_id: Mapped[int | None] = ref("person_account.id", index=False, nullable=True)
