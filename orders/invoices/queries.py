"""Reads of invoice requests."""

from sqlalchemy import select

from core.db import db
from orders.invoices.models import InvoiceRequest


def request_of(purchase_id: int) -> InvoiceRequest | None:
    """What the buyer of a purchase wants on the invoice; None where none was asked for."""
    wanted = select(InvoiceRequest).where(InvoiceRequest.purchase_id == purchase_id)
    return db.session.execute(wanted).scalar_one_or_none()
