"""Reads for the screen of many prices and counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, func, select

from catalog.models import Category, Pack, Product
from catalog.rules import State
from core.db import db
from core.text import fold
from traceability.models import Lot, Stock
from traceability.rules import LotKind, LotState, Place
from traceability.stock.queries import FIRST_EXPIRED

PAGE = 40
PRICE = func.coalesce(Pack.price_per_kg_vnd, Pack.price_vnd)
LOTS_MAX = 3  # of one pack on this screen; the rest on the stock page


@dataclass(frozen=True)
class Shelf:
    """Packs of one lot in the store. reserved: held for orders."""

    lot_id: int
    pack_id: int
    code: str
    on_hand: int
    reserved: int


@dataclass(frozen=True)
class Line:
    """A pack with its price and where its pieces are. more: lots that do not fit on this screen.

    weighed: at packing; its price is of a kilogram, and what is counted are grams.
    """

    pack_id: int
    product_id: int
    name: str
    label: str
    price_vnd: int
    state: str
    bundle: bool
    weighed: bool = False
    shelves: list[Shelf] = field(default_factory=list)
    more: int = 0


def _lines(*terms: Any) -> Select[Any]:
    return (
        select(
            Pack.id,
            Product.id,
            Product.name,
            Pack.label,
            PRICE,
            Product.state,
            Pack.bundle,
            Pack.price_per_kg_vnd.is_not(None),
        )
        .join(Product, Product.id == Pack.product_id)
        .where(Pack.active, Product.state != State.WITHDRAWN, *terms)
        .order_by(Product.name_folded, Product.id, Pack.position, Pack.id)
    )


def page(cooperative_id: int, text: str, category_id: int | None, number: int) -> tuple[list[Line], int]:
    """A page of a cooperative's packs with their shelves, narrowed by words of the name and by category; page count.

    Three queries.
    """
    terms: list[Any] = [Product.cooperative_id == cooperative_id]
    terms += [Product.name_folded.contains(word, autoescape=True) for word in fold(text).split()[:6]]
    if category_id is not None:
        terms.append(Product.category_id == category_id)
    wanted = _lines(*terms)
    total = db.session.execute(
        select(func.count()).select_from(wanted.order_by(None).subquery())
    ).scalar_one()
    page_count = max(1, -(-total // PAGE))
    number = min(max(1, number), page_count)
    return _with_shelves(db.session.execute(wanted.limit(PAGE).offset((number - 1) * PAGE)).all()), page_count


def lines(cooperative_id: int, pack_ids: Iterable[int]) -> list[Line]:
    """These packs, as far as they are the cooperative's own."""
    mine = (Product.cooperative_id == cooperative_id, Pack.id.in_(sorted(set(pack_ids))))
    return _with_shelves(db.session.execute(_lines(*mine)).all())


def _with_shelves(rows: Sequence[Any]) -> list[Line]:
    shelves: dict[int, list[Shelf]] = {}
    for shelf in _shelves([row[0] for row in rows]):
        shelves.setdefault(shelf.pack_id, []).append(shelf)
    return [
        replace(
            Line(*row),
            shelves=shelves.get(row[0], [])[:LOTS_MAX],
            more=max(0, len(shelves.get(row[0], [])) - LOTS_MAX),
        )
        for row in rows
    ]


def _shelves(pack_ids: Sequence[int]) -> list[Shelf]:
    """What lies in the store of open, real lots, first expired first."""
    rows = db.session.execute(
        select(Lot.id, Stock.pack_id, Lot.code, Stock.on_hand, Stock.reserved)
        .join(Lot, Lot.id == Stock.lot_id)
        .where(
            Stock.pack_id.in_(pack_ids),
            Stock.place == Place.STORE,
            Lot.state == LotState.OPEN,
            Lot.kind == LotKind.REAL,
        )
        .order_by(Stock.pack_id, *FIRST_EXPIRED)
    ).all()
    return [Shelf(*row) for row in rows]


def categories_in_use(cooperative_id: int) -> list[tuple[int, str, str]]:
    """Categories of a cooperative's goods: id, name, English name."""
    rows = db.session.execute(
        select(Category.id, Category.name, Category.name_en)
        .join(Product, Product.category_id == Category.id)
        .where(Product.cooperative_id == cooperative_id, Product.state != State.WITHDRAWN)
        .group_by(Category.id)
        .order_by(Category.position)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]
