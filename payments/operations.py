"""The one door by which an order is made, and the sweep that lets go of what was not paid.

Every channel calls `check_out`: shop, chat, live sale, stall. The other verbs of the part stand in its subpackages
and are named here too, so that callers need to know one module.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, exists, insert, select

from accounts.rules import SYSTEM, Actor, Role
from cooperatives import queries as cooperatives
from core import clock
from core.db import db, run, transaction
from core.errors import Invalid
from core.i18n import N_
from orders import operations as orders
from orders import queries as order_queries
from orders.carts.operations import take_out
from orders.models import Order, Purchase
from orders.operations import Buyer, Wanted
from orders.rules import COLLECTED, UNPAID, Method
from orders.rules import Event as OrderEvent
from payments.attempts import operations as attempts
from payments.attempts.queries import may_still_pay
from payments.cod.operations import collect_cod, refuse_cod, remit_cod
from payments.models import Payment
from payments.queries import organisation_of, payment_of
from payments.refunds.operations import cancel, give_back_prepayment, keep_proof, mark_sent, refund, set_payee
from payments.rules import State
from payments.transfers.operations import (
    enter_transfer,
    match_transfer,
    receive_transfer,
    return_transfer,
    take_suggestion,
    undo_decision,
)
from revenue.subsidies.operations import hold

__all__ = [
    "Buyer",
    "Wanted",
    "cancel",
    "check_out",
    "collect_cod",
    "enter_transfer",
    "expire_unpaid",
    "keep_proof",
    "mark_sent",
    "match_transfer",
    "receive_transfer",
    "refund",
    "refuse_cod",
    "remit_cod",
    "return_transfer",
    "set_payee",
    "take_suggestion",
    "undo_decision",
]  # fmt: skip


def check_out(
    key: str,
    buyer: Buyer,
    lines: Sequence[Wanted],
    method: Method | Mapping[int, Method],
    *,
    cart_token: str | None = None,
    agreed_total_vnd: int | None = None,
    quiet: bool = False,
) -> Purchase:
    """Order goods: purchase, one order per cooperative, goods reserved by lot, and what is owed for each, or nothing.

    key: the form's own; the same key again gives the same purchase, with another body Conflict (409).
    lines: packs with the prices the buyer agreed to; a moved price raises `orders.operations.Changed`, missing stock
    traceability's OutOfStock. method: one for all, or one per cooperative id. agreed_total_vnd: with delivery, đồng.
    cart_token: what is ordered leaves this cart. quiet: another shop tells its buyer itself. Raises Invalid where
    a cooperative has no bank account in force for VietQR, or the phone number has too many open cash-on-delivery
    orders; the voucher's Refused, also when a programme's budget has not so much left.
    """
    purchase = orders.create_purchase(
        key, buyer, lines, method, clock.today(), agreed_total_vnd=agreed_total_vnd, quiet=quiet
    )
    owed = run(_NOT_OWED, {"purchase": purchase.id}).all()
    for order in owed:
        _owe(order)
    if any(order.method in COLLECTED for order in owed):
        _begin(purchase.id, owed)
    take_out(cart_token, [line.pack_id for line in lines])
    for order in owed:
        if order.subsidy_vnd:  # last: the programme's book stays locked until the end
            hold(order.id, order.subsidy_vnd)
    return purchase


_PAYMENT, _ORDER = (cast(Table, model.__table__) for model in (Payment, Order))
_NOT_OWED = (  # a second arrival of the same key finds none
    select(_ORDER.c.id, _ORDER.c.method, _ORDER.c.total_vnd, _ORDER.c.subsidy_vnd, _ORDER.c.cooperative_id,
           _ORDER.c.seller_name)
    .where(_ORDER.c.purchase_id == bindparam("purchase"))
    .where(~exists().where(_PAYMENT.c.order_id == _ORDER.c.id))
    .order_by(_ORDER.c.id)
)  # fmt: skip
_ADD_PAYMENT = insert(_PAYMENT)


def _owe(order: Row[Any]) -> None:
    """Write what the buyer owes for an order."""
    cod = order.method == Method.COD
    run(_ADD_PAYMENT, {
        "order_id": order.id, "method": order.method, "amount_vnd": order.total_vnd, "created_at": clock.now(),
        "state": str(State.TO_COLLECT if cod else State.AWAITING),
        "bank_account_id": _account_id(order) if order.method == Method.VIETQR else None,
    })  # fmt: skip


def _begin(purchase_id: int, owed: Sequence[Row[Any]]) -> None:
    """One attempt for all orders of a purchase that are paid the same way over a collector's rail."""
    together: dict[Method, dict[int, int]] = {}
    for order in owed:
        if order.method in COLLECTED:
            together.setdefault(Method(order.method), {})[order.id] = order.total_vnd
    for method, amounts in together.items():
        attempts.begin(purchase_id, method, amounts)


def _account_id(order: Row[Any]) -> int:
    account_id = cooperatives.active_account_id(order.cooperative_id, clock.now())
    if account_id is None:
        raise Invalid(
            N_("%(seller)s chưa nhận được chuyển khoản."), remedy=N_("Chọn trả tiền khi nhận hàng."),
            field="method", seller=order.seller_name,
        )  # fmt: skip
    return account_id


def expire_unpaid(most: int = 100) -> int:
    """Let go of orders whose goods waited longer than promised; how many. Money that came in part is owed back.

    Each in a transaction of its own, which reads again whether the order still waits: a transfer may arrive meanwhile.
    """
    return sum(_expire(order_id) for order_id in order_queries.past_hold(clock.now(), most))


def _expire(order_id: int) -> bool:
    with transaction():
        payment_of(order_id, lock=True)
        order = db.session.get_one(Order, order_id, populate_existing=True)
        if (
            order.state not in UNPAID
            or order.hold_until is None
            or order.hold_until >= clock.now()
            or may_still_pay(order_id, clock.now())
        ):
            return False
        actor = Actor(SYSTEM.user_id, Role.SYSTEM, organisation_of(order.cooperative_id))
        orders.release_stock(order, actor)
        orders.advance(order, OrderEvent.EXPIRE, actor)
        give_back_prepayment(actor, order, N_("Hết giờ giữ hàng khi mới trả một phần"))
        return True
