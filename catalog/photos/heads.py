"""What the first bytes of a picture say of its format and size, read without any decoder.

So that the process which answers requests never hands an upload to a library: it looks here, and the darkroom opens it.
"""

import struct
from dataclasses import dataclass

from catalog.rules import PHOTO_MAX_BYTES, PIXELS_MAX
from core.errors import Invalid
from core.i18n import N_

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
BOXES_MOST = 4_000
RATIO_MAX = 12  # of the longer to the shorter side


class NotAPicture(Invalid):
    """The file cannot be shown; the message says what it is and what to send instead."""


@dataclass(frozen=True)
class Served:
    """What readers get: a WebP for each width, one JPEG, and the size of the largest; and what was measured.

    sent_width_px, sent_height_px: upright, as it came. brightness, sharpness: see `catalog.photos.measures`.
    """

    webp: dict[int, bytes]
    jpeg: bytes
    width_px: int
    height_px: int
    sent_width_px: int
    sent_height_px: int
    brightness: int
    sharpness: int


def broken() -> NotAPicture:
    """It announces a picture and is none."""
    return NotAPicture(
        N_("Ảnh này hỏng, không mở được."), remedy=N_("Chụp lại hoặc chọn ảnh khác."), field="photos"
    )


def too_big() -> NotAPicture:
    """It may be a picture, but opening it takes more than it may."""
    return NotAPicture(
        N_("Ảnh này to quá, máy không mở nổi."),
        remedy=N_("Chụp lại ở cỡ vừa, 12 triệu điểm là đủ."),
        field="photos",
    )


def sniff(data: bytes) -> str:
    """What a file really is, by its bytes and never its name; the size in pixels is read without a decoder.

    Returns one of FORMATS. Raises NotAPicture for empty, heavy, disguised, unreadable and huge files.
    """
    if not data:
        raise NotAPicture(N_("Tệp ảnh trống."), remedy=N_("Chọn lại ảnh, hoặc chụp ảnh mới."), field="photos")
    if len(data) > PHOTO_MAX_BYTES:
        raise NotAPicture(N_("Ảnh nặng quá 16 MB."), remedy=N_("Chụp lại ở cỡ vừa."), field="photos")
    kind = kind_of(data)
    if kind is None:
        raise NotAPicture(
            N_("Tệp này không phải ảnh JPEG, HEIC, PNG hay WebP."),
            remedy=N_("Chọn ảnh chụp bằng điện thoại."),
            field="photos",
        )
    check_size(*size_of(data, kind))
    return kind


def check_size(width: int, height: int) -> None:
    """Raises NotAPicture for what is too large, too small, or too long and narrow."""
    if width * height > PIXELS_MAX:
        raise NotAPicture(
            N_("Ảnh lớn quá 50 triệu điểm."), remedy=N_("Chụp lại ở cỡ vừa, 12 triệu điểm là đủ."), field="photos"
        )  # fmt: skip
    if min(width, height) < 200:
        raise NotAPicture(
            N_("Ảnh nhỏ quá, xem không rõ."), remedy=N_("Chọn ảnh mỗi chiều ít nhất 200 điểm."), field="photos"
        )  # fmt: skip
    if max(width, height) > RATIO_MAX * min(width, height):
        raise NotAPicture(N_("Ảnh dài và hẹp quá."), remedy=N_("Cắt bớt, hoặc chụp lại."), field="photos")


def kind_of(data: bytes) -> str | None:
    """The format that the first bytes announce: one of FORMATS, or None."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return "HEIF"
    return None


def size_of(data: bytes, kind: str) -> tuple[int, int]:
    """Width and height in pixels as the head says, not yet turned upright. Raises NotAPicture where it says none."""
    try:
        size = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "HEIF": _heif}[kind](data)
    except (struct.error, IndexError) as error:
        raise broken() from error
    if size is None or min(size) < 1:
        raise broken()
    return size


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """The first start-of-frame segment (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
        elif marker in (0x01, *range(0xD0, 0xD9)):
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        elif marker in (0xD9, 0xDA):
            return None
        else:
            at += 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])
    return None


def _png(data: bytes) -> tuple[int, int] | None:
    """IHDR, which must come first (W3C PNG, 11.2.1)."""
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _webp(data: bytes) -> tuple[int, int] | None:
    """The canvas of VP8X, or the only frame's size (RFC 9649, 2.5 to 2.7)."""
    chunk = data[12:16]
    if chunk == b"VP8X" and len(data) >= 30:
        return (1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"))
    if chunk == b"VP8L" and data[20] == 0x2F:
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _heif(data: bytes) -> tuple[int, int] | None:
    """The largest image extent (ISO/IEC 23008-12, 6.5.3): a grid's own, not its tiles'."""
    sizes: list[tuple[int, int]] = []
    at = data.find(b"ispe")
    while at != -1 and len(sizes) < BOXES_MOST:
        if at + 16 <= len(data) and data[at - 4 : at] == b"\x00\x00\x00\x14":
            width, height = struct.unpack_from(">II", data, at + 8)
            sizes.append((width, height))
        at = data.find(b"ispe", at + 4)
    return max(sizes, key=lambda size: size[0] * size[1], default=None)
