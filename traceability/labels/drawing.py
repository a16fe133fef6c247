"""Drawing a sheet as PDF. The same content gives the same bytes: the only date inside is the lot's."""

from datetime import UTC, datetime, time
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align

from catalog.rules import ean13
from traceability.gs1.symbols import EAN13_GUARDS, bars, ean13_modules, qr_rows
from traceability.labels import rules
from traceability.labels.rules import EAN_MODULE_MM, Content, Layout

FONTS = Path(__file__).resolve().parents[2] / "core" / "fonts"
INSET_X, INSET_Y = 3.4, 2.6
POINT_MM = 25.4 / 72
SMALLEST_POINT = 4.4
NARROW_MM = 40


class Unfit(ValueError):
    """Words that do not fit on this size of label even at the smallest print; args[0]: their field."""


def draw(content: Content, quantity: int, layout: Layout) -> bytes:
    """The PDF of `quantity` labels. Raises Unfit, and ValueError where the QR would be too fine for this layout."""
    symbols = Symbols(content, layout)
    pdf = _document(content, layout)
    try:
        for number in range(quantity):
            row, column = divmod(number % layout.per_page, layout.columns)
            if (row, column) == (0, 0):
                pdf.add_page()
                _cutting_marks(pdf, layout)
            _label(pdf, content, layout, symbols, column * layout.width_mm, row * layout.height_mm)
        return bytes(pdf.output())
    finally:
        for font in pdf.fonts.values():  # the library leaves its font files open
            font.ttfont.close()  # type: ignore[union-attr]


def _document(content: Content, layout: Layout) -> FPDF:
    """An empty document with our fonts, whose only date is the lot's."""
    pdf = FPDF(unit="mm", format=layout.page_mm)
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.add_font("Noto", "", FONTS / "NotoSans-Regular.ttf")
    pdf.add_font("Noto", "B", FONTS / "NotoSans-Bold.ttf")
    pdf.set_creation_date(datetime.combine(content.made_on, time(), UTC))
    pdf.set_title(f"{content.name}, {content.lot}")
    pdf.set_lang("vi")
    return pdf


class Symbols:
    """The two symbols, computed once for the whole sheet."""

    def __init__(self, content: Content, layout: Layout) -> None:
        self.digits = ean13(content.gtin)
        self.bars = bars(ean13_modules(self.digits))
        self.rows = [bars(row) for row in qr_rows(content.link)]
        module = rules.qr_module_mm(len(self.rows), layout.qr_mm)
        if module is None:
            raise ValueError("the address is too long for a QR of this size")
        self.qr_module = module


def _cutting_marks(pdf: FPDF, layout: Layout) -> None:
    """Small grey crosses where four labels meet, for plain paper; a roll is cut already."""
    if layout.per_page == 1:
        return
    pdf.set_draw_color(150)
    pdf.set_line_width(0.1)
    for column in range(layout.columns + 1):
        for row in range(layout.rows + 1):
            x, y = column * layout.width_mm, row * layout.height_mm
            pdf.line(x - 1.5, y, x + 1.5, y)
            pdf.line(x, y - 1.5, x, y + 1.5)


def _label(pdf: FPDF, content: Content, layout: Layout, symbols: Symbols, left: float, top: float) -> None:
    """Words above, EAN-13 left and QR right below them, on the label's foot."""
    if not layout.bars_mm:
        _narrow(pdf, content, layout, symbols, left, top)
        return
    x, y = left + INSET_X, top + INSET_Y
    width, bottom = layout.width_mm - 2 * INSET_X, top + layout.height_mm - INSET_Y
    foot = max(layout.bars_mm + 2.9, layout.qr_mm) + 2.4 * layout.scale
    _words(pdf, content, layout.scale, (x, y, width, bottom - foot - y))
    _ean13(pdf, symbols, layout, x, bottom - foot)
    qr_left = x + width - layout.qr_mm
    _qr(pdf, symbols, qr_left, bottom - foot)
    line = bottom - 2.2 * layout.scale
    _line(pdf, "Quét xem nguồn gốc", 4.8 * layout.scale, (qr_left - 6, line, layout.qr_mm + 6), align=Align.R)
    _line(pdf, rules.notes(content), 4.8 * layout.scale, (x, line, width - layout.qr_mm - 6))


def _narrow(pdf: FPDF, content: Content, layout: Layout, symbols: Symbols, left: float, top: float) -> None:
    """Words left, QR right: for labels on which an EAN-13 at full size has no room."""
    x, y, edge = left + 1.5, top + 1.5, left + layout.width_mm - 1.0
    qr_left = edge - layout.qr_mm
    _qr(pdf, symbols, qr_left, top + 1.0)
    _line(
        pdf, rules.notes(content), 4.4, (qr_left, top + layout.height_mm - 4.0, layout.qr_mm), align=Align.R
    )
    _words(pdf, content, layout.scale, (x, y, qr_left - x - 0.5, top + layout.height_mm - 1.0 - y))


def _words(pdf: FPDF, content: Content, scale: float, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    name, quantity = 8.2 * scale, 6.6 * scale
    _line(pdf, f"{content.name}, {content.pack}", name, (x, y, width), bold=True, field="name")
    y += name * POINT_MM * 1.3
    _line(pdf, f"Lượng tịnh: {content.net}", quantity, (x, y, width * 0.6), bold=True, field="net")
    _line(pdf, content.price, quantity, (x + width * 0.6, y, width * 0.4), bold=True, align=Align.R)
    y += quantity * POINT_MM * 1.3
    facts = rules.facts_line(content)
    for line in facts.split("   ") if width < NARROW_MM else (facts,):
        _line(pdf, line, 6.0 * scale, (x, y, width), bold=True, field="lot")
        y += 6.0 * scale * POINT_MM * 1.35
    _paragraph(pdf, rules.printed(content), 5.4 * scale, (x, y, width, box[1] + height - y))


def _line(pdf: FPDF, text: str, points: float, box: tuple[float, float, float], *, bold: bool = False,
          align: Align = Align.L, field: str = "") -> None:  # fmt: skip
    """One line; smaller in steps where it does not fit. At the smallest size a line that the law asks for (`field`) is
    refused, never shortened; others lose their end.
    """
    x, y, width = box
    if not text:
        return
    pdf.set_font("Noto", "B" if bold else "", points)
    while points > SMALLEST_POINT and pdf.get_string_width(text) > width:
        points -= 0.2
        pdf.set_font_size(points)
    if field and pdf.get_string_width(text) > width:
        raise Unfit(field)
    while pdf.get_string_width(text) > width:
        text = text.removesuffix("…")[:-1].rstrip() + "…"
    pdf.set_xy(x, y)
    pdf.cell(width, points * POINT_MM * 1.25, text, align=align)


def _wrapped(pdf: FPDF, width: float, text: str) -> list[str]:
    """The lines a text takes at the present font size."""
    lines = pdf.multi_cell(width, 1, text, dry_run=True, output="LINES")
    return [str(line) for line in lines] if isinstance(lines, list) else []


def _paragraph(
    pdf: FPDF, said: list[tuple[str, str]], points: float, box: tuple[float, float, float, float]
) -> None:
    """Wrapped text in a box; smaller in steps where it must. Raises Unfit with the longest sentence's field."""
    text = " ".join(sentence for _field, sentence in said)
    x, y, width, height = box
    pdf.set_font("Noto", "", points)
    while len(_wrapped(pdf, width, text)) > _room(points, height) and points > SMALLEST_POINT:
        points -= 0.2
        pdf.set_font_size(points)
    if len(_wrapped(pdf, width, text)) > _room(points, height):
        raise Unfit(max(said, key=lambda one: len(one[1]))[0])
    pdf.set_xy(x, y)
    pdf.multi_cell(width, _line_mm(points), text, align=Align.L)


def _line_mm(points: float) -> float:
    return points * POINT_MM * 1.22


def _room(points: float, height: float) -> int:
    """How many lines fit into a height."""
    return int(height / _line_mm(points))


def _ean13(pdf: FPDF, symbols: Symbols, layout: Layout, left: float, top: float) -> None:
    """Bars at 100 %, guard bars longer, digits below in three groups."""
    pdf.set_fill_color(0)
    start = left + rules.EAN_QUIET_LEFT * EAN_MODULE_MM
    for first, wide in symbols.bars:
        longer = 5 * EAN_MODULE_MM if first in EAN13_GUARDS else 0.0
        pdf.rect(start + first * EAN_MODULE_MM, top, wide * EAN_MODULE_MM, layout.bars_mm + longer, style="F")
    pdf.set_font("Noto", "", 7.5)
    below = top + layout.bars_mm + 0.2
    groups = ((symbols.digits[0], left + 1, 2.4), (symbols.digits[1:7], start + 4 * EAN_MODULE_MM, 41 * EAN_MODULE_MM),
              (symbols.digits[7:], start + 50 * EAN_MODULE_MM, 41 * EAN_MODULE_MM))  # fmt: skip
    for text, x, width in groups:
        pdf.set_xy(x, below)
        pdf.cell(width, 2.7, text, align=Align.C)


def _qr(pdf: FPDF, symbols: Symbols, left: float, top: float) -> None:
    """QR with its quiet zone inside the box."""
    pdf.set_fill_color(0)
    module, quiet = symbols.qr_module, rules.QR_QUIET * symbols.qr_module
    for number, row in enumerate(symbols.rows):
        for first, width in row:
            pdf.rect(
                left + quiet + first * module,
                top + quiet + number * module,
                width * module,
                module,
                style="F",
            )
