"""Vietnamese tax codes, and what an invoice needs to know. Pure functions."""

import re
from dataclasses import dataclass

from core.errors import DomainError, FormErrors, Invalid
from core.i18n import N_
from core.text import clean

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(frozen=True)
class Invoice:
    """Who stands on the invoice, and where it is sent. tax_code: may be empty for a private buyer."""

    name: str
    tax_code: str
    address: str
    email: str


def check_digit(nine: str) -> int | None:
    """The tenth digit of a tax code: 10 less the weighted sum modulo 11; None where that is no digit.

    The rule is the one tax software uses; circular 86/2024/TT-BTC gives the structure, not the weights (second hand).

    >>> check_digit("010010910")
    6
    """
    rest = 10 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, nine, strict=True)) % 11
    return rest if rest < 10 else None


def read_tax_code(typed: str) -> str:
    """A tax code as a person types it: 10 digits, 10-3 of a branch, or a citizen's 12 digits. Empty stays empty.

    Raises Invalid for another length or a wrong tenth digit.

    >>> read_tax_code("0100109106 001")
    '0100109106-001'
    """
    digits = re.sub(r"[\s.\-]", "", typed)
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]{10}|[0-9]{12}|[0-9]{13}", digits):
        raise Invalid(
            N_("Mã số thuế có 10 chữ số, chi nhánh thêm 3 số, cá nhân dùng số định danh 12 chữ số."),
            remedy=N_("Đếm lại: đang có %(count)s ký tự."), field="tax_code", count=len(digits),
        )  # fmt: skip
    if len(digits) != 12 and check_digit(digits[:9]) != int(digits[9]):
        raise Invalid(
            N_("Mã số thuế “%(typed)s” có chữ số sai."), remedy=N_("Xem lại trên giấy đăng ký, từng số một."),
            field="tax_code", typed=digits[:20],
        )  # fmt: skip
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


def checked(given: Invoice) -> Invoice:
    """An invoice request that can be fulfilled, its texts cleaned. Raises FormErrors, each naming its field."""
    name, address = clean(given.name)[:200], clean(given.address)[:300]
    email, tax_code = clean(given.email)[:200], ""
    wrong: list[DomainError] = []
    if not name:
        wrong.append(Invalid(
            N_("Chưa có tên trên hoá đơn."), remedy=N_("Viết tên công ty, hoặc họ tên."), field="invoice_name"
        ))  # fmt: skip
    try:
        tax_code = read_tax_code(given.tax_code)
    except Invalid as error:
        error.field = "invoice_tax_code"
        wrong.append(error)
    if not address:
        wrong.append(Invalid(
            N_("Chưa có địa chỉ trên hoá đơn."), remedy=N_("Viết địa chỉ như trên giấy đăng ký."),
            field="invoice_address",
        ))  # fmt: skip
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", email):
        wrong.append(Invalid(
            N_("Hoá đơn điện tử gửi qua thư, mà địa chỉ thư chưa đúng."), remedy=N_("Ví dụ ketoan@congty.vn."),
            field="invoice_email",
        ))  # fmt: skip
    if wrong:
        raise FormErrors(wrong)
    return Invoice(name, tax_code, address, email)
