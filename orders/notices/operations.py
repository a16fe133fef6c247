"""Writing to the buyer, in the language of the purchase."""

from flask import current_app
from flask_babel import force_locale

from core.clock import HANOI
from core.format import vnd
from core.i18n import N_, _
from messages.operations import send
from orders.models import Order
from orders.rules import SOLD_THERE, Event, Method

PLACED = {
    Method.VIETQR: N_("Chợ Phiên: đã giữ hàng đơn %(code)s. Chuyển %(total)s trước %(until)s: %(pay)s"),
    Method.COD: N_(
        "Chợ Phiên: đã nhận đơn %(code)s, %(total)s, trả khi nhận. %(seller)s sẽ gọi xác nhận: %(link)s"
    ),
}
STEPS = {
    Event.PROMISE: N_("Chợ Phiên: đã giữ hàng đơn %(code)s. Trả %(total)s trước %(until)s ở đây: %(pay)s"),
    Event.ON_DELIVERY: PLACED[Method.COD],
    Event.PAY: N_("Chợ Phiên: đơn %(code)s đã nhận %(total)s. Hàng đang được gói: %(link)s"),
    Event.CONFIRM: N_("Chợ Phiên: đơn %(code)s đã xác nhận. Hàng đang được gói: %(link)s"),
    Event.PACK: N_("Chợ Phiên: đơn %(code)s đã gói xong, chờ bưu tá: %(link)s"),
    Event.SHIP: N_("Chợ Phiên: đơn %(code)s đang trên đường, %(carrier)s. Theo dõi: %(link)s"),
    Event.DELIVER: N_("Chợ Phiên: đơn %(code)s đã tới tay. Có chuyện gì thì báo ở đây: %(link)s"),
    Event.REFUSE: N_("Chợ Phiên: đơn %(code)s không giao được, hàng quay về hợp tác xã: %(link)s"),
    Event.LOSE: N_(
        "Chợ Phiên: bên giao làm mất hàng đơn %(code)s. Tiền nếu đã chuyển sẽ được trả lại: %(link)s"
    ),
    Event.CANCEL: N_("Chợ Phiên: đơn %(code)s đã huỷ. Tiền nếu đã chuyển sẽ được trả lại: %(link)s"),
    Event.EXPIRE: N_("Chợ Phiên: đơn %(code)s hết giờ giữ hàng nên đã thôi giữ. Muốn mua lại, mở: %(link)s"),
    Event.REVIVE: N_("Chợ Phiên: tiền của đơn %(code)s tới muộn, hàng còn nên đơn được giữ tiếp: %(link)s"),
}
ANSWER = N_("Chợ Phiên: %(seller)s trả lời về đơn %(code)s: %(answer)s %(link)s")
LINK_AGAIN = N_("Chợ Phiên: đường dẫn xem đơn %(code)s: %(link)s")


def link(order: Order, page: str = "") -> str:
    """The tracking link, or a page below it, in the language of the purchase."""
    language = order.purchase.language
    address = f"{current_app.config['BASE_URL']}/orders/{order.token}{page}"
    return address if language == "vi" else f"{address}?hl={language}"


def tell(order: Order, template: str, key: str, **more: str) -> None:
    """Put one message to the buyer into the outbox. The key makes a repeated cause one message.

    A buyer who left no number, as at a stall, or who bought at another shop, hears nothing from us.
    """
    if not order.purchase.buyer_phone or order.purchase.door in SOLD_THERE:
        return
    until = f"{order.hold_until.astimezone(HANOI):%H:%M}" if order.hold_until else ""
    with force_locale(order.purchase.language):
        text = _(template, code=order.code, total=vnd(order.total_vnd), until=until, link=link(order),
            pay=link(order, "/pay"),
                 carrier=order.carrier, seller=order.seller_name, **more)  # fmt: skip
    send(order.purchase.buyer_phone, "order", text, key, party=f"order:{order.id}")
