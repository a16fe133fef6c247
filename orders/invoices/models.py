"""What a buyer asks to stand on the invoice of a purchase."""

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, ref


class InvoiceRequest(Base):
    """For all orders of a purchase; each cooperative writes its own. Erased with the buyer's other data."""

    __tablename__ = "invoice_request"
    id: Mapped[Id]
    purchase_id: Mapped[int] = ref("purchase.id", index=False, unique=True)
    name: Mapped[str]
    tax_code: Mapped[str] = mapped_column(
        default="", comment="10 digits, 10-3 of a branch, or 12 of a person"
    )
    address: Mapped[str]
    email: Mapped[str]
