"""Who may open the pages of money."""

from accounts.rules import Role
from tests.routes.row import ANYBODY, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH = ("GET", "POST")


def _transfer(order: object) -> int:
    """A transfer in the account of an order's cooperative."""
    from sqlalchemy import select

    from core.db import db
    from payments.models import Transfer

    found = db.session.execute(
        select(Transfer.id).where(Transfer.cooperative_id == order.cooperative_id).limit(1)  # type: ignore[attr-defined]
    ).scalar_one_or_none()
    if found is not None:
        return found
    from tests.factories.payments import pay

    return pay(order, content="không rõ").id  # type: ignore[arg-type]


def _refund(order: object) -> int:
    """Money that an order's cooperative owes back."""
    from sqlalchemy import select

    from core.db import db, transaction
    from payments.models import Refund
    from payments.operations import return_transfer
    from tests.factories.payments import pay, staff_of

    found = db.session.execute(
        select(Refund.id).where(Refund.cooperative_id == order.cooperative_id).limit(1)  # type: ignore[attr-defined]
    ).scalar_one_or_none()
    if found is not None:
        return found
    made, manager = pay(order, content="không rõ").id, staff_of(order)  # type: ignore[arg-type]
    with transaction():
        return return_transfer(manager, made, "chuyển nhầm").id


ROWS = [
    # Anybody may knock at SePay's door: the sender is proved by the key of the account in the address, else 401.
    Row("payments.sepay_webhook", ANYBODY, own=lambda w: {"account_id": 1}, methods=("POST",), page=False),
    Row("payments.transfer_list", STAFF),
    Row("payments.transfer_new", STAFF, methods=BOTH),
    Row("payments.transfer_page", STAFF, own=lambda w: {"transfer_id": _transfer(w.order)},
        foreign=lambda w: {"transfer_id": _transfer(w.other_order)}, methods=BOTH),
    Row("payments.order_cancel", STAFF, own=lambda w: {"order_id": w.order.id},
        foreign=lambda w: {"order_id": w.other_order.id}, methods=BOTH),
    Row("payments.order_refuse", STAFF, own=lambda w: {"order_id": w.shipped_order.id},
        foreign=lambda w: {"order_id": w.other_order.id}, methods=BOTH),
    Row("payments.order_refund", STAFF, own=lambda w: {"order_id": w.delivered_order.id},
        foreign=lambda w: {"order_id": w.other_order.id}, methods=BOTH),
    Row("payments.refund_list", STAFF),
    Row("payments.refund_page", STAFF, own=lambda w: {"refund_id": _refund(w.order)},
        foreign=lambda w: {"refund_id": _refund(w.other_order)}, methods=BOTH),
    Row("payouts.payout", STAFF, own=lambda w: {"producer_id": w.producer.id},
        foreign=lambda w: {"producer_id": w.other_slip.producer_id}),
    Row("payouts.settle", STAFF, own=lambda w: {"producer_id": w.producer.id},
        foreign=lambda w: {"producer_id": w.other_slip.producer_id}, methods=("POST",), page=False),
    Row("payments.cod", STAFF, methods=BOTH),
    Row("payments.cod_collected", STAFF, own=lambda w: {"order_id": w.cod_order.id},
        foreign=lambda w: {"order_id": w.other_order.id}, methods=("POST",), page=False),
]  # fmt: skip
