"""A paper as PDF on A4, in Noto Sans, with who printed it and when across every page.

Loaded only when one is drawn: fpdf2 is 30 MB of memory that most requests never need.
"""

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from core.papers import lettered
from registry.papers.rules import DEMO, UNVERIFIED, Blank, Block, Facts, Sheet, Table, Words

MARGIN, LINE, QR_MM, SIGN_MM = 18, 5.4, 32, 26
MOTTO = "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"


class _Paper(FPDF):
    """A4 with a mark across the page and the form and page at the foot."""

    foot = ""
    stamp = ""
    demo = False

    def header(self) -> None:
        """Who printed it and when, across the page: under the words, so that both are read."""
        self.set_text_color(225)
        self.set_font("Noto", "B", 15)
        for height in (90, 170, 250):
            with self.rotation(28, self.w / 2, height):
                said = f"DEMO · {self.stamp}" if self.demo else self.stamp
                self.text(self.w / 2 - self.get_string_width(said) / 2, height, said)
        self.set_text_color(0)

    def footer(self) -> None:
        """Which paper, by whom, which page."""
        self.set_y(-14)
        self.set_font("Noto", size=7.5)
        self.cell(0, 4, f"{self.foot} · {self.stamp} · trang {self.page_no()}", align="C")


def draw(sheet: Sheet) -> bytes:
    """The file's bytes. The same sheet gives the same bytes."""
    with lettered(
        _Paper(unit="mm", format="A4"), sheet.title, margin_mm=MARGIN, foot_mm=20, at=sheet.at
    ) as pdf:
        pdf.foot, pdf.stamp, pdf.demo = (
            sheet.layout.form or sheet.layout.title.capitalize(),
            sheet.stamp,
            sheet.is_demo,
        )
        pdf.add_page()
        _head(pdf, sheet)
        for block in sheet.blocks:
            _block(pdf, block)
        _end(pdf, sheet)
        return bytes(pdf.output())


def _text(
    pdf: FPDF, text: str, *, bold: bool = False, size: float = 10.5, align: str = "L", width: float = 0
) -> None:
    pdf.set_font("Noto", "B" if bold else "", size)
    pdf.multi_cell(width, LINE * size / 10, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _head(pdf: FPDF, sheet: Sheet) -> None:
    """Place and number on the left, the state's motto on the right, then the title; a code, if any, beside it."""
    top, half = pdf.get_y(), pdf.epw / 2 - 4
    _text(pdf, sheet.place, bold=True, size=9.5, width=half)
    if sheet.number:
        _text(pdf, f"Số: {sheet.number}", size=9.5, width=half)
    low = pdf.get_y()
    pdf.set_xy(MARGIN + half + 8, top)
    pdf.set_font("Noto", "B", 8.6)
    pdf.multi_cell(
        half,
        4.6,
        MOTTO,
        align="C",
        new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )
    if sheet.layout.form:
        pdf.set_x(MARGIN + half + 8)
        pdf.set_font("Noto", "", 9)
        pdf.cell(half, 5, sheet.layout.form, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_y(max(low, pdf.get_y()) + 5)
    _text(pdf, sheet.title, bold=True, size=16, align="C")
    if sheet.layout.subject:
        _text(pdf, sheet.layout.subject, align="C")
    if sheet.is_demo:
        _text(pdf, DEMO, bold=True, align="C")
    pdf.ln(3)


def _block(pdf: FPDF, block: Block) -> None:
    if block.heading:
        if pdf.will_page_break(3 * LINE):
            pdf.add_page()
        _text(pdf, block.heading, bold=True, size=11.5)
    if isinstance(block, Words):
        _text(pdf, block.text)
    elif isinstance(block, Facts):
        for name, value in block.rows:
            _fact(pdf, name, value)
    elif isinstance(block, Table):
        _table(pdf, block)
    else:
        _blank(pdf, block)
    pdf.ln(2)


def _fact(pdf: FPDF, name: str, value: str) -> None:
    """A name and its value; a dotted line where nothing is known."""
    pdf.set_font("Noto", "B", 10.5)
    wide = pdf.get_string_width(f"{name}: ") + 1
    pdf.cell(wide, LINE + 0.6, f"{name}: ")
    pdf.set_font("Noto", "", 10.5)
    if value:
        pdf.multi_cell(pdf.epw - wide, LINE + 0.6, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    else:
        _dots(pdf, MARGIN + wide, pdf.get_y() + LINE - 0.4)
        pdf.ln(LINE + 0.6)


def _dots(pdf: FPDF, left: float, height: float) -> None:
    pdf.set_dash_pattern(dash=0.3, gap=1.2)
    pdf.line(left, height, MARGIN + pdf.epw, height)
    pdf.set_dash_pattern()


def _blank(pdf: FPDF, block: Blank) -> None:
    for _line in range(block.lines):
        if pdf.will_page_break(LINE + 2):
            pdf.add_page()
        pdf.ln(LINE + 2)
        _dots(pdf, MARGIN, pdf.get_y())


def _table(pdf: FPDF, table: Table) -> None:
    """Rows whose words break over lines; the headings again on every page."""
    _row(pdf, table, tuple(name for name, _share in table.columns), bold=True)
    for row in table.rows:
        _row(pdf, table, row, bold=False)


def _row(pdf: FPDF, table: Table, cells: tuple[str, ...], *, bold: bool) -> None:
    pdf.set_font("Noto", "B" if bold else "", 9.5)
    widths = [pdf.epw * share / 100 for _name, share in table.columns]
    high = 5 * max(_lines(pdf, text, width) for text, width in zip(cells, widths, strict=True)) + 1.6
    if pdf.will_page_break(high):
        pdf.add_page()
        if not bold:
            _row(pdf, table, tuple(name for name, _share in table.columns), bold=True)
            pdf.set_font("Noto", "", 9.5)
    left, top = float(MARGIN), pdf.get_y()
    for text, width in zip(cells, widths, strict=True):
        pdf.rect(left, top, width, high)
        pdf.set_xy(left, top + 0.8)
        pdf.multi_cell(width, 5, text, align="L")
        left += width
    pdf.set_xy(MARGIN, top + high)


def _lines(pdf: FPDF, text: str, width: float) -> int:
    """How many lines words take in a width; an empty cell takes one."""
    found = pdf.multi_cell(width, 5, text, dry_run=True, output=MethodReturnValue.LINES, align="L")
    return max(1, len(found)) if isinstance(found, list) else 1


def _end(pdf: FPDF, sheet: Sheet) -> None:
    """The code with what it tells, places to sign, and where the layout is from."""
    need = SIGN_MM + 14 + (QR_MM + 4 if sheet.matrix else 0)
    if pdf.will_page_break(need):
        pdf.add_page()
    if sheet.matrix:
        top = pdf.get_y()
        _qr(pdf, sheet.matrix, MARGIN, top)
        pdf.set_xy(MARGIN + QR_MM + 4, top + 4)
        pdf.set_font("Noto", "", 9.5)
        pdf.multi_cell(pdf.epw - QR_MM - 4, 5, sheet.scan, align="L")
        pdf.set_xy(MARGIN, top + QR_MM + 3)
    signers = sheet.layout.signers
    pdf.ln(3)
    pdf.set_font("Noto", "B", 10)
    for signer in signers:
        pdf.cell(pdf.epw / len(signers), LINE, signer, align="C")
    pdf.ln(LINE)
    pdf.set_font("Noto", "", 8.5)
    for _signer in signers:
        pdf.cell(pdf.epw / len(signers), LINE, "(ký, ghi rõ họ tên)", align="C")
    pdf.ln(SIGN_MM)
    if not sheet.layout.verified:
        _text(pdf, f"{UNVERIFIED} {sheet.layout.source}", size=7.5)


def _qr(pdf: FPDF, matrix: tuple[tuple[bool, ...], ...], left: float, top: float) -> None:
    side = QR_MM / (len(matrix) + 8)  # four modules of quiet zone on each side
    pdf.set_fill_color(255)
    pdf.rect(left, top, QR_MM, QR_MM, style="F")
    pdf.set_fill_color(0)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                pdf.rect(left + (column + 4) * side, top + (row + 4) * side, side, side, style="F")
