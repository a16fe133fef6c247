"""What Stripe's own words mean to a buyer. Only those that change what to do; the rest is the page's own."""

from core.i18n import N_

WORDS: dict[str, str] = {
    "card_declined": N_("Ngân hàng từ chối thẻ. Chưa trừ tiền. Thử thẻ khác, hoặc gọi ngân hàng của bạn."),
    "generic_decline": N_("Ngân hàng từ chối thẻ. Chưa trừ tiền. Thử thẻ khác, hoặc gọi ngân hàng của bạn."),
    "insufficient_funds": N_("Thẻ không đủ tiền. Chưa trừ tiền. Thử thẻ khác."),
    "expired_card": N_("Thẻ hết hạn. Chưa trừ tiền. Thử thẻ khác."),
    "incorrect_cvc": N_("Ba số mặt sau thẻ chưa đúng. Chưa trừ tiền. Nhập lại."),
    "payment_intent_authentication_failure": N_(
        "Ngân hàng chưa xác nhận được là bạn. Chưa trừ tiền. Thử lại, hoặc thẻ khác."
    ),
    "requires_action": N_(
        "Ngân hàng đang hỏi bạn xác nhận, ở trang trả thẻ hoặc trong ứng dụng của ngân hàng."
    ),
    "processing": N_("Ngân hàng đang xử lý."),
    "expired": N_("Lượt trả trước đã hết giờ. Chưa trừ tiền. Bấm trả lại."),
    "canceled": N_("Lượt trả trước đã đóng. Chưa trừ tiền. Bấm trả lại."),
    "parameter_invalid": N_("Lượt này mở quá muộn nên không kịp trả. Bấm trả lại."),
}
REFUND_WORDS: dict[str, str] = {
    "charge_already_refunded": N_("Khoản này đã được hoàn ở trang của Stripe."),
    "charge_disputed": N_("Khách đang khiếu nại với ngân hàng thẻ, nên không hoàn qua thẻ được."),
    "amount_too_large": N_("Số hoàn lớn hơn số còn lại ở Stripe."),
    "failed": N_("Ngân hàng của khách không nhận tiền hoàn."),
    "AuthenticationError": N_("Stripe không nhận khoá bí mật này."),
}


def reason(raw_state: str) -> str:
    """The word that says most: the refusal's, else the intent's, else the session's.

    >>> reason("open/requires_payment_method:card_declined"), reason("expired/unpaid"), reason("open/requires_action")
    ('card_declined', 'expired', 'requires_action')
    """
    before, _colon, why = raw_state.rpartition(":")
    session, _slash, intent = raw_state.partition("/")
    if before:
        return why
    return session if session in ("expired", "canceled") or intent in ("", "unpaid") else intent
