"""The contract as PDF: Vietnamese first, English after it, nothing in it that was not agreed.

The same order gives the same bytes: the only date inside is that of the order.
"""

from datetime import datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from core.papers import lettered
from orders.contracts.parts import Part, filled
from orders.contracts.wordings import Wording

MARGIN, LINE = 20, 5.6


class _Paper(FPDF):
    """A4 with the code and the page's number at the foot."""

    foot = ""

    def footer(self) -> None:
        """Which contract, which page."""
        self.set_y(-14)
        self.set_font("Noto", size=8)
        self.cell(0, 5, f"{self.foot} · {self.page_no()}", align="C")


def draw(vi: Part, en: Part, wording: Wording, code: str, placed_at: datetime) -> bytes:
    """The file's bytes."""
    with lettered(
        _Paper(unit="mm", format="A4"), f"{vi.title} / {en.title}", margin_mm=MARGIN, foot_mm=20, at=placed_at
    ) as pdf:
        pdf.foot = f"{code} · {wording.version}"
        for part, clauses in ((vi, wording.vi), (en, wording.en)):
            pdf.add_page()
            _part(pdf, part, filled(clauses, part.places))
        return bytes(pdf.output())


def _text(pdf: FPDF, text: str, *, bold: bool = False, size: float = 10) -> None:
    pdf.set_font("Noto", "B" if bold else "", size)
    pdf.multi_cell(0, LINE * size / 10, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _part(pdf: FPDF, part: Part, clauses: list[tuple[str, str]]) -> None:
    _text(pdf, part.title, bold=True, size=17)
    _text(pdf, part.made)
    if part.note:
        pdf.ln(1)
        _text(pdf, part.note, bold=True)
    pdf.ln(2)
    for label, value in part.facts:
        _text(pdf, label, bold=True)
        _text(pdf, value)
    pdf.ln(2)
    _text(pdf, part.goods_title, bold=True, size=12)
    for rows, bold in ((part.lines, False), (part.sums, True)):
        for what, amount in rows:
            _row(pdf, what, amount, bold)
    pdf.ln(2)
    for number, (title, text) in enumerate(clauses, start=1):
        _text(pdf, f"{number}. {title}", bold=True)
        _text(pdf, text)


def _row(pdf: FPDF, what: str, amount: str, bold: bool) -> None:
    """What on the left, wrapped; the amount on the right of its last line."""
    pdf.set_font("Noto", "B" if bold else "", 10)
    pdf.multi_cell(pdf.epw - 36, LINE, what, align="L", new_x=XPos.RIGHT, new_y=YPos.LAST)
    pdf.cell(36, LINE, amount, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
