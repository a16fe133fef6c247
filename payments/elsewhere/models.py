"""What a collector took at another shop for an order. Never changed: a refund is its own row."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref


@immutable
class MoneyElsewhere(Base):
    """One order's part of what was paid there; what was too much for it stays to be owed back."""

    __tablename__ = "money_elsewhere"
    __table_args__ = (
        UniqueConstraint("order_id", "ref"),
        CheckConstraint("taken_vnd >= 0 AND surplus_vnd >= 0", name="not_negative"),
        CheckConstraint("taken_vnd + surplus_vnd > 0", name="not_nothing"),
    )
    id: Mapped[Id]
    order_id: Mapped[int] = ref("sale_order.id")
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    place: Mapped[str] = mapped_column(comment="whose clearing account it lies on: saleor")
    ref: Mapped[str] = mapped_column(comment="the shop's own name of the payment: again is harmless")
    taken_vnd: Mapped[Big]
    surplus_vnd: Mapped[Big] = mapped_column(default=0, comment="too late, or paid here meanwhile: owed back")
    at: Mapped[Instant]
