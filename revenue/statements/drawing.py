"""A statement as PDF: what a family takes home, with a code that holds nothing but a random number.

Loaded only when one is drawn: fpdf2 is 30 MB of memory that most requests never need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from core.papers import lettered

MARGIN, LINE, QR_MM = 16, 5.2, 34


@dataclass(frozen=True)
class Table:
    """A titled table. widths: shares of the page; the last column stands on the right. note: said below it."""

    title: str
    headings: tuple[str, ...]
    widths: tuple[float, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that the paper says, in Vietnamese, ready to be drawn."""

    title: str
    number: str
    lines: tuple[str, ...]
    warning: str
    sums: tuple[tuple[str, str], ...]
    words: str
    tables: tuple[Table, ...]
    foot: tuple[str, ...]
    scan: str
    matrix: tuple[tuple[bool, ...], ...]
    signers: tuple[str, str]
    at: datetime


class _Paper(FPDF):
    """A4 with number and page at the foot."""

    foot = ""

    def normalize_text(self, text: str) -> str:
        """The font has no true minus: without this a sum that is taken off would print as one that is added."""
        return str(super().normalize_text(text.replace("\u2212", "\u2013")))

    def footer(self) -> None:
        """Which statement, which page."""
        self.set_y(-13)
        self.set_font("Noto", size=8)
        self.cell(0, 5, f"{self.foot} · {self.page_no()}", align="C")


def draw(sheet: Sheet) -> bytes:
    """The file's bytes. The same sheet gives the same bytes."""
    with lettered(
        _Paper(unit="mm", format="A4"),
        f"{sheet.title} {sheet.number}",
        margin_mm=MARGIN,
        foot_mm=18,
        at=sheet.at,
    ) as pdf:
        pdf.foot = sheet.number
        pdf.add_page()
        _head(pdf, sheet)
        for table in sheet.tables:
            _table(pdf, table)
        _end(pdf, sheet)
        return bytes(pdf.output())


def _text(pdf: FPDF, text: str, *, bold: bool = False, size: float = 10, width: float = 0) -> None:
    pdf.set_font("Noto", "B" if bold else "", size)
    pdf.multi_cell(width, LINE * size / 10, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _head(pdf: FPDF, sheet: Sheet) -> None:
    """Title and household on the left, the code on the right, the sums under both."""
    top, room = pdf.get_y(), pdf.epw - QR_MM - 6
    _qr(pdf, sheet.matrix, pdf.w - MARGIN - QR_MM, top)
    _text(pdf, sheet.title, bold=True, size=17, width=room)
    for line in sheet.lines:
        _text(pdf, line, width=room)
    if sheet.warning:
        _text(pdf, sheet.warning, bold=True, width=room)
    pdf.set_y(max(pdf.get_y(), top + QR_MM + 2))
    _text(pdf, sheet.scan, size=8.5)
    pdf.ln(2)
    for place, (what, amount) in enumerate(sheet.sums):
        last = place == len(sheet.sums) - 1
        pdf.set_font("Noto", "B" if last else "", 13 if last else 10)
        pdf.cell(pdf.epw - 50, 7, what, border="T" if last else 0)
        pdf.cell(50, 7, amount, align="R", border="T" if last else 0, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _text(pdf, sheet.words)
    pdf.ln(2)


def _qr(pdf: FPDF, matrix: tuple[tuple[bool, ...], ...], left: float, top: float) -> None:
    side = QR_MM / (len(matrix) + 4)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                pdf.rect(left + (column + 2) * side, top + (row + 2) * side, side, side, style="F")


def _table(pdf: FPDF, table: Table) -> None:
    if not table.rows:
        return
    _text(pdf, table.title, bold=True, size=12)
    _row(pdf, table, table.headings, bold=True)
    for row in table.rows:
        _row(pdf, table, row, bold=False)
    if table.note:
        _text(pdf, table.note, size=8.5)
    pdf.ln(3)


def _row(pdf: FPDF, table: Table, cells: tuple[str, ...], *, bold: bool) -> None:
    pdf.set_font("Noto", "B" if bold else "", 9)
    if pdf.will_page_break(LINE):
        pdf.add_page()
    for place, (text, share) in enumerate(zip(cells, table.widths, strict=True)):
        last = place == len(cells) - 1
        width = share * pdf.epw
        while text and pdf.get_string_width(text) > width - 2:
            text = text[:-2] + "…"
        pdf.cell(width, LINE, text, align="R" if last else "L", border="B",
                 new_x=XPos.LMARGIN if last else XPos.RIGHT, new_y=YPos.NEXT if last else YPos.TOP)  # fmt: skip


def _end(pdf: FPDF, sheet: Sheet) -> None:
    for line in sheet.foot:
        _text(pdf, line, size=8.5)
    if pdf.will_page_break(34):
        pdf.add_page()
    pdf.ln(4)
    pdf.set_font("Noto", "B", 10)
    for place, signer in enumerate(sheet.signers):
        pdf.cell(pdf.epw / 2, LINE, signer, new_x=XPos.RIGHT if place == 0 else XPos.LMARGIN,
                 new_y=YPos.TOP if place == 0 else YPos.NEXT)  # fmt: skip
    pdf.ln(22)
