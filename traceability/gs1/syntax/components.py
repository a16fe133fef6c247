"""What one component of a value must be, after the GS1 Syntax Dictionary: each check returns None or where and why not.

Positions count from the component's first character.
"""

import re
from collections.abc import Callable

from traceability.gs1.syntax.coupons import coupon, positive_offer
from traceability.gs1.syntax.dictionary import Component, codes
from traceability.gs1.syntax.faults import At, digits, prefix

_SETS = {
    "N": re.compile(r"[0-9]*", re.ASCII),
    "X": re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*", re.ASCII),
    "Y": re.compile(r"[#\-/0-9A-Z]*", re.ASCII),
    "Z": re.compile(r"[\-0-9A-Z_a-z]*", re.ASCII),
}
_WHAT = {
    "N": "not a digit",
    "X": "not in character set 82",
    "Y": "not in character set 39",
    "Z": "not base64url",
}
_ORDER82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_SET32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = [n for n in range(2, 510) if all(n % d for d in range(2, int(n**0.5) + 1))]


def in_set(kind: str, text: str) -> At:
    """Whether every character belongs to a component's set."""
    body = text
    if kind == "Z":
        body = text.rstrip("=")
        pads = len(text) - len(body)
        if pads > 2 or (pads and len(text) % 3):
            return len(body), "wrong base64url padding"
    match = _SETS[kind].match(body)
    end = match.end() if match else 0
    return None if end == len(body) else (end, _WHAT[kind])


def _csum(text: str) -> At:
    if wrong := digits(text) if text else (0, "too short for a check digit"):
        return wrong
    total = sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(reversed(text)))
    return (len(text) - 1, "wrong check digit") if total % 10 else None


def _csumalpha(text: str) -> At:
    if len(text) < 2:
        return 0, "too short for its check characters"
    if len(text) > len(_PRIMES) + 2:
        return 0, "too long for check characters"
    total = sum(
        _ORDER82.index(one) * prime for one, prime in zip(reversed(text[:-2]), _PRIMES, strict=False)
    ) % 1021  # fmt: skip
    right = _SET32[total >> 5] + _SET32[total & 31]
    return None if text[-2:] == right else (len(text) - 2, "wrong check characters")


def _gcppos2(text: str) -> At:
    wrong = prefix(text[1:]) if len(text) > 1 else (-1, "too short for a company prefix")
    return (wrong[0] + 1, wrong[1]) if wrong else None


def _member(name: str, why: str) -> Callable[[str], At]:
    return lambda text: None if text in codes()[name] else (0, why)


def _one_of(allowed: str, why: str) -> Callable[[str], At]:
    return lambda text: None if len(text) == 1 and text in allowed else (0, why)


def _at_most(most: int, why: str) -> Callable[[str], At]:
    return lambda text: digits(text) or ((0, why) if int(text) > most else None)


def _degrees(most: int, why: str) -> Callable[[str], At]:
    within = _at_most(most, why)
    return lambda text: within(text) if len(text) == 10 else (0, why)


def _day(text: str, year: int, *, whole_month: bool) -> At:
    month, day = int(text[-4:-2]), int(text[-2:])
    if not 1 <= month <= 12:
        return len(text) - 4, "no such month"
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    if day > longest or (day == 0 and not whole_month):
        return len(text) - 2, "no such day"
    return None


def _date(length: int, *, whole_month: bool) -> Callable[[str], At]:
    def check(text: str) -> At:
        if len(text) != length:
            return 0, "a date of another length"
        if wrong := digits(text):
            return wrong
        # of two digits every fourth year is a leap year: 1900 and 2100 are out of the sliding window's reach
        year = int(text[:4]) if length == 8 else 2000 + int(text[:2])
        return _day(text, year, whole_month=whole_month)

    return check


def _hhmi(text: str) -> At:
    if len(text) != 4:
        return 0, "not hours and minutes"
    if wrong := digits(text):
        return wrong
    return (
        (0, "no such hour") if int(text[:2]) > 23 else (2, "no such minute") if int(text[2:]) > 59 else None
    )


def _pcenc(text: str) -> At:
    wrong = re.search(r"%(?![0-9A-Fa-f]{2})", text)
    return (wrong.start(), "wrong percent encoding") if wrong else None


def _piece_of_total(text: str) -> At:
    half = len(text) // 2
    if wrong := digits(text):
        return wrong
    if not text or len(text) % 2:
        return 0, "not a piece and a total"
    piece, total = int(text[:half]), int(text[half:])
    if not piece or not total:
        return (half if piece else 0), "zero"
    return (0, "more than the total") if piece > total else None


def _position_in_sequence(text: str) -> At:
    match = re.fullmatch(r"([0-9]+)/([0-9]+)", text, re.ASCII)
    if match is None:
        return 0, "not a position and an end"
    if text[0] == "0" or match[2][0] == "0":
        return (0 if text[0] == "0" else match.start(2)), "begins with zero"
    return (0, "beyond the end") if int(match[1]) > int(match[2]) else None


def _iban(text: str) -> At:
    if text[:2] not in codes()["letters"] and len(text) >= 4:
        return 0, "no such country"
    if not 10 < len(text) <= 34:
        return 0, "not as long as an IBAN"
    turned = text[4:] + text[:4]
    wrong = re.search(r"[^0-9A-Z]", text)
    if wrong:
        return wrong.start(), "not in an IBAN"
    return None if int("".join(str(int(one, 36)) for one in turned)) % 97 == 1 else (2, "wrong check digits")


def _nonzero(text: str) -> At:
    return digits(text) or (None if text.strip("0") else (0, "zero"))


def _no_zero_prefix(text: str) -> At:
    return (0, "begins with zero") if text[:1] == "0" else digits(text)


def _media(text: str) -> At:
    known = text.isdecimal() and len(text) == 2 and (1 <= int(text) <= 10 or int(text) >= 80)
    return None if known else (0, "no such kind of carrier")


CHECKS: dict[str, Callable[[str], At]] = {
    "csum": _csum,
    "csumalpha": _csumalpha,
    "gcppos1": prefix,
    "gcppos2": _gcppos2,
    "hasnondigit": lambda text: (0, "digits alone") if text.isdecimal() else None,
    "hh": _at_most(23, "no such hour"),
    "mi": _at_most(59, "no such minute"),
    "ss": _at_most(59, "no such second"),
    "hhmi": _hhmi,
    "hyphen": lambda text: None if text and not text.strip("-") else (0, "not a hyphen"),
    "iban": _iban,
    "importeridx": lambda text: None if re.fullmatch(r"[\-0-9A-Z_a-z]", text, re.ASCII) else (0, "no importer index"),
    "iso3166": _member("countries", "no such country"),
    "iso3166999": lambda text: None if text == "999" or text in codes()["countries"] else (0, "no such country"),
    "iso3166alpha2": _member("letters", "no such country"),
    "iso4217": _member("currencies", "no such currency"),
    "iso5218": _one_of("0129", "no such code of sex"),
    "latitude": _degrees(1_800_000_000, "not a latitude"),
    "longitude": _degrees(3_600_000_000, "not a longitude"),
    "mediatype": _media,
    "nonzero": _nonzero,
    "nozeroprefix": _no_zero_prefix,
    "packagetype": _member("packages", "no such package"),
    "pcenc": _pcenc,
    "pieceoftotal": _piece_of_total,
    "posinseqslash": _position_in_sequence,
    "winding": _one_of("019", "no such winding"),
    "yesno": _one_of("01", "neither 0 nor 1"),
    "yymmd0": _date(6, whole_month=True),
    "yymmdd": _date(6, whole_month=False),
    "yyyymmd0": _date(8, whole_month=True),
    "yyyymmdd": _date(8, whole_month=False),
    "zero": lambda text: None if text and not text.strip("0") else (0, "not zero"),
    "couponcode": coupon,
    "couponposoffer": positive_offer,
}  # fmt: skip


def fault(components: tuple[Component, ...], value: str) -> At:
    """Where a value departs from its components and why; None when it does not."""
    at = 0
    for part in components:
        text = value[at : at + part.most]
        if not text and part.optional:
            continue
        if len(text) < part.least:
            return at, "too short"
        wrong = in_set(part.kind, text)
        for name in () if wrong else part.checks:
            wrong = wrong or CHECKS[name](text)
        if wrong:
            return at + wrong[0], wrong[1]
        at += len(text)
    return None if at == len(value) else (at, "too long")
