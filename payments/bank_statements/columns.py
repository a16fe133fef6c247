"""The columns that a bank's statement may have, and the headings that commonly mean them. Pure data; unverified, see
`payments.tables.columns`."""

from core.i18n import N_
from payments.tables.columns import Column

COLUMNS: tuple[Column, ...] = (
    Column(
        "date",
        N_("Ngày"),
        "ngay, ngay gd, ngay giao dich, ngay hach toan, ngay hieu luc, ngay gio, ngay gio giao dich, thoi "
        "gian, thoi gian giao dich, ngay thuc hien, ngay phat sinh, ngay chung tu, ngay ct, date, "
        "transaction date, trans date, tran date, txn date, posting date, value date, effective date, "
        "booking date, date time, transaction time",
        r"\b(ngay|date)\b",
    ),
    Column(
        "time",
        N_("Giờ"),
        "gio, gio giao dich, gio gd, time, trans time, txn time",
    ),
    Column(
        "credit",
        N_("Tiền vào"),
        "co, ghi co, phat sinh co, so tien ghi co, tien vao, so tien vao, thu, credit, credit amount, cr, "
        "deposit, paid in, so phat sinh co, amount in, gui vao",
        r"\b(ghi co|phat sinh co|tien vao|credit|deposit|paid in)\b",
    ),
    Column(
        "debit",
        N_("Tiền ra"),
        "no, ghi no, phat sinh no, so tien ghi no, tien ra, so tien ra, chi, debit, debit amount, dr, "
        "withdrawal, paid out, so phat sinh no, amount out, rut ra",
        r"\b(ghi no|phat sinh no|tien ra|debit|withdrawal|paid out)\b",
    ),
    Column(
        "amount",
        N_("Số tiền, có dấu"),
        "so tien, so tien gd, so tien giao dich, gia tri, gia tri giao dich, phat sinh, amount, "
        "transaction amount, value",
    ),
    Column(
        "sign",
        N_("Vào hay ra"),
        "loai, loai gd, loai giao dich, no co, ghi no ghi co, chieu, +-, d c, dc, cr dr, dr cr, type, "
        "transaction type, debit credit",
    ),
    Column(
        "content",
        N_("Nội dung"),
        "noi dung, noi dung gd, noi dung giao dich, noi dung chi tiet, noi dung chuyen khoan, noi dung "
        "thanh toan, dien giai, dien giai giao dich, mo ta, mo ta giao dich, chi tiet, chi tiet giao "
        "dich, ghi chu, description, transaction description, details, transaction details, remark, "
        "remarks, narrative, content, particulars, memo",
        r"\b(noi dung|dien giai|mo ta|description|details|remarks?)\b",
    ),
    Column(
        "reference",
        N_("Số bút toán"),
        "so but toan, but toan, ma giao dich, ma gd, so giao dich, so gd, so tham chieu, ma tham chieu, "
        "so ct, so chung tu, ma but toan, reference, reference no, reference number, ref, ref no, "
        "transaction id, transaction no, trans id, doc no, trace, ft",
        r"\b(tham chieu|reference|but toan|ma giao dich|so chung tu)\b",
    ),
    Column(
        "name",
        N_("Bên kia"),
        "ten doi ung, ten tai khoan doi ung, ten nguoi chuyen, nguoi chuyen, ten nguoi gui, doi tac, ten "
        "doi tac, don vi thu huong don vi chuyen, ten nguoi chuyen nhan, counterparty, counter account "
        "name, sender, sender name, payer, correspondent name, beneficiary sender",
    ),
    Column(
        "balance",
        N_("Số dư"),
        "so du, so du sau giao dich, so du cuoi, so du luy ke, balance, running balance, closing balance, "
        "available balance",
        r"\b(so du|balance)\b",
    ),
    Column(
        "currency",
        N_("Loại tiền"),
        "loai tien, loai tien te, tien te, don vi tien te, dvt, currency, ccy, curr",
    ),
)
