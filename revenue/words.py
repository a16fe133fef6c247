"""The ledger's words as people read them; message ids, translated where shown."""

from core.i18n import N_
from revenue.rules import AccountKind, Component, EntryKind

ENTRY_WORDS: dict[str, str] = {
    EntryKind.OPENING: N_("Số dư đầu kỳ"),
    EntryKind.MOVE: N_("Chuyển giữa quỹ và ngân hàng"),
    EntryKind.MONEY_IN: N_("Người mua trả trước"),
    EntryKind.SALE: N_("Bán hàng, đã giao"),
    EntryKind.REFUND: N_("Trả lại người mua"),
    EntryKind.ADVANCE: N_("Tạm ứng lúc cân"),
    EntryKind.ADVANCE_BACK: N_("Bỏ phiếu cân, lấy lại tạm ứng"),
    EntryKind.PAYOUT: N_("Trả bà con"),
    EntryKind.GUARANTEE: N_("Bù giá cam kết"),
    EntryKind.REVERSAL: N_("Đảo bút toán"),
    EntryKind.SUBSIDY_DEPOSIT: N_("Nộp ngân sách trợ giá"),
    EntryKind.SUBSIDY_WITHDRAWN: N_("Rút ngân sách trợ giá"),
    EntryKind.SUBSIDY_HOLD: N_("Giữ tiền trợ giá cho đơn"),
    EntryKind.SUBSIDY_RELEASE: N_("Thôi giữ tiền trợ giá"),
    EntryKind.SUBSIDY_SPENT: N_("Trợ giá cho đơn đã giao"),
    EntryKind.SUBSIDY_BACK: N_("Trợ giá trả về ngân sách"),
    EntryKind.SUBSIDY_PAID: N_("Chương trình trả tiền trợ giá"),
    "suspense_matched": N_("Tiền chưa rõ, đã ghép vào đơn"),  # from here: entries of the part above
    "suspense_returned": N_("Tiền chưa rõ, đã trả lại"),
    "prepayment_refund": N_("Trả lại tiền đặt trước"),
    "refund_sent": N_("Đã chuyển trả người mua"),
    "cod_remitted": N_("Bưu tá nộp tiền thu hộ"),
}
ACCOUNT_WORDS: dict[str, str] = {
    AccountKind.BANK: N_("Ngân hàng"),
    AccountKind.CASH: N_("Quỹ tiền mặt"),
    AccountKind.SUSPENSE: N_("Tiền chưa rõ của ai"),
    AccountKind.BUYER_PREPAYMENT: N_("Người mua trả trước"),
    AccountKind.COD_RECEIVABLE: N_("Bưu tá đang giữ"),
    AccountKind.PRODUCER_PAYABLE: N_("Còn nợ bà con"),
    AccountKind.PRODUCER_ADVANCE: N_("Đã tạm ứng, chưa bán"),
    AccountKind.PRODUCER_RECEIVABLE: N_("Trừ vào lần chia sau"),
    AccountKind.COOPERATIVE_INCOME: N_("Phần hợp tác xã"),
    AccountKind.FUND: N_("Quỹ chung"),
    AccountKind.SHIPPING_INCOME: N_("Tiền gửi hàng thu được"),
    AccountKind.SHIPPING_COST: N_("Chi gửi hàng"),
    AccountKind.PROVIDER_FEE: N_("Phí thu hộ"),
    AccountKind.RECALL_COST: N_("Chi thu hồi hàng"),
    AccountKind.REFUND_DUE: N_("Phải trả lại người mua"),
    AccountKind.CAPITAL: N_("Vốn"),
    AccountKind.SUBSIDY_RECEIVABLE: N_("Chương trình trợ giá còn nợ"),
    AccountKind.SUBSIDY_BUDGET: N_("Ngân sách trợ giá còn lại"),
    AccountKind.SUBSIDY_HELD: N_("Trợ giá giữ cho đơn chưa giao"),
    AccountKind.DUE_TO_COOPERATIVE: N_("Trợ giá còn nợ hợp tác xã"),
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
}
