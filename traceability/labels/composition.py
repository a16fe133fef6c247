"""One label of a pack: words above, EAN-13 left and QR right at its foot. Pure."""

from catalog.rules import ean13
from traceability.gs1.symbols import EAN13_GUARDS, bars, ean13_modules, qr_rows
from traceability.labels import rules
from traceability.labels.composing import POINT_MM, Mark, Sheet
from traceability.labels.rules import EAN_MODULE_MM, Content, Layout

INSET_X, INSET_Y = 3.4, 2.6
NARROW_MM = 40
INVITED = "Quét xem nguồn gốc"


def label(content: Content, layout: Layout, serial: str = "") -> tuple[Mark, ...]:
    """The marks of one label. Raises Unfit, and ValueError where the QR would be too fine for this layout.

    serial: of this one label; empty where all labels of the lot are alike.
    """
    sheet = Sheet()
    if layout.bars_mm:
        _wide(sheet, content, layout, serial)
    else:
        _narrow(sheet, content, layout, serial)
    return tuple(sheet.marks)


def _wide(sheet: Sheet, content: Content, layout: Layout, serial: str) -> None:
    x, y, scale = INSET_X, INSET_Y, layout.scale
    width, bottom = layout.width_mm - 2 * INSET_X, layout.height_mm - INSET_Y
    foot = max(layout.bars_mm + 2.9, layout.qr_mm) + 2.4 * scale
    _words(sheet, content, scale, (x, y, width, bottom - foot - y))
    _ean13(sheet, content.gtin, layout, x, bottom - foot)
    qr_left, line = x + width - layout.qr_mm, bottom - 2.2 * scale
    _qr(sheet, content, layout, serial, qr_left, bottom - foot)
    sheet.line(rules.grouped(serial) or INVITED, 4.8 * scale, (qr_left - 6, line, layout.qr_mm + 6), align="right",
               field="serial" if serial else "")  # fmt: skip
    sheet.line(rules.notes(content), 4.8 * scale, (x, line, width - layout.qr_mm - 6))


def _narrow(sheet: Sheet, content: Content, layout: Layout, serial: str) -> None:
    """Words left, QR right: for labels on which an EAN-13 at full size has no room."""
    x, y, edge = 1.5, 1.5, layout.width_mm - 1.0
    qr_left = edge - layout.qr_mm
    _qr(sheet, content, layout, serial, qr_left, 1.0)
    below = 1.0 + layout.qr_mm
    if serial:
        sheet.line(rules.grouped(serial), 4.8, (qr_left, below, layout.qr_mm), align="right", field="serial")
    for note in filter(None, rules.notes(content).split(" · ")):
        below += 2.4
        sheet.line(note, 4.8, (qr_left, below, layout.qr_mm), align="right")
    _words(sheet, content, layout.scale, (x, y, qr_left - x - 0.5, layout.height_mm - 1.0 - y))


def _words(sheet: Sheet, content: Content, scale: float, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    name, quantity = 8.2 * scale, 6.6 * scale
    sheet.line(f"{content.name}, {content.pack}", name, (x, y, width), bold=True, field="name")
    y += name * POINT_MM * 1.3
    part = 0.6 if content.price else 1.0
    sheet.line(f"Lượng tịnh: {content.net}", quantity, (x, y, width * part), bold=True, field="net")
    sheet.line(content.price, quantity, (x + width * part, y, width * (1 - part)), bold=True, align="right",
               field="price" if content.price else "")  # fmt: skip
    y += quantity * POINT_MM * 1.3
    facts = rules.facts_line(content)
    for line in facts.split(" · ") if width < NARROW_MM else (facts,):
        sheet.line(line, 6.0 * scale, (x, y, width), bold=True, field="lot")
        y += 6.0 * scale * POINT_MM * 1.35
    sheet.paragraph(rules.printed(content), 5.4 * scale, (x, y, width, box[1] + height - y))


def _ean13(sheet: Sheet, gtin: str, layout: Layout, left: float, top: float) -> None:
    """Bars at 100 %, guard bars longer, digits below in three groups."""
    digits = ean13(gtin)
    start = left + rules.EAN_QUIET_LEFT * EAN_MODULE_MM
    sheet.bars(bars(ean13_modules(digits)), EAN_MODULE_MM, (start, top, layout.bars_mm), EAN13_GUARDS,
               5 * EAN_MODULE_MM)  # fmt: skip
    below = top + layout.bars_mm + 0.2
    for text, x, width in (
        (digits[0], left + 1, 2.4),
        (digits[1:7], start + 4 * EAN_MODULE_MM, 41 * EAN_MODULE_MM),
        (digits[7:], start + 50 * EAN_MODULE_MM, 41 * EAN_MODULE_MM),
    ):
        sheet.line(text, 7.5, (x, below, width), align="centre")


def _qr(sheet: Sheet, content: Content, layout: Layout, serial: str, left: float, top: float) -> None:
    """QR with its quiet zone inside the box."""
    rows = [bars(row) for row in qr_rows(content.qr_text(serial))]
    module = rules.qr_module_mm(len(rows), layout.qr_mm)
    if module is None:
        raise ValueError("the address is too long for a QR of this size")
    quiet = rules.QR_QUIET * module
    sheet.square(rows, module, left + quiet, top + quiet)
