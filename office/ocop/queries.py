"""Reads of dossiers: the sets of criteria, where each product stands, and a dossier with what answers it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select

from accounts.models import User
from catalog.models import Product
from catalog.rules import State as Shelf
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from office.ocop import evidence
from office.ocop.models import OcopDossier, OcopPiece, OcopStep
from office.ocop.rules import Answer, Criteria, Criterion, Finding, Group, State, answer, parse

DATA = Path(__file__).resolve().parent / "data"


@cache
def sets() -> dict[str, Criteria]:
    """Every set of criteria that is shipped, by id."""
    found = [
        parse(json.loads(path.read_text("utf-8")), evidence.READERS) for path in sorted(DATA.glob("*.json"))
    ]
    return {one.id: one for one in found}


def in_force(day: date) -> Criteria:
    """The set of a day, a verified one before an example. Raises NotFound where none covers it."""
    held = [one for one in sets().values() if one.from_on <= day and (one.to_on is None or day <= one.to_on)]
    if not held:
        raise NotFound(N_("Chưa có bộ tiêu chí cho ngày này."))
    return max(held, key=lambda one: (one.verified, one.from_on, one.id))


@dataclass(frozen=True, slots=True)
class Line:
    """A product with the state of its newest dossier; state '' where there is none. stars: of a paper that holds."""

    product_id: int
    product: str
    dossier_id: int | None
    state: str
    cooperative: str = ""


def _lines(*where: object) -> list[Line]:
    newest = (
        select(OcopDossier.id).where(OcopDossier.product_id == Product.id).order_by(OcopDossier.id.desc()).limit(1)
        .correlate(Product).scalar_subquery()
    )  # fmt: skip
    rows = db.session.execute(
        select(Product.id, Product.name, OcopDossier.id, OcopDossier.state, Cooperative.name)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .outerjoin(OcopDossier, OcopDossier.id == newest)
        .where(Product.name != "", Product.state != Shelf.DRAFT, *where)  # type: ignore[arg-type]
        .order_by(Cooperative.name_folded, OcopDossier.id.is_(None), Product.name_folded)
    )  # fmt: skip
    return [Line(row[0], row[1], row[2], row[3] or "", row[4]) for row in rows]


def of_cooperative(cooperative_id: int) -> list[Line]:
    """A cooperative's products with the states of their dossiers. One statement."""
    return _lines(Product.cooperative_id == cooperative_id)


def all_under_way() -> list[Line]:
    """Every product of the market that has a dossier. One statement."""
    return _lines(OcopDossier.id.is_not(None))


@dataclass(frozen=True, slots=True)
class Answered:
    """A criterion with what our records say to it, what people added, and how far that answers it."""

    criterion: Criterion
    findings: tuple[Finding, ...]
    pieces: tuple[OcopPiece, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Part:
    """A group of the set with its criteria."""

    group: Group
    rows: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a dossier and who wrote it down."""

    step: OcopStep
    by: str


@dataclass(frozen=True)
class Seen:
    """A dossier whole."""

    dossier: OcopDossier
    product: Product
    cooperative: Cooperative
    criteria: Criteria
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    on: date

    @property
    def rows(self) -> tuple[Answered, ...]:
        """Every criterion."""
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def whole(self) -> int:
        """How many criteria are wholly answered."""
        return sum(row.answer is Answer.WHOLE for row in self.rows)

    @property
    def open(self) -> bool:
        """Whether something may still be added."""
        return self.dossier.state == State.GATHERING


def dossier_of(cooperative_id: int, dossier_id: int) -> OcopDossier:
    """A cooperative's own dossier. Raises NotFound."""
    found = db.session.get(OcopDossier, dossier_id)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có hồ sơ này."), remedy=N_("Xem lại danh sách hồ sơ OCOP."))
    return found


def pieces_of(dossier_id: int) -> Sequence[OcopPiece]:
    """What people added and did not take away, in order."""
    wanted = select(OcopPiece).where(OcopPiece.dossier_id == dossier_id, OcopPiece.removed_at.is_(None))
    return db.session.execute(wanted.order_by(OcopPiece.id)).scalars().all()


def seen(dossier: OcopDossier) -> Seen:
    """A dossier with everything that answers it today."""
    product = db.session.get_one(Product, dossier.product_id)
    coop = db.session.get_one(Cooperative, dossier.cooperative_id)
    today, criteria = clock.today(), sets()[dossier.criteria]
    found, added = evidence.read(evidence.Subject(product, coop, today)), pieces_of(dossier.id)

    def row(one: Criterion) -> Answered:
        findings = tuple(found[key] for key in one.evidence)
        mine = tuple(piece for piece in added if piece.criterion == one.code)
        return Answered(one, findings, mine, answer(findings, len(mine)))

    steps = db.session.execute(
        select(OcopStep, User.name).outerjoin(User, User.id == OcopStep.by_user_id)
        .where(OcopStep.dossier_id == dossier.id).order_by(OcopStep.id)
    ).all()  # fmt: skip
    return Seen(dossier, product, coop, criteria,
                tuple(Part(group, tuple(map(row, group.criteria))) for group in criteria.groups),
                tuple(Step(one, name or "") for one, name in steps), today)  # fmt: skip
