"""Drawing labels as PDF. The same content gives the same bytes: the only date inside is the goods' own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fpdf import FPDF

from core.papers import FONTS
from traceability.labels.composing import Bar, Mark
from traceability.labels.composition import label
from traceability.labels.rules import Content, Layout


@dataclass(frozen=True)
class Paper:
    """What is printed on: a page of columns × rows of equal labels, all of it in millimetres."""

    page_mm: tuple[float, float]
    columns: int
    rows: int


def draw(content: Content, quantity: int, layout: Layout, serials: Sequence[str] = ()) -> bytes:
    """The PDF of `quantity` labels, or of one label for each serial. Raises Unfit, and ValueError where the QR would be
    too fine for this layout."""
    paper = Paper(layout.page_mm, layout.columns, layout.rows)
    same = () if serials else label(content, layout)
    each = (label(content, layout, one) for one in serials) if serials else (same for _ in range(quantity))
    return print_labels(each, paper, f"{content.name}, {content.lot}", content.made_on)


def print_labels(labels: Iterable[tuple[Mark, ...]], paper: Paper, title: str, on: date) -> bytes:
    """Labels one after the other on as many pages as they need. on: the only date in the file."""
    pdf = _document(paper, title, on)
    wide, high = paper.page_mm[0] / paper.columns, paper.page_mm[1] / paper.rows
    try:
        for number, marks in enumerate(labels):
            row, column = divmod(number % (paper.columns * paper.rows), paper.columns)
            if (row, column) == (0, 0):
                pdf.add_page()
                _cutting_marks(pdf, paper, wide, high)
            _put(pdf, marks, column * wide, row * high)
        return bytes(pdf.output())
    finally:
        for font in pdf.fonts.values():  # the library leaves its font files open
            font.ttfont.close()  # type: ignore[union-attr]


def _document(paper: Paper, title: str, on: date) -> FPDF:
    """An empty document with our fonts."""
    pdf = FPDF(unit="mm", format=paper.page_mm)
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.add_font("Noto", "", FONTS / "NotoSans-Regular.ttf")
    pdf.add_font("Noto", "B", FONTS / "NotoSans-Bold.ttf")
    pdf.set_creation_date(datetime.combine(on, time(), UTC))
    pdf.set_title(title)
    pdf.set_lang("vi")
    return pdf


def _cutting_marks(pdf: FPDF, paper: Paper, wide: float, high: float) -> None:
    """Small grey crosses where four labels meet, for plain paper; a roll is cut already."""
    if paper.columns * paper.rows == 1:
        return
    pdf.set_draw_color(150)
    pdf.set_line_width(0.1)
    for column in range(paper.columns + 1):
        for row in range(paper.rows + 1):
            x, y = column * wide, row * high
            pdf.line(x - 1.5, y, x + 1.5, y)
            pdf.line(x, y - 1.5, x, y + 1.5)


def _put(pdf: FPDF, marks: Iterable[Mark], left: float, top: float) -> None:
    pdf.set_fill_color(0)
    for one in marks:
        if isinstance(one, Bar):
            pdf.rect(left + one.x, top + one.y, one.width, one.height, style="F")
        else:
            pdf.set_font("Noto", "B" if one.bold else "", one.points)
            pdf.text(left + one.x, top + one.y, one.text)
