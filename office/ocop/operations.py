"""Verbs of dossiers: open one, add a piece, send it, and write down what came back. A result becomes the OCOP paper."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.certificates.operations import add_certificate, award_stars
from catalog.models import Product
from catalog.rules import CertificateKind
from cooperatives.queries import of_organisation
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from office.ocop.models import OcopDossier, OcopPiece, OcopStep
from office.ocop.queries import in_force, sets
from office.ocop.rules import NOTE_MAX, NUMBER_MAX, PLACE_MAX, Event, State, after, check_award


@dataclass(frozen=True)
class Told:
    """What an office did: on a day, who, a note; and of an award its stars, number, validity and scan."""

    on: date
    office: str = ""
    note: str = ""
    stars: int | None = None
    number: str = ""
    valid_to: date | None = None
    scan: str | None = None


def _own(actor: Actor) -> int:
    actor.must_be(Role.MANAGER)
    return of_organisation(actor.organisation_id).id


def locked(actor: Actor, dossier_id: int) -> OcopDossier:
    """A dossier of the actor's cooperative that nobody else changes until the transaction ends. Raises NotFound."""
    own = _own(actor)
    found = db.session.execute(
        select(OcopDossier).where(OcopDossier.id == dossier_id, OcopDossier.cooperative_id == own)
        .with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()  # fmt: skip
    if found is None:
        raise NotFound(N_("Không có hồ sơ này."), remedy=N_("Xem lại danh sách hồ sơ OCOP."))
    return found


def open_dossier(actor: Actor, key: str, product_id: int) -> OcopDossier:
    """Begin to gather for a product. The same key, or a dossier still open, gives that dossier."""
    own = _own(actor)
    product = db.session.get(Product, product_id, with_for_update=True)
    if product is None or product.cooperative_id != own:
        raise NotFound(N_("Không có món này."))
    same = select(OcopDossier).where(OcopDossier.cooperative_id == own, OcopDossier.key == key)
    under_way = select(OcopDossier).where(
        OcopDossier.product_id == product_id, OcopDossier.state.in_((State.GATHERING, State.SENT))
    )
    for known in (same, under_way):
        if (found := db.session.execute(known).scalar_one_or_none()) is not None:
            return found
    made = OcopDossier(key=key, cooperative_id=own, product_id=product_id, criteria=in_force(clock.today()).id,
                       state=State.GATHERING, opened_at=clock.now())  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _step(actor, made, key, Event.OPENED, Told(clock.today()))
    return made


def _step(actor: Actor, dossier: OcopDossier, key: str, event: Event, told: Told) -> None:
    db.session.add(OcopStep(
        dossier_id=dossier.id, key=key, event=event, on=told.on, office=told.office, note=told.note, stars=told.stars,
        number=told.number, at=clock.now(), by_user_id=actor.user_id,
    ))  # fmt: skip
    db.session.flush()
    audit(actor, f"ocop {event}", f"ocop:{dossier.id}")


def record(actor: Actor, dossier_id: int, key: str, event: Event, told: Told) -> OcopDossier:
    """Write down what happened to a dossier. The same key again changes nothing.

    Sent: to whom, and when. Returned or declined: by whom. Awarded: stars, decision number, validity; it becomes the
    product's OCOP paper. Raises Conflict for a step that does not follow, Invalid for what is missing.
    """
    dossier = locked(actor, dossier_id)
    told = Told(told.on, clean(told.office)[:PLACE_MAX], clean(told.note)[:NOTE_MAX], told.stars,
                clean(told.number)[:NUMBER_MAX], told.valid_to, told.scan)  # fmt: skip
    again = select(OcopStep.id).where(OcopStep.dossier_id == dossier.id, OcopStep.key == key)
    if db.session.execute(again).first() is not None:
        return dossier
    state = after(State(dossier.state), event)
    if told.on > clock.today():
        raise Invalid(N_("Ngày này chưa tới."), field="on")
    if not told.office:
        raise Invalid(N_("Ghi tên cơ quan nhận hoặc trả hồ sơ."), field="office")
    if event is Event.AWARDED:
        check_award(told.stars, told.number, told.on, told.valid_to)
        dossier.certificate_id = _paper(actor, dossier, told)
    dossier.state = state
    _step(actor, dossier, key, event, told)
    return dossier


def _paper(actor: Actor, dossier: OcopDossier, told: Told) -> int:
    made = add_certificate(
        actor, dossier.cooperative_id, kind=CertificateKind.OCOP, number=told.number, issuer=told.office,
        valid_from=told.on, valid_to=told.valid_to, product_id=dossier.product_id, scan=told.scan,
    )  # fmt: skip
    award_stars(actor, dossier.product_id, told.stars or 3)
    return made.id


def add_piece(
    actor: Actor, dossier_id: int, key: str, criterion: str, note: str, file: str | None = None
) -> OcopPiece:
    """Add a person's own evidence to a criterion: words, a private file, or both. The same key is one piece."""
    dossier = locked(actor, dossier_id)
    known = select(OcopPiece).where(OcopPiece.dossier_id == dossier.id, OcopPiece.key == key)
    if (found := db.session.execute(known).scalar_one_or_none()) is not None:
        return found
    _gathering(dossier)
    if criterion not in sets()[dossier.criteria].codes:
        raise NotFound(N_("Không có tiêu chí này."))
    if not clean(note, lines=True) and file is None:
        raise Invalid(N_("Viết một câu, hoặc thêm tệp."), field="note")
    made = OcopPiece(dossier_id=dossier.id, key=key, criterion=criterion, note=clean(note, lines=True)[:NOTE_MAX],
                     file=file, at=clock.now(), by_user_id=actor.user_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "add ocop piece", f"ocop:{dossier.id}", fields=("note", "file"))
    return made


def remove_piece(actor: Actor, dossier_id: int, piece_id: int) -> None:
    """Take a piece out again; its row and file stay for the record. Raises NotFound, Conflict once it was sent."""
    dossier = locked(actor, dossier_id)
    piece = db.session.get(OcopPiece, piece_id)
    if piece is None or piece.dossier_id != dossier.id:
        raise NotFound(N_("Không có tệp này."))
    _gathering(dossier)
    if piece.removed_at is None:
        piece.removed_at = clock.now()
        audit(actor, "remove ocop piece", f"ocop:{dossier.id}")


def _gathering(dossier: OcopDossier) -> None:
    if dossier.state != State.GATHERING:
        raise Conflict(N_("Hồ sơ đã gửi, không thêm bớt được."), remedy=N_("Ghi “Trả về để bổ sung” trước."))
