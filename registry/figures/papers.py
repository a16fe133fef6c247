"""The usual reports on paper, A4 on its side; who took it and when runs across every page.

Loaded only when one is drawn: fpdf2 is 30 MB of memory that most requests never need.
"""

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from core.format import number
from core.i18n import _
from core.papers import lettered
from registry.figures.sheets import Cell, Report, Sheet

MARGIN, LINE, NAME_SHARE, COLUMNS_MOST = 14, 4.6, 0.24, 12


class _Paper(FPDF):
    """A4 with the watermark behind the page and at its foot."""

    stamp = ""

    def header(self) -> None:
        """The watermark: pale, across the middle, under all that follows."""
        self.set_font("Noto", "B", 15)
        self.set_text_color(222)
        with self.rotation(18, self.w / 2, self.h / 2):
            self.set_xy(0, self.h / 2)
            self.cell(self.w, 8, self.stamp, align="C")
        self.set_text_color(0)
        self.set_xy(MARGIN, MARGIN)

    def footer(self) -> None:
        """Who, when, which page."""
        self.set_y(-12)
        self.set_font("Noto", size=8)
        self.cell(0, 5, f"{self.stamp} · {self.page_no()}", align="C")


def paper(report: Report) -> bytes:
    """PDF: each table from the top of a page."""
    with lettered(
        _Paper(orientation="landscape", unit="mm", format="A4"),
        f"{report.place}, {report.year}",
        margin_mm=MARGIN,
        foot_mm=17,
    ) as pdf:
        pdf.stamp = report.stamp
        for one in report.sheets:
            pdf.add_page()
            _text(
                pdf, f"{one.title}. {report.place}. {_('Đợt %(year)s', year=report.year)}", size=15, bold=True
            )
            _text(pdf, " ".join(report.said), size=9)
            pdf.ln(3)
            _table(pdf, one)
        return bytes(pdf.output())


def _text(pdf: FPDF, text: str, *, size: float, bold: bool = False) -> None:
    pdf.set_font("Noto", "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(pdf: FPDF, sheet: Sheet) -> None:
    """The table; one too wide for the page goes on below itself, each part with the first two columns."""
    if not sheet.rows:
        return
    width = max(len(row) for row in sheet.rows)
    for first in range(2, max(width, 3), COLUMNS_MOST):
        picked = [0, 1, *range(first, min(first + COLUMNS_MOST, width))][:width]
        widths = _widths(pdf, len(picked))
        _row(pdf, [sheet.rows[0][at] for at in picked], widths, head=True)
        for row in sheet.rows[1:]:
            if pdf.will_page_break(LINE * 2):
                pdf.add_page()
                _row(pdf, [sheet.rows[0][at] for at in picked], widths, head=True)
            _row(pdf, [row[at] for at in picked if at < len(row)], widths, head=len(row) == 1)
        pdf.ln(5)


def _widths(pdf: FPDF, count: int) -> list[float]:
    rest = pdf.epw * (1 - NAME_SHARE) / max(count - 1, 1)
    return [pdf.epw * NAME_SHARE, *[min(rest, 32)] * (count - 1)]


def _row(pdf: FPDF, cells: list[Cell], widths: list[float], *, head: bool) -> None:
    """One row, as high as its longest cell; numbers stand on the right."""
    pdf.set_font("Noto", "B" if head else "", 8.5)
    said = [cell if isinstance(cell, str) else number(cell) for cell in cells]
    heights = [
        float(pdf.multi_cell(width, LINE, text, dry_run=True, output="HEIGHT"))  # type: ignore[arg-type]
        for text, width in zip(said, widths, strict=False)
    ]
    high, top = max(heights), pdf.get_y()
    if top + high > pdf.page_break_trigger:
        pdf.add_page()
        top = pdf.get_y()
    left = pdf.l_margin
    for place, (text, width) in enumerate(zip(said, widths, strict=False)):
        pdf.set_xy(left, top)
        pdf.multi_cell(width, LINE, text, align="R" if place else "L")
        left += width
    pdf.set_xy(pdf.l_margin, top + high)
    pdf.line(pdf.l_margin, top + high, pdf.l_margin + sum(widths[: len(said)]), top + high)
