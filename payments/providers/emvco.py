"""EMVCo merchant-presented QR: a list of objects (two-digit tag, two-digit length, value), read with all its faults.

Source: EMVCo, "QR Code Specification for Payment Systems, Merchant-Presented Mode" 1.1. Lengths count characters, not
bytes (Vietnamese codes with marks are written so); the checksum of tag 63 is CRC-16/CCITT-FALSE over UTF-8 and stands
last. Templates (26–51 merchant accounts, 62 additional data, 64 language) hold the same form once more; 80–99 should,
but wallets put bare text there, so they are left closed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FORMAT, METHOD, CURRENCY, AMOUNT, TIP, TIP_FIXED, TIP_RATE, COUNTRY, MORE, CRC = (
    "00", "01", "53", "54", "55", "56", "57", "58", "62", "63",
)  # fmt: skip
ACCOUNTS = tuple(f"{tag:02d}" for tag in range(26, 52))
TEMPLATES = frozenset((*ACCOUNTS, MORE, "64"))
_HEAD = re.compile(r"([0-9]{2})([0-9]{2})")  # [0-9]: \d would take the digits of other scripts
_CRC_AT_END = re.compile(r"6304([0-9A-Fa-f]{4})")


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) over UTF-8, four upper-case hex digits.

    >>> crc16("123456789")
    '29B1'
    """
    value = 0xFFFF
    for byte in text.encode("utf-8", "surrogatepass"):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def checksum_holds(payload: str) -> bool:
    """Whether the last four characters are the CRC of all before them (either case)."""
    end = _CRC_AT_END.fullmatch(payload[-8:])
    return end is not None and crc16(payload[:-4]) == end[1].upper()


def item(tag: str, value: str) -> str:
    """One object. Raises ValueError for a value of more than 99 characters."""
    if len(value) > 99:
        raise ValueError(f"tag {tag} holds more than 99 characters")
    return f"{tag}{len(value):02d}{value}"


@dataclass(frozen=True)
class Level:
    """The objects of one level in the order read, and what is wrong with its form ("" when nothing is)."""

    values: Mapping[str, str]
    fault: str = ""


def level(text: str) -> Level:
    """Read one level: stops at the first object that does not fit. A tag that comes twice says two things: a fault.

    >>> level("00020101021").fault
    'length of tag 01 goes past the end'
    """
    found: dict[str, str] = {}
    at, fault = 0, ""
    while at < len(text) and not fault:
        head = _HEAD.fullmatch(text[at : at + 4])
        if head is None:
            fault = f"no tag and length at character {at + 1}"
            break
        tag, size = head[1], int(head[2])
        value = text[at + 4 : at + 4 + size]
        if len(value) != size:
            fault = f"length of tag {tag} goes past the end"
        elif tag in found:
            fault = f"tag {tag} stands twice"
        else:
            found[tag] = value
        at += 4 + size
    return Level(found, fault)


@dataclass(frozen=True)
class Code:
    """A payload as read. `broken`: faults of form or checksum, for which it must not be paid; `odd`: what a strict
    reader would miss in it besides. `inner`: the templates, opened."""

    values: Mapping[str, str]
    inner: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether its form and its checksum are right."""
        return not self.broken


def read(payload: str) -> Code:
    """Read any EMV QR. Never raises: what is wrong is listed.

    Where the form of the top level is broken no value is handed on, since every length before the break is doubtful.
    """
    top = level(payload)
    if top.fault:
        return Code({}, broken=(top.fault,))
    inner, broken = {}, _frame(payload, top.values)
    for tag in sorted(TEMPLATES & top.values.keys()):
        below = level(top.values[tag])
        if below.fault:
            broken.append(f"inside tag {tag}: {below.fault}")
        else:
            inner[tag] = below.values
    return Code(top.values, inner, tuple(broken), tuple(_odd(top.values)))


def _frame(payload: str, values: Mapping[str, str]) -> list[str]:
    """What is wrong with the first and the last object."""
    if not values:
        return ["empty"]
    faults, tags = [], list(values)
    if tags[0] != FORMAT or values[FORMAT] != "01":
        faults.append("tag 00 is not first with 01")
    if CRC not in values:
        faults.append("checksum (tag 63) missing")
    elif tags[-1] != CRC:
        faults.append("checksum (tag 63) is not last")
    elif not _CRC_AT_END.fullmatch(payload[-8:]):
        faults.append("checksum (tag 63) is not four hex digits")
    elif not checksum_holds(payload):
        faults.append(f"checksum is {values[CRC]}, should be {crc16(payload[:-4])}")
    return faults


def _odd(values: Mapping[str, str]) -> list[str]:
    """Faults of content that leave the form whole."""
    found = [f"tag {tag} is empty" for tag, value in values.items() if not value]
    if values.get(METHOD, "11") not in ("11", "12"):
        found.append("tag 01 is neither 11 nor 12")
    if CURRENCY not in values:
        found.append("currency (tag 53) missing")
    if COUNTRY not in values:
        found.append("country (tag 58) missing")
    tip = values.get(TIP)
    if tip not in (None, "01", "02", "03"):
        found.append("tag 55 is not 01, 02 or 03")
    if (tip == "02") != (TIP_FIXED in values):
        found.append("fixed fee: tags 55 and 56 do not go together")
    if (tip == "03") != (TIP_RATE in values):
        found.append("fee in per cent: tags 55 and 57 do not go together")
    return found
