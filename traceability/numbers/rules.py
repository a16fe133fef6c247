"""How numbers are made of a prefix, a count and a check digit. Pure.

Sources: GS1 General Specifications 1.4 (restricted circulation), 3.2 (GTIN, SSCC), 4.x (GLN), 7.9 (check digits); EPC
Tag Data Standard 2.0 section 6 (the names `urn:epc:…`).
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import quote

from catalog.rules import check_digit, is_gtin, is_restricted
from core.errors import Invalid
from core.i18n import N_
from traceability.gs1.syntax.rules import Element, scan_data

RESTRICTED_PREFIX = "21"  # of places and logistic units; trade items have 20 (catalog.rules.restricted_gtin)
PREFIX_LEAST, PREFIX_MOST = 7, 10
INDICATORS = range(1, 9)  # of a case; 9 means goods of variable measure


class Kind(StrEnum):
    """What is numbered."""

    GTIN = "gtin"
    GLN = "gln"
    SSCC = "sscc"


def room(kind: Kind, prefix: str) -> int:
    """How many numbers of a kind a prefix holds.

    >>> room(Kind.GTIN, "8931234567"), room(Kind.SSCC, "8931234567")
    (100, 10000000)
    """
    return int(10 ** ((17 if kind is Kind.SSCC else 12) - len(prefix)))


def number_of(kind: Kind, prefix: str, count: int) -> str:
    """The number at a place of the count, from 0: GTIN-13 and GLN of 13 digits, SSCC of 18.

    The extension digit of an SSCC counts on once its serials are used up. Raises ValueError beyond the prefix's room.

    >>> number_of(Kind.GTIN, "8931234567", 8), number_of(Kind.SSCC, "8931234567", 1)
    ('8931234567088', '089312345670000019')
    """
    if not 0 <= count < room(kind, prefix):
        raise ValueError(f"no {kind} number {count} under a prefix of {len(prefix)} digits")
    if kind is not Kind.SSCC:
        body = f"{prefix}{count:0{12 - len(prefix)}d}"
    else:
        extension, serial = divmod(count, 10 ** (16 - len(prefix)))
        body = f"{extension}{prefix}{serial:0{16 - len(prefix)}d}"
    return f"{body}{check_digit(body)}"


def internal_unit(count: int) -> str:
    """The market's own number of a case at a place of the count, from 0. GS1 has no SSCC without a company prefix, so
    this looks like none.

    >>> internal_unit(11)
    'KIEN-000012'
    """
    return f"KIEN-{count + 1:06d}"


def count_of(kind: Kind, prefix: str, number: str) -> int:
    """The place of a number in the count; the reverse of `number_of`.

    >>> count_of(Kind.GTIN, "8931234567", "8931234567088")
    8
    """
    if kind is not Kind.SSCC:
        return int(number[len(prefix) : 12])
    return int(number[0] + number[1 + len(prefix) : 17])


def case_gtin(gtin14: str, indicator: int) -> str:
    """The GTIN-14 of a case of one trade item: an indicator, the item's digits, a check digit of its own.

    Raises ValueError for an indicator outside 1–8 and Invalid for a number of restricted circulation, which GS1 gives
    no cases.

    >>> case_gtin("08931234567088", 1)
    '18931234567085'
    """
    if indicator not in INDICATORS or len(gtin14) != 14 or not is_gtin(gtin14):
        raise ValueError("a case needs a GTIN of 14 digits and an indicator from 1 to 8")
    if is_restricted(gtin14):
        raise Invalid(
            N_("Mã nội bộ của chợ không làm mã thùng được."),
            remedy=N_("Cấp mã GS1 cho quy cách này trước, hoặc dán mã kiện SSCC."),
        )
    body = f"{indicator}{gtin14[1:13]}"
    return f"{body}{check_digit(body)}"


def company_prefix(typed: str) -> str:
    """A company prefix as GS1's certificate has it: 7–10 digits, none of restricted circulation. Raises Invalid."""
    digits = re.sub(r"[\s.-]", "", typed)
    if not re.fullmatch(rf"\d{{{PREFIX_LEAST},{PREFIX_MOST}}}", digits, re.ASCII):
        raise Invalid(N_("Mã doanh nghiệp GS1 có từ 7 đến 10 chữ số."), remedy=N_("Chép như trên giấy chứng nhận."),
                      field="digits")  # fmt: skip
    if digits[0] == "2" or digits.startswith(("02", "04", "05", "99", "977", "978", "979")):
        raise Invalid(N_("Mã bắt đầu như vậy không phải mã doanh nghiệp."),
                      remedy=N_("Mã của Việt Nam bắt đầu bằng 893."), field="digits")  # fmt: skip
    return digits


# ---- other names of the same numbers ----


def lgtin_urn(prefix: str, gtin14: str, lot: str) -> str:
    """A lot of a trade item as EPCIS 1 named it.

    >>> lgtin_urn("8931234567", "08931234567088", "A-1")
    'urn:epc:class:lgtin:8931234567.008.A-1'
    """
    return f"urn:epc:class:lgtin:{_item(prefix, gtin14)}.{quote(lot, safe='-.')}"


def sgtin_urn(prefix: str, gtin14: str, serial: str) -> str:
    """One piece of a trade item.

    >>> sgtin_urn("8931234567", "18931234567085", "7")
    'urn:epc:id:sgtin:8931234567.108.7'
    """
    return f"urn:epc:id:sgtin:{_item(prefix, gtin14)}.{quote(serial, safe='-.')}"


def _item(prefix: str, gtin14: str) -> str:
    if not gtin14[1:].startswith(prefix):
        raise ValueError("the number does not lie under this prefix")
    return f"{prefix}.{gtin14[0]}{gtin14[1 + len(prefix) : 13]}"


def sscc_urn(prefix: str, sscc: str) -> str:
    """A logistic unit.

    >>> sscc_urn("8931234567", "089312345670000019")
    'urn:epc:id:sscc:8931234567.0000001'
    """
    if not sscc[1:].startswith(prefix):
        raise ValueError("the number does not lie under this prefix")
    return f"urn:epc:id:sscc:{prefix}.{sscc[0]}{sscc[1 + len(prefix) : 17]}"


def sgln_urn(prefix: str, gln: str, extension: str = "0") -> str:
    """A place; extension 0 is the place itself.

    >>> sgln_urn("8931234567", "8931234567088")
    'urn:epc:id:sgln:8931234567.08.0'
    """
    if not gln.startswith(prefix):
        raise ValueError("the number does not lie under this prefix")
    return f"urn:epc:id:sgln:{prefix}.{gln[len(prefix) : 12]}.{quote(extension, safe='-.')}"


# ---- what a GS1-128 symbol of a case or pallet holds ----


def unit_scan_data(sscc: str, inside: Sequence[tuple[str, str]] = ()) -> str:
    """The data of a logistic unit's GS1-128: FNC1 first, the SSCC, then what is inside, such as
    `[("02", gtin), ("37", "12"), ("10", lot)]`; FNC1 after each value of no predefined length but the last.

    >>> inside = [("02", "08931234567088"), ("37", "12"), ("10", "A-1")]
    >>> unit_scan_data("089312345670000019", inside).replace(chr(29), "^")
    '^0008931234567000001902089312345670883712^10A-1'
    """
    pairs = [("00", sscc), *inside]
    return scan_data(Element(ai, value, 0) for ai, value in pairs)


def case_scan_data(gtin14: str, lot: str, sscc: str = "") -> str:
    """The data of a case's GS1-128: its GTIN and lot; with an SSCC in front where the case is sent by itself."""
    pairs = [*([("00", sscc)] if sscc else []), ("02" if sscc else "01", gtin14), *([("37", "1")] if sscc else []),
             ("10", lot)]  # fmt: skip
    return scan_data(Element(ai, value, 0) for ai, value in pairs)
