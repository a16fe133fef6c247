"""What papers allow to be said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from accounts.models import User
from catalog.certificates.models import CertificateProduct, CertificateSighting, CertificateTerm
from catalog.certificates.rules import SOON_DAYS, Scope, TermEvent
from catalog.models import Certificate, Product
from catalog.rules import CertificateKind
from core.db import db
from core.errors import NotFound
from core.i18n import N_

LOOK_BACK_DAYS = 3


def covers(product: Any) -> ColumnElement[bool]:
    """Whether a paper speaks of a product (a column, parameter or number): of it, of several with it, or of all goods.
    Papers of single lots and plots speak of no product."""
    named = exists().where(CertificateProduct.certificate_id == Certificate.id)
    return and_(
        Certificate.scope == Scope.GOODS,
        or_(
            Certificate.product_id == product, named.where(CertificateProduct.product_id == product),
            and_(Certificate.product_id.is_(None), ~named),
        ),
    ).self_group()  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class TermLine:
    """What was written down of a paper at one time, and by whom."""

    event: TermEvent
    revision: int
    issuer: str
    valid_from: date
    valid_to: date | None
    has_scan: bool
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """Who held the original, when; current: whether nothing was changed since."""

    seen_on: date
    by: str
    current: bool


def history(certificate_id: int) -> list[TermLine]:
    """Every term of a paper, the newest first; empty for one that was never changed since terms are kept."""
    rows = db.session.execute(
        select(CertificateTerm, User.name).outerjoin(User, User.id == CertificateTerm.by_user_id)
        .where(CertificateTerm.certificate_id == certificate_id).order_by(CertificateTerm.revision.desc())
    )  # fmt: skip
    return [
        TermLine(TermEvent(one.event), one.revision, one.issuer, one.valid_from, one.valid_to, bool(one.scan), one.note,
                 one.at, name or "")
        for one, name in rows
    ]  # fmt: skip


def held_on(certificate_id: int, known_at: datetime, day: date) -> bool:
    """Whether a paper held on a day, as far as was known at an instant: the last term written down before it."""
    last = db.session.execute(
        select(CertificateTerm.valid_from, CertificateTerm.valid_to)
        .where(CertificateTerm.certificate_id == certificate_id, CertificateTerm.at <= known_at)
        .order_by(CertificateTerm.revision.desc()).limit(1)
    ).one_or_none()  # fmt: skip
    return last is not None and last.valid_from <= day and (last.valid_to is None or day <= last.valid_to)


def sightings(certificate_id: int) -> list[Sighting]:
    """Who saw the original of a paper, the latest first."""
    rows = db.session.execute(
        select(CertificateSighting.seen_on, User.name, CertificateSighting.revision == Certificate.revision)
        .join(Certificate, Certificate.id == CertificateSighting.certificate_id)
        .outerjoin(User, User.id == CertificateSighting.by_user_id)
        .where(Certificate.id == certificate_id).order_by(CertificateSighting.id.desc())
    )  # fmt: skip
    return [Sighting(row[0], row[1] or "", bool(row[2])) for row in rows]


def products_of(certificate_id: int) -> list[int]:
    """The products that a paper names; empty for all goods, and for papers of lots and plots."""
    named = select(CertificateProduct.product_id).where(CertificateProduct.certificate_id == certificate_id)
    found = list(db.session.execute(named.order_by(CertificateProduct.product_id)).scalars())
    only = db.session.execute(
        select(Certificate.product_id).where(Certificate.id == certificate_id)
    ).scalar_one()
    return found or ([only] if only else [])


def to_remind(today: date) -> Sequence[int]:
    """Papers that end within 60 days and that no longer one of the same kind and goods follows."""
    later = aliased(Certificate)
    followed = exists().where(
        later.cooperative_id == Certificate.cooperative_id, later.kind == Certificate.kind,
        later.product_id.is_not_distinct_from(Certificate.product_id), later.id != Certificate.id,
        or_(later.valid_to.is_(None), later.valid_to > Certificate.valid_to),
    )  # fmt: skip
    wanted = select(Certificate.id).where(
        Certificate.valid_to.between(today, today + timedelta(days=SOON_DAYS)), ~followed
    )
    return db.session.execute(wanted.order_by(Certificate.id)).scalars().all()
