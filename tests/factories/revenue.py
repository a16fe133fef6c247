"""Deliveries, payouts and books for tests, made through the verbs."""

import secrets
from typing import Any

from accounts.rules import SYSTEM
from core.db import transaction
from orders import queries as orders
from orders.models import Order
from revenue import operations
from revenue.models import Payout
from traceability.models import Slip


def opened(cooperative: Any, bank_vnd: int = 0, cash_vnd: int = 5_000_000) -> None:
    """Begin a cooperative's book with money in the bank or the till."""
    organisation_id = cooperative.organisation_id
    with transaction():
        operations.open_books(
            SYSTEM, bank_vnd, cash_vnd, key=secrets.token_hex(8), organisation_id=organisation_id
        )


def delivered(order: Order) -> Order:
    """Bring an order to delivered and its sale into the ledger."""
    from tests.factories.payments import shipped

    if order.state != "shipped":
        order = shipped(order)
    order_id = order.id
    with transaction():
        operations.deliver(SYSTEM, order_id)
    return orders.order(order_id)


def weighed(producer: Any, advance_vnd: int = 0, net_g: int = 40_000, grade: str = "1", crop: str = "Củ dong riềng",
            price_vnd_per_kg: int = 3_500, pay_from: str = "cash", **fields: Any) -> Slip:  # fmt: skip
    """A slip with its advance paid."""
    from tests.factories.traceability import create_crop

    crop_id, producer_id = create_crop(crop).id, producer.id
    with transaction():
        return operations.weigh_and_advance(
            SYSTEM, key=secrets.token_urlsafe(12), producer_id=producer_id, crop_id=crop_id, gross_g=net_g + 500,
            tare_g=500, grade=grade, price_vnd_per_kg=price_vnd_per_kg, advance_vnd=advance_vnd, pay_from=pay_from,
            **fields,
        )  # fmt: skip


def refunded(order: Order, lines: dict[int, int], key: str | None = None, **fields: Any) -> Any:
    """Take a refund out of the shares: order line id → đồng."""
    order_id = order.id
    with transaction():
        return operations.refund_split(SYSTEM, order_id, lines, key=key or secrets.token_hex(8), **fields)


def paid_out(producer: Any, amount_vnd: int, method: str = "bank", key: str | None = None) -> Payout:
    """Pay a producer."""
    producer_id = producer.id
    with transaction():
        return operations.pay_producer(SYSTEM, producer_id, amount_vnd, method, key or secrets.token_hex(8))
