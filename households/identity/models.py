"""Table: the identity number and health flags of a person who wanted them noted."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from households.identity.rules import Why

_WHYS = ", ".join(f"'{why}'" for why in Why)


class PersonPaper(Base):
    """What one person let be noted. Equal numbers are found by a keyed hash, which opens nothing."""

    __tablename__ = "person_paper"
    __table_args__ = (
        CheckConstraint(f"why IN ({_WHYS})", name="why_known"),
        CheckConstraint("(number IS NULL) = (number_index IS NULL)", name="indexed_number"),
        CheckConstraint("number IS NOT NULL OR health IS NOT NULL", name="holds_something"),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = ref("person.id", unique=True, index=False)
    number: Mapped[bytes | None] = mapped_column(comment="encrypted identity number; never shown whole")
    number_index: Mapped[str | None] = mapped_column(index=True, comment="keyed hash, to find a double by")
    health: Mapped[bytes | None] = mapped_column(comment="encrypted JSON: flags")
    why: Mapped[str] = mapped_column(comment="the purpose that the person agreed to")
    noted_at: Mapped[Instant]
    noted_by_user_id: Mapped[int] = ref("person_account.id", index=False)
