"""The verb of packing by weight: grams, price and the difference, all in one act."""

from collections.abc import Mapping, Sequence

from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict
from core.format import vnd, weight
from core.i18n import N_
from core.once import done_before, remember
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.notices.operations import tell
from orders.operations import Pick
from orders.parcels.operations import hold_packs
from orders.rules import Method
from orders.weighed import operations as weighed
from orders.weighed.queries import Weighing, of_lines
from orders.weighed.rules import Difference, difference
from payments.attempts.outbox import put
from payments.models import Payment, Refund
from payments.queries import organisation_of, payment_of
from payments.rules import Event, RefundSource, RefundState
from revenue.ledger.operations import lock_book
from revenue.split.operations import refund_split
from revenue.split.rules import line_parts
from revenue.subsidies.operations import release

REASON = N_("Cân khi gói: phần trả trước thừa")
TOLD_BACK = N_(
    "Chợ Phiên: đơn %(code)s cân được %(weight)s. Trả lại bạn %(back)s tiền trả trước thừa: %(link)s"
)
TOLD_LESS = N_("Chợ Phiên: đơn %(code)s cân được %(weight)s. Khi nhận chỉ trả %(due)s: %(link)s")
TOLD_EVEN = N_("Chợ Phiên: đơn %(code)s cân được %(weight)s, đúng mức đã trả trước: %(link)s")
TOLD_LIGHT = N_(
    "Chợ Phiên: trong đơn %(code)s có món nhẹ hơn mức đã hứa (%(reason)s). Bạn chỉ trả theo cân thật, và được quyền "
    "không nhận, lấy lại đủ tiền. Không muốn nhận thì báo ở đây: %(link)s"
)


def pack_weighed(
    actor: Actor, order_id: int, picks: Sequence[Pick], reasons: Mapping[int, str] | None = None, *, key: str
) -> Order:
    """The goods were weighed and are in the parcel; what was prepaid too much is owed back, or not collected.

    picks: as `orders.operations.pack`, with the grams of each piece. reasons: by line, why a piece is lighter than
    promised. key: the form's own, so that a phone without a line may send it twice. Raises what packing raises, and
    Conflict for an order paid in cash of which nothing would be left to collect.
    """
    actor.must_be(*orders.PACKERS)
    said = {line: reason for line, reason in sorted((reasons or {}).items()) if reason}
    body = [order_id, [[*pick] for pick in _plain(picks)], list(said.items())]
    if done_before("pack_weighed", key, body):
        return order_queries.order_for(order_id, actor.organisation_id)
    order_queries.order_for(order_id, actor.organisation_id)
    payment = payment_of(order_id, lock=True)
    order = orders.order_of(actor, order_id)
    hold_packs(order_queries.lines(order_id))
    lock_book(organisation_of(order.cooperative_id))  # before packing takes the log, as delivery does
    order = orders.pack(actor, order_id, picks, said)
    lines = order_queries.lines(order_id)
    seen = of_lines([line.id for line in lines])
    parts = line_parts({line.id: line.total_vnd for line in lines}, order.discount_vnd, order.subsidy_vnd)
    found = {
        line.id: difference(line.total_vnd, one.packed_vnd or 0, *parts[line.id])
        for line in lines
        if (one := seen.get(line.id))
    }
    _move_money(order, payment, found)
    for line_id, less in found.items():
        weighed.owe_less(line_id, less)
    _tell(order, payment, seen, sum(one.back_vnd for one in found.values()))
    remember("pack_weighed", key, body, str(order_id))
    return order


def _plain(picks: Sequence[Pick]) -> list[tuple[int, int, int, list[int]]]:
    return [(pick.line_id, pick.lot_id, pick.quantity, list(pick.weights_g)) for pick in picks]


def _move_money(order: Order, payment: Payment, found: Mapping[int, Difference]) -> None:
    """What the buyer prepaid too much is owed back; of cash on delivery less is collected; a budget has its part again.

    It follows from the scale, not from anybody's decision: the book names the system, the audit line of packing who
    weighed.
    """
    back = {line_id: one.back_vnd for line_id, one in found.items() if one.back_vnd}
    theirs = {line_id: one.subsidy_back_vnd for line_id, one in found.items() if one.subsidy_back_vnd}
    if payment.method == Method.COD:
        _collect_less(payment, sum(back.values()))
    elif back:
        _owe_back(order, payment, back, theirs)
        return
    if theirs:
        release(order.id, sum(theirs.values()))


def _collect_less(payment: Payment, less_vnd: int) -> None:
    if less_vnd >= payment.amount_vnd:
        raise Conflict(
            N_("Cân xong thì đơn này không còn gì để thu."), remedy=N_("Xem lại số cân; đúng thì huỷ đơn.")
        )
    payment.amount_vnd -= less_vnd
    db.session.flush()


def _owe_back(order: Order, payment: Payment, back: Mapping[int, int], theirs: Mapping[int, int]) -> None:
    total = sum(back.values())
    made = Refund(
        key=f"weighed:{order.id}", cooperative_id=order.cooperative_id, order_id=order.id, transfer_id=None,
        source=RefundSource.PREPAYMENT, state=RefundState.DUE, amount_vnd=total, goods_vnd=total, shipping_vnd=0,
        reason=REASON, goods_back=False, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    put(made)  # paid over a rail: it goes back the same way, without anybody's hand
    system = Actor(None, Role.SYSTEM, organisation_of(order.cooperative_id))
    refund_split(system, order.id, back, key=f"payments:{made.id}", subsidised=theirs, note=order.code)
    payment.happen(Event.OWE)
    db.session.flush()


def _tell(order: Order, payment: Payment, seen: Mapping[int, Weighing], back_vnd: int) -> None:
    """The buyer hears what the scale said, and of a piece lighter than promised what may be done about it."""
    said = {"weight": ", ".join(weight(one.packed_g or 0) for one in seen.values())}
    if not back_vnd:
        tell(order, TOLD_EVEN, f"order:{order.id}:weighed", **said)
    elif payment.method == Method.COD:
        tell(order, TOLD_LESS, f"order:{order.id}:weighed", due=vnd(payment.amount_vnd), **said)
    else:
        tell(order, TOLD_BACK, f"order:{order.id}:weighed", back=vnd(back_vnd), **said)
    reasons = [one.light_reason for one in seen.values() if one.light_reason]
    if reasons:
        tell(order, TOLD_LIGHT, f"order:{order.id}:light", reason="; ".join(reasons))
