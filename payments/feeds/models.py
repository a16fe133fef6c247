"""The secret by which a service that watches an account proves its news."""

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref


class BankFeed(Base):
    """One service for one account. SePay's key is compared only, and lies hashed with the account; others must sign."""

    __tablename__ = "bank_feed"
    __table_args__ = (
        UniqueConstraint("bank_account_id", "provider"),
        CheckConstraint("provider IN ('payos')", name="provider_known"),
    )
    id: Mapped[Id]
    bank_account_id: Mapped[int] = ref("bank_account.id", index=False)
    provider: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary, comment="encrypted: the key that signs its news")
    set_at: Mapped[Instant]
    set_by_user_id: Mapped[int] = ref("person_account.id", index=False)
