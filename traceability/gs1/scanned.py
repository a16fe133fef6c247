"""What a person typed, a camera read or a scanner sent, understood. Pure."""

import re
from dataclasses import dataclass

from traceability.gs1.links import gtin14
from traceability.gs1.syntax.rules import FNC1, HOLDING, Lenient, read, read_uri

TYPED_MAX = 300
OLDER = Lenient(alphas=True, short_gtin=True, unknown=True)  # what others may have printed
_UNIT = re.compile(r"KIEN-[0-9]{6,}", re.ASCII)
_SSCC = re.compile(r"[0-9]{18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """A GTIN of 14 digits or none, a lot or none, a serial or none; unit: the number of a case or pallet, or none."""

    gtin: str | None
    lot: str | None
    serial: str | None = None
    unit: str | None = None


def understand(text: str) -> Typed | None:
    """A link, an element string, the digits under the bars, a lot code, or digits and lot code together.

    >>> understand("2000000000015 lô MD-01")
    Typed(gtin='02000000000015', lot='MD-01', serial=None, unit=None)
    """
    typed = text.strip(" \t\r\n")[:TYPED_MAX]
    if typed.startswith(HOLDING) and typed.startswith(FNC1, 3):
        typed = typed[:3] + typed[4:]  # some readers send the first FNC1 beside the mark that stands for it
    for reading in (read_uri(typed, OLDER), read(typed)):
        found = {one.ai: one.value for one in reading.elements} if reading.ok else {}
        if found.keys() & {"00", "01", "10"}:
            lot, serial = found.get("10"), found.get("21")
            return Typed(
                found.get("01"),
                lot.upper() if lot else None,
                serial.upper() if serial else None,
                found.get("00"),
            )
    if unit := _UNIT.search(typed.upper()):
        return Typed(None, None, unit=unit[0])
    return _loose(typed)


def _loose(typed: str) -> Typed | None:
    """Words and digits as typed by hand: the first that is a barcode, and the first that may be a lot."""
    gtin = lot = None
    for word in typed.upper().replace(",", " ").replace(":", " ").split():
        if _SSCC.fullmatch(word):
            return Typed(None, None, unit=word)
        if gtin is None and (found := gtin14(word)):
            gtin = found
        elif lot is None and any(c.isdigit() for c in word) and len(word) <= 20:
            lot = word
    return Typed(gtin, lot) if gtin or lot else None
