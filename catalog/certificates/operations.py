"""Verbs of papers. The row of a paper says what is true now; every change before it stays as a term."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from accounts.operations import audit
from accounts.queries import staff_of
from accounts.rules import Actor, Role
from catalog.certificates.models import CertificateProduct, CertificateSighting, CertificateTerm
from catalog.certificates.rules import COVERS_MAX, Scope, TermEvent, reminder_due, renewed
from catalog.models import Certificate
from catalog.operations import after_change, own_cooperative, own_product
from catalog.rules import CERTIFICATE_NAMES, CertificateKind
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.format import day
from core.i18n import N_, _
from core.pages import touch
from core.text import clean
from messages.operations import send

NO_PAPER = N_("Không tìm thấy giấy tờ này.")


def add_certificate(
    actor: Actor, cooperative_id: int, *, kind: CertificateKind, number: str, issuer: str, valid_from: date,
    valid_to: date | None, product_id: int | None = None, scan: str | None = None, covers: str = "",
) -> Certificate:  # fmt: skip
    """Enter a paper of the cooperative, or of one product. The same number again corrects it; the old stays readable.

    scan: name of a private file. covers: fields or packing house as the paper names them. Raises Invalid where the end
    lies before the start.
    """
    cooperative = own_cooperative(actor, cooperative_id)
    if product_id is not None and own_product(actor, product_id).cooperative_id != cooperative.id:
        raise NotFound(N_("Không có món này."))
    if not clean(number) or not clean(issuer):
        raise Invalid(
            N_("Ghi số và nơi cấp như trên giấy."), field="number" if not clean(number) else "issuer"
        )
    _ordered(valid_from, valid_to)
    known = db.session.execute(
        select(Certificate).where(Certificate.cooperative_id == cooperative.id, Certificate.kind == kind,
                                  Certificate.number == clean(number)).with_for_update()
    ).scalar_one_or_none()  # fmt: skip
    if known is not None:
        _keep_first(known)
    found = known or Certificate(cooperative_id=cooperative.id, kind=kind, number=clean(number))
    found.issuer, found.valid_from, found.valid_to = clean(issuer), valid_from, valid_to
    if found.scope in (None, Scope.GOODS):
        found.product_id, found.scope = product_id, Scope.GOODS
    found.covers = clean(covers)[:COVERS_MAX] or found.covers or ""
    found.scan = scan or found.scan
    _changed(actor, found, TermEvent.CORRECTED if known else TermEvent.ENTERED, "add certificate")
    return found


def _ordered(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(N_("Ngày hết hạn phải sau ngày cấp."), field="valid_to")


def _keep_first(paper: Certificate) -> None:
    """A paper of before terms were kept gets its first term from its row, so that the change overwrites nothing."""
    kept = select(CertificateTerm.id).where(CertificateTerm.certificate_id == paper.id).limit(1)
    if db.session.execute(kept).first() is None:
        _term(paper, TermEvent.ENTERED, None, "")


def _term(
    paper: Certificate, event: TermEvent, user_id: int | None, note: str, named: Iterable[int] = ()
) -> None:
    goods = select(CertificateProduct.product_id).where(CertificateProduct.certificate_id == paper.id)
    of_goods = db.session.execute(goods.order_by(CertificateProduct.product_id)).scalars().all()
    ids = list(named) or list(of_goods) or ([paper.product_id] if paper.product_id else [])
    scope = f"{paper.scope}:{','.join(map(str, ids))}" if ids else str(paper.scope)
    db.session.add(CertificateTerm(
        certificate_id=paper.id, revision=paper.revision, event=event, issuer=paper.issuer,
        valid_from=paper.valid_from, valid_to=paper.valid_to, scan=paper.scan,
        covers=f"{scope} {paper.covers}".strip(), note=note, at=clock.now(), by_user_id=user_id,
    ))  # fmt: skip


def _changed(
    actor: Actor, paper: Certificate, event: TermEvent, verb: str, note: str = "", named: Iterable[int] = ()
) -> None:
    """Raise the revision, keep the term, tell the log and the pages."""
    paper.revision = (paper.revision or 0) + 1
    db.session.add(paper)
    db.session.flush()
    _term(paper, event, actor.user_id, note, named)
    db.session.flush()
    audit(actor, verb, f"certificate:{paper.id}")
    touch("goods", f"cooperative:{paper.cooperative_id}",
          *([f"product:{paper.product_id}"] if paper.product_id else []))  # fmt: skip


def own_certificate(actor: Actor, certificate_id: int) -> Certificate:
    """A paper of the cooperative the actor works for, locked. Raises NotFound for another's as well."""
    paper = db.session.execute(
        select(Certificate).where(Certificate.id == certificate_id).with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()  # fmt: skip
    served = db.session.get(Cooperative, paper.cooperative_id) if paper else None
    if (
        paper is None
        or served is None
        or (actor.role is not Role.SYSTEM and served.organisation_id != actor.organisation_id)
    ):
        raise NotFound(NO_PAPER)
    actor.must_be(Role.MANAGER)
    return paper


def renew(
    actor: Actor, certificate_id: int, *, valid_from: date, valid_to: date | None, scan: str | None = None,
    note: str = "",
) -> Certificate:  # fmt: skip
    """Write down a new term under the same number. Raises Invalid where it does not reach beyond the old."""
    paper = own_certificate(actor, certificate_id)
    _ordered(valid_from, valid_to)
    start, end = renewed(paper.valid_from, paper.valid_to, valid_from, valid_to)
    _keep_first(paper)
    paper.valid_from, paper.valid_to, paper.scan = start, end, scan or paper.scan
    _changed(actor, paper, TermEvent.RENEWED, "renew certificate", clean(note))
    return paper


def withdraw_certificate(actor: Actor, certificate_id: int, on: date, why: str) -> Certificate:
    """From the day `on` a paper holds no more, whatever is printed on it. Raises Invalid for a day outside its term."""
    paper = own_certificate(actor, certificate_id)
    if not clean(why):
        raise Invalid(N_("Ghi vì sao giấy không còn dùng được."), field="why")
    if on <= paper.valid_from or (paper.valid_to is not None and on > paper.valid_to):
        raise Invalid(N_("Ngày này nằm ngoài hạn của giấy."), field="on")
    _keep_first(paper)
    paper.valid_to = on - timedelta(days=1)
    _changed(actor, paper, TermEvent.WITHDRAWN, "withdraw certificate", clean(why))
    return paper


def set_scope(
    actor: Actor, certificate_id: int, scope: Scope, product_ids: Iterable[int] = (), covers: str = "",
    named: Iterable[int] = (),
) -> Certificate:  # fmt: skip
    """Say what a paper speaks of. product_ids: only for goods; none means all of the cooperative's. named: ids of the
    lots or plots, for the term alone.

    Lots and plots themselves are named above (traceability). Raises Invalid for an OCOP paper of several products:
    each product is rated by itself.
    """
    paper = own_certificate(actor, certificate_id)
    chosen = sorted(set(product_ids)) if scope is Scope.GOODS else []
    for product_id in chosen:
        if own_product(actor, product_id).cooperative_id != paper.cooperative_id:
            raise NotFound(N_("Không có món này."))
    if paper.kind == CertificateKind.OCOP and (scope is not Scope.GOODS or len(chosen) != 1):
        raise Invalid(N_("Giấy OCOP là của đúng một món."), field="product_ids",
                      remedy=N_("Chọn một món. Món khác có giấy riêng thì ghi thành giấy khác."))  # fmt: skip
    _keep_first(paper)
    before = db.session.execute(
        delete(CertificateProduct).where(CertificateProduct.certificate_id == paper.id)
        .returning(CertificateProduct.product_id)
    ).scalars().all()  # fmt: skip
    paper.scope, paper.covers = scope, clean(covers)[:COVERS_MAX]
    paper.product_id = chosen[0] if len(chosen) == 1 else None
    if len(chosen) > 1:
        db.session.execute(insert(CertificateProduct),
                           [{"certificate_id": paper.id, "product_id": one} for one in chosen])  # fmt: skip
    _changed(actor, paper, TermEvent.SCOPED, "scope certificate", named=named)
    touch(*(f"product:{one}" for one in {*before, *chosen}))
    return paper


def see_original(actor: Actor, certificate_id: int, seen_on: date) -> CertificateSighting:
    """Note that the actor held the original and found it as written. Raises Invalid for a day to come."""
    paper = own_certificate(actor, certificate_id)
    if seen_on > clock.today():
        raise Invalid(N_("Ngày xem bản gốc chưa tới."), field="seen_on")
    _keep_first(paper)
    seen = CertificateSighting(certificate_id=paper.id, revision=paper.revision, seen_on=seen_on, at=clock.now(),
                               by_user_id=actor.user_id)  # fmt: skip
    db.session.add(seen)
    db.session.flush()
    audit(actor, "see original", f"certificate:{paper.id}")
    return seen


def remind_of(certificate_id: int) -> int:
    """Tell the cooperative's managers that a paper ends soon; how many. Each of the three reminders goes out once."""
    paper = db.session.get_one(Certificate, certificate_id)
    step = reminder_due(paper.valid_to, clock.today()) if paper.valid_to else None
    served = db.session.get_one(Cooperative, paper.cooperative_id)
    if step is None or served.organisation_id is None or paper.valid_to is None:
        return 0
    text = _("%(paper)s số %(number)s hết hạn ngày %(day)s. Gia hạn rồi ghi lại ở Hàng, mục Giấy tờ.",
             paper=_(CERTIFICATE_NAMES[CertificateKind(paper.kind)]), number=paper.number,
             day=day(paper.valid_to))  # fmt: skip
    told = [one for grant, one in staff_of(served.organisation_id) if grant.role == Role.MANAGER]
    for person in told:
        send(person.phone, "paper", text, f"paper:{paper.id}:{paper.valid_to}:{step}:{person.id}")
    return len(told)


def award_stars(actor: Actor, product_id: int, stars: int) -> None:
    """Write down the stars that a decision gave a product. They are advertised while its OCOP paper holds."""
    product = own_product(actor, product_id)
    product.ocop_stars = stars
    after_change(product)
    audit(actor, "award stars", f"product:{product_id}", fields=("ocop_stars",))
