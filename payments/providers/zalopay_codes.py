"""ZaloPay's codes: where each leaves a payment or a refund, what to tell people, and what ZaloPay reads after news.

Source: docs.zalopay.vn v2 (status codes; stored copies read 2026-11): return_code 1 done, 2 failed, 3 under way;
sub_return_code says why a call failed. The pages list no reason by which a payment was refused by the buyer's bank.
"""

from core.i18n import N_
from payments.providers.protocol import Receipt, Standing

DONE, FAILED, WORKING = 1, 2, 3
TIME_INVALID, DUPLICATE = -54, -68
DOWN = frozenset({-429, -500, -999})
OWN_FAULTS = frozenset({-401, -402})
WORDS: dict[str, str] = {
    "paid": N_("ZaloPay đã nhận đủ tiền."),
    "open": N_("ZaloPay đang chờ bạn trả."),
    "processing": N_("ZaloPay đang xử lý. Chờ thêm ít phút, đừng trả lại lần nữa."),
    "too late": N_("Quá 48 giờ, ZaloPay không trả lời về lượt này nữa. Xem ở trang quản lý của ZaloPay."),
    "failed": N_("ZaloPay báo lượt trả này không thành. Bấm trả lại, hoặc chọn cách khác."),
    "-54": N_("Mã trả tiền đã hết hạn. Bấm trả lại để lấy mã mới."),
    "-68": N_("ZaloPay báo mã đơn bị lặp."),
    "-401": N_("ZaloPay báo lời gọi sai dạng."),
    "-402": N_("ZaloPay không nhận mã ứng dụng hoặc chữ ký. Nhập lại khoá."),
    "-429": N_("ZaloPay đang nhận quá nhiều lời gọi."),
    "-500": N_("ZaloPay gặp lỗi."),
    "-999": N_("ZaloPay đang bảo trì."),
}
REFUND_WORDS: dict[str, str] = WORDS | {
    "refunded": N_("ZaloPay đã trả tiền về ví của khách."),
    "refunding": N_("ZaloPay đang trả tiền về ví của khách."),
    "refund failed": N_("ZaloPay không hoàn được. Chuyển khoản cho khách."),
}
STATES: dict[int, Standing] = {DONE: Standing.PAID, WORKING: Standing.OPEN, FAILED: Standing.FAILED}
ANSWERS: dict[Receipt, tuple[int, str]] = {  # 0: sent again, at most 3 times; -1: ZaloPay stops
    Receipt.APPLIED: (1, "success"),
    Receipt.AGAIN: (2, "duplicate"),  # the meaning of 2 is not on the pages that were read
    Receipt.UNKNOWN: (-1, "order not found"),
    Receipt.WRONG_AMOUNT: (-1, "amount not equal"),
    Receipt.FORGED: (-1, "mac not equal"),
    Receipt.LATER: (0, "try again"),
}
