"""Reads of the mirror: about eight statements, and ten for each lot on the page."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, func, select

from catalog.models import Pack
from core.db import db
from orders.models import Allocation, Order, OrderLine
from revenue.mirror.rules import LotSeen, Mirror, OwnSlip, Sold, may_see_sums
from revenue.models import Posting
from revenue.queries import TO_PRODUCERS, lot_share
from traceability.models import BatchInput, Crop, Lot, Movement, Slip, SlipVoid, Stock
from traceability.queries import origin_of
from traceability.rules import FEW_HOUSEHOLDS
from traceability.stock.queries import PIECE

LOTS_A_PAGE, WAITING_SHOWN = 5, 20


@cache
def _slips_and_lots() -> Select[Any]:
    """Each lot in which a slip of the producer is, through all batches, with the slip."""
    mine = (
        select(Lot.id.label("lot_id"), BatchInput.slip_id.label("slip_id"))
        .join(BatchInput, BatchInput.batch_id == Lot.batch_id).join(Slip, Slip.id == BatchInput.slip_id)
        .where(Slip.producer_id == bindparam("producer", type_=BigInteger))
        .cte("mine", recursive=True)
    )  # fmt: skip
    onward = (
        select(Lot.id, mine.c.slip_id).select_from(mine)
        .join(BatchInput, BatchInput.lot_id == mine.c.lot_id).join(Lot, Lot.batch_id == BatchInput.batch_id)
    )  # fmt: skip
    mine = mine.union(onward)
    return select(mine.c.lot_id, mine.c.slip_id).order_by(mine.c.lot_id.desc(), mine.c.slip_id)


def mirror_of(producer_id: int, page: int = 1) -> Mirror:
    """Where a producer's kilos went. The caller has checked that the producer is the reader's own."""
    slips_of: dict[int, list[int]] = {}
    for lot_id, slip_id in db.session.execute(_slips_and_lots(), {"producer": producer_id}).tuples():
        slips_of.setdefault(lot_id, []).append(slip_id)
    page_count = max(1, -(-len(slips_of) // LOTS_A_PAGE))
    page = min(max(1, page), page_count)
    shown = list(slips_of)[(page - 1) * LOTS_A_PAGE : page * LOTS_A_PAGE]
    slips = _slips({one for lot_id in shown for one in slips_of[lot_id]})
    mine, sold, gtins = _mine(producer_id, shown), _sold(shown), _gtins(shown)
    lots = tuple(
        _seen(lot_id, tuple(slips[one] for one in slips_of[lot_id] if one in slips), sold[lot_id], mine.get(lot_id, 0),
              gtins.get(lot_id, ""))
        for lot_id in shown
    )  # fmt: skip
    return Mirror(lots, _waiting(producer_id), page, page_count)


def _seen(lot_id: int, slips: tuple[OwnSlip, ...], sold: Sold, mine_vnd: int, gtin: str) -> LotSeen:
    origin, sums = origin_of(lot_id), None
    if may_see_sums(origin.households, FEW_HOUSEHOLDS):
        share = lot_share(lot_id)
        sums = (share.sold_vnd, share.producers_vnd)
    return LotSeen(origin, gtin, slips, sold, mine_vnd, sums)


def _own(row: Row[Any], left_g: int = 0) -> OwnSlip:
    return OwnSlip(row.id, row.number, row.crop, row.weighed_on, row.net_g, left_g)


def _slips(slip_ids: Iterable[int]) -> dict[int, OwnSlip]:
    rows = db.session.execute(
        select(Slip.id, Slip.number, Crop.name.label("crop"), Slip.weighed_on, Slip.net_g)
        .join(Crop, Crop.id == Slip.crop_id).where(Slip.id.in_(slip_ids))
    )  # fmt: skip
    return {row.id: _own(row) for row in rows}


def _waiting(producer_id: int) -> tuple[OwnSlip, ...]:
    """Slips that count and are not wholly used, newest first."""
    used = func.coalesce(func.sum(BatchInput.weight_g), 0)
    rows = db.session.execute(
        select(Slip.id, Slip.number, Crop.name.label("crop"), Slip.weighed_on, Slip.net_g, used.label("used"))
        .join(Crop, Crop.id == Slip.crop_id).outerjoin(SlipVoid, SlipVoid.slip_id == Slip.id)
        .outerjoin(BatchInput, BatchInput.slip_id == Slip.id)
        .where(Slip.producer_id == producer_id, SlipVoid.id.is_(None))
        .group_by(Slip.id, Slip.number, Crop.name, Slip.weighed_on, Slip.net_g).having(used < Slip.net_g)
        .order_by(Slip.weighed_on.desc(), Slip.id.desc()).limit(WAITING_SHOWN)
    )  # fmt: skip
    return tuple(_own(row, row.net_g - int(row.used)) for row in rows)


def _mine(producer_id: int, lot_ids: Iterable[int]) -> dict[int, int]:
    """What the producer got of each lot so far, đồng, refunds taken off."""
    rows = db.session.execute(
        select(Posting.lot_id, -func.sum(Posting.amount_vnd))
        .where(Posting.lot_id.in_(lot_ids), Posting.producer_id == producer_id, Posting.component.in_(TO_PRODUCERS))
        .group_by(Posting.lot_id)
    )  # fmt: skip
    return {row[0]: int(row[1]) for row in rows}


def _sold(lot_ids: Iterable[int]) -> dict[int, Sold]:
    """Packs of each lot that reached buyers, and those that lie somewhere."""
    went = {
        row[0]: row
        for row in db.session.execute(
            select(Allocation.lot_id, func.sum(Allocation.quantity - Allocation.returned_quantity),
                   func.min(OrderLine.unit_price_vnd), func.max(OrderLine.unit_price_vnd))
            .join(OrderLine, OrderLine.id == Allocation.order_line_id).join(Order, Order.id == OrderLine.order_id)
            .where(Allocation.lot_id.in_(lot_ids), Allocation.packed.is_(True), Order.delivered_at.is_not(None))
            .group_by(Allocation.lot_id)
        )
    }  # fmt: skip
    held = (
        select(Stock.lot_id, func.sum(Stock.on_hand // PIECE))
        .join(Pack, Pack.id == Stock.pack_id)
        .where(Stock.lot_id.in_(lot_ids))
    )
    left = dict(db.session.execute(held.group_by(Stock.lot_id)).tuples().all())
    found = {}
    for one in lot_ids:
        row = went.get(one)
        pieces, least, most = (int(row[1]), int(row[2]), int(row[3])) if row is not None else (0, 0, 0)
        found[one] = Sold(pieces, int(left.get(one, 0) or 0), least, most)
    return found


def _gtins(lot_ids: Iterable[int]) -> dict[int, str]:
    """A pack of each lot, for the way to its public page."""
    rows = db.session.execute(
        select(Movement.lot_id, func.min(Pack.gtin)).join(Pack, Pack.id == Movement.pack_id)
        .where(Movement.lot_id.in_(lot_ids)).group_by(Movement.lot_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}
