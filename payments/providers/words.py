"""What a provider's own word for a state means, as a sentence for people: the buyer's, and the staff's of a refund."""

from collections.abc import Mapping

from core.i18n import N_
from payments.providers import momo_codes, stripe_codes, vnpay_codes, zalopay_codes

PAYMENTS: dict[str, Mapping[str, str]] = {
    "momo": momo_codes.WORDS, "vnpay": vnpay_codes.WORDS, "zalopay": zalopay_codes.WORDS,
}  # fmt: skip
REFUNDS: dict[str, Mapping[str, str]] = {
    "momo": momo_codes.REFUND_WORDS, "vnpay": vnpay_codes.REFUND_WORDS, "zalopay": zalopay_codes.REFUND_WORDS,
    "stripe": stripe_codes.REFUND_WORDS,
}  # fmt: skip
FAULTS: dict[str, str] = {  # of any rail; the first that fits
    "Timeout": N_("Quá giờ chờ mà chưa có trả lời."),
    "Connect": N_("Không nối được tới máy chủ của họ."),
    "Protocol": N_("Đường truyền bị cắt giữa chừng."),
    "Read": N_("Đường truyền bị cắt giữa chừng."),
    "Write": N_("Đường truyền bị cắt giữa chừng."),
    "too slow": N_("Trả lời quá chậm hoặc quá dài."),
    "http 5": N_("Máy chủ của họ đang lỗi."),
    "not json": N_("Trả lời không đọc được."),
    "not an object": N_("Trả lời không đọc được."),
    "signature": N_("Chữ ký trong trả lời không khớp khoá của ta."),
    "another": N_("Trả lời nói về lượt khác."),
}
UNKNOWN = N_("Bên thanh toán chưa nói rõ lượt này ra sao. Ta hỏi lại sau ít phút.")
NEVER = N_("Lượt này chưa mở được ở bên thanh toán. Bấm trả lại.")


def sentence(rail: str, raw_state: str) -> str:
    """A message id for where a payment stands; empty where a rail has no words of its own for it.

    >>> sentence("momo", "1001")
    'Ví MoMo không đủ tiền. Nạp thêm rồi trả lại, hoặc chọn cách khác.'
    """
    if raw_state == "never opened":
        return NEVER
    if rail == "stripe":  # an open payment has no words of its own: the page's suffice
        return stripe_codes.WORDS.get(stripe_codes.reason(raw_state), "")
    words = PAYMENTS.get(rail, {})
    return words.get(raw_state, UNKNOWN if words and raw_state else "")


def refund_sentence(rail: str, raw_state: str) -> str:
    """A message id for where a refund stands; empty where a rail has no words of its own for it."""
    return REFUNDS.get(rail, {}).get(raw_state.removeprefix("refused "), "")


def fault_sentence(rail: str, why: str) -> str:
    """A message id for why a rail did not answer, from the word that was noted; empty where it says itself enough."""
    code = why.removeprefix("refused ").removeprefix(f"{rail} ")
    words = REFUNDS.get(rail, {})
    found = words.get(code, words.get(f"error {code}", ""))
    return found or next((text for sign, text in FAULTS.items() if sign in why), "")
