"""Orders and their payment, made through the verbs that users call."""

import secrets
from collections.abc import Sequence
from typing import Any

from accounts.rules import Role
from cooperatives.models import BankAccount
from core import clock
from core.db import db, transaction
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.operations import Buyer, Pick, Wanted
from orders.rules import Method
from payments.models import Transfer
from payments.operations import check_out, receive_transfer
from payments.providers.sepay import Notice
from payments.queries import payment_of
from tests.factories.accounts import actor_for
from tests.factories.places import commune

PHONE = "+84912345678"


def buyer(phone: str = PHONE, name: str = "Đỗ Minh Mẫu", language: str = "vi") -> Buyer:
    """Somebody in Hà Nội who buys."""
    return Buyer(name, phone, commune("Cầu Giấy").id, "Số 8, ngõ Mẫu", language=language)


def place_order(
    lines: Sequence[tuple[Any, int]], method: str = "vietqr", *, phone: str = PHONE, key: str | None = None
) -> list[Order]:
    """Check out packs [(pack, pieces)…]; one order per cooperative."""
    wanted = [Wanted(pack.id, quantity) for pack, quantity in lines]
    who = buyer(phone)
    with transaction():
        purchase = check_out(key or secrets.token_urlsafe(12), who, wanted, Method(method))
    return order_queries.orders_of(purchase.id)


def notice(
    order: Order, amount_vnd: int | None = None, *, provider_id: str | None = None, content: str | None = None
) -> Notice:
    """News of a transfer for an order: exact unless told otherwise."""
    account = db.session.get_one(BankAccount, payment_of(order.id).bank_account_id)
    return Notice(
        provider_id or str(secrets.randbelow(10**9) + 1), account.account_number, "",
        order.total_vnd if amount_vnd is None else amount_vnd,
        f"MBVCB {order.code} DO MINH MAU" if content is None else content, secrets.token_hex(6), clock.now(), True,
    )  # fmt: skip


def pay(order: Order, amount_vnd: int | None = None, **news: Any) -> Transfer:
    """The bank tells of a transfer for the order."""
    account_id = payment_of(order.id).bank_account_id
    assert account_id is not None
    with transaction():
        made = receive_transfer(account_id, notice(order, amount_vnd, **news))
    assert made is not None
    return made


def staff_of(order: Order, role: Role = Role.MANAGER) -> Any:
    """A manager (or treasurer) of the cooperative that sells the order."""
    from cooperatives import queries as cooperatives

    return actor_for(role, organisation_id=cooperatives.cooperative(order.cooperative_id).organisation_id)


def packed(order: Order) -> Order:
    """Bring an order to packed: paid or confirmed first, then the proposed lots are packed."""
    manager = staff_of(order)
    if order.state == "awaiting_payment":
        pay(order)
    with transaction():
        if order_queries.order(order.id).state == "to_confirm":
            orders.confirm(manager, order.id, "call")
        picks = [
            Pick(held.order_line_id, held.lot_id, held.quantity)
            for held in order_queries.allocations(order.id)
        ]
        orders.pack(manager, order.id, picks)
    return order_queries.order(order.id)


def shipped(order: Order, carrier: str = "Bưu điện") -> Order:
    """Bring an order onto the road."""
    if order.state != "packed":
        order = packed(order)
    manager = staff_of(order)
    with transaction():
        orders.ship(manager, order.id, carrier, "EB123456789VN")
    return order_queries.order(order.id)
