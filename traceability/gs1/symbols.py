"""Symbols as rows of modules: EAN-13 (General Specifications 5.2.1) and QR. GS1-128 stands in `code128`. Pure."""

import re

import segno

from catalog.rules import is_gtin

_LEFT = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
_PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
EAN13_GUARDS = frozenset({0, 1, 2, 45, 46, 47, 48, 49, 92, 93, 94})  # modules of the longer bars


def ean13_modules(digits: str) -> str:
    """The 95 modules of an EAN-13 symbol, '1' dark (General Specifications 5.2.1). Raises ValueError for no GTIN-13."""
    if len(digits) != 13 or not is_gtin(digits):
        raise ValueError("EAN-13 needs 13 digits with a right check digit")
    flip = str.maketrans("01", "10")
    left = ""
    for digit, parity in zip(digits[1:7], _PARITY[int(digits[0])], strict=True):
        code = _LEFT[int(digit)]
        left += code if parity == "L" else code.translate(flip)[::-1]
    right = "".join(_LEFT[int(digit)].translate(flip) for digit in digits[7:])
    return f"101{left}01010{right}101"


def bars(modules: str) -> list[tuple[int, int]]:
    """Runs of dark modules as (first, width)."""
    return [(run.start(), run.end() - run.start()) for run in re.finditer("1+", modules)]


def qr_rows(text: str) -> list[str]:
    """The modules of a QR symbol, level M, without its quiet zone of four, row by row, '1' dark."""
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    return ["".join("1" if module else "0" for module in row) for row in matrix]
