"""What a label says and how big things are, in millimetres. Pure.

An EAN-13 is printed at 100 % (module 0.33 mm) or larger, never smaller: below that, cheap printers blur it
(GS1 General Specifications 5.12; tried: 80 % fails below 200 dpi). On the smallest label only bar height is cut.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.i18n import N_

EAN_MODULE_MM = 0.33
EAN_QUIET_LEFT, EAN_QUIET_RIGHT, EAN_MODULES, QR_QUIET = 11, 7, 95, 4
QR_MODULE_MIN_MM = 0.396  # GS1 General Specifications 5.12.3.1: Digital Link QR at the till
QUANTITY_MAX = 1000
SAMPLE_SERIAL = "W" * 16  # as wide as a serial can be; previews show it, no label does


class State(StrEnum):
    """Where a sheet stands."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class SerialState(StrEnum):
    """What the book says of a serial: unknown means that nobody here printed it."""

    PRINTED = "printed"
    VOID = "void"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Layout:
    """A page of columns × rows of equal labels, edge to edge: A4, or a roll with one label a page.

    `scale` enlarges text, symbols and bar height. bars_mm 0: too narrow for an EAN-13 at full size, which stands on the
    pack's own print; the QR names the same number.
    """

    name: str
    title: str
    columns: int
    rows: int
    scale: float
    bars_mm: float
    qr_mm: float
    page_mm: tuple[float, float] = (210, 297)

    @property
    def per_page(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    @property
    def width_mm(self) -> float:
        """Width of a label."""
        return self.page_mm[0] / self.columns

    @property
    def height_mm(self) -> float:
        """Height of a label."""
        return self.page_mm[1] / self.rows


LAYOUTS = {
    one.name: one
    for one in (
        Layout("3x7", N_("21 tem một tờ (70 × 42 mm)"), 3, 7, 1.0, 15.2, 18.5),
        Layout("2x5", N_("10 tem một tờ (105 × 59 mm)"), 2, 5, 1.25, 22.85, 26.0),
        Layout("2x4", N_("8 tem một tờ (105 × 74 mm)"), 2, 4, 1.45, 22.85, 30.0),
        Layout("roll-50x30", N_("Cuộn 50 × 30 mm, chỉ mã QR"), 1, 1, 0.85, 0.0, 17.5, (50, 30)),
        Layout("roll-70x50", N_("Cuộn 70 × 50 mm"), 1, 1, 1.0, 15.2, 18.5, (70, 50)),
        Layout("roll-100x60", N_("Cuộn 100 × 60 mm"), 1, 1, 1.25, 22.85, 26.0, (100, 60)),
    )
}


@dataclass(frozen=True)
class Content:
    """Everything that stands on one label. `gtin` has 14 digits; `link` is the upper-case Digital Link of the QR.

    Its words are Vietnamese whatever the language of the screen: goods are sold in Việt Nam (Decree 37/2026).
    """

    name: str
    pack: str
    net: str
    gtin: str
    restricted: bool
    link: str
    lot: str
    made_on: date
    expires_on: date | None
    cooperative: str
    address: str
    ingredients: str = ""
    storage: str = ""
    usage: str = ""
    warning: str = ""
    price: str = ""
    demo: bool = False
    notification: str = ""

    def qr_text(self, serial: str = "") -> str:
        """What the QR says: the lot's own page, or that of one label."""
        return f"{self.link}/21/{serial}" if serial else self.link


def grouped(serial: str) -> str:
    """A serial as a person reads it aloud.

    >>> grouped("ABCDEFGHIJKLMNOP")
    'ABCD EFGH IJKL MNOP'
    """
    return " ".join(serial[at : at + 4] for at in range(0, len(serial), 4))


def serials_in(text: str) -> list[str]:
    """Serials that somebody typed or scanned, one a line or by commas: bare, in fours, or as a label's address.

    >>> serials_in("abcd efgh ijkl mnop\\nHTTPS://X.VN/01/02000000000015/10/M-1/21/ABCDEFGHIJKLMNOQ")
    ['ABCDEFGHIJKLMNOP', 'ABCDEFGHIJKLMNOQ']
    """
    found = []
    for line in re.split(r"[\n,;]+", text.upper()):
        bare = line.partition("/21/")[2].partition("?")[0] or re.sub(r"\s", "", line)
        found += [bare] if bare else []
    return list(dict.fromkeys(found))


def net_text(quantity: int, unit: str) -> str:
    """Net quantity in Vietnamese form: '500 g', '1,5 kg', '10 ml', '2 cái'.

    >>> net_text(1500, "g"), net_text(10, "ml"), net_text(1, "piece")
    ('1,5 kg', '10 ml', '1 cái')
    """
    if unit == "piece":
        return f"{quantity} cái"
    if quantity < 1000:
        return f"{quantity} {unit}"
    large = f"{quantity // 1000},{quantity % 1000:03d}".rstrip("0").rstrip(",")
    return f"{large} {'kg' if unit == 'g' else 'lít'}"


def facts_line(content: Content) -> str:
    """Lot and days in one line."""
    days = [f"Lô: {content.lot}", f"NSX: {content.made_on:%d/%m/%Y}"]
    if content.expires_on:
        days.append(f"HSD: {content.expires_on:%d/%m/%Y}")
    return " · ".join(days)


def small_print(content: Content) -> str:
    """The paragraph of what the law asks, in the order of importance: who answers for it comes first."""
    return " ".join(text for _name, text in printed(content))


def printed(content: Content) -> list[tuple[str, str]]:
    """The sentences of the small print with the field that each comes from."""
    origin = f"Sản xuất tại: {content.cooperative}, {content.address}. Xuất xứ: Việt Nam."
    named = (("warning", "Lưu ý", content.warning), ("ingredients", "Thành phần", content.ingredients),
             ("storage", "Giữ hàng", content.storage), ("usage", "Cách dùng", content.usage),
             ("notification", "Số công bố", content.notification))  # fmt: skip
    said = ((field, f"{name}: {text.strip().rstrip('.')}.") for field, name, text in named if text.strip())
    return [("address", origin), *said]


def notes(content: Content) -> str:
    """What must be said about the symbols themselves."""
    said = ["Mã nội bộ của chợ"] if content.restricted else []
    return " · ".join([*said, *(["Dữ liệu minh hoạ"] if content.demo else [])])


def qr_module_mm(modules: int, most_mm: float) -> float | None:
    """The module of a QR that fills `most_mm` with its quiet zone; None where it would be too fine to read."""
    module = most_mm / (modules + 2 * QR_QUIET)
    return module if module >= QR_MODULE_MIN_MM else None


def pages_needed(quantity: int, layout: Layout) -> int:
    """How many sheets of paper."""
    return -(-quantity // layout.per_page)
