"""Verbs of lines that are weighed at packing. The money that follows is `payments.weighed`'s, in the same act."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select

from accounts.rules import Actor
from catalog.queries import PackFact
from core import clock
from core.db import db
from core.text import clean
from orders.models import Allocation, OrderLine
from orders.weighed.models import WeighedLine, WeighedPiece
from orders.weighed.queries import band_of
from orders.weighed.rules import REASON_MAX_CHARS, Difference, check_weights, part_of, price
from traceability import operations as goods


def agree(order_id: int, facts: Mapping[int, PackFact]) -> None:
    """Write down what was agreed of an order's lines whose packs are weighed at packing."""
    bands = {pack.pack_id: pack.band for pack in facts.values() if pack.band}
    if not bands:
        return
    lines = select(OrderLine.id, OrderLine.pack_id).where(
        OrderLine.order_id == order_id, OrderLine.bundle_id.is_(None), OrderLine.pack_id.in_(bands)
    )
    rows = [
        {"order_line_id": line_id, "price_per_kg_vnd": band.price_per_kg_vnd, "piece_min_g": band.min_g,
         "piece_max_g": band.max_g, "piece_word": band.word}
        for line_id, pack_id in db.session.execute(lines.order_by(OrderLine.id))
        if (band := bands[pack_id])
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(WeighedLine), rows)


def agreed(line_id: int) -> WeighedLine | None:
    """What was agreed of a line; None where it is in fixed packs."""
    return db.session.execute(
        select(WeighedLine).where(WeighedLine.order_line_id == line_id)
    ).scalar_one_or_none()


def pack_line(
    actor: Actor,
    line: OrderLine,
    found: WeighedLine,
    pieces: Sequence[tuple[int, int]],
    reason: str,
    ref: str,
) -> None:
    """The pieces of a line are in the parcel. pieces: (lot id, grams) of each, in the order of weighing.

    Grams that were held and not used are free again. Raises Invalid (too few or too many grams: see `check_weights`),
    Conflict where a lot does not hold so much.
    """
    band, said = band_of(found), clean(reason)[:REASON_MAX_CHARS]
    weights = [grams for _lot, grams in pieces]
    total = check_weights(line.product_name, band, line.quantity, weights, said, field=f"line-{line.id}")
    lots: dict[int, list[int]] = {}
    for lot_id, grams in pieces:
        lots.setdefault(lot_id, []).append(grams)
    sums = sorted((lot_id, sum(one)) for lot_id, one in lots.items())
    goods.confirm_packed(actor, ref, line.pack_id, sums, by_weight=True)
    db.session.execute(delete(Allocation).where(Allocation.order_line_id == line.id))
    db.session.execute(insert(Allocation), [
        {"order_line_id": line.id, "lot_id": lot_id, "quantity": len(lots[lot_id]), "packed": True, "packed_g": grams}
        for lot_id, grams in sums
    ])  # fmt: skip
    found.packed_g, found.packed_vnd = total, price(band, total, line.total_vnd)
    found.weighed_at, found.light_reason = clock.now(), said if min(weights) < band.min_g else ""
    db.session.execute(insert(WeighedPiece), [
        {"weighed_line_id": found.id, "lot_id": lot_id, "number": number, "weight_g": grams}
        for number, (lot_id, grams) in enumerate(pieces, start=1)
    ])  # fmt: skip
    db.session.flush()


def owe_less(line_id: int, found: Difference) -> None:
    """Written by `payments`, once a line, when it has moved the money."""
    line = agreed(line_id)
    assert line is not None, "a line that was weighed has its agreement"
    line.back_vnd, line.subsidy_back_vnd = found.back_vnd, found.subsidy_back_vnd
    db.session.flush()


def stock_of(held: Allocation, quantity: int) -> int:
    """What so many pieces of an allocation are in stock: grams of what was weighed, else the pieces themselves."""
    if held.packed_g is None:
        return quantity
    return part_of(held.packed_g, held.quantity, held.returned_quantity, quantity)
