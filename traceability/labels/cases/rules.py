"""What a case label says, its symbols, and where each stands, in millimetres. Pure.

GS1 General Specifications 5.5.2 and 6.6: modules of a logistic label's GS1-128 at least 0.495 mm wide, bars at least
31.75 mm high for the SSCC, which stands lowest; ten modules of white on either side.
"""

from dataclasses import dataclass
from datetime import date

from core.i18n import N_
from traceability.gs1 import code128
from traceability.gs1.symbols import bars, qr_rows
from traceability.gs1.syntax.rules import Element, Reading, digital_link, element_string, scan_data
from traceability.labels.composing import POINT_MM, Bar, Mark, Sheet, Unfit

MODULE_MM, SSCC_MM, CONTENTS_MM, QR_MM = 0.495, 31.75, 16.0, 32.0
EDGE_MM, QR_QUIET, QR_MODULE_MIN_MM = 4.0, 4, 0.396
LEAST_POINT = 7.0  # of what is inside: read from a step away
CONTENT_MM = 9.6  # least height of one kind of goods: a line of its name, one of its lot
COPIES_MAX = 10


@dataclass(frozen=True)
class CaseLayout:
    """A page of labels one above the other."""

    name: str
    title: str
    page_mm: tuple[float, float]
    rows: int

    @property
    def width_mm(self) -> float:
        """Width of a label."""
        return self.page_mm[0]

    @property
    def height_mm(self) -> float:
        """Height of a label."""
        return self.page_mm[1] / self.rows


LAYOUTS = {
    one.name: one
    for one in (
        CaseLayout("roll-100x150", N_("Cuộn 100 × 150 mm"), (100, 150), 1),
        CaseLayout("a4", N_("Giấy A4, hai nhãn một tờ"), (210, 297), 2),
    )
}


@dataclass(frozen=True, slots=True)
class Packed:
    """So many packs of one lot inside. restricted: whether the GTIN is the market's own, good in this house alone."""

    name: str
    gtin: str
    restricted: bool
    lot: str
    pieces: int
    expires_on: date | None


@dataclass(frozen=True)
class Case:
    """Everything on a case label. number: an SSCC of 18 digits, or the market's own."""

    number: str
    base_url: str
    seller: str
    address: str
    packed: tuple[Packed, ...]
    made_on: date
    demo: bool = False

    @property
    def is_sscc(self) -> bool:
        """Whether the number is GS1's."""
        return self.number.isdecimal()


def elements_inside(case: Case) -> list[tuple[str, str]]:
    """What GS1's symbols say of the contents: GTIN, count, best before, lot. Empty for mixed goods, of which they can
    say nothing, and for a GTIN of restricted circulation.
    """
    if len(case.packed) != 1 or case.packed[0].restricted or not case.is_sscc:
        return []
    one = case.packed[0]
    before = [("15", f"{one.expires_on:%y%m%d}")] if one.expires_on else []
    return [("02", one.gtin), ("37", str(one.pieces)), *before, ("10", one.lot)]


def address(case: Case) -> str:
    """The QR's text: the unit's Digital Link with what is inside, or our own address of it."""
    if not case.is_sscc:
        return f"{case.base_url}/units/{case.number}"
    key = Element("00", case.number, 0, path=0)
    return (
        digital_link([key, *(Element(ai, value, 0) for ai, value in elements_inside(case))], case.base_url)
        or ""
    )


def symbols(case: Case, layout: CaseLayout) -> list[tuple[str, str]]:
    """The GS1-128 symbols from top to bottom as (data, text below it): contents as far as they fit, then the SSCC.

    None without an SSCC: GS1-128 is for GS1's numbers.
    """
    if not case.is_sscc:
        return []
    inside = elements_inside(case)
    tries = [inside, inside[:2]] if inside else []
    fitting = next((one for one in tries if _fits(one, layout)), None)
    return [_symbol(one) for one in (fitting, [("00", case.number)]) if one]


def _symbol(pairs: list[tuple[str, str]]) -> tuple[str, str]:
    elements = tuple(Element(ai, value, 0) for ai, value in pairs)
    return scan_data(elements), element_string(Reading(elements, ())).replace(")", ") ").replace(
        "(", " ("
    ).strip()


def _fits(pairs: list[tuple[str, str]], layout: CaseLayout) -> bool:
    data, _text = _symbol(pairs)
    if len(data) > code128.LONGEST + 1:
        return False
    return (len(code128.modules(data)) + 2 * code128.QUIET) * MODULE_MM <= layout.width_mm - 2


def label(case: Case, layout: CaseLayout) -> tuple[Mark, ...]:
    """The marks of one case label. Raises Unfit with the field that is too long: seller, contents."""
    sheet, x, wide = Sheet(), EDGE_MM, layout.width_mm - 2 * EDGE_MM
    foot = layout.height_mm - EDGE_MM
    for data, text in reversed(symbols(case, layout)):
        high = SSCC_MM if data.startswith(f"{code128.FNC1}00") else CONTENTS_MM
        foot -= high + 5.5
        modules = code128.modules(data)
        start = (layout.width_mm - len(modules) * MODULE_MM) / 2
        sheet.bars(bars(modules), MODULE_MM, (start, foot, high))
        sheet.line(text, 10, (x, foot + high + 0.6, wide), align="centre", field="number")
    y = EDGE_MM
    sheet.line(case.seller, 12, (x, y, wide), bold=True, field="seller")
    sheet.paragraph([("seller", case.address)], 8.5, (x, y + 6.2, wide, 8))
    sheet.marks.append(Bar(x, y + 15, wide, 0.4))
    _inside(sheet, case, (x, y + 17, wide - QR_MM - 2, foot - y - 19))
    _number(sheet, case, layout.width_mm - EDGE_MM - QR_MM, y + 17)
    return tuple(sheet.marks)


def _inside(sheet: Sheet, case: Case, box: tuple[float, float, float, float]) -> None:
    """What is inside, from top to bottom, and what must be said of the numbers."""
    x, y, width, height = box
    notes = [] if case.is_sscc else ["Mã kiện nội bộ của chợ, không phải SSCC."]
    notes += (
        ["Mã hàng nội bộ của chợ."] if any(one.restricted for one in case.packed) and case.is_sscc else []
    )
    notes += ["Dữ liệu minh hoạ."] if case.demo else []
    each = (height - 8 * bool(notes)) / max(len(case.packed), 1)
    if each < CONTENT_MM:
        raise Unfit("contents")
    for one in case.packed:
        name = f"{one.pieces} × {one.name}"
        used = sheet.paragraph(
            [("contents", name)], 13, (x, y, width, each * 0.6), bold=True, least=LEAST_POINT
        )
        said = [f"Lô {one.lot}"]
        said += [f"HSD {one.expires_on:%d/%m/%Y}"] if one.expires_on else []
        text = " · ".join([*said, one.gtin[1:] if one.gtin.startswith("0") else one.gtin])
        sheet.paragraph(
            [("contents", text)], 11, (x, y + used + 0.6, width, each * 0.4 - 1), least=LEAST_POINT
        )
        y += each
    if notes:
        sheet.paragraph([("contents", " ".join(notes))], 7.5, (x, box[1] + height - 8, width, 8))


def _number(sheet: Sheet, case: Case, x: float, y: float) -> None:
    """The QR, its number above it in large print, and what to do with it."""
    title = "SSCC" if case.is_sscc else "Mã kiện"
    sheet.line(title, 9, (x, y, QR_MM), bold=True)
    sheet.line(case.number, 11, (x, y + 9 * POINT_MM * 1.3, QR_MM), bold=True, field="number")
    rows = [bars(row) for row in qr_rows(address(case))]
    module = QR_MM / (len(rows) + 2 * QR_QUIET)
    if module < QR_MODULE_MIN_MM:
        raise ValueError("the address is too long for the QR")
    top = y + 9.6
    sheet.square(rows, module, x + QR_QUIET * module, top + QR_QUIET * module)
    sheet.line("Quét xem trong kiện có gì", 7.5, (x, top + QR_MM, QR_MM), align="centre")
