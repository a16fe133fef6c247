"""The addresses that labels carry: our own Digital Links and the codes we print. Reading them: `syntax.rules`."""

import re

from catalog.rules import is_gtin
from traceability.gs1.syntax.rules import Element, digital_link

_CODE = re.compile(r"[0-9A-Z-]{1,20}", re.ASCII)


def gtin14(typed: str) -> str | None:
    """A GTIN-8, -12, -13 or -14 with a right check digit as 14 digits; None for anything else.

    >>> gtin14("2000000000015")
    '02000000000015'
    """
    return typed.zfill(14) if is_gtin(typed) else None


def is_our_code(text: str) -> bool:
    """Whether a lot code or serial is one that we print: 1–20 of 0-9, A-Z and hyphen, so that QR stays alphanumeric."""
    return bool(_CODE.fullmatch(text))


def link_to(base_url: str, gtin: str, lot: str = "", serial: str = "") -> str:
    """The address of a trade item, lot or serial: a GTIN of 14 digits first. Raises ValueError for a wrong one.

    >>> link_to("https://example.vn", "02000000000015", "MD/1")
    'https://example.vn/01/02000000000015/10/MD%2F1'
    """
    if len(gtin) != 14 or not is_gtin(gtin):
        raise ValueError("a Digital Link needs a GTIN of 14 digits")
    named = [(ai, value) for ai, value in (("01", gtin), ("10", lot), ("21", serial)) if value]
    elements = [Element(ai, value, 0, path=place) for place, (ai, value) in enumerate(named)]
    return digital_link(elements, base_url) or ""


def printed_link(base_url: str, gtin: str, lot: str = "", serial: str = "") -> str:
    """The same in upper case, so that the QR is smaller: scheme and host do not mind, our codes are upper case."""
    for code in (lot, serial):
        if code and not is_our_code(code):
            raise ValueError("lot codes and serials are of 0-9, A-Z and hyphen")
    return link_to(base_url, gtin, lot, serial).upper()
