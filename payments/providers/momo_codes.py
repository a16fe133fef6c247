"""MoMo's result codes: where each leaves a payment or a refund, and what to tell people.

Source: developers.momo.vn, v3, result codes (stored copy of 2026-08). A code that stands nowhere here says nothing of
the payment: it is asked again, and is never money.
"""

from core.i18n import N_
from payments.providers.protocol import RefundStanding, Standing

_WAIT = N_("MoMo đang chờ bạn bấm trả.")
_WORK = N_("MoMo đang xử lý. Chờ thêm ít phút, đừng trả lại lần nữa.")
STATES: dict[int, tuple[Standing, str]] = {
    0: (Standing.PAID, N_("MoMo đã nhận đủ tiền.")),
    1000: (Standing.OPEN, _WAIT),
    8000: (Standing.OPEN, _WAIT),
    7000: (Standing.PENDING, _WORK),
    7002: (Standing.PENDING, _WORK),
    9000: (Standing.PENDING, _WORK),  # authorised: money only once MoMo says 0
    98: (Standing.FAILED, N_("MoMo chưa tạo được mã trả tiền. Bấm trả lại.")),
    1001: (Standing.FAILED, N_("Ví MoMo không đủ tiền. Nạp thêm rồi trả lại, hoặc chọn cách khác.")),
    1002: (Standing.FAILED, N_("Ngân hàng phát hành từ chối. Chọn nguồn tiền khác rồi trả lại.")),
    1003: (Standing.CANCELLED, N_("MoMo đã huỷ lượt trả này. Bấm trả lại.")),
    1004: (Standing.FAILED, N_("Vượt hạn mức trả trong ngày hoặc trong tháng của ví. Chọn cách khác.")),
    1005: (Standing.EXPIRED, N_("Mã trả tiền đã hết hạn. Bấm trả lại để lấy mã mới.")),
    1006: (Standing.CANCELLED, N_("Bạn đã bấm huỷ ở MoMo. Muốn mua thì bấm trả lại.")),
    1007: (Standing.FAILED, N_("Ví MoMo này chưa mở hoặc đang khoá. Chọn cách khác.")),
    1017: (Standing.CANCELLED, N_("Lượt trả này đã bị huỷ từ phía người bán.")),
    1026: (Standing.FAILED, N_("Khuyến mãi ở MoMo không áp dụng được. Bỏ khuyến mãi rồi trả lại.")),
    4001: (Standing.FAILED, N_("Ví MoMo đang bị hạn chế. Hỏi MoMo, hoặc chọn cách khác.")),
    4002: (
        Standing.FAILED,
        N_("Ví MoMo chưa xác thực căn cước. Xác thực trong ứng dụng, hoặc chọn cách khác."),
    ),
    4100: (Standing.FAILED, N_("Chưa đăng nhập được MoMo. Bấm trả lại.")),
}
REFUNDS: dict[int, tuple[RefundStanding, str]] = {
    0: (RefundStanding.DONE, N_("MoMo đã trả tiền về ví của khách.")),
    7000: (RefundStanding.PENDING, N_("MoMo đang trả tiền về ví của khách.")),
    7002: (RefundStanding.PENDING, N_("MoMo đang trả tiền về ví của khách.")),
    1080: (RefundStanding.FAILED, N_("MoMo chưa hoàn được. Thử lại sau một giờ.")),
    1081: (RefundStanding.FAILED, N_("MoMo báo khoản này đã hoàn, hoặc hoàn quá số còn lại.")),
    1088: (RefundStanding.FAILED, N_("MoMo không cho hoàn lượt trả này. Chuyển khoản cho khách.")),
}
NOT_FOUND = 42
DUPLICATE = frozenset({40, 41, 43})  # the first arrival is known there; what became of it must be asked
DOWN = frozenset({10, 47, 99})  # MoMo rests or does not know: the same again later
FAULTS: dict[int, str] = {  # of the call itself; for staff
    10: N_("MoMo đang bảo trì."),
    11: N_("MoMo chưa cho cửa hàng này dùng. Xem lại cấu hình ở trang M4B của MoMo."),
    12: N_("MoMo không còn nhận phiên bản này."),
    13: N_("MoMo không nhận khoá của ta. Nhập lại mã đối tác và hai khoá."),
    20: N_("MoMo báo lời gọi sai dạng."),
    21: N_("MoMo không nhận số tiền này."),
    22: N_("MoMo chỉ nhận mỗi lần từ 1.000 đ đến 50.000.000 đ."),
    40: N_("MoMo báo lời gọi bị lặp."),
    41: N_("MoMo báo mã đơn bị lặp."),
    42: N_("MoMo không tìm thấy lượt trả này."),
    43: N_("MoMo đang làm một lượt giống hệt."),
    47: N_("MoMo không nhận các mục đã gửi."),
    99: N_("MoMo gặp lỗi chưa rõ."),
    2019: N_("MoMo không nhận nhóm đơn này."),
}
WORDS: dict[str, str] = (
    {str(code): words for code, words in FAULTS.items()}
    | {str(code): words for code, (_standing, words) in STATES.items()}
    | {"created": _WAIT}
)
REFUND_WORDS: dict[str, str] = WORDS | {str(code): words for code, (_standing, words) in REFUNDS.items()}
