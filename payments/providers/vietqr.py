"""VietQR: a bank transfer as a QR code, written and read.

EMVCo merchant-presented QR (tag, two-digit length, value), merchant account in tag 38 under the NAPAS identifier
A000000727, CRC-16/CCITT-FALSE over UTF-8 in tag 63. Lengths count characters, not bytes. The purpose is what the
buyer's bank writes into the transfer: no marks, because banks drop or garble them.
"""

import re
import unicodedata
from dataclasses import dataclass, field

import segno

from core.errors import Invalid
from core.i18n import N_

NAPAS = "A000000727"
VNPAY = "A000000775"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
STATIC, DYNAMIC = "11", "12"
DONG = "704"
PURPOSE_MAX = 25
AMOUNT_MAX_VND = 9_999_999_999_999  # tag 54 holds 13 characters


@dataclass(frozen=True)
class VietQr:
    """What a payment code says. `amount_vnd` None: the payer types it. `fields`: every top-level tag as read."""

    bank_bin: str
    account_number: str
    amount_vnd: int | None = None
    purpose: str = ""
    service: str = TO_ACCOUNT
    method: str = STATIC
    provider: str = "vietqr"
    merchant_id: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) over UTF-8, four upper-case hex digits.

    >>> crc16("123456789")
    '29B1'
    """
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def plain(text: str) -> str:
    """Marks off, đ to d, only letters, digits and single spaces: what every bank carries unchanged.

    >>> plain("Chuyển tiền Đắk Nông, CP-1")
    'Chuyen tien Dak Nong CP 1'
    """
    bare = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^A-Za-z0-9]+", " ", letters).split())


def _tag(tag: str, value: str) -> str:
    if len(value) > 99:
        raise Invalid(N_("Nội dung mã VietQR quá dài."), field="purpose")
    return f"{tag}{len(value):02d}{value}"


def build(bank_bin: str, account_number: str, *, amount_vnd: int | None = None, purpose: str = "",
          service: str = TO_ACCOUNT) -> str:  # fmt: skip
    """The text of a VietQR code.

    bank_bin: six digits given by NAPAS. amount_vnd: whole đồng; None makes a static code in which the payer types it.
    purpose: marks are taken off; at most 25 characters stay. Raises Invalid for a wrong bank, account or amount.

    >>> build("970416", "257678859")
    '00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F'
    """
    if not re.fullmatch(r"\d{6}", bank_bin):
        raise Invalid(N_("Mã ngân hàng phải có 6 chữ số."), field="bank_bin")
    if not re.fullmatch(r"[A-Za-z0-9]{1,19}", account_number):
        raise Invalid(N_("Số tài khoản chỉ gồm chữ số, nhiều nhất 19."), field="account_number")
    if service not in (TO_ACCOUNT, TO_CARD):
        raise Invalid(N_("Mã này không phải VietQR."), field="service")
    if amount_vnd is not None and not 0 < amount_vnd <= AMOUNT_MAX_VND:
        raise Invalid(N_("Số tiền chuyển phải lớn hơn 0."), field="amount_vnd")
    beneficiary = _tag("00", bank_bin) + _tag("01", account_number)
    parts = [_tag("00", "01"), _tag("01", STATIC if amount_vnd is None else DYNAMIC),
             _tag("38", _tag("00", NAPAS) + _tag("01", beneficiary) + _tag("02", service)),
             _tag("53", DONG)]  # fmt: skip
    if amount_vnd is not None:
        parts.append(_tag("54", str(amount_vnd)))
    parts.append(_tag("58", "VN"))
    if words := plain(purpose)[:PURPOSE_MAX].strip():
        parts.append(_tag("62", _tag("08", words)))
    body = "".join(parts) + "6304"
    return body + crc16(body)


def checksum_holds(payload: str) -> bool:
    """Whether the last four characters are the CRC of all before them (either case)."""
    return payload[-8:-4] == "6304" and crc16(payload[:-4]) == payload[-4:].upper()


def _broken() -> Invalid:
    return Invalid(
        N_("Mã này không phải VietQR, hoặc đọc chưa đúng."), remedy=N_("Quét lại, hoặc gõ số tài khoản.")
    )


def _fields(text: str) -> dict[str, str]:
    """Tag → value of one level. Raises Invalid for a length that does not fit or a tag that comes twice."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = re.fullmatch(r"([0-9]{2})([0-9]{2})", text[at : at + 4])
        value = text[at + 4 : at + 4 + int(head[2])] if head else ""
        if head is None or len(value) != int(head[2]) or head[1] in found:
            raise _broken()
        found[head[1]] = value
        at += 4 + len(value)
    return found


def _amount(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,13}", text) or int(text) == 0:
        raise _broken()
    return int(text)


def decode(payload: str) -> VietQr:
    """Read a payment code: VietQR, and VNPAY's merchants of the same family. Raises Invalid for anything else,
    a wrong checksum included."""
    if not checksum_holds(payload):
        raise _broken()
    fields = _fields(payload)
    if fields.get("00") != "01" or list(fields)[-1] != "63":
        raise _broken()
    method = fields.get("01", STATIC)
    amount, purpose = _amount(fields.get("54")), _fields(fields.get("62", "")).get("08", "")
    if "38" in fields:
        account = _fields(fields["38"])
        to = _fields(account.get("01", ""))
        if account.get("00") != NAPAS or not {"00", "01"} <= set(to):
            raise _broken()
        return VietQr(to["00"], to["01"], amount, purpose, account.get("02", ""), method, fields=fields)
    merchant = _fields(fields.get("26", ""))
    if merchant.get("00") != VNPAY:
        raise _broken()
    return VietQr("", "", amount, purpose, "", method, "vnpay", merchant.get("01", ""), fields)


def matrix(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of a payload as rows of dark modules, without its quiet zone (error correction M)."""
    code = segno.make(payload, error="m", micro=False, boost_error=False)
    return tuple(tuple(bool(cell) for cell in row) for row in code.matrix)
