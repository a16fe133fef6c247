"""Recall: one verb from a suspect lot to everything made from it, every open order and every buyer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.queries import of_organisation
from office.tracing.queries import lots_made_of
from orders.operations import order_of
from orders.repicks import operations as repicks
from payments.operations import cancel
from payments.queries import organisation_of, payment_of
from revenue.ledger.operations import lock_book
from traceability.lots.operations import hold_lots
from traceability.lots.queries import lot_of, lots_own
from traceability.models import Lot
from traceability.operations import mark_recalled
from traceability.queries import forward
from traceability.rules import LotState, OutOfStock


@dataclass(frozen=True)
class Recall:
    """What a recall did: lots stopped now, open orders refilled or cancelled, buyers told."""

    lots: tuple[str, ...]
    refilled: int
    cancelled: tuple[str, ...]
    told: int


def recall(actor: Actor, lot_id: int, reason: str) -> Recall:
    """Stop a lot and every lot made from it, refill or cancel orders still in the house, tell who holds a pack.

    Doing it twice changes nothing more. Raises NotFound for another cooperative's lot, Invalid without a reason.
    """
    own = check_own(actor, of_organisation(actor.organisation_id).id, lot_id)
    return recall_lots(actor, own.cooperative_id, [own.id], reason, f"{own.id}")


def recall_lots(
    actor: Actor, cooperative_id: int, lot_ids: Collection[int], reason: str, key: str, subject: str = ""
) -> Recall:
    """Stop lots and everything made from them, all at once. key: names the recall, so that nobody is told twice.

    subject: what the audit line speaks of, the first lot where none is given. Raises NotFound for another's lot.
    """
    actor.must_be(Role.MANAGER)
    lots_own(cooperative_id, lot_ids)
    _hold(actor, cooperative_id, lot_ids)
    stopped: dict[int, str] = {}
    lost: dict[str, str] = {}
    for lot in lots_own(cooperative_id, all_reached(lot_ids)):
        if lot.state != LotState.RECALLED:
            lost |= dict.fromkeys(mark_recalled(actor, lot.id, reason), lot.code)
            stopped[lot.id] = lot.code
    refilled, cancelled = _refill(actor, lost)
    cancelled += _stop_parcels(actor, stopped)
    told = _warn(stopped, reason, key)
    about = subject or f"lot:{min(lot_ids)}"
    audit(actor, "recall", about, ("state",), purpose=f"{len(stopped)} lots, {told} buyers")
    return Recall(tuple(stopped.values()), refilled, tuple(cancelled), told)


def all_reached(lot_ids: Collection[int]) -> list[int]:
    """These lots and every lot made from them, each once, the given ones first: one walk for all of them."""
    return list(dict.fromkeys([*lot_ids, *lots_made_of(lot_ids)]))


def reached(lot_id: int) -> list[int]:
    """A lot and every lot made from it."""
    return [lot_id, *forward(lot_id)]


def _hold(actor: Actor, cooperative_id: int, lot_ids: Collection[int]) -> None:
    """Take every lock first, as all others take them: payment, order, lot, pack, each by ascending id; then the book.

    Else a manager who packs one of these orders at this moment and this recall would wait for each other. An order
    placed and packed within that moment still could: the database then ends one of the two, to be done again.
    """
    lots = all_reached(lot_ids)
    waiting = repicks.not_sent(lots)
    for order_id in waiting:
        payment_of(order_id, lock=True)
        order_of(actor, order_id)
    hold_lots(lots, repicks.packs_of(waiting))
    lock_book(organisation_of(cooperative_id))


def _refill(actor: Actor, lost: Mapping[str, str]) -> tuple[int, list[str]]:
    """Orders not packed yet that lost goods: the same from other lots, else cancelled and paid back."""
    refilled, cancelled = 0, []
    for order_id, line_ids in repicks.lines_of(lost).items():
        try:
            promised = [repicks.repick(actor, line_id) for line_id in line_ids]
        except OutOfStock:
            code = lost[f"line:{line_ids[0]}"]
            cancelled.append(cancel(actor, order_id, f"Lô {code} bị thu hồi và không còn lô khác.").code)
            continue
        refilled += 1
        if days := [day for day in promised if day is not None]:
            repicks.tell_wait(order_id, max(days))
    return refilled, cancelled


def _stop_parcels(actor: Actor, stopped: Mapping[int, str]) -> list[str]:
    """Parcels that are packed and have not left stay here: the goods go to quarantine, the money back."""
    codes = ", ".join(stopped.values())
    return [
        cancel(actor, order_id, f"Lô {codes} bị thu hồi trước khi gửi.").code
        for order_id in repicks.parcels_in_house(stopped.keys())
    ]


def _warn(lot_ids: Collection[int], reason: str, key: str) -> int:
    """One message an order, whatever number of its lots is taken back; how many."""
    found = repicks.buyers_of(lot_ids)
    for order, codes in found:
        repicks.warn_buyer(order, codes, reason, key)
    return len(found)


def check_own(actor: Actor, cooperative_id: int, lot_id: int) -> Lot:
    """The lot, if it is the cooperative's own. Raises NotFound."""
    actor.must_be(Role.MANAGER)
    return lot_of(cooperative_id, lot_id)
