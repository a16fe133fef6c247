"""Reading a compressed Digital Link: base64url of bits that hold identifiers and values.

Source: GS1 Digital Link: Compression. We never write this form; a resolver must be able to read it. Parameters that are
none of GS1's (sequences that begin with hexadecimal F) are not read.
"""

import math
import re
from dataclasses import dataclass

from traceability.gs1.syntax import dictionary
from traceability.gs1.syntax.dictionary import Component

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LEAST = 10  # a key alone takes more than this many characters
_SPELLING = re.compile(r"[A-Za-z0-9_-]{10,400}", re.ASCII)
_TOGETHER = {
    "0A": ("01", "22"), "0B": ("01", "10"), "0C": ("01", "21"), "0D": ("01", "17"), "0E": ("01", "7003"),
    "0F": ("01", "30"), "1A": ("01", "10", "21", "17"), "1B": ("01", "15"), "1C": ("01", "11"), "1D": ("01", "16"),
    "1E": ("01", "91"), "1F": ("01", "10", "15"), "9A": ("8010", "8011"), "9B": ("8017", "8019"),
    "9C": ("8018", "8019"), "9D": ("414", "254"),
}  # fmt: skip
_TOGETHER |= {f"2{letter}": ("01", f"310{n}") for n, letter in enumerate("ABCDEF")}
_TOGETHER |= {f"3{letter}": ("01", f"320{n}") for n, letter in enumerate("ABCDEF")}
_TOGETHER |= {f"A{n}": ("01", f"392{n}") for n in range(10)}
_TOGETHER |= {f"C{n}": ("255", f"390{n}") for n in range(10)}
_TOGETHER |= {f"C{letter}": ("255", f"394{n}") for n, letter in enumerate("ABCD")}
_LETTERS = {1: (4, "0123456789abcdef"), 2: (4, "0123456789ABCDEF"), 3: (6, ALPHABET)}


class NotCompressed(ValueError):
    """The text is no compressed Digital Link."""


@dataclass
class _Bits:
    """A row of bits that is read from the front."""

    row: str
    at: int = 0

    def take(self, count: int) -> int:
        """The next bits as a number."""
        if self.at + count > len(self.row):
            raise NotCompressed("it ends too early")
        found = self.row[self.at : self.at + count]
        self.at += count
        return int(found, 2) if found else 0

    @property
    def left(self) -> int:
        """How many there still are."""
        return len(self.row) - self.at


def _width(decimals: int) -> int:
    """How many bits a number of so many decimal digits takes."""
    return math.ceil(decimals * math.log(10) / math.log(2) + 0.01) if decimals else 0


def _length_width(most: int) -> int:
    """How many bits say a length of up to so many characters."""
    return math.ceil(math.log(most) / math.log(2) + 0.01)


def _stretches(components: tuple[Component, ...]) -> list[tuple[str, int | None, int]]:
    """A value's parts as they are written: kind, fixed length or None, longest. Digits in a row are one part."""
    parts: list[tuple[str, int | None, int]] = []
    for one in components:
        kind = "N" if one.kind == "N" else "X"
        fixed = one.most if one.least == one.most and not one.optional else None
        if parts and kind == "N" == parts[-1][0] and (fixed is None) == (parts[-1][1] is None):
            _kind, before, most = parts.pop()
            fixed = None if fixed is None or before is None else before + fixed
            parts.append((kind, fixed, most + one.most))
        else:
            parts.append((kind, fixed, one.most))
    return parts


def _value(ai: str, bits: _Bits) -> str:
    if ai == "7007":  # one day or two: written as one number of up to twelve digits
        return _part("N", None, 12, bits)
    return "".join(_part(*part, bits) for part in _stretches(dictionary.identifier(ai).components))


def _part(kind: str, fixed: int | None, most: int, bits: _Bits) -> str:
    form = bits.take(3) if kind == "X" else 0
    length = fixed if fixed is not None else bits.take(_length_width(most))
    if length > most:
        raise NotCompressed("too long")
    if form == 0:
        digits = str(bits.take(_width(length))).zfill(length) if length else ""
        if len(digits) != length:
            raise NotCompressed("a number of another length")
        return digits
    if form == 4:
        return "".join(chr(bits.take(7)) for _ in range(length))
    if form not in _LETTERS:
        raise NotCompressed("no such encoding")
    size, alphabet = _LETTERS[form]
    return "".join(alphabet[bits.take(size)] for _ in range(length))


def _identifiers(bits: _Bits) -> tuple[str, ...]:
    first = f"{bits.take(8):02X}"
    if first in _TOGETHER:
        return _TOGETHER[first]
    if not first.isdecimal():
        raise NotCompressed("no such sequence of identifiers")
    for _more in range(3):
        if first in dictionary.identifiers():
            return (first,)
        first += f"{bits.take(4):X}"
    raise NotCompressed("no such identifier")


def expand(text: str) -> list[tuple[str, str]]:
    """Identifiers and values, in the order in which they were written. Raises NotCompressed.

    >>> expand("AQnYUc1gmk")
    Traceback (most recent call last):
        ...
    traceability.gs1.compressed.NotCompressed: it ends too early
    """
    if not _SPELLING.fullmatch(text):
        raise NotCompressed("not base64url")
    bits = _Bits("".join(f"{ALPHABET.index(one):06b}" for one in text))
    found: list[tuple[str, str]] = []
    while bits.left >= 8:
        found += [(ai, _value(ai, bits)) for ai in _identifiers(bits)]
    return found
