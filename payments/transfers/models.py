"""What one transfer says of several orders, and who told of it again."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref


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


class TransferSighting(Base):
    """The same money told of again through another door: by another service, a statement, or by hand."""

    __tablename__ = "transfer_sighting"
    __table_args__ = (
        UniqueConstraint("bank_account_id", "provider", "provider_id"),
        UniqueConstraint("transfer_id", "provider"),  # one door tells of one transfer once
    )
    id: Mapped[Id]
    transfer_id: Mapped[int] = ref("transfer.id", index=False)
    bank_account_id: Mapped[int] = ref("bank_account.id", index=False)
    provider: Mapped[str]
    provider_id: Mapped[str]
    at: Mapped[Instant]
