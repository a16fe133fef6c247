"""Reads of lines that are weighed at packing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Label, func, select

from catalog.weighed.public import terms_text
from catalog.weighed.rules import Band
from core.db import db
from orders.models import Order, OrderLine
from orders.weighed.models import WeighedLine, WeighedPiece


@dataclass(frozen=True)
class Weighing:
    """What was agreed of a line, and what the scale said: None and empty before packing. Grams and đồng."""

    band: Band
    packed_g: int | None = None
    packed_vnd: int | None = None
    back_vnd: int = 0
    subsidy_back_vnd: int = 0
    light_reason: str = ""
    weighed_at: datetime | None = None
    pieces: tuple[int, ...] = ()

    @property
    def terms(self) -> str:
        """What was agreed, in one sentence."""
        return terms_text(self.band)

    @property
    def light(self) -> bool:
        """Whether a piece is lighter than was promised."""
        return any(grams < self.band.min_g for grams in self.pieces)


def of_lines(line_ids: Iterable[int]) -> dict[int, Weighing]:
    """By order line, those that are weighed at packing. Two statements where there are any, else one."""
    rows = db.session.execute(
        select(WeighedLine).where(WeighedLine.order_line_id.in_(list(line_ids))).order_by(WeighedLine.id)
    ).scalars().all()  # fmt: skip
    if not rows:
        return {}
    pieces: dict[int, list[int]] = {}
    weights = select(WeighedPiece.weighed_line_id, WeighedPiece.weight_g).where(
        WeighedPiece.weighed_line_id.in_([row.id for row in rows])
    )
    for line_id, grams in db.session.execute(weights.order_by(WeighedPiece.number)):
        pieces.setdefault(line_id, []).append(grams)
    return {
        row.order_line_id: Weighing(
            band_of(row), row.packed_g, row.packed_vnd, row.back_vnd, row.subsidy_back_vnd, row.light_reason,
            row.weighed_at, tuple(pieces.get(row.id, ())),
        )
        for row in rows
    }  # fmt: skip


def band_of(row: WeighedLine) -> Band:
    """What was agreed."""
    return Band(row.price_per_kg_vnd, row.piece_min_g, row.piece_max_g, row.piece_word)


def has_weighed(order_id: int) -> bool:
    """Whether something of an order is weighed at packing."""
    mine = select(WeighedLine.id).join(OrderLine, OrderLine.id == WeighedLine.order_line_id)
    return db.session.execute(mine.where(OrderLine.order_id == order_id).limit(1)).first() is not None


def lessened(order_id: int) -> dict[int, tuple[int, int]]:
    """What is not owed any more since the pieces were weighed, by line: (by the buyer, by a programme). Đồng."""
    rows = db.session.execute(
        select(WeighedLine.order_line_id, WeighedLine.back_vnd, WeighedLine.subsidy_back_vnd)
        .join(OrderLine, OrderLine.id == WeighedLine.order_line_id)
        .where(OrderLine.order_id == order_id, WeighedLine.packed_g.is_not(None))
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def less_vnd(order_id: int) -> int:
    """What the buyer owes less than she agreed to, all lines together. Đồng."""
    return sum(back for back, _subsidy in lessened(order_id).values())


def due_of_order() -> Label[int]:
    """A column for reads of `sale_order`: what the buyer pays in the end, as `total_vnd`."""
    less = select(func.coalesce(func.sum(WeighedLine.back_vnd), 0)).join(
        OrderLine, OrderLine.id == WeighedLine.order_line_id
    )
    mine = less.where(OrderLine.order_id == Order.id).correlate(Order).scalar_subquery()
    return (Order.total_vnd - mine).label("total_vnd")


def piece_g(line_id: int) -> int | None:
    """What is held of stock for one piece of a line; None for goods in fixed packs."""
    return db.session.execute(
        select(WeighedLine.piece_max_g).where(WeighedLine.order_line_id == line_id)
    ).scalar_one_or_none()
