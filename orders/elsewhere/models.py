"""Order codes that a phone carries where there is no line: a transfer can name an order that is not there yet."""

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant


class KeptCode(Base):
    """A code that no other order gets. It stays when its order has it: a phone may send the sale once more."""

    __tablename__ = "kept_code"
    code: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(index=True, comment="who may use it: stall:12")
    kept_at: Mapped[Instant]
