"""VNPay's codes: where each leaves a payment or a refund, what to tell people, and what VNPay reads after news.

Source: sandbox.vnpayment.vn, docs of pay and querydr & refund (stored copies), and lehuygiang28/vnpay (MIT). A code
that stands nowhere here is not money: a payment is asked about again.
"""

from core.i18n import N_
from payments.providers.protocol import Receipt, RefundStanding, Standing

_DOUBT = N_("Ngân hàng đã trừ tiền, VNPay đang kiểm tra. Đừng trả lại lần nữa.")
RESPONSES: dict[str, tuple[Standing, str]] = {  # vnp_ResponseCode of a notification
    "00": (Standing.PAID, N_("VNPay đã nhận đủ tiền.")),
    "05": (Standing.FAILED, N_("Nhập sai mật khẩu quá số lần. Bấm trả lại, hoặc chọn cách khác.")),
    "06": (Standing.FAILED, N_("Mã xác nhận của ngân hàng chưa đúng. Bấm trả lại.")),
    "07": (Standing.PENDING, _DOUBT),
    "08": (Standing.FAILED, N_("Ngân hàng này đang bảo trì. Chọn ngân hàng khác.")),
    "09": (Standing.FAILED, N_("Thẻ hoặc tài khoản chưa mở trả tiền trên mạng. Chọn cách khác.")),
    "10": (Standing.FAILED, N_("Nhập sai thẻ hoặc tài khoản quá 3 lần. Xem lại rồi bấm trả lại.")),
    "11": (Standing.EXPIRED, N_("Quá giờ trả tiền. Bấm trả lại để lấy lượt mới.")),
    "12": (Standing.FAILED, N_("Thẻ hoặc tài khoản đang bị khoá. Chọn cách khác.")),
    "13": (Standing.FAILED, N_("Mã xác nhận của ngân hàng chưa đúng. Bấm trả lại.")),
    "24": (Standing.CANCELLED, N_("Bạn đã bấm huỷ ở VNPay. Muốn mua thì bấm trả lại.")),
    "51": (Standing.FAILED, N_("Tài khoản không đủ tiền. Nạp thêm rồi trả lại, hoặc chọn cách khác.")),
    "65": (Standing.FAILED, N_("Tài khoản vượt hạn mức trong ngày. Chọn cách khác.")),
    "75": (Standing.FAILED, N_("Ngân hàng này đang bảo trì. Chọn ngân hàng khác.")),
    "79": (Standing.FAILED, N_("Nhập sai mật khẩu quá số lần. Bấm trả lại, hoặc chọn cách khác.")),
}
STATUSES: dict[str, tuple[Standing, str]] = {  # vnp_TransactionStatus of an answer about a payment
    "00": (Standing.PAID, N_("VNPay đã nhận đủ tiền.")),
    "01": (Standing.OPEN, N_("VNPay đang chờ bạn trả.")),
    "02": (Standing.FAILED, N_("VNPay báo lượt trả này không thành. Bấm trả lại.")),
    "04": (Standing.PENDING, _DOUBT),  # taken at the bank, not received by VNPay: it goes back by itself
    "07": (Standing.PENDING, _DOUBT),
}
REFUNDS: dict[
    str, tuple[RefundStanding, str]
] = {  # vnp_TransactionStatus of a refund (vnp_TransactionType 02, 03)
    "00": (RefundStanding.DONE, N_("VNPay đã trả tiền về thẻ hoặc tài khoản của khách.")),
    "05": (RefundStanding.PENDING, N_("VNPay đang xử lý việc trả tiền.")),
    "06": (RefundStanding.PENDING, N_("VNPay đã gửi lệnh trả tiền sang ngân hàng.")),
    "09": (RefundStanding.FAILED, N_("Ngân hàng không nhận lệnh trả tiền. Chuyển khoản cho khách.")),
}
FAULTS: dict[str, str] = {  # vnp_ResponseCode of our own calls; for staff
    "02": N_("VNPay không nhận mã website. Nhập lại vnp_TmnCode."),
    "03": N_("VNPay báo lời gọi sai dạng."),
    "91": N_("VNPay không tìm thấy lượt trả này."),
    "94": N_("VNPay báo lời gọi bị lặp, lượt trước đang xử lý."),
    "95": N_("Lượt trả này chưa thành ở VNPay nên không hoàn được."),
    "97": N_("VNPay không nhận chữ ký. Nhập lại khoá ký."),
    "99": N_("VNPay gặp lỗi chưa rõ."),
}
NOT_FOUND, REPEATED, OWN_FAULTS = "91", "94", frozenset({"02", "03", "97"})
ANSWERS: dict[
    Receipt, tuple[str, str]
] = {  # after 00 and 02 VNPay is content; after the others it sends again
    Receipt.APPLIED: ("00", "Confirm Success"),
    Receipt.AGAIN: ("02", "Order already confirmed"),
    Receipt.UNKNOWN: ("01", "Order not found"),
    Receipt.WRONG_AMOUNT: ("04", "Invalid amount"),
    Receipt.FORGED: ("97", "Invalid signature"),
    Receipt.LATER: ("99", "Unknown error"),
}
WORDS: dict[str, str] = (
    {f"error {code}": words for code, words in FAULTS.items()}
    | {"url": STATUSES["01"][1], "error 91": N_("VNPay chưa thấy bạn mở trang trả tiền.")}
    | {code: words for code, (_standing, words) in RESPONSES.items()}
    | {f"status {code}": words for code, (_standing, words) in STATUSES.items()}
)
REFUND_WORDS: dict[str, str] = (
    {f"error {code}": words for code, words in FAULTS.items()}
    | {f"status {code}": words for code, (_standing, words) in REFUNDS.items()}
    | {"another refund": N_("VNPay chỉ nói về lần trả lại khác của lượt này. Xem ở trang quản lý của VNPay.")}
)
