"""The ledger's words as people read them; message ids, translated where shown."""

from collections.abc import Mapping

from core.i18n import N_, _
from revenue.rules import AccountKind, Component, Deal, EntryKind

ENTRY_WORDS: dict[str, str] = {
    EntryKind.OPENING: N_("Số dư đầu kỳ"),
    EntryKind.MOVE: N_("Chuyển giữa quỹ và ngân hàng"),
    EntryKind.MONEY_IN: N_("Người mua trả trước"),
    EntryKind.SALE: N_("Bán hàng, đã giao"),
    EntryKind.REFUND: N_("Trả lại người mua"),
    EntryKind.ADVANCE: N_("Tạm ứng lúc cân"),
    EntryKind.ADVANCE_BACK: N_("Bỏ phiếu cân, lấy lại tạm ứng"),
    EntryKind.PAYOUT: N_("Trả bà con"),
    EntryKind.PAYOUT_RETURNED: N_("Ngân hàng trả lại tiền của bà con"),
    EntryKind.GUARANTEE: N_("Bù giá cam kết"),
    EntryKind.REVERSAL: N_("Đảo bút toán"),
    EntryKind.SUBSIDY_DEPOSIT: N_("Nộp ngân sách trợ giá"),
    EntryKind.SUBSIDY_WITHDRAWN: N_("Rút ngân sách trợ giá"),
    EntryKind.SUBSIDY_HOLD: N_("Giữ tiền trợ giá cho đơn"),
    EntryKind.SUBSIDY_RELEASE: N_("Thôi giữ tiền trợ giá"),
    EntryKind.SUBSIDY_SPENT: N_("Trợ giá cho đơn đã giao"),
    EntryKind.SUBSIDY_BACK: N_("Trợ giá trả về ngân sách"),
    EntryKind.SUBSIDY_PAID: N_("Chương trình trả tiền trợ giá"),
    EntryKind.PURCHASE: N_("Mua đứt hàng của bà con"),
    EntryKind.COST: N_("Giá vốn còn lại khi hết lô"),
    EntryKind.TAX_PAID: N_("Nộp thuế đã giữ lại"),
    "suspense_matched": N_("Tiền chưa rõ, đã ghép vào đơn"),  # from here: entries of the part above
    "suspense_returned": N_("Tiền chưa rõ, đã trả lại"),
    "suspense_reopened": N_("Gỡ khỏi đơn, lại chưa rõ"),
    "prepayment_refund": N_("Trả lại tiền đặt trước"),
    "refund_sent": N_("Đã chuyển trả người mua"),
    "cod_remitted": N_("Bưu tá nộp tiền thu hộ"),
    "cod_reduced": N_("Khách nhận một phần, thu ít đi"),
    "carrier_claimed": N_("Đòi bên giao tiền đã thu"),
    "claim_settled": N_("Bên giao trả theo khiếu nại"),
    "counter_cash": N_("Thu tiền mặt ở quầy"),
    "cash_counted": N_("Đếm hộp tiền khác sổ"),
    "cash_explained": N_("Tiền thừa lúc đếm, nay biết của lần bán nào"),
    "carrier_compensation": N_("Bên giao đền hàng mất"),
    "collected": N_("Người mua trả qua bên thu hộ"),
    "rail_fee": N_("Phí cổng thanh toán"),
    "rail_refund": N_("Trả lại người mua qua cổng thanh toán"),
    "rail_settled": N_("Cổng thanh toán chuyển tiền về"),
    "remitted": N_("Bên thu hộ chuyển cho hợp tác xã"),
    "remittance_in": N_("Tiền bên thu hộ đã vào tài khoản"),
    "remittance_back": N_("Tiền bên thu hộ chuyển bị trả lại"),
    "dispute_opened": N_("Khách khiếu nại với ngân hàng thẻ"),
    "dispute_won": N_("Khiếu nại thẻ: được"),
    "dispute_lost": N_("Khiếu nại thẻ: mất"),
    "market_sold": N_("Khách trả ở sàn"),
    "market_fee": N_("Phí của sàn"),
    "market_back": N_("Sàn trả lại tiền cho khách"),
    "market_settled": N_("Sàn chuyển tiền về"),
}
ACCOUNT_WORDS: dict[str, str] = {
    AccountKind.BANK: N_("Ngân hàng"),
    AccountKind.CASH: N_("Quỹ tiền mặt"),
    AccountKind.SUSPENSE: N_("Tiền chưa rõ của ai"),
    AccountKind.BUYER_PREPAYMENT: N_("Người mua trả trước"),
    AccountKind.COD_RECEIVABLE: N_("Bưu tá đang giữ"),
    AccountKind.CARRIER_CLAIM: N_("Đang đòi bên giao"),
    AccountKind.CARRIER_LOSS: N_("Mất do bên giao"),
    AccountKind.PRODUCER_PAYABLE: N_("Còn nợ bà con"),
    AccountKind.PRODUCER_ADVANCE: N_("Đã tạm ứng, chưa bán"),
    AccountKind.PRODUCER_RECEIVABLE: N_("Trừ vào lần chia sau"),
    AccountKind.COOPERATIVE_INCOME: N_("Phần hợp tác xã"),
    AccountKind.FUND: N_("Quỹ chung"),
    AccountKind.SHIPPING_INCOME: N_("Tiền gửi hàng thu được"),
    AccountKind.SHIPPING_COST: N_("Chi gửi hàng"),
    AccountKind.PROVIDER_FEE: N_("Phí thu hộ, phí cổng thanh toán"),
    AccountKind.RECALL_COST: N_("Chi thu hồi hàng"),
    AccountKind.REFUND_DUE: N_("Phải trả lại người mua"),
    AccountKind.CAPITAL: N_("Vốn"),
    AccountKind.SUBSIDY_RECEIVABLE: N_("Chương trình trợ giá còn nợ"),
    AccountKind.SUBSIDY_BUDGET: N_("Ngân sách trợ giá còn lại"),
    AccountKind.SUBSIDY_HELD: N_("Trợ giá giữ cho đơn chưa giao"),
    AccountKind.DUE_TO_COOPERATIVE: N_("Còn nợ hợp tác xã"),
    AccountKind.DUE_FROM_COLLECTOR: N_("Bên thu hộ còn nợ"),
    AccountKind.REMITTANCE_COMING: N_("Bên thu hộ đã chuyển, chưa thấy tiền vào"),
    AccountKind.RAIL_CLEARING: N_("Cổng thanh toán đang giữ"),
    AccountKind.DISPUTE_HELD: N_("Ngân hàng của khách đang giữ lại"),
    AccountKind.DISPUTE_COST: N_("Mất do khách khiếu nại thẻ"),
    AccountKind.TAXES_WITHHELD: N_("Thuế giữ lại, chưa nộp"),
    AccountKind.PLATFORM_FEE_DUE: N_("Phí chợ còn nợ"),
    AccountKind.GOODS_BOUGHT: N_("Hàng đã mua đứt, chưa bán"),
    AccountKind.COST_OF_GOODS: N_("Giá vốn hàng mua đứt"),
    AccountKind.MARKET_RECEIVABLE: N_("Sàn đang giữ"),
    AccountKind.MARKET_FEE: N_("Phí của sàn"),
    AccountKind.CASH_DIFFERENCE: N_("Thiếu hoặc thừa khi đếm tiền mặt"),
}
COMPONENT_WORDS: dict[str, str] = {
    Component.PRODUCERS: N_("phần bà con"),
    Component.UNTRACED: N_("phần bà con, lô không có phiếu cân"),
    Component.PROCESSING: N_("chế biến"),
    Component.FUND: N_("quỹ chung"),
    Component.SHIPPING: N_("gửi hàng"),
    Component.REFUND: N_("trả lại"),
    Component.RECALL: N_("thu hồi"),
    Component.GUARANTEE: N_("giá cam kết"),
    Component.SUBSIDY: N_("trợ giá"),
    Component.OUTRIGHT: N_("bán hàng mua đứt"),
    Component.FEE: N_("chi phí trừ trước"),
    Component.LABOUR: N_("tiền công"),
    Component.PLATFORM: N_("phí chợ"),
    Component.PURCHASE: N_("giá mua đứt"),
    Component.COST: N_("giá vốn"),
}
DEAL_WORDS: dict[str, str] = {
    Deal.CONSIGNED_INTERNAL: N_("Bán hộ thành viên"),
    Deal.CONSIGNED_EXTERNAL: N_("Bán hộ hộ liên kết"),
    Deal.OUTRIGHT_INTERNAL: N_("Mua đứt của thành viên"),
    Deal.OUTRIGHT_EXTERNAL: N_("Mua đứt của hộ liên kết"),
}
FUND_WORDS: dict[str, str] = {
    "development": N_("quỹ đầu tư phát triển"),
    "reserve": N_("quỹ dự phòng"),
    "indivisible": N_("quỹ chung không chia"),
}
TAX_WORDS: dict[str, str] = {"vat": N_("thuế giá trị gia tăng"), "pit": N_("thuế thu nhập cá nhân")}

SUBJECT_WORDS: dict[str, str] = {
    "order": N_("đơn %(of)s"),
    "slip": N_("phiếu cân %(of)s"),
    "transfer": N_("khoản khách chuyển số %(of)s"),
    "subsidy": N_("khoản trợ giá số %(of)s"),
    "remittance": N_("lần bên thu hộ chuyển, số %(of)s"),
    "collector": N_("bên thu hộ"),
    "cooperative": N_("hợp tác xã"),
    "market": N_("sàn %(of)s"),
    "stall": N_("chuyến bán số %(of)s"),
}


def subject_words(subject: str, names: Mapping[str, str]) -> str:
    """Whose an account is, for people: "order:9" with its code from `names`; what has no words stands as it is."""
    if subject in TAX_WORDS:
        return _(TAX_WORDS[subject])
    kind, _colon, rest = subject.partition(":")
    words = SUBJECT_WORDS.get(kind)
    return _(words, of=names.get(subject, rest)) if words else subject


def rule_words(rule: str) -> str:
    """Which clause or tax rule a posting names, for people; empty where its component says it already."""
    head, _colon, rest = rule.partition(":")
    if head == "tax":
        rule_id, _second, tax = rest.partition(":")
        return _("%(tax)s theo quy định %(rule)s", tax=_(TAX_WORDS.get(tax, tax)), rule=rule_id)
    if head == "fund":
        return _(FUND_WORDS[rest]) if rest in FUND_WORDS else ""
    return _("khoản %(number)s của quy chế", number=rest) if rest else ""
