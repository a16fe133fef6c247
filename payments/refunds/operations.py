"""Verbs that owe money back and send it. Nothing is sent by us: a person of the cooperative sends it and records it."""

import hmac
import json
from collections.abc import Mapping

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_
from core.once import done_before, remember
from core.text import clean
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.parcels.operations import hold_packs
from orders.rules import Event as OrderEvent
from orders.rules import Method, buyer_may_cancel
from orders.rules import State as OrderState
from payments import rules
from payments.attempts.outbox import put
from payments.attempts.queries import on_its_way
from payments.bank_statements.operations import match_sent
from payments.models import Payment, Refund, RefundLine
from payments.providers import vietqr
from payments.queries import given_back, no_such, organisation_of, payment_of, received
from payments.refunds import queries
from payments.refunds.queries import Quote
from payments.rules import Event, RefundSource, RefundState, State
from revenue.ledger.operations import lock_book, post
from revenue.rules import Line
from revenue.split.operations import refund_split
from revenue.subsidies.operations import release
from traceability.log.operations import hold_log

STAFF = (Role.MANAGER, Role.TREASURER)


def cancel(who: Actor | str, order_id: int, reason: str) -> Order:
    """Cancel an order that was not shipped: by its buyer (`who` is the order's token) before packing, by staff later.

    Reserved goods become free, packed ones go to quarantine; money that came is owed back. Raises Conflict when late.
    """
    payment = payment_of(order_id, lock=True)
    order = db.session.get_one(Order, order_id, populate_existing=True)
    actor = _canceller(who, order)
    reason = _said(reason, "reason")
    orders.advance(order, OrderEvent.CANCEL, actor, reason)
    hold_packs(order_queries.lines(order.id))
    lock_book(organisation_of(order.cooperative_id))
    orders.release_stock(order, actor)
    _give_back(actor, order, payment, reason)
    audit(actor, "cancel_order", f"order:{order_id}", ("state", "reason"))
    return order


def _canceller(who: Actor | str, order: Order) -> Actor:
    if isinstance(who, Actor):
        who.must_be(*STAFF)
        order_queries.order_for(order.id, who.organisation_id)
        return who
    if not hmac.compare_digest(who.encode(), order.token.encode()):
        raise no_such()
    if not buyer_may_cancel(order.state):
        raise Conflict(
            N_("Hàng đã gói nên không huỷ ở đây được nữa."), remedy=N_("Gọi hợp tác xã theo số ở trang đơn.")
        )
    return Actor(None, Role.BUYER, organisation_of(order.cooperative_id))


def _said(text: str, field: str) -> str:
    words = clean(text)[:300]
    if not words:
        raise Invalid(N_("Chưa ghi lý do."), remedy=N_("Viết vài chữ, ví dụ: khách đổi ý."), field=field)
    return words


def give_back_prepayment(actor: Actor, order: Order, reason: str) -> None:
    """Owe back whatever came for an order that will not be delivered; void its payment when nothing came.

    What a programme had promised for it is free again.
    """
    _give_back(actor, order, payment_of(order.id, lock=True), reason)


def _give_back(actor: Actor, order: Order, payment: Payment, reason: str) -> None:
    left = received(order.id) - given_back(order.id)
    if payment.state in (State.AWAITING, State.TO_COLLECT):
        payment.happen(Event.VOID)
    if left > 0:
        shipping = min(left, order.shipping_vnd)
        made = _refund(
            order, f"whole:{order.id}", RefundSource.PREPAYMENT, (left - shipping, shipping), reason
        )
        lines = rules.post_prepayment_back(order.id, left)
        _post(order.cooperative_id, "refund", made, lines, order.id)
        payment.happen(Event.OWE)
    if order.subsidy_vnd:
        release(order.id)


def _refund(
    order: Order,
    key: str,
    source: RefundSource,
    parts: tuple[int, int],
    reason: str,
    goods_back: bool = False,
) -> Refund:
    made = Refund(
        key=key, cooperative_id=order.cooperative_id, order_id=order.id, transfer_id=None, source=source,
        state=RefundState.DUE, amount_vnd=sum(parts), goods_vnd=parts[0], shipping_vnd=parts[1], reason=reason,
        goods_back=goods_back, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    put(made)  # paid over a rail: it goes back the same way, without anybody's hand
    return made


def _post(cooperative_id: int, step: str, refund: Refund, lines: list[Line], order_id: int | None) -> None:
    key = f"refund:{refund.id}:{step}"
    post(organisation_of(cooperative_id), rules.KIND[step], key, lines, clock.today(), order_id=order_id)


def refund(
    actor: Actor, order_id: int, quantities: Mapping[int, int], reason: str, shipping_vnd: int = 0, *,
    goods_back: bool = False, key: str,
) -> Refund:  # fmt: skip
    """Owe back pieces of an order's lines {line id: pieces}, and some of the delivery, once it was packed or later.

    After delivery each share gives back its part (`revenue.operations.refund_split`); before, the buyer's own
    prepayment is used. goods_back: the pieces came back and go to quarantine; they are never for sale again by default.
    key: the form's own. Raises Conflict when more is asked than is left, or the order cannot be refunded.
    """
    actor.must_be(*STAFF)
    order = order_queries.order_for(order_id, actor.organisation_id)
    body = [order_id, sorted(quantities.items()), reason, shipping_vnd, goods_back]
    if found := done_before("refund", key, body):
        return db.session.get_one(Refund, int(found))
    payment = payment_of(order_id, lock=True)
    db.session.refresh(order)
    quote = queries.quote(order, quantities, shipping_vnd)
    reason = _said(reason, "reason")
    made = _refund_lines(actor, order, payment, quote, reason, goods_back, key)
    remember("refund", key, body, str(made.id))
    audit(actor, "refund", f"order:{order_id}", ("refund_line", "reason", "goods_back"))
    return made


def _refund_lines(
    actor: Actor, order: Order, payment: Payment, quote: Quote, reason: str, goods_back: bool, key: str
) -> Refund:
    source = RefundSource.DELIVERED if order.state == OrderState.DELIVERED else RefundSource.PREPAYMENT
    made = _refund(order, f"form:{key}", source, (quote.goods_vnd, quote.shipping_vnd), reason, goods_back)
    for line in quote.lines:
        made.lines.append(
            RefundLine(order_line_id=line.line_id, quantity=line.quantity, amount_vnd=line.amount_vnd)
        )
    db.session.flush()
    if goods_back:
        hold_packs(order_queries.lines(order.id))
        lock_book(organisation_of(order.cooperative_id))
        hold_log()
    refund_split(actor, order.id, quote.amounts, key=f"payments:{made.id}", shipping_vnd=quote.shipping_vnd,
                 subsidised=quote.subsidised)  # fmt: skip
    for line in quote.lines:
        orders.mark_refunded(line.line_id, line.quantity)
        if goods_back:
            take_back_pieces(actor, order, line.line_id, line.quantity)
    payment.happen(Event.OWE)
    db.session.flush()
    return made


def take_back_pieces(actor: Actor, order: Order, line_id: int, quantity: int) -> None:
    """Into quarantine, from the lots the line was packed from."""
    for held in order_queries.allocations(order.id):
        if held.order_line_id == line_id and held.packed and quantity:
            part = min(quantity, held.quantity - held.returned_quantity)
            orders.take_back(actor, held, part)
            quantity -= part


def set_payee(actor: Actor, refund_id: int, bank_bin: str, account_number: str, holder: str) -> Refund:
    """Note the buyer's bank account, as the buyer said it. Stored encrypted. Raises Invalid for one that cannot be."""
    actor.must_be(*STAFF)
    found = _due(actor, refund_id)
    vietqr.build(bank_bin, account_number, amount_vnd=found.amount_vnd)
    plain = json.dumps([bank_bin, account_number, vietqr.plain(holder).upper()])
    found.payee = encrypt(plain, field="refund.payee", owner=f"refund:{found.id}")
    audit(actor, "set_payee", f"refund:{refund_id}", ("payee",))
    return found


def keep_proof(actor: Actor, refund_id: int, name: str) -> Refund:
    """Lay the bank's slip beside a refund that was sent. name: of the stored private picture. A later one takes the
    place of the earlier. Raises Conflict for money that has not gone."""
    actor.must_be(*STAFF)
    found = queries.refund_for(refund_id, actor.organisation_id, lock=True)
    if found.state != RefundState.SENT:
        raise Conflict(N_("Khoản này chưa ghi là đã trả."), remedy=N_("Ghi đã trả trước."))
    found.proof = name
    audit(actor, "keep_refund_proof", f"refund:{refund_id}", ("proof",))
    return found


def mark_sent(
    actor: Actor, refund_id: int, how: str, reference: str = "", proof: str | None = None
) -> Refund:
    """Record that what was owed back has gone: how is 'bank' or 'cash'. proof: the stored picture of the bank's slip.
    Money that a statement already shows going is matched with it. Twice is harmless.

    Raises Invalid when the bank account or the till does not hold so much.
    """
    actor.must_be(*STAFF)
    if how not in ("bank", "cash"):
        raise Invalid(N_("Chọn cách trả: chuyển khoản hay tiền mặt."), field="how")
    found = queries.refund_for(refund_id, actor.organisation_id, lock=True)
    if found.state == RefundState.SENT:
        return found
    if on_its_way(found.id):
        raise Conflict(
            N_("Khoản này đang được trả về nơi khách đã trả."), remedy=N_("Chờ vài phút rồi tải lại trang.")
        )
    subject = queries.subject_of(found)
    found.state, found.sent_at, found.sent_how = RefundState.SENT, clock.now(), how
    found.reference, found.proof = clean(reference)[:80], proof or found.proof
    _post(
        found.cooperative_id, "sent", found, rules.post_sent(subject, found.amount_vnd, how), found.order_id
    )
    db.session.flush()
    settle_payment(found)
    match_sent(found)
    audit(actor, "mark_refund_sent", f"refund:{refund_id}", ("state", "sent_how", "reference", "proof"))
    return found


def settle_payment(refund: Refund) -> None:
    """The payment follows when no more is owed back on its order. A surplus was never part of it."""
    if refund.source not in (RefundSource.PREPAYMENT, RefundSource.DELIVERED) or refund.order_id is None:
        return
    payment = payment_of(refund.order_id, lock=True)
    if given_back(refund.order_id, RefundState.DUE):
        return
    came = payment.amount_vnd if payment.method == Method.COD else received(refund.order_id)
    everything = given_back(refund.order_id) >= came
    payment.happen(Event.SENT_ALL if everything else Event.SENT)


def _due(actor: Actor, refund_id: int) -> Refund:
    found = queries.refund_for(refund_id, actor.organisation_id, lock=True)
    if found.state != RefundState.DUE:
        raise Conflict(N_("Khoản này đã trả cho khách."), remedy=N_("Tải lại trang để xem."))
    return found
