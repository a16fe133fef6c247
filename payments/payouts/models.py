"""The account to which a producer's money goes."""

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, ref


class ProducerAccount(Base):
    """Where a producer wants to be paid. Only the latest is kept; the audit line says who changed it, never what to."""

    __tablename__ = "producer_account"
    id: Mapped[Id]
    producer_id: Mapped[int] = ref("producer.id", unique=True, index=False)
    bank_bin: Mapped[str]
    payee: Mapped[bytes] = mapped_column(LargeBinary, comment="encrypted: account number, holder")
    changed_at: Mapped[Instant]
    changed_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    hold_until: Mapped[Instant | None] = mapped_column(
        comment="another number took the place of one: nothing is sent there before; NULL for the first"
    )
