"""What every PDF of ours begins and ends with: the house's letters, margins, title, language, and closed font files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
Paper = TypeVar("Paper", bound=FPDF)


@contextmanager
def lettered(
    pdf: Paper, title: str, *, margin_mm: float, foot_mm: float | None, at: datetime | None = None
) -> Iterator[Paper]:
    """An empty document ready to be written on, in "Noto" plain and bold.

    foot_mm: where a page ends and the next begins by itself; None: never. at: the file's date, so that the same content
    gives the same bytes; None: now.
    """
    try:
        pdf.set_margins(margin_mm, margin_mm, margin_mm)
        pdf.set_auto_page_break(foot_mm is not None, margin=foot_mm or 0)
        pdf.add_font("Noto", "", FONTS / "NotoSans-Regular.ttf")
        pdf.add_font("Noto", "B", FONTS / "NotoSans-Bold.ttf")
        if at is not None:
            pdf.set_creation_date(at)
        pdf.set_title(title)
        pdf.set_lang("vi")
        yield pdf
    finally:
        for font in pdf.fonts.values():  # the library leaves its font files open
            font.ttfont.close()  # type: ignore[union-attr]
