"""What one transfer says of several orders."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, ref


class TransferPart(Base):
    """One of several orders that a transfer names, and what that order took of it: 0 while the money is in suspense."""

    __tablename__ = "transfer_part"
    __table_args__ = (
        UniqueConstraint("transfer_id", "order_id"),
        CheckConstraint("amount_vnd >= 0", name="amount_not_negative"),
    )
    id: Mapped[Id]
    transfer_id: Mapped[int] = ref("transfer.id", index=False)
    order_id: Mapped[int] = ref("sale_order.id")
    amount_vnd: Mapped[Big] = mapped_column(default=0)
