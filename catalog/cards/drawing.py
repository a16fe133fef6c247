"""Drawing a card: the photo square on the left, plain paper with name, price and QR on the right, a hem below.

Pure work on values and bytes. The same face gives the same bytes: its file's name changes only with what it says.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps

from catalog.cards.faces import Face

WIDTH_PX, HEIGHT_PX = 1200, 630
PHOTO_PX, HEM_PX, PAD_PX, QR_PX = 600, 30, 40, 184
QUALITY, BYTES_MAX = 84, 300_000
FONTS = Path(__file__).resolve().parents[2] / "core" / "fonts"
PAPER, INK, INK_2, FIELD, NGHE, RED = "#fdfcf8", "#171a2e", "#40455f", "#171c48", "#f2b430", "#c8372d"
NAME_SIZES = (60, 52, 46, 40)
NAME_LINES_MAX = 4


@cache
def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"NotoSans-{'Bold' if bold else 'Regular'}.ttf", size)


@cache
def _known() -> frozenset[int]:
    """The signs our fonts have."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / "NotoSans-Regular.ttf") as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text without signs our fonts lack (emoji, other scripts), so that no empty boxes are drawn."""
    kept = "".join(sign if ord(sign) in _known() else " " for sign in text.replace("\u00a0", " "))
    return " ".join(kept.split())


def wrap(text: str, font: ImageFont.FreeTypeFont, width_px: int) -> list[str]:
    """Lines no wider than `width_px`; a word wider than that stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _name(name: str, width_px: int) -> tuple[list[str], ImageFont.FreeTypeFont, int]:
    """The name's lines at the largest size that fits three lines; at the smallest four, the rest cut with …."""
    for size in NAME_SIZES:
        lines = wrap(name, _font(size, True), width_px)
        if len(lines) <= 3:
            return lines, _font(size, True), size
    if len(lines) > NAME_LINES_MAX:
        lines = [*lines[: NAME_LINES_MAX - 1], f"{lines[NAME_LINES_MAX - 1]} …"]
    return lines, _font(NAME_SIZES[-1], True), NAME_SIZES[-1]


def draw(face: Face, picture: bytes | None) -> bytes:
    """The card as JPEG, under 300 KB, without metadata."""
    card = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), PAPER)
    pen = ImageDraw.Draw(card)
    _picture(card, picture)
    left, width = PHOTO_PX + PAD_PX, WIDTH_PX - PHOTO_PX - 2 * PAD_PX
    pen.text((left, 30), "Chợ Phiên", FIELD, _font(28, True))
    y = 84
    lines, font, size = _name(printable(face.name), width)
    for line in lines:
        pen.text((left, y), line, INK, font)
        y += int(size * 1.26)
    _words(pen, face, left, y + 16, width)
    if face.address:
        put_code(card, face.address, WIDTH_PX - PAD_PX - QR_PX, HEIGHT_PX - HEM_PX - 22 - QR_PX, QR_PX)
    _hem(pen)
    if face.drawn:
        _label(pen, "Tranh minh hoạ", 16, HEIGHT_PX - HEM_PX - 50)
    if face.note:
        _label(pen, printable(face.note), 16, 16)
    out = BytesIO()
    card.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _picture(card: Image.Image, picture: bytes | None) -> None:
    if picture is None:
        card.paste(FIELD, (0, 0, PHOTO_PX, HEIGHT_PX - HEM_PX))
        return
    with Image.open(BytesIO(picture)) as found:
        square = ImageOps.fit(found.convert("RGB"), (PHOTO_PX, HEIGHT_PX - HEM_PX), Image.Resampling.LANCZOS)
    card.paste(square, (0, 0))


def _words(pen: ImageDraw.ImageDraw, face: Face, left: int, y: int, width: int) -> None:
    """Unit price and seller below the name; the price at the foot beside the QR."""
    for text in wrap(
        printable(f"{face.seller}, {face.place}" if face.place else face.seller), _font(26), width
    )[:2]:
        pen.text((left, y), text, INK_2, _font(26))
        y += 35
    foot = HEIGHT_PX - HEM_PX - 22
    room = width - QR_PX - 16
    size = next(
        (one for one in (68, 60, 52, 46, 40) if _font(one, True).getlength(printable(face.price)) <= room), 34
    )
    pen.text((left, foot - 34), printable(face.unit), INK_2, _font(26))
    pen.text((left, foot - 46), printable(face.price), INK, _font(size, True), anchor="ls")


def put_code(sheet: Image.Image, address: str, x: int, y: int, side: int) -> None:
    """Draw an address as a QR, four modules of white around it, whole pixels a module, into the lower right corner of
    the square of `side` pixels at (x, y).
    """
    rows = [list(row) for row in segno.make(address, error="m", boost_error=False, micro=False).matrix]
    module = max(1, side // (len(rows) + 8))
    across = module * (len(rows) + 8)
    code = Image.new("RGB", (across, across), "#ffffff")
    pen = ImageDraw.Draw(code)
    for row, signs in enumerate(rows):
        for column, dark in enumerate(signs):
            if dark:
                at = ((column + 4) * module, (row + 4) * module)
                pen.rectangle((*at, at[0] + module - 1, at[1] + module - 1), fill=INK)
    sheet.paste(code, (x + side - across, y + side - across))


def _hem(pen: ImageDraw.ImageDraw) -> None:
    """Indigo with a row of lozenges: the mark of the house."""
    top = HEIGHT_PX - HEM_PX
    pen.rectangle((0, top, WIDTH_PX, HEIGHT_PX), fill=FIELD)
    middle = top + HEM_PX // 2
    for place, x in enumerate(range(15, WIDTH_PX, 30)):
        half = 9
        pen.polygon([(x - half, middle), (x, middle - half), (x + half, middle), (x, middle + half)],
                    fill=RED if place % 4 == 0 else NGHE)  # fmt: skip


def _label(pen: ImageDraw.ImageDraw, text: str, x: int, y: int) -> None:
    font = _font(22)
    pen.rectangle((x, y, x + int(font.getlength(text)) + 20, y + 36), fill=PAPER)
    pen.text((x + 10, y + 3), text, INK, font)
