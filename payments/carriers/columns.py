"""The columns of a carrier's remittance, and the headings that commonly mean them. Pure data; unverified, see
`payments.tables.columns`."""

from core.i18n import N_
from payments.tables.columns import Column

COLUMNS: tuple[Column, ...] = (
    Column(
        "tracking",
        N_("Mã vận đơn"),
        "ma van don, van don, so hieu, so hieu buu gui, ma buu gui, ma vd, ma don ghn, ma kien, tracking, tracking "
        "number, tracking no, awb, waybill, barcode, bill code, item code",
        r"\b(van don|buu gui|tracking|waybill|awb)\b",
    ),
    Column(
        "code",
        N_("Mã đơn của ta"),
        "ma don hang, ma don, ma don kh, ma don khach hang, ma don hang rieng, ma tham chieu, so tham "
        "chieu, order code, "
        "order id, order number, client order code, reference, noi dung, ghi chu, noi dung hang hoa, note",
    ),
    Column(
        "collected",
        N_("Tiền thu hộ"),
        "cod, tien cod, tien thu ho, so tien thu ho, thu ho, tien thu, tien hang, so tien cod, cod "
        "amount, collected, "
        "amount collected, cash collected",
        r"\b(thu ho|cod)\b",
    ),
    Column(
        "fee",
        N_("Phí thu hộ"),
        "phi thu ho, phi cod, phi dich vu thu ho, phi chuyen tien, cod fee, collection fee",
        r"\bphi (thu ho|cod)\b",
    ),
    Column(
        "shipping",
        N_("Cước gửi"),
        "cuoc, tien cuoc, cuoc phi, cuoc gui, cuoc chinh, phi van chuyen, phi giao hang, phi ship, tong "
        "cuoc, phi dich vu, "
        "shipping fee, freight, delivery fee, service fee",
        r"\b(cuoc|van chuyen|freight|shipping)\b",
    ),
    Column(
        "net",
        N_("Thực nhận"),
        "thuc nhan, con lai, tien tra, thanh toan, so tien thanh toan, tong doi soat, tien doi soat, "
        "net, net amount, payout",
        r"\b(thuc nhan|doi soat|net)\b",
    ),
)
