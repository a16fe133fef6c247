"""Numbers, application identifiers, Digital Link addresses and symbols, after the GS1 General Specifications.

Supported identifiers: the keys and attributes that goods of this market carry (`KNOWN`). SSCC, GLN, coupons and the
compressed form of Digital Link are out of scope: we neither print nor resolve them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote_to_bytes, urlsplit

import segno

from catalog.rules import check_digit, ean13, is_gtin

__all__ = ["check_digit", "ean13", "is_gtin"]

FNC1 = "\x1d"
_CSET82 = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*", re.ASCII)
_LOT = re.compile(r"[0-9A-Z-]{1,20}", re.ASCII)


def gtin14(typed: str) -> str | None:
    """A GTIN-8, -12, -13 or -14 with a right check digit as 14 digits; None for anything else.

    >>> gtin14("2000000000015")
    '02000000000015'
    """
    return typed.zfill(14) if is_gtin(typed) else None


def is_cset82(text: str) -> bool:
    """Whether every character belongs to GS1 character set 82 (General Specifications, figure 7.11-1)."""
    return bool(_CSET82.fullmatch(text))


def is_our_code(text: str) -> bool:
    """Whether a lot code or serial is one that we print: 1–20 of 0-9, A-Z and hyphen, so that QR stays alphanumeric."""
    return bool(_LOT.fullmatch(text))


def is_yymmd0(text: str) -> bool:
    """Whether six digits are a date YYMMDD; day 00 means the whole month."""
    if not re.fullmatch(r"\d{6}", text, re.ASCII):
        return False
    try:
        date_of(text)
    except ValueError:
        return False
    return True


def date_of(text: str, *, this_year: int = 2026) -> date:
    """YYMMDD as a date; day 00 gives the first of the month. Raises ValueError for no date.

    The century is the one that puts the year at most 49 behind or 50 ahead of this one (General Specifications 7.12).
    """
    ahead = (int(text[:2]) - this_year % 100 + 49) % 100 - 49
    return date(this_year + ahead, int(text[2:4]), int(text[4:]) or 1)


def _digits(low: int, high: int) -> Callable[[str], bool]:
    return lambda text: bool(re.fullmatch(rf"\d{{{low},{high}}}", text, re.ASCII))


def _text(most: int) -> Callable[[str], bool]:
    return lambda text: 1 <= len(text) <= most and is_cset82(text)


@dataclass(frozen=True)
class Identifier:
    """An application identifier: its name, what it accepts, whether its length is predefined (no FNC1 after it)."""

    title: str
    accepts: Callable[[str], bool]
    fixed: bool = False


KNOWN: dict[str, Identifier] = {
    "01": Identifier("GTIN", lambda text: len(text) == 14 and is_gtin(text), fixed=True),
    "10": Identifier("BATCH/LOT", _text(20)),
    "11": Identifier("PROD DATE", is_yymmd0, fixed=True),
    "13": Identifier("PACK DATE", is_yymmd0, fixed=True),
    "15": Identifier("BEST BEFORE", is_yymmd0, fixed=True),
    "16": Identifier("SELL BY", is_yymmd0, fixed=True),
    "17": Identifier("USE BY", is_yymmd0, fixed=True),
    "21": Identifier("SERIAL", _text(20)),
    "22": Identifier("CPV", _text(20)),
    "37": Identifier("COUNT", _digits(1, 8)),
    "98": Identifier("INTERNAL", _text(90)),
    "99": Identifier("INTERNAL", _text(90)),
    "235": Identifier("TPX", _text(28)),
}
KNOWN |= {f"310{n}": Identifier("NET WEIGHT (kg)", _digits(6, 6), fixed=True) for n in range(6)}
KNOWN |= {f"390{n}": Identifier("AMOUNT", _digits(1, 15)) for n in range(10)}
KNOWN |= {f"392{n}": Identifier("PRICE", _digits(1, 15)) for n in range(10)}
QUALIFIERS = (("22", "10", "21"), ("235",))  # what may follow a GTIN in a Digital Link path, in this order

Elements = list[tuple[str, str]]


class NotGs1(ValueError):
    """The text is not a Digital Link or element string that we can read."""


def _checked(ai: str, value: str) -> tuple[str, str]:
    known = KNOWN.get(ai)
    if known is None:
        raise NotGs1(f"unknown application identifier {ai}")
    if not known.accepts(value):
        raise NotGs1(f"wrong value for {ai}")
    return ai, value


# ---- element strings ----


def parse_bracketed(text: str) -> Elements:
    """'(01)02000000000015(10)M-1' as pairs; a bracket inside a value is written '\\('. Raises NotGs1."""
    found: Elements = []
    rest = text
    while rest:
        head = re.match(r"\((\d{2,4})\)((?:\\\(|[^(])+)", rest, re.ASCII)
        if head is None:
            raise NotGs1("expected (identifier)value")
        found.append(_checked(head[1], head[2].replace("\\(", "(")))
        rest = rest[head.end() :]
    if not found:
        raise NotGs1("empty")
    return found


def parse_scanned(text: str) -> Elements:
    """What a scanner sends for GS1-128 or GS1 DataMatrix: identifiers run together, FNC1 (ASCII 29) between."""
    found: Elements = []
    rest = text.removeprefix("]C1").removeprefix("]d2").removeprefix("]Q3").removeprefix(FNC1)
    if not rest:
        raise NotGs1("empty")
    while rest:
        ai = next((rest[:size] for size in (2, 3, 4) if rest[:size] in KNOWN), "")
        if not ai:
            raise NotGs1("unknown application identifier")
        value, rest = _take(ai, rest[len(ai) :])
        found.append(_checked(ai, value))
    return found


def _take(ai: str, rest: str) -> tuple[str, str]:
    if KNOWN[ai].fixed:
        size = 14 if ai == "01" else 6
        return rest[:size], rest[size:].removeprefix(FNC1)
    value, _, after = rest.partition(FNC1)
    return value, after


def scanned_form(elements: Iterable[tuple[str, str]]) -> str:
    """Pairs as one string with FNC1 first and after every value of no predefined length that is not the last."""
    parts, open_end = [FNC1], False
    for ai, value in elements:
        parts += [FNC1 if open_end else "", ai, value]
        open_end = not KNOWN[ai].fixed
    return "".join(parts)


# ---- Digital Link (URI Syntax 1.6) ----


def escape(value: str) -> str:
    """A value for a path: everything but unreserved characters percent-encoded."""
    return quote(value, safe="")


def unescape(text: str, *, query: bool = False) -> str:
    """The reverse. Broken percent sequences stay as they are; bytes above ASCII are read as Latin-1."""
    return unquote_to_bytes(text.replace("+", " ") if query else text).decode("latin-1")


def digital_link(base_url: str, gtin: str, lot: str | None = None, serial: str | None = None) -> str:
    """The address printed on a label: GTIN of 14 digits, then lot and serial. Raises ValueError for a wrong GTIN."""
    if not KNOWN["01"].accepts(gtin):
        raise ValueError("a Digital Link needs a GTIN of 14 digits")
    path = f"{base_url}/01/{gtin}"
    if lot:
        path += f"/10/{escape(lot)}"
    return f"{path}/21/{escape(serial)}" if serial else path


def printed_link(base_url: str, gtin: str, lot: str | None = None, serial: str | None = None) -> str:
    """The same in upper case, so that the QR is smaller: scheme and host do not mind, our codes are upper case."""
    for code in (lot, serial):
        if code and not is_our_code(code):
            raise ValueError("lot codes and serials are of 0-9, A-Z and hyphen")
    return digital_link(base_url, gtin, lot, serial).upper()


_HOST = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)


def parse_link(uri: str) -> Elements:
    """A Digital Link with a GTIN key as pairs, the GTIN as 14 digits first. Raises NotGs1.

    A path before the key is allowed; unknown query parameters are passed over unless they are all digits.
    """
    if not uri.startswith(("http://", "https://", "HTTP://", "HTTPS://")) or not _ALLOWED.fullmatch(uri):
        raise NotGs1("not an address")
    parts = urlsplit(uri)
    if not _HOST.fullmatch(parts.netloc):
        raise NotGs1("no host")
    found = _path_elements(parts.path)
    keys = {ai for ai, _ in found}
    for ai, value in _query_elements(parts.query):
        if ai in keys or _could_be_in_path(ai, keys):
            raise NotGs1(f"{ai} belongs in the path, once")
        keys.add(ai)
        found.append((ai, value))
    return found


def _path_elements(path: str) -> Elements:
    segments = path.split("/")
    starts = [
        at for at in range(len(segments) - 2, 0, -1) if segments[at] == "01" and (len(segments) - at) % 2 == 0
    ]
    if not starts:
        raise NotGs1("no GTIN")
    tail = segments[starts[0] :]
    gtin = gtin14(unescape(tail[1]))
    if gtin is None:
        raise NotGs1("wrong GTIN")
    ais = tail[2::2]
    if not any(_in_order(ais, allowed) for allowed in QUALIFIERS):
        raise NotGs1("identifiers out of order")
    return [("01", gtin), *(_checked(ai, unescape(value)) for ai, value in zip(ais, tail[3::2], strict=True))]


def _in_order(ais: list[str], allowed: tuple[str, ...]) -> bool:
    places = [allowed.index(ai) for ai in ais if ai in allowed]
    return len(places) == len(ais) and places == sorted(set(places))


def _could_be_in_path(ai: str, keys: set[str]) -> bool:
    return any(ai in allowed and keys & set(KNOWN) - {"01"} <= set(allowed) for allowed in QUALIFIERS)


def _query_elements(query: str) -> Elements:
    found: Elements = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        if equals and name.isascii() and name.isdigit():
            text = unescape(value, query=True)
            found.append(_checked(name, (gtin14(text) or text) if name == "01" else text))
    return found


# ---- symbols ----

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
