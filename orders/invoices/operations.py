"""Verbs of invoice requests."""

from collections.abc import Collection

from sqlalchemy import delete, insert

from core.db import db
from orders.invoices.models import InvoiceRequest
from orders.invoices.rules import Invoice, checked


def ask_invoice(purchase_id: int, invoice: Invoice) -> None:
    """Keep what is to stand on the invoice of a purchase. Raises FormErrors, naming the fields (`invoice_…`)."""
    good = checked(invoice)
    db.session.execute(insert(InvoiceRequest).values(
        purchase_id=purchase_id, name=good.name, tax_code=good.tax_code, address=good.address, email=good.email,
    ))  # fmt: skip


def erase(purchase_ids: Collection[int]) -> None:
    """Forget the requests of these purchases."""
    db.session.execute(delete(InvoiceRequest).where(InvoiceRequest.purchase_id.in_(list(purchase_ids))))
