"""What goes back to a buyer who ordered in a chat."""

from dataclasses import dataclass

from flask import current_app

from core.errors import NotFound
from core.format import vnd
from core.i18n import N_, _
from orders import queries as orders
from orders.models import Order
from orders.rules import Door, Method


@dataclass(frozen=True, slots=True)
class Reply:
    """The words to send back, with the link where the buyer pays or confirms."""

    code: str
    total_vnd: int
    name: str
    text: str
    link: str
    order_id: int


def reply(order: Order) -> Reply:
    """What to write to the buyer of an order."""
    link = f"{current_app.config['BASE_URL']}/orders/{order.token}"
    goods = [f"- {line.quantity} × {line.product_name}, {line.pack_label}" for line in orders.lines(order.id)]
    if order.method == Method.COD:
        how = _("Trả %(total)s khi nhận hàng. Xem đơn ở đây: %(link)s", total=vnd(order.total_vnd), link=link)
    else:
        how = _("Trả %(total)s ở đây: %(link)s", total=vnd(order.total_vnd), link=f"{link}/pay")
    text = "\n".join([
        _("%(seller)s đã ghi đơn %(code)s của %(name)s:", seller=order.seller_name, code=order.code,
          name=order.purchase.buyer_name),
        *goods,
        _("Phí gửi: %(shipping)s", shipping=vnd(order.shipping_vnd)),
        how,
    ])  # fmt: skip
    return Reply(order.code, order.total_vnd, order.purchase.buyer_name, text, link, order.id)


def reply_of(order_id: int, organisation_id: int | None) -> Reply:
    """The reply of an own order that came by chat or a live sale. Raises NotFound."""
    order = orders.order_for(order_id, organisation_id)
    if order.purchase.door not in (Door.CHAT, Door.LIVE):
        raise NotFound(N_("Không có đơn này."))
    return reply(order)
