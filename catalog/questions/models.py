"""Questions about goods, with their one answer."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from catalog.questions.rules import State
from core.db import Base, Id, Instant, ref


class Question(Base):
    """What somebody asks about a product. Shown once the cooperative has answered; the phone never is."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(one)) for one in State)})", name="state_known"),
        CheckConstraint("state <> 'answered' OR (answered_at IS NOT NULL AND answer <> '')", name="answer_in_full"),
        Index(None, "product_id", "state"),
        Index(None, "cooperative_id", "state"),
    )  # fmt: skip
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="the form's own: a double tap is one question")
    product_id: Mapped[int] = ref("product.id", index=False)
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    name: Mapped[str] = mapped_column(comment="as the asker wants to be called")
    phone: Mapped[str] = mapped_column(
        default="", comment="E.164, to be told the answer; emptied a year after it"
    )
    text: Mapped[str]
    language: Mapped[str] = mapped_column(default="vi")
    state: Mapped[str] = mapped_column(default=State.OPEN)
    held_for: Mapped[str] = mapped_column(default="", comment="what a person should look at")
    asked_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[Instant | None]
    answered_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
