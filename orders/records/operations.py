"""Erasing buyers' personal data after the time that records must be kept (3 years; a setting, never less).

Orders, lines, steps and money stay: books and traces need them, and those rows never change. What goes is who bought:
name, phone, street, notes, what was written in reports and complaints, and their photos. Done twice it changes nothing.
"""

from datetime import datetime

from sqlalchemy import exists, func, select, update

from accounts.operations import audit
from accounts.rules import SYSTEM
from core import clock, files
from core.db import db
from core.limits import limit
from orders.complaints.models import Complaint, ComplaintStep
from orders.complaints.rules import State
from orders.invoices import operations as invoices
from orders.models import Order, Problem, Purchase

AT_ONCE = 200


def kept_since() -> datetime:
    """Records that ended before this instant need not be kept with a name any more."""
    now = clock.now()
    year = now.year - limit("order_years")
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=year, day=day)


def _due() -> list[int]:
    """Purchases all of whose orders have been closed for long enough, with nothing reported that waits."""
    before = kept_since()
    alive = exists().where(
        Order.purchase_id == Purchase.id, (Order.closed_at.is_(None)) | (Order.closed_at >= before)
    )
    waiting = exists().where(
        Order.purchase_id == Purchase.id, Problem.order_id == Order.id, Problem.closed_at.is_(None)
    )
    argued = exists().where(
        Order.purchase_id == Purchase.id, Complaint.order_id == Order.id, Complaint.state != State.SETTLED
    )
    wanted = (
        select(Purchase.id)
        .where(Purchase.erased_at.is_(None), Purchase.placed_at < before, ~alive, ~waiting, ~argued)
        .order_by(Purchase.id)
        .limit(AT_ONCE)
    )
    return list(db.session.execute(wanted).scalars())


def erase_buyers() -> int:
    """Erase the next purchases' personal data; how many."""
    ids = _due()
    if not ids:
        return 0
    of_them = select(Order.id).where(Order.purchase_id.in_(ids))
    photos = list(
        db.session.execute(
            select(Problem.photo).where(Problem.order_id.in_(of_them), Problem.photo.is_not(None))
        ).scalars()
    )
    db.session.execute(update(Problem).where(Problem.order_id.in_(of_them)).values(text="", photo=None))
    db.session.execute(
        update(Purchase).where(Purchase.id.in_(ids))
        .values(buyer_name="", buyer_phone="", address_line="", note="", gift_note="", erased_at=clock.now())
    )  # fmt: skip
    invoices.erase(ids)
    for purchase_id in ids:
        audit(
            SYSTEM,
            "erase buyer",
            f"purchase:{purchase_id}",
            ("buyer_name", "buyer_phone", "address_line", "note", "gift_note", "invoice_request"),
        )
    _drop_unused(photos)
    return len(ids)


def erase_complaints() -> int:
    """Erase who complained, what was written and the photo, of complaints settled long enough ago; how many."""
    wanted = select(Complaint.id).where(
        Complaint.state == State.SETTLED, Complaint.settled_at < kept_since(), Complaint.erased_at.is_(None)
    )
    ids = list(db.session.execute(wanted.order_by(Complaint.id).limit(AT_ONCE)).scalars())
    if not ids:
        return 0
    photos = list(
        db.session.execute(
            select(Complaint.photo).where(Complaint.id.in_(ids), Complaint.photo.is_not(None))
        ).scalars()
    )
    db.session.execute(update(ComplaintStep).where(ComplaintStep.complaint_id.in_(ids)).values(text=""))
    db.session.execute(
        update(Complaint).where(Complaint.id.in_(ids))
        .values(name="", phone="", text="", wish="", about="", photo=None, erased_at=clock.now())
    )  # fmt: skip
    for complaint_id in ids:
        audit(
            SYSTEM, "erase complaint", f"complaint:{complaint_id}", ("name", "phone", "text", "wish", "photo")
        )
    _drop_unused(photos)
    return len(ids)


def _drop_unused(names: list[str | None]) -> None:
    """Remove private photos that no report and no complaint names any more (files are named by content)."""
    for name in {one for one in names if one}:
        still = (
            db.session.execute(
                select(func.count()).select_from(Problem).where(Problem.photo == name)
            ).scalar_one()
            + db.session.execute(
                select(func.count()).select_from(Complaint).where(Complaint.photo == name)
            ).scalar_one()
        )
        if not still:
            files.remove(name)
