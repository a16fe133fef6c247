"""VietQR: a bank transfer as a QR code, written and read.

EMVCo merchant-presented QR (`emvco`: its form), merchant account in tag 38 under the NAPAS identifier A000000727. The
purpose is what the buyer's bank writes into the transfer: no marks, because banks drop or garble them.
"""

import io
import re
import unicodedata
from dataclasses import dataclass, field

import segno

from core.errors import Invalid
from core.i18n import N_
from payments.providers import emvco
from payments.providers.emvco import checksum_holds, crc16, item

__all__ = [
    "Reading",
    "VietQr",
    "build",
    "checksum_holds",
    "crc16",
    "decode",
    "folded",
    "inspect",
    "matrix",
    "plain",
    "png",
]

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


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in apart if not unicodedata.combining(c))


def plain(text: str) -> str:
    """Marks off, đ to d, only letters, digits and single spaces: what every bank carries unchanged.

    >>> plain("Chuyển tiền Đắk Nông, CP-1")
    'Chuyen tien Dak Nong CP 1'
    """
    return " ".join(re.sub(r"[^A-Za-z0-9]+", " ", _bare(text)).split())


def folded(text: str) -> str:
    """Marks off, đ to d, other scripts dropped, single spaces; the signs of ASCII stay, as EMVCo allows them.

    >>> folded("Trả  tiền đơn CP-7K2M ☂")
    'Tra tien don CP-7K2M'
    """
    return " ".join(re.sub(r"[^!-~]+", " ", _bare(text)).split())


def build(bank_bin: str, account_number: str, *, amount_vnd: int | None = None, purpose: str = "",
          service: str = TO_ACCOUNT) -> str:  # fmt: skip
    """The text of a VietQR code.

    bank_bin: six digits given by NAPAS. amount_vnd: whole đồng; None makes a static code in which the payer types it.
    purpose: marks are taken off. Raises Invalid for a wrong bank, account or amount, and for a purpose that is then
    longer than 25 characters: cut, it would lose the order's code.

    >>> build("970416", "257678859")
    '00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F'
    """
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        raise Invalid(N_("Mã ngân hàng phải có 6 chữ số."), field="bank_bin")
    if not re.fullmatch(r"[A-Za-z0-9]{1,19}", account_number):
        raise Invalid(N_("Số tài khoản chỉ gồm chữ số, nhiều nhất 19."), field="account_number")
    if service not in (TO_ACCOUNT, TO_CARD):
        raise Invalid(N_("Mã này không phải VietQR."), field="service")
    if amount_vnd is not None and not 0 < amount_vnd <= AMOUNT_MAX_VND:
        raise Invalid(N_("Số tiền chuyển phải lớn hơn 0."), field="amount_vnd")
    words = folded(purpose)
    if len(words) > PURPOSE_MAX:
        raise Invalid(N_("Nội dung chuyển khoản dài quá %(most)s chữ."), remedy=N_("Viết ngắn lại, giữ nguyên mã đơn."),
                      field="purpose", most=PURPOSE_MAX)  # fmt: skip
    beneficiary = item("00", bank_bin) + item("01", account_number)
    parts = [item("00", "01"), item("01", STATIC if amount_vnd is None else DYNAMIC),
             item("38", item("00", NAPAS) + item("01", beneficiary) + item("02", service)),
             item("53", DONG)]  # fmt: skip
    if amount_vnd is not None:
        parts.append(item("54", str(amount_vnd)))
    parts.append(item("58", "VN"))
    if words:
        parts.append(item("62", item("08", words)))
    body = "".join(parts) + "6304"
    return body + crc16(body)


@dataclass(frozen=True)
class Reading:
    """What any EMV QR says of a transfer. None: absent, or not of NAPAS. ok: form and checksum are right.

    `faults` lists all that is wrong, those that leave `ok` true as well. amount_vnd: whole đồng.
    """

    ok: bool
    bin: str | None = None
    account: str | None = None
    service: str | None = None
    amount_vnd: int | None = None
    purpose: str | None = None
    faults: tuple[str, ...] = ()


def inspect(payload: str) -> Reading:
    """Read any EMV QR for a person who wants to know what is in it. Never raises.

    >>> inspect("00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304ae9f").account
    '257678859'
    """
    code = emvco.read(payload)
    faults = [*code.broken, *code.odd]
    whole, (bank_bin, account, service) = _beneficiary(code, faults)
    amount = _dong(code, faults)
    purpose = code.inner.get(emvco.MORE, {}).get("08")
    return Reading(code.ok and whole, bank_bin, account, service, amount, purpose, tuple(faults))


def _beneficiary(
    code: emvco.Code, faults: list[str]
) -> tuple[bool, tuple[str | None, str | None, str | None]]:
    """Whether its form is whole; bank, account and service of the merchant account under the NAPAS identifier, tag 38
    before any other."""
    tags = ("38", *(tag for tag in emvco.ACCOUNTS if tag != "38"))
    mine = [tag for tag in tags if code.inner.get(tag, {}).get("00", "").upper() == NAPAS]
    if not mine:
        return True, (None, None, None)
    found = code.inner[mine[0]]
    to = emvco.level(found.get("01", ""))
    if to.fault:
        faults.append(f"inside tag {mine[0]}01: {to.fault}")
    bank_bin, account, service = to.values.get("00"), to.values.get("01"), found.get("02")
    if bank_bin is None or not re.fullmatch(r"[0-9]{6}", bank_bin):
        faults.append("bank is not six digits")
    if account is None or not re.fullmatch(r"[A-Za-z0-9]{1,19}", account):
        faults.append("account is not 1 to 19 letters and digits")
    if service not in (None, TO_ACCOUNT, TO_CARD):
        faults.append("service is neither QRIBFTTA nor QRIBFTTC")
    return not to.fault, (bank_bin, account, service)


def _dong(code: emvco.Code, faults: list[str]) -> int | None:
    """The amount in whole đồng; None where there is none, or it is of another currency."""
    text, currency = code.values.get(emvco.AMOUNT), code.values.get(emvco.CURRENCY, DONG)
    if text is None:
        return None
    if currency != DONG:
        faults.append(f"amount is in currency {currency}, not in đồng (704)")
        return None
    if not (match := re.fullmatch(r"([0-9]{1,13})(\.0*)?", text)) or len(text) > 13:
        faults.append("amount is not whole đồng")
        return None
    if not int(match[1]):
        faults.append("amount is 0")
    return int(match[1])


def _broken() -> Invalid:
    return Invalid(
        N_("Mã này không phải VietQR, hoặc đọc chưa đúng."), remedy=N_("Quét lại, hoặc gõ số tài khoản.")
    )


def decode(payload: str) -> VietQr:
    """Read a code in order to pay it: VietQR, and VNPAY's merchants of the same family. Raises Invalid for anything
    else, a wrong checksum included; `inspect` is for looking."""
    code, seen = emvco.read(payload), inspect(payload)
    if not seen.ok or (emvco.AMOUNT in code.values and not seen.amount_vnd):
        raise _broken()
    method, fields = code.values.get(emvco.METHOD, STATIC), dict(code.values)
    if "38" in code.values:
        if seen.bin is None or seen.account is None:
            raise _broken()
        return VietQr(
            seen.bin,
            seen.account,
            seen.amount_vnd,
            seen.purpose or "",
            seen.service or "",
            method,
            fields=fields,
        )
    merchant = code.inner.get("26", {})
    if merchant.get("00") != VNPAY:
        raise _broken()
    return VietQr(
        "", "", seen.amount_vnd, seen.purpose or "", "", method, "vnpay", merchant.get("01", ""), fields
    )


def matrix(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of a payload as rows of dark modules, without its quiet zone (error correction M)."""
    return tuple(tuple(bool(cell) for cell in row) for row in _code(payload).matrix)


def _code(payload: str) -> segno.QRCode:
    return segno.make(payload, error="m", micro=False, boost_error=False)


def png(payload: str, *, module_px: int = 16) -> bytes:
    """The QR code as a PNG to keep in the phone's pictures: quiet zone of 4 modules, about 650 px a side."""
    out = io.BytesIO()
    _code(payload).save(out, kind="png", scale=module_px, border=4)
    return out.getvalue()
