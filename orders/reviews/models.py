"""Reviews by people who bought, and what others report about them."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref
from orders.reviews.rules import Reason, State


class BuyerReview(Base):
    """Stars and words about one line of a delivered order, under the name that the buyer typed for it."""

    __tablename__ = "buyer_review"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five_stars"),
        CheckConstraint(f"state IN ({', '.join(repr(str(one)) for one in State)})", name="state_known"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_has_answer"),
        Index(None, "product_id", "state"),
        Index(None, "cooperative_id", "state"),
    )
    id: Mapped[Id]
    order_line_id: Mapped[int] = ref("order_line.id", unique=True, index=False)
    product_id: Mapped[int] = ref("product.id", index=False)
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(comment="as typed for the review; never copied from the order")
    province: Mapped[str] = mapped_column(comment="of the delivery, at the time")
    state: Mapped[str]
    held_for: Mapped[str] = mapped_column(default="", comment="what a person should look at")
    written_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[Instant | None]
    answered_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class ReviewReport(Base):
    """Somebody says that a review should not stand. It stays until a person has looked."""

    __tablename__ = "review_report"
    __table_args__ = (
        UniqueConstraint("review_id", "key"),
        CheckConstraint(f"reason IN ({', '.join(repr(str(one)) for one in Reason)})", name="reason_known"),
    )
    id: Mapped[Id]
    review_id: Mapped[int] = ref("buyer_review.id")
    key: Mapped[str] = mapped_column(comment="the form's own: a double tap is one report")
    reason: Mapped[str]
    reported_at: Mapped[Instant]
    settled_at: Mapped[Instant | None] = mapped_column(index=True)
