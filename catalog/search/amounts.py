"""How much was asked for: "miến 5 cân", "2 lạng", "500g", "nửa lít" as people speak at a stall."""

import re
from dataclasses import dataclass
from fractions import Fraction
from unicodedata import normalize

# Folded unit → (grams or millilitres, in which). Unmarked "ta" is left out: it is the word for "we".
UNITS: dict[str, tuple[int, str]] = {
    "kg": (1000, "g"), "kilogam": (1000, "g"), "kilo": (1000, "g"), "ki": (1000, "g"), "ky": (1000, "g"),
    "kí": (1000, "g"), "ký": (1000, "g"), "cân": (1000, "g"), "can": (1000, "g"), "lạng": (100, "g"),
    "lang": (100, "g"), "g": (1, "g"), "gr": (1, "g"), "gam": (1, "g"), "gram": (1, "g"), "yến": (10_000, "g"),
    "yen": (10_000, "g"), "tạ": (100_000, "g"), "lít": (1000, "ml"), "lit": (1000, "ml"), "l": (1000, "ml"),
    "litre": (1000, "ml"), "liter": (1000, "ml"), "ml": (1, "ml"),
}  # fmt: skip
NUMBERS = {"nửa": Fraction(1, 2), "nua": Fraction(1, 2), "half": Fraction(1, 2), "một": Fraction(1), "mot": Fraction(1),
           "hai": Fraction(2), "ba": Fraction(3), "bốn": Fraction(4), "bon": Fraction(4), "năm": Fraction(5),
           "sáu": Fraction(6), "bảy": Fraction(7), "tám": Fraction(8), "chín": Fraction(9),
           "mười": Fraction(10)}  # fmt: skip
_NUMBER = rf"(\d{{1,5}}/\d{{1,3}}|\d{{1,6}}(?:[.,]\d{{1,3}})?|{'|'.join(NUMBERS)})"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_AMOUNT = re.compile(rf"(?<![\w.,/]){_NUMBER}\s?({_UNIT})(?!\w)(?:\s(rưỡi|ruoi)(?!\w))?")
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in whole grams ('g') or millilitres ('ml')."""

    quantity: int
    unit: str


def take_amount(text: str) -> tuple[str, Amount | None]:
    """The text without the first quantity in it, and that quantity.

    >>> take_amount("miến dong 5 cân")
    ('miến dong', Amount(quantity=5000, unit='g'))
    >>> take_amount("mật ong 1 lít rưỡi")[1], take_amount("nấm")
    (Amount(quantity=1500, unit='ml'), ('nấm', None))
    """
    lower = normalize("NFC", text).casefold()
    found = _AMOUNT.search(lower)
    if found is None:
        return text, None
    each, unit = UNITS[found[2]]
    number = _number(found[1])
    if number is None:
        return text, None
    quantity = (number + (Fraction(1, 2) if found[3] else 0)) * each
    if not 0 < quantity <= MOST or quantity.denominator != 1:
        return text, None
    return " ".join(f"{lower[: found.start()]} {lower[found.end() :]}".split()), Amount(int(quantity), unit)


def _number(typed: str) -> Fraction | None:
    if typed in NUMBERS:
        return NUMBERS[typed]
    if "/" in typed:
        above, below = typed.split("/")
        return Fraction(int(above), int(below)) if int(below) else None
    whole, _dot, part = typed.replace(",", ".").partition(".")
    if len(part) == 3:  # 1.000 g is a thousand
        return Fraction(int(whole + part))
    return Fraction(f"{whole}.{part or 0}")
