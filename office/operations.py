"""Recall: one verb from a suspect lot to everything made from it, every open order and every buyer."""

from dataclasses import dataclass

from accounts.operations import audit
from accounts.rules import Actor, Role
from core.db import db
from orders.models import Order
from orders.repicks.operations import buyers_of_lot, lines_of, repick, warn_buyer
from payments.operations import cancel
from traceability.lots.queries import lot_of
from traceability.models import Lot
from traceability.operations import mark_recalled
from traceability.queries import forward
from traceability.rules import OutOfStock


@dataclass(frozen=True)
class Recall:
    """What a recall did: lots stopped, open orders refilled or cancelled, buyers told."""

    lots: tuple[str, ...]
    refilled: int
    cancelled: tuple[str, ...]
    told: int


def recall(actor: Actor, lot_id: int, reason: str) -> Recall:
    """Stop a lot and every lot made from it, refill or cancel open orders, and tell everybody who holds a pack.

    Doing it twice changes nothing more. Raises NotFound for another cooperative's lot, Invalid without a reason.
    """
    actor.must_be(Role.MANAGER)
    codes: list[str] = []
    refs: list[str] = []
    stopped = [lot_id, *forward(lot_id)]
    for one in stopped:
        refs += mark_recalled(actor, one, reason)
        codes.append(db.session.get_one(Lot, one).code)
    refilled, cancelled = _refill(actor, refs, codes[0])
    told = sum(_warn(one, code, reason) for one, code in zip(stopped, codes, strict=True))
    audit(actor, "recall", f"lot:{lot_id}", ("state",), purpose=f"{len(codes)} lots, {told} buyers")
    return Recall(tuple(codes), refilled, tuple(cancelled), told)


def _refill(actor: Actor, refs: list[str], code: str) -> tuple[int, list[str]]:
    """Open orders that lost goods: the same from other lots, else cancelled and paid back."""
    refilled, cancelled = 0, []
    for order_id, line_ids in lines_of(refs).items():
        try:
            for line_id in line_ids:
                repick(actor, line_id)
            refilled += 1
        except OutOfStock:
            order = cancel(actor, order_id, f"Lô {code} bị thu hồi và không còn lô khác.")
            cancelled.append(order.code)
    return refilled, cancelled


def _warn(lot_id: int, code: str, reason: str) -> int:
    found: list[Order] = buyers_of_lot(lot_id)
    for order in found:
        warn_buyer(order, lot_id, code, reason)
    return len(found)


def check_own(actor: Actor, cooperative_id: int, lot_id: int) -> Lot:
    """The lot, if it is the cooperative's own. Raises NotFound."""
    actor.must_be(Role.MANAGER)
    return lot_of(cooperative_id, lot_id)
