"""Verbs of papers."""

from datetime import date

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor
from catalog.models import Certificate
from catalog.operations import own_cooperative, own_product
from catalog.rules import CertificateKind
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.pages import touch
from core.text import clean


def add_certificate(
    actor: Actor, cooperative_id: int, *, kind: CertificateKind, number: str, issuer: str, valid_from: date,
    valid_to: date | None, product_id: int | None = None, scan: str | None = None,
) -> Certificate:  # fmt: skip
    """Enter a paper of the cooperative, or of one product. The same number again changes its validity.

    scan: name of a private file. Raises Invalid where the end lies before the start.
    """
    cooperative = own_cooperative(actor, cooperative_id)
    if product_id is not None and own_product(actor, product_id).cooperative_id != cooperative.id:
        raise NotFound(N_("Không có món này."))
    if not clean(number) or not clean(issuer):
        raise Invalid(
            N_("Ghi số và nơi cấp như trên giấy."), field="number" if not clean(number) else "issuer"
        )
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(N_("Ngày hết hạn phải sau ngày cấp."), field="valid_to")
    found = db.session.execute(
        select(Certificate).where(Certificate.cooperative_id == cooperative.id, Certificate.kind == kind,
                                  Certificate.number == clean(number))
    ).scalar_one_or_none() or Certificate(cooperative_id=cooperative.id, kind=kind, number=clean(number))  # fmt: skip
    found.issuer, found.valid_from, found.valid_to, found.product_id = (
        clean(issuer),
        valid_from,
        valid_to,
        product_id,
    )
    found.scan = scan or found.scan
    found.revision = (found.revision or 0) + 1
    db.session.add(found)
    db.session.flush()
    audit(actor, "add certificate", f"certificate:{found.id}")
    touch("goods", f"cooperative:{cooperative.id}", *([f"product:{product_id}"] if product_id else []))
    return found
