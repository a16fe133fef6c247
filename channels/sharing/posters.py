"""The poster for a shop door: one A4 page with a large code that leads to the goods.

Loaded only when one is drawn: fpdf2 is 30 MB of memory that most requests never need.
"""

from datetime import datetime

import segno
from fpdf import FPDF

from catalog.cards.drawing import printable
from catalog.cards.faces import Face
from core.papers import lettered

MARGIN_MM, QR_MM, WIDTH_MM, HEIGHT_MM, BAND_MM = 18, 140, 210, 297, 24
INDIGO, AMBER, RED = (23, 28, 72), (242, 180, 48), (200, 55, 45)


def poster(face: Face, invitation: str, at: datetime) -> bytes:
    """The file's bytes. invitation: one line above the code. at: printed nowhere, kept as the file's date."""
    with lettered(
        FPDF(unit="mm", format="A4"), printable(face.name), margin_mm=MARGIN_MM, foot_mm=None, at=at
    ) as pdf:
        pdf.add_page()
        _page(pdf, face, invitation)
        return bytes(pdf.output())


def _page(pdf: FPDF, face: Face, invitation: str) -> None:
    name = printable(face.name)
    _bands(pdf)
    pdf.set_y(BAND_MM + 14)
    _line(pdf, name, 30 if len(name) <= 40 else 24 if len(name) <= 80 else 18, bold=True)
    _line(pdf, printable(face.price) + (f"  ({printable(face.unit)})" if face.unit else ""), 22, bold=True)
    _line(pdf, printable(f"{face.seller}, {face.place}" if face.place else face.seller), 14)
    _code(pdf, face.address, (WIDTH_MM - QR_MM) / 2, 88)
    pdf.set_y(88 + QR_MM)
    _line(pdf, invitation, 18, bold=True)
    _line(pdf, face.address.removeprefix("https://").removeprefix("http://"), 12)
    if face.note:
        _line(pdf, printable(face.note), 12)


def _bands(pdf: FPDF) -> None:
    """Indigo above with the market's name, and a hem of lozenges above and below: the mark of the house."""
    pdf.set_fill_color(*INDIGO)
    pdf.rect(0, 0, WIDTH_MM, BAND_MM, style="F")
    pdf.rect(0, HEIGHT_MM - 10, WIDTH_MM, 10, style="F")
    for middle in (BAND_MM - 4, HEIGHT_MM - 5):
        for place, x in enumerate(range(5, WIDTH_MM, 10)):
            pdf.set_fill_color(*(RED if place % 4 == 0 else AMBER))
            pdf.polygon([(x - 2, middle), (x, middle - 2), (x + 2, middle), (x, middle + 2)], style="F")
    pdf.set_fill_color(0, 0, 0)
    pdf.set_text_color(255, 255, 255)
    pdf.set_xy(MARGIN_MM, 5)
    _line(pdf, "Chợ Phiên", 22, bold=True)
    pdf.set_text_color(0, 0, 0)


def _line(pdf: FPDF, text: str, size: float, *, bold: bool = False) -> None:
    pdf.set_font("Noto", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.5, text, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def _code(pdf: FPDF, address: str, left: float, top: float) -> None:
    """The code with four modules of white around it; each row's runs are one rectangle."""
    rows = [list(row) for row in segno.make(address, error="q", boost_error=False, micro=False).matrix]
    side = QR_MM / (len(rows) + 8)
    for row, cells in enumerate(rows):
        begun = None
        for column, dark in enumerate([*cells, 0]):
            if dark and begun is None:
                begun = column
            elif not dark and begun is not None:
                width = (column - begun) * side
                pdf.rect(left + (begun + 4) * side, top + (row + 4) * side, width, side, style="F")
                begun = None
