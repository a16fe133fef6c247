"""Reads of stock: what can be sold, what an order holds, and whether the fold still equals its movements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Row, Select, bindparam, case, func, or_, select

from catalog.models import Pack, Product
from core.db import db, run
from traceability.models import Lot, Movement, Stock
from traceability.rules import LotKind, LotState, MovementKind, Place, Reserved


@dataclass(frozen=True)
class Allocated:
    """A part of what a reference holds (packed False) or took out of stock (packed True)."""

    lot_id: int
    pack_id: int
    quantity: int
    packed: bool


@dataclass(frozen=True)
class Difference:
    """A place where the cached fold does not equal its movements."""

    what: str
    cached: int
    folded: int


@dataclass(frozen=True)
class StockLine:
    """A lot's packs at one place, as the stock page shows them."""

    lot_id: int
    lot_code: str
    product_id: int
    product_name: str
    pack_id: int
    pack_label: str
    place: str
    on_hand: int
    reserved: int
    expires_on: date | None
    state: str
    planned: bool
    weighed: bool = False
    piece_g: int = 1

    @property
    def free(self) -> int:
        """Packs nobody holds; grams of what is weighed at packing."""
        return self.on_hand - self.reserved

    @property
    def pieces(self) -> int:
        """How many pieces that is, the heaviest of the band for each."""
        return self.free // self.piece_g

    @property
    def too_light(self) -> bool:
        """Whether something is left that is not enough for one more piece at the top of the band."""
        return self.weighed and self.place == Place.STORE and 0 < self.free < self.piece_g


def sellable_on(on: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    """The terms on lot and stock under which packs can be sold on a day: a promise only until its day."""
    good = or_(Lot.expires_on.is_(None), Lot.expires_on >= on)
    to_come = or_(Lot.kind != LotKind.PLANNED, Lot.made_on >= on)
    return (Stock.place == Place.STORE, Lot.state == LotState.OPEN, good, to_come)


WEIGHED = Pack.price_per_kg_vnd.is_not(None)
PIECE = case((WEIGHED, Pack.net_quantity), else_=1)  # what one piece takes of stock: grams at most, or one

FIRST_EXPIRED = (Lot.kind == LotKind.PLANNED, Lot.expires_on.is_(None), Lot.expires_on, Lot.made_on, Lot.id)


def free_lots(pack_id: int, on: date) -> list[Reserved]:
    """Lots of a pack with free pieces that day: first expired first, promises (planned lots) last."""
    return [Reserved(*row) for row in run(_free_statements()[0], {"pack": pack_id, "day": on})]


@dataclass(frozen=True)
class Available:
    """Pieces that can be sold on a day. until: last day on which this holds without a movement (None: ever).

    promised: of them, pieces of planned lots, all of which are made by `promised_on`.
    """

    pieces: int
    until: date | None
    promised: int
    promised_on: date | None


def available(pack_id: int, on: date) -> Available:
    """What can be sold of a pack on a day. One query."""
    row = run(_free_statements()[1], {"pack": pack_id, "day": on}).one()
    return Available(int(row[0]), row[1], int(row[2]), row[3])


@cache
def _free_statements() -> tuple[Select[Any], Select[Any]]:
    """What is free of parameter `pack` on parameter `day`: by lot, and in sum with the first day it ends."""
    free, day = Stock.on_hand - Stock.reserved, bindparam("day", type_=Date)
    where = (Stock.pack_id == bindparam("pack"), Stock.on_hand > Stock.reserved, *sellable_on(day))
    lots = select(Lot.id, free).select_from(Stock).join(Lot, Lot.id == Stock.lot_id).where(*where)
    planned = Lot.kind == LotKind.PLANNED
    ends = func.min(case((planned, Lot.made_on), else_=Lot.expires_on))
    pieces = free // PIECE
    promised, by = func.sum(case((planned, pieces), else_=0)), func.max(case((planned, Lot.made_on)))
    total = select(func.coalesce(func.sum(pieces), 0), ends, func.coalesce(promised, 0), by).select_from(
        Stock
    )
    total = total.join(Lot, Lot.id == Stock.lot_id).join(Pack, Pack.id == Stock.pack_id).where(*where)
    return lots.order_by(*FIRST_EXPIRED), total.where(free >= PIECE)


def held(ref: str) -> dict[tuple[int, int], int]:
    """What a reference still holds: {(pack_id, lot_id): pieces}, in the order stock is locked."""
    rows = db.session.execute(
        select(Movement.pack_id, Movement.lot_id, func.sum(Movement.reserved_change))
        .where(Movement.ref == ref, Movement.pack_id.is_not(None))
        .group_by(Movement.pack_id, Movement.lot_id).having(func.sum(Movement.reserved_change) > 0)
        .order_by(Movement.pack_id, Movement.lot_id)
    ).all()  # fmt: skip
    return {(row[0], row[1]): int(row[2]) for row in rows}


def taken(ref: str) -> dict[tuple[int, int], int]:
    """What was packed out of stock under a reference: {(pack_id, lot_id): pieces}."""
    rows = db.session.execute(
        select(Movement.pack_id, Movement.lot_id, func.sum(-Movement.on_hand_change))
        .where(Movement.ref == ref, Movement.kind == MovementKind.SOLD)
        .group_by(Movement.pack_id, Movement.lot_id).order_by(Movement.pack_id, Movement.lot_id)
    ).all()  # fmt: skip
    return {(row[0], row[1]): int(row[2]) for row in rows}


def allocations(ref: str) -> list[Allocated]:
    """What a reference holds and what was packed for it, by pack and lot."""
    waiting = [Allocated(lot, pack, n, packed=False) for (pack, lot), n in held(ref).items()]
    return waiting + [Allocated(lot, pack, n, packed=True) for (pack, lot), n in taken(ref).items()]


def still_out(lot_id: int, pack_id: int) -> int:
    """Pieces of a lot that were sold and did not come back."""
    out = select(func.coalesce(func.sum(-Movement.on_hand_change), 0)).where(
        Movement.lot_id == lot_id, Movement.pack_id == pack_id,
        Movement.kind.in_([MovementKind.SOLD, MovementKind.RETURNED, MovementKind.SOLD_OUTSIDE]),
    )  # fmt: skip
    return int(db.session.execute(out).scalar_one())


def holders(lot_id: int, pack_id: int) -> list[tuple[str, int]]:
    """Who holds pieces of a lot: reference and pieces."""
    rows = db.session.execute(
        select(Movement.ref, func.sum(Movement.reserved_change))
        .where(Movement.lot_id == lot_id, Movement.pack_id == pack_id)
        .group_by(Movement.ref).having(func.sum(Movement.reserved_change) > 0).order_by(Movement.ref)
    ).all()  # fmt: skip
    return [(row[0], int(row[1])) for row in rows]


def packs_to_refresh(on: date) -> list[int]:
    """Packs whose available number no longer holds, because a lot has expired since."""
    return list(
        db.session.execute(select(Pack.id).where(Pack.available_until < on).order_by(Pack.id)).scalars()
    )


def _lines(*terms: ColumnElement[bool]) -> list[StockLine]:
    rows = db.session.execute(
        select(Lot.id, Lot.code, Product.id, Product.name, Pack.id, Pack.label, Stock.place, Stock.on_hand,
               Stock.reserved, Lot.expires_on, Lot.state, Lot.kind == LotKind.PLANNED, WEIGHED, PIECE)
        .select_from(Stock).join(Lot, Lot.id == Stock.lot_id).join(Product, Product.id == Lot.product_id)
        .join(Pack, Pack.id == Stock.pack_id)
        .where(*terms).order_by(Product.name_folded, Product.id, Pack.position, Pack.id, *FIRST_EXPIRED, Stock.place)
    ).all()  # fmt: skip
    return [StockLine(*row) for row in rows]


def stock_lines(cooperative_id: int) -> list[StockLine]:
    """Everything a cooperative has in packs, by product, pack and lot; first expired first."""
    return _lines(Lot.cooperative_id == cooperative_id, Stock.on_hand > 0)


def stock_of_lot(lot_id: int) -> list[StockLine]:
    """A lot's packs at every place, places with nothing left out."""
    return _lines(Stock.lot_id == lot_id, Stock.on_hand > 0)


def by_weight(pack_id: int) -> bool:
    """Whether a pack is weighed at packing, so that its stock is kept in grams."""
    return bool(db.session.execute(select(WEIGHED).where(Pack.id == pack_id)).scalar_one_or_none())


def ever_packed(lot_id: int) -> bool:
    """Whether packs of a lot were ever made, so that it has labels."""
    return db.session.execute(select(Stock.id).where(Stock.lot_id == lot_id).limit(1)).first() is not None


def expiring(cooperative_id: int, on: date, days: int = 30) -> list[StockLine]:
    """Packs in the store that expire within so many days, or have expired."""
    return _lines(
        Lot.cooperative_id == cooperative_id, Stock.on_hand > 0, Stock.place == Place.STORE,
        Lot.expires_on <= on + timedelta(days=days),
    )  # fmt: skip


def movements_of(lot_id: int, limit: int = 40) -> Sequence[Row[Any]]:
    """A lot's newest movements, reservations left out: kind, pack label, place, pieces, grams, reason, at, weighed.

    weighed: the pieces are grams, of a pack that is weighed at packing.
    """
    return db.session.execute(
        select(Movement.kind, Pack.label, Movement.place, Movement.on_hand_change, Movement.bulk_change_g,
               Movement.reason, Movement.at, WEIGHED)
        .outerjoin(Pack, Pack.id == Movement.pack_id)
        .where(Movement.lot_id == lot_id, (Movement.on_hand_change != 0) | (Movement.bulk_change_g != 0))
        .order_by(Movement.id.desc()).limit(limit)
    ).all()  # fmt: skip


def differences() -> list[Difference]:
    """Every stock row, lot and pack whose cached figure differs from its movements. Empty when all is well."""
    return _stock_differences() + _bulk_differences()


def _stock_differences() -> list[Difference]:
    cached = {
        (row.lot_id, row.pack_id, row.place): (row.on_hand, row.reserved)
        for row in db.session.execute(
            select(Stock.lot_id, Stock.pack_id, Stock.place, Stock.on_hand, Stock.reserved)
        )
    }
    folded = {
        (row[0], row[1], row[2]): (int(row[3]), int(row[4]))
        for row in db.session.execute(
            select(Movement.lot_id, Movement.pack_id, Movement.place, func.sum(Movement.on_hand_change),
                   func.sum(Movement.reserved_change))
            .where(Movement.pack_id.is_not(None)).group_by(Movement.lot_id, Movement.pack_id, Movement.place)
        )
    }  # fmt: skip
    found = []
    for key in sorted(cached.keys() | folded.keys()):
        for name, have, want in zip(
            ("on_hand", "reserved"), cached.get(key, (0, 0)), folded.get(key, (0, 0)), strict=True
        ):
            if have != want:
                found.append(Difference(f"{name} of lot {key[0]}, pack {key[1]}, {key[2]}", have, want))
    return found


def _bulk_differences() -> list[Difference]:
    bulk = func.coalesce(func.sum(Movement.bulk_change_g), 0)
    rows = db.session.execute(
        select(Lot.id, Lot.bulk_g, bulk).outerjoin(Movement, Movement.lot_id == Lot.id)
        .group_by(Lot.id, Lot.bulk_g).having(Lot.bulk_g != bulk).order_by(Lot.id)
    )  # fmt: skip
    return [Difference(f"bulk of lot {row[0]}", row[1], int(row[2])) for row in rows]
