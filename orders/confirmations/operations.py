"""Confirming by code, so that nobody has to be reached by telephone."""

from accounts.operations import audit, code_fits, send_code
from accounts.rules import SYSTEM
from core.errors import Conflict
from core.i18n import N_
from orders import queries
from orders.models import Order
from orders.operations import advance
from orders.rules import Event, State


def _waiting(token: str) -> Order:
    order = queries.order_by_token(token)
    if order.state != State.TO_CONFIRM:
        raise Conflict(N_("Đơn này không còn chờ xác nhận."), remedy=N_("Mở lại trang đơn để xem."))
    return order


def send_confirmation_code(token: str) -> None:
    """Send six digits to the buyer's phone; good for five minutes, five an hour."""
    order = _waiting(token)
    send_code(order.purchase.buyer_phone, f"order:{order.id}")


def confirm_by_code(token: str, code: str) -> bool:
    """Confirm the order if the code fits; False if not (the try is counted: commit whatever the answer)."""
    order = _waiting(token)
    if not code_fits(order.purchase.buyer_phone, f"order:{order.id}", code):
        return False
    advance(order, Event.CONFIRM, SYSTEM, "code")
    audit(SYSTEM, "confirm order", f"order:{order.id}", ("state",), purpose="code")
    return True
