"""Reads of numbers: for the public, what a unit holds and which place a number names; for managers, what is left."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from catalog.models import Pack, Product
from catalog.rules import GtinKind
from cooperatives.models import Cooperative
from cooperatives.rules import State
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from traceability.models import Lot
from traceability.numbers.models import (
    CaseNumber,
    CompanyPrefix,
    GivenNumber,
    LogisticUnit,
    NumberCount,
    NumberedPlace,
    UnitContent,
)
from traceability.numbers.rules import RESTRICTED_PREFIX, Kind, room

UNITS_SHOWN, PACKS_SHOWN = 20, 100


@dataclass(frozen=True, slots=True)
class Inside:
    """So many packs of one lot in a unit."""

    product_name: str
    pack_label: str
    gtin: str
    lot_code: str
    made_on: date
    expires_on: date | None
    pieces: int
    recalled: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A logistic unit as anybody sees it: what and from which cooperative, never for whom."""

    number: str
    cooperative_id: int
    made_at: datetime
    restricted: bool
    inside: tuple[Inside, ...]
    voided_at: datetime | None = None

    @property
    def recalled(self) -> bool:
        """Whether anything inside was called back."""
        return any(one.recalled for one in self.inside)


@dataclass(frozen=True, slots=True)
class Place:
    """A numbered place as anybody sees it."""

    gln: str
    cooperative_id: int
    name: str
    restricted: bool


def unit_at(number: str) -> Unit | None:
    """The logistic unit of a number; None where the book has none. Two statements."""
    unit = db.session.execute(
        select(
            LogisticUnit.id, LogisticUnit.cooperative_id, LogisticUnit.made_at, LogisticUnit.voided_at
        ).where(or_(LogisticUnit.sscc == number, LogisticUnit.internal == number))
    ).one_or_none()
    if unit is None:
        return None
    rows = db.session.execute(
        select(Product.name, Pack.label, Pack.gtin, Lot.code, Lot.made_on, Lot.expires_on, UnitContent.pieces,
               Lot.state == "recalled")
        .join_from(UnitContent, Lot, Lot.id == UnitContent.lot_id).join(Pack, Pack.id == UnitContent.pack_id)
        .join(Product, Product.id == Lot.product_id).where(UnitContent.unit_id == unit.id).order_by(UnitContent.id)
    ).all()  # fmt: skip
    inside = tuple(
        Inside(row[0], row[1], row[2], row[3], row[4], row[5], row[6], bool(row[7])) for row in rows
    )
    restricted = not number.isdecimal() or number[1:].startswith(RESTRICTED_PREFIX)
    return Unit(number, unit.cooperative_id, unit.made_at, restricted, inside, unit.voided_at)


def place_at(gln: str) -> Place | None:
    """The place of a number; None where the book has none."""
    row = db.session.execute(
        select(NumberedPlace.cooperative_id, Cooperative.name)
        .join(Cooperative, Cooperative.id == NumberedPlace.cooperative_id).where(NumberedPlace.gln == gln)
    ).one_or_none()  # fmt: skip
    return Place(gln, row[0], row[1], gln.startswith(RESTRICTED_PREFIX)) if row else None


# ---- for managers ----


@dataclass(frozen=True, slots=True)
class Used:
    """How much of a kind is given, and how much a prefix still holds (None for restricted numbers: no end in sight)."""

    kind: Kind
    used: int
    left: int | None


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack with its number. stocked: packs with the printed number are about, so that it may not change."""

    id: int
    product_name: str
    label: str
    gtin: str
    restricted: bool
    stocked: bool
    cases: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A logistic unit in a list."""

    id: int
    number: str
    made_at: datetime
    pieces: int
    voided: bool = False


def used_of(cooperative_id: int, prefix: str | None) -> list[Used]:
    """What is given of each kind, under the cooperative's own prefix where it has one."""
    if prefix is None:
        given = db.session.execute(
            select(GivenNumber.kind, func.count()).where(GivenNumber.cooperative_id == cooperative_id)
            .group_by(GivenNumber.kind)
        ).all()  # fmt: skip
        counts = {str(kind): int(count) for kind, count in given}
        return [Used(kind, counts.get(kind, 0), None) for kind in (Kind.GLN, Kind.SSCC)]
    rows = db.session.execute(
        select(NumberCount.kind, NumberCount.used_count).where(NumberCount.prefix == prefix)
    ).all()
    counts = {str(kind): int(count) for kind, count in rows}
    return [Used(kind, counts.get(kind, 0), room(kind, prefix) - counts.get(kind, 0)) for kind in Kind]


def packs_with_numbers(cooperative_id: int) -> list[PackLine]:
    """The packs on offer with their numbers and their cases', in two statements."""
    rows = db.session.execute(
        select(Pack.id, Product.name, Pack.label, Pack.gtin, Pack.gtin_kind, Pack.available)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.cooperative_id == cooperative_id, Pack.active).order_by(Product.name, Pack.position, Pack.id)
        .limit(PACKS_SHOWN)
    ).all()  # fmt: skip
    cases: dict[int, list[tuple[int, str]]] = {}
    for pack_id, pieces, gtin in db.session.execute(
        select(CaseNumber.pack_id, CaseNumber.pieces, CaseNumber.gtin)
        .where(CaseNumber.pack_id.in_([row.id for row in rows])).order_by(CaseNumber.pieces)
    ):  # fmt: skip
        cases.setdefault(pack_id, []).append((pieces, gtin))
    return [
        PackLine(row.id, row.name, row.label, row.gtin, row.gtin_kind == GtinKind.RESTRICTED, bool(row.available),
                 tuple(cases.get(row.id, ())))
        for row in rows
    ]  # fmt: skip


def place_of(cooperative_id: int) -> str | None:
    """The GLN of a cooperative's store."""
    query = select(NumberedPlace.gln).where(NumberedPlace.cooperative_id == cooperative_id)
    return db.session.execute(query).scalar_one_or_none()


def units_of(cooperative_id: int) -> list[UnitLine]:
    """The newest logistic units."""
    rows = db.session.execute(
        select(LogisticUnit.id, func.coalesce(LogisticUnit.sscc, LogisticUnit.internal), LogisticUnit.made_at,
               func.sum(UnitContent.pieces), LogisticUnit.voided_at.is_not(None))
        .join(UnitContent, UnitContent.unit_id == LogisticUnit.id)
        .where(LogisticUnit.cooperative_id == cooperative_id).group_by(LogisticUnit.id)
        .order_by(LogisticUnit.id.desc()).limit(UNITS_SHOWN)
    ).all()  # fmt: skip
    return [UnitLine(row[0], row[1], row[2], int(row[3]), bool(row[4])) for row in rows]


def own_unit(cooperative_id: int, unit_id: int) -> LogisticUnit:
    """A cooperative's own unit. Raises NotFound."""
    unit = db.session.get(LogisticUnit, unit_id)
    if unit is None or unit.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có kiện này."), remedy=N_("Xem lại danh sách kiện."))
    return unit


# ---- for the administrator ----


@dataclass(frozen=True, slots=True)
class Holder:
    """A cooperative and its registered prefix. declared: what it wrote on its application."""

    cooperative_id: int
    name: str
    digits: str | None
    licence: str | None
    registered_at: datetime | None
    prefix_id: int | None
    declared: str


def holders() -> list[Holder]:
    """Every approved cooperative, by name, with its prefix. One statement."""
    rows = db.session.execute(
        select(Cooperative.id, Cooperative.name, CompanyPrefix.digits, CompanyPrefix.licence,
               CompanyPrefix.registered_at, CompanyPrefix.id, Cooperative.gs1_prefix_declared)
        .outerjoin(CompanyPrefix, (CompanyPrefix.cooperative_id == Cooperative.id)
                   & CompanyPrefix.withdrawn_at.is_(None))
        .where(Cooperative.state == State.APPROVED).order_by(Cooperative.name_folded)
    ).all()  # fmt: skip
    return [Holder(*row) for row in rows]


def prefix_row(prefix_id: int) -> CompanyPrefix:
    """A registered prefix. Raises NotFound."""
    found = db.session.get(CompanyPrefix, prefix_id)
    if found is None:
        raise NotFound(N_("Không có mã doanh nghiệp này trong sổ."))
    return found
