"""What papers allow to be said."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from catalog.models import Certificate, Product
from catalog.rules import CertificateKind
from core.db import db
from core.errors import NotFound
from core.i18n import N_

LOOK_BACK_DAYS = 3


def advertised_stars(day: Any = None) -> ColumnElement[int | None]:
    """A product's OCOP stars while a certificate of its own holds, else NULL: stars without a paper in force are not
    advertised. day: a date; the parameter `day` where None."""
    on: Any = bindparam("day", type_=sa.Date) if day is None else sa.literal(day, sa.Date)
    holds = exists().where(
        Certificate.product_id == Product.id, Certificate.kind == CertificateKind.OCOP, Certificate.valid_from <= on,
        or_(Certificate.valid_to.is_(None), Certificate.valid_to >= on),
    ).correlate(Product)  # fmt: skip
    return sa.case((Product.ocop_stars.is_not(None) & holds, Product.ocop_stars), else_=sa.null())


def stars_paper(product_id: int, day: date) -> tuple[bool, date | None]:
    """Whether an OCOP paper of a product holds on a day, and the last day of the one that held longest (None: none)."""
    mine = (Certificate.product_id == product_id, Certificate.kind == CertificateKind.OCOP)
    open_end = or_(Certificate.valid_to.is_(None), Certificate.valid_to >= day)
    holds = select(Certificate.id).where(*mine, Certificate.valid_from <= day, open_end).limit(1)
    last = select(sa.func.max(Certificate.valid_to)).where(*mine)
    return db.session.execute(holds).first() is not None, db.session.execute(last).scalar_one()


def turned_lately(today: date) -> Sequence[int]:
    """Products whose OCOP paper began or ended within the last days: what is said of them has changed by itself."""
    since = today - timedelta(days=LOOK_BACK_DAYS)
    turned = or_(
        Certificate.valid_to.between(since, today - timedelta(days=1)),
        Certificate.valid_from.between(since, today),
    )
    wanted = select(Certificate.product_id).where(
        Certificate.kind == CertificateKind.OCOP, Certificate.product_id.is_not(None), turned
    )
    return [
        one for one in db.session.execute(wanted.distinct().order_by(Certificate.product_id)).scalars() if one
    ]


def scan_of(cooperative_id: int, certificate_id: int) -> tuple[str, str]:
    """The private file of a cooperative's own paper, and the paper's number. Raises NotFound."""
    found = db.session.get(Certificate, certificate_id)
    if found is None or found.cooperative_id != cooperative_id or found.scan is None:
        raise NotFound(N_("Không tìm thấy giấy tờ này."))
    return found.scan, found.number
