"""How the yearly report names its figures."""

from core.i18n import N_

TEXTS = {
    "sellers": N_("Hợp tác xã đang bán, cuối năm"),
    "sellers_new": N_("Hợp tác xã mới được duyệt"),
    "suspensions": N_("Gian hàng bị tạm dừng"),
    "products": N_("Món hàng đang bày, cuối năm"),
    "products_new": N_("Món hàng mới bày"),
    "takedowns": N_("Yêu cầu gỡ hàng của cơ quan nhà nước"),
    "takedowns_late": N_("trong đó gỡ muộn"),
    "orders": N_("Đơn đặt"),
    "orders_delivered": N_("Đơn đã tới tay"),
    "orders_cancelled": N_("Đơn huỷ, hết giờ, không nhận"),
    "goods_vnd": N_("Tiền hàng của đơn đã tới tay"),
    "shipping_vnd": N_("Tiền đưa hàng của đơn đã tới tay"),
    "refunds": N_("Lần hoàn tiền"),
    "refunds_vnd": N_("Tiền hoàn"),
    "problems": N_("Chuyện khách báo với đơn"),
    "complaints": N_("Khiếu nại"),
    "complaints_settled": N_("trong đó đã xong"),
    "link_clicks": N_("Lượt mở đường dẫn chia sẻ"),
}
