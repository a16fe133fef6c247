"""Pictures for chats in other shapes than the card: the photo above, name, price and code on plain paper below.

Pure work on values and bytes; the same face gives the same bytes. On the tall picture nothing is written where TikTok
lays its own buttons (the lowest fifth and a strip on the right).
"""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, ImageOps

from catalog.cards import drawing as cards
from catalog.cards.drawing import FIELD, FONTS, INK, INK_2, NGHE, PAPER, RED, printable, put_code, wrap
from catalog.cards.faces import Face
from channels.sharing.rules import SIZE_PX, Size

PAD_PX, HEM_PX, BYTES_MAX, QUALITY = 56, 40, 600_000, 86
PHOTO_PX = {Size.ZALO: 540, Size.TIKTOK: 1000}
QR_PX = {Size.ZALO: 240, Size.TIKTOK: 300}
FOOT_PX = {Size.ZALO: 1020, Size.TIKTOK: 1536}
NAME_SIZES, LINES, GAP_PX = (64, 56, 48, 42), 2, 28


@cache
def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"NotoSans-{'Bold' if bold else 'Regular'}.ttf", size)


def draw(face: Face, picture: bytes | None, size: Size) -> bytes:
    """The picture as JPEG, without metadata. Facebook's is the card that stands under links, with this face's code."""
    if size is Size.FACEBOOK:
        return cards.draw(face, picture)
    width, height = SIZE_PX[size]
    sheet = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(sheet)
    _photo(sheet, picture, width, PHOTO_PX[size])
    _hem(pen, width, PHOTO_PX[size])
    qr, foot = QR_PX[size], FOOT_PX[size]
    room = width - 2 * PAD_PX
    y = PHOTO_PX[size] + HEM_PX + GAP_PX
    lines, font = _fitting(printable(face.name), room)
    for line in lines:
        pen.text((PAD_PX, y), line, INK, font)
        y += int(font.size * 1.25)
    left = room - qr - 30
    y += 8
    for line in wrap(
        printable(f"{face.seller}, {face.place}" if face.place else face.seller), _font(32), left
    )[:2]:
        pen.text((PAD_PX, y), line, INK_2, _font(32))
        y += 42
    price = next(
        (one for one in (84, 72, 60, 50) if _font(one, True).getlength(printable(face.price)) <= left), 42
    )
    pen.text((PAD_PX, foot - 52), printable(face.price), INK, _font(price, True), anchor="ls")
    pen.text((PAD_PX, foot), printable(face.unit), INK_2, _font(32), anchor="ls")
    put_code(sheet, face.address, width - PAD_PX - qr, foot - qr, qr)
    _notes(pen, face, PHOTO_PX[size])
    if size is Size.TIKTOK:
        pen.text((PAD_PX, foot + 56), "Chợ Phiên", FIELD, _font(40, True))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _fitting(name: str, room: int) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The name's lines at the largest size that fits; at the smallest the rest is cut with …."""
    for size in NAME_SIZES:
        lines = wrap(name, _font(size, True), room)
        if len(lines) <= LINES:
            return lines, _font(size, True)
    return [*lines[: LINES - 1], f"{lines[LINES - 1]} …"], _font(NAME_SIZES[-1], True)


def _photo(sheet: Image.Image, picture: bytes | None, width: int, height: int) -> None:
    if picture is None:
        sheet.paste(FIELD, (0, 0, width, height))
        return
    with Image.open(BytesIO(picture)) as found:
        fitted = ImageOps.fit(found.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    sheet.paste(fitted, (0, 0))


def _hem(pen: ImageDraw.ImageDraw, width: int, top: int) -> None:
    """Indigo with a row of lozenges: the mark of the house."""
    pen.rectangle((0, top, width, top + HEM_PX), fill=FIELD)
    middle, half = top + HEM_PX // 2, 11
    for place, x in enumerate(range(20, width, 40)):
        pen.polygon([(x - half, middle), (x, middle - half), (x + half, middle), (x, middle + half)],
                    fill=RED if place % 4 == 0 else NGHE)  # fmt: skip


def _notes(pen: ImageDraw.ImageDraw, face: Face, photo_px: int) -> None:
    """What must be said of the picture: that it is a drawing, that the goods are invented."""
    said = [(face.note, 24)] if face.note else []
    if face.drawn:
        said.append(("Tranh minh hoạ", photo_px - 76))
    for text, y in said:
        pen.rectangle((24, y, 24 + int(_font(30).getlength(printable(text))) + 28, y + 52), fill=PAPER)
        pen.text((38, y + 5), printable(text), INK, _font(30))
