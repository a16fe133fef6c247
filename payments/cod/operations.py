"""Verbs of cash on delivery. A delivered order is a carrier receivable; a remittance turns it into bank money."""

from collections.abc import Collection
from datetime import date

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
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
from orders.rules import Method
from orders.rules import State as OrderState
from payments import rules
from payments.carriers.queries import claim_of_order
from payments.cod.queries import is_remitted
from payments.models import CodRemittance, CodRemittanceLine, Payment
from payments.queries import organisation_of, payment_of
from payments.refunds.operations import give_back_prepayment
from payments.rules import Event, State
from revenue.closing.operations import late_note
from revenue.closing.queries import day_for
from revenue.ledger.operations import lock_book, post
from revenue.split.operations import deliver

STAFF = (Role.MANAGER, Role.TREASURER)


def _order(actor: Actor, order_id: int) -> tuple[Order, Payment]:
    actor.must_be(*STAFF)
    order = order_queries.order_for(order_id, actor.organisation_id)
    payment = payment_of(order_id, lock=True)
    db.session.refresh(order)
    return order, payment


def collect_cod(actor: Actor, order_id: int) -> Order:
    """The carrier has taken the buyer's cash: the order is delivered (and its sale shared). Twice is harmless.

    Raises Conflict for an order that is not under way, or is not paid in cash.
    """
    order, payment = _order(actor, order_id)
    if payment.method != Method.COD:
        raise Conflict(N_("Đơn %(code)s trả bằng chuyển khoản, không thu khi giao."), code=order.code)
    if payment.collected_at is not None:
        return order
    if order.state == OrderState.SHIPPED:
        deliver(actor, order_id)
        db.session.refresh(order)
    if order.state != OrderState.DELIVERED:
        raise Conflict(N_("Đơn %(code)s chưa gửi đi nên chưa thu tiền được."), code=order.code,
                       remedy=N_("Ghi đã gửi trước."))  # fmt: skip
    if payment.state == State.TO_COLLECT:
        payment.happen(Event.COLLECT)
    payment.collected_at = clock.now()
    orders.mark_collected(order)
    audit(actor, "collect_cod", f"order:{order_id}", ("state", "collected_at"))
    return order


def remit_cod(
    actor: Actor, key: str, order_ids: Collection[int], *, carrier: str, fee_vnd: int = 0, shipping_vnd: int = 0,
    received_on: date | None = None, reference: str = "",
) -> CodRemittance:  # fmt: skip
    """A carrier paid over the cash of these orders, less its fee and the carrying that it kept. `key` is the form's.

    An order that was not yet marked collected is collected by this. Raises Invalid for an empty list, a day to come or
    costs above the sum, Conflict for an order that was paid over before.
    """
    on = received_on or clock.today()
    wanted = sorted(set(order_ids))
    body = [wanted, carrier, fee_vnd, shipping_vnd, on.isoformat(), reference]
    actor.must_be(*STAFF)
    if found := done_before("remit_cod", key, body):
        return db.session.get_one(CodRemittance, int(found))
    for order_id in wanted:  # all of them before the first holds the book
        payment_of(order_id, lock=True)
    amounts = {order_id: _remitted(actor, order_id) for order_id in wanted}
    _check_remittance(amounts, carrier, fee_vnd, shipping_vnd, on)
    first = order_queries.order(wanted[0])
    made = CodRemittance(
        key=key, cooperative_id=first.cooperative_id, carrier=clean(carrier)[:60], reference=clean(reference)[:80],
        received_on=on, gross_vnd=sum(amounts.values()), fee_vnd=fee_vnd, shipping_vnd=shipping_vnd,
        created_at=clock.now(),
    )  # fmt: skip
    made.lines = [
        CodRemittanceLine(order_id=order_id, amount_vnd=amount) for order_id, amount in amounts.items()
    ]
    db.session.add(made)
    db.session.flush()
    lines = rules.post_remittance(amounts, fee_vnd, shipping_vnd)
    dated = day_for(actor.organisation_id or 0, on)  # the carrier's list may come after its month was closed
    post(actor.organisation_id or 0, rules.KIND["remitted"], f"remittance:{made.id}", lines, dated.on,
         note=late_note(dated))  # fmt: skip
    remember("remit_cod", key, body, str(made.id))
    audit(actor, "remit_cod", f"cod_remittance:{made.id}", ("lines", "gross_vnd", "fee_vnd", "shipping_vnd"))
    return made


def _check_remittance(
    amounts: dict[int, int], carrier: str, fee_vnd: int, shipping_vnd: int, on: date
) -> None:
    if not amounts:
        raise Invalid(
            N_("Chưa chọn đơn nào."),
            remedy=N_("Đánh dấu những đơn có trong bảng kê của bên giao."),
            field="order_ids",
        )
    if not clean(carrier):
        raise Invalid(N_("Chưa ghi bên giao hàng."), remedy=N_("Ví dụ: Bưu điện."), field="carrier")
    if on > clock.today():
        raise Invalid(N_("Ngày nhận tiền chưa tới."), field="received_on")
    if min(fee_vnd, shipping_vnd) < 0 or fee_vnd + shipping_vnd > sum(amounts.values()):
        raise Invalid(
            N_("Phí lớn hơn số tiền thu hộ."), remedy=N_("Xem lại bảng kê của bên giao."), field="fee_vnd"
        )


def _remitted(actor: Actor, order_id: int) -> int:
    """Mark one order as paid over; its đồng."""
    order = collect_cod(actor, order_id)
    payment = payment_of(order_id)
    if is_remitted(order_id):
        raise Conflict(
            N_("Đơn %(code)s đã nộp tiền ở lần trước."),
            code=order.code,
            remedy=N_("Tải lại trang rồi chọn lại."),
        )
    if claim_of_order(order_id) is not None:
        raise Conflict(
            N_("Đơn %(code)s đang khiếu nại với bên giao."),
            code=order.code,
            remedy=N_("Ghi kết quả khiếu nại ở trang Khiếu nại bên giao."),
        )
    payment.happen(Event.REMIT)
    return payment.amount_vnd


def refuse_cod(actor: Actor, order_id: int, reason: str) -> Order:
    """The buyer did not take the parcel and it came back: the goods go to quarantine, nothing is owed any more.

    An order paid by transfer comes back the same way, and its money is owed to the buyer. Twice is a Conflict.
    """
    order, _payment = _order(actor, order_id)
    reason = clean(reason)[:300]
    if not reason:
        raise Invalid(
            N_("Chưa ghi lý do."),
            remedy=N_("Viết vài chữ, ví dụ: gọi ba lần không nghe máy."),
            field="reason",
        )
    orders.advance(order, OrderEvent.REFUSE, actor, reason)
    hold_packs(order_queries.lines(order_id))
    lock_book(organisation_of(order.cooperative_id))
    orders.release_stock(order, actor)
    give_back_prepayment(actor, order, reason)
    audit(actor, "refuse_order", f"order:{order_id}", ("state", "reason"))
    return order
