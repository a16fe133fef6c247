"""The dossier on paper. Vietnamese whatever the screen speaks: it goes to a commune's desk.

Loaded only when one is drawn: fpdf2 is 30 MB of memory that most requests never need.
"""

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from core.clock import start_of
from core.format import day
from core.papers import lettered
from office.ocop.queries import Answered, Seen
from office.ocop.rules import EVENT_WORDS, STATE_WORDS, Answer, Event, State

MARGIN, LINE = 18, 5.4
MARKS = {Answer.WHOLE: "Đủ", Answer.PART: "Một phần", Answer.NONE: "Thiếu"}


class _Paper(FPDF):
    """A4 with the product and page at the foot."""

    foot = ""

    def footer(self) -> None:
        """Which dossier, which page."""
        self.set_y(-14)
        self.set_font("Noto", size=8)
        self.cell(0, 5, f"{self.foot} · {self.page_no()}", align="C")


def draw(found: Seen, *, demo: bool) -> bytes:
    """The file's bytes; the same dossier on the same day gives the same."""
    with lettered(
        _Paper(unit="mm", format="A4"),
        f"Hồ sơ OCOP: {found.product.name}",
        margin_mm=MARGIN,
        foot_mm=20,
        at=start_of(found.on),
    ) as pdf:
        pdf.foot = f"{found.product.name}, {found.cooperative.name}"
        pdf.add_page()
        _head(pdf, found, demo=demo)
        for part in found.parts:
            pdf.ln(2)
            _text(
                pdf,
                f"Phần {part.group.code}. {part.group.name} ({part.group.points} điểm)",
                bold=True,
                size=12,
            )
            for row in part.rows:
                _criterion(pdf, row)
        _steps(pdf, found)
        return bytes(pdf.output())


def _text(pdf: FPDF, text: str, *, bold: bool = False, size: float = 10, indent: float = 0) -> None:
    pdf.set_font("Noto", "B" if bold else "", size)
    pdf.set_x(MARGIN + indent)
    pdf.multi_cell(0, LINE * size / 10, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _head(pdf: FPDF, found: Seen, *, demo: bool) -> None:
    _text(pdf, f"Hồ sơ OCOP: {found.product.name}", bold=True, size=17)
    coop = found.cooperative
    _text(
        pdf, f"{coop.name}, đăng ký số {coop.registration_number}, người đại diện {coop.legal_representative}"
    )
    _text(pdf, f"{STATE_WORDS[State(found.dossier.state)]}. In ngày {day(found.on)}. "
               f"Đủ {found.whole} trong {len(found.rows)} tiêu chí.")  # fmt: skip
    if demo:
        _text(pdf, "Dữ liệu minh hoạ.", bold=True)
    if not found.criteria.verified:
        _text(pdf, f"{found.criteria.title}. {found.criteria.source}", bold=True, size=9)


def _criterion(pdf: FPDF, row: Answered) -> None:
    pdf.ln(1)
    _text(pdf, f"{row.criterion.code}. {row.criterion.name}: {MARKS[row.answer]}", bold=True)
    for finding in row.findings:
        for fact in finding.facts:
            _text(pdf, f"– {fact.vietnamese}", indent=4)
        if finding.lacking:
            _text(pdf, f"– {finding.name}: {finding.lacking}", indent=4)
    for piece in row.pieces:
        kept = f" (tệp {piece.criterion}-{piece.id})" if piece.file else ""
        _text(pdf, f"– {piece.note or 'Tệp kèm theo'}{kept}", indent=4)


def _steps(pdf: FPDF, found: Seen) -> None:
    pdf.ln(3)
    _text(pdf, "Các bước", bold=True, size=12)
    for one in found.steps:
        step = one.step
        said = [EVENT_WORDS[Event(step.event)], step.office, f"{step.stars} sao" if step.stars else "", step.number,
                step.note]  # fmt: skip
        _text(pdf, f"{day(step.on)}: {', '.join(part for part in said if part)}")
