"""From the bytes a phone sends to pictures that are safe to show: upright, sRGB, small, and with no metadata at all.

Pure work on bytes; no database. Only JPEG, PNG, WebP and HEIC are ever opened, whatever the file's name says.
"""

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

import pi_heif
from PIL import Image, ImageCms, ImageFilter, ImageOps

from catalog.rules import PHOTO_MAX_BYTES, PIXELS_MAX
from core.errors import Invalid
from core.i18n import N_

pi_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = (
    None  # its warning comes late and its limit is twice ours: we measure before decoding
)

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
WIDTHS = (1280, 640, 320)
BYTES_MAX = {1280: 120_000, 640: 40_000, 320: 20_000}
PAPER_BYTES_MAX = 600_000
QUALITIES = (80, 68, 55, 42, 30, 20)
SHRINKS = {80: 1.0, 68: 0.82, 55: 0.73, 42: 0.64, 30: 0.54, 20: 0.42}  # bytes at a quality, of those at 80
BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, struct.error, zlib.error,
          RuntimeError, MemoryError, OverflowError, ZeroDivisionError, AttributeError,
          Image.DecompressionBombError)  # fmt: skip
_SRGB = ImageCms.createProfile("sRGB")


class NotAPicture(Invalid):
    """The file cannot be shown; the message says what it is and what to send instead."""


@dataclass(frozen=True)
class Served:
    """What readers get: a WebP for each width, one JPEG, and the size of the largest."""

    webp: dict[int, bytes]
    jpeg: bytes
    width_px: int
    height_px: int


def _starts(data: bytes) -> str | None:
    """The format that the first bytes announce."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"):
        return "HEIF"
    return None


def sniff(data: bytes) -> str:
    """What a file really is, by its bytes and never its name; the size in pixels is read without decoding.

    Returns one of FORMATS. Raises NotAPicture for empty, heavy, disguised, unreadable and huge files.
    """
    if not data:
        raise NotAPicture(N_("Tệp ảnh trống."), remedy=N_("Chọn lại ảnh, hoặc chụp ảnh mới."), field="photos")
    if len(data) > PHOTO_MAX_BYTES:
        raise NotAPicture(N_("Ảnh nặng quá 16 MB."), remedy=N_("Chụp lại ở cỡ vừa."), field="photos")
    kind = _starts(data)
    if kind is None:
        raise NotAPicture(
            N_("Tệp này không phải ảnh JPEG, HEIC, PNG hay WebP."),
            remedy=N_("Chọn ảnh chụp bằng điện thoại."),
            field="photos",
        )
    with _open(data, kind) as image:
        _measure(image)
    return kind


def _open(data: bytes, kind: str) -> Image.Image:
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow warns of broken EXIF, which we throw away
            return Image.open(BytesIO(data), formats=(kind,))
    except BROKEN as error:
        raise _broken() from error


def _broken() -> NotAPicture:
    return NotAPicture(
        N_("Ảnh này hỏng, không mở được."), remedy=N_("Chụp lại hoặc chọn ảnh khác."), field="photos"
    )


def _measure(image: Image.Image) -> None:
    width, height = image.size
    if width * height > PIXELS_MAX:
        raise NotAPicture(
            N_("Ảnh lớn quá 50 triệu điểm."), remedy=N_("Chụp lại ở cỡ vừa, 12 triệu điểm là đủ."), field="photos"
        )  # fmt: skip
    if min(width, height) < 200:
        raise NotAPicture(
            N_("Ảnh nhỏ quá, xem không rõ."), remedy=N_("Chọn ảnh mỗi chiều ít nhất 200 điểm."), field="photos"
        )  # fmt: skip


def make(data: bytes) -> Served:
    """Decode, turn upright, bring to sRGB, and encode three widths and a JPEG, from nothing but the pixels.

    A picture narrower than a width keeps its own. Raises NotAPicture.
    """
    image = _decode(data)
    webp, current = {}, image
    for width in WIDTHS:
        current = _at_width(current, width)
        webp[width] = _webp(current, BYTES_MAX[width])
        if width == 640:
            jpeg = _encode(current, "JPEG", BYTES_MAX[640] * 2, optimize=True, progressive=True)
    largest = _at_width(image, WIDTHS[0])
    return Served(webp, jpeg, *largest.size)


def paper(data: bytes) -> bytes:
    """A photo of a paper as a JPEG that can be read: upright, up to 1,280 px wide, only pixels. Raises NotAPicture."""
    return _encode(_decode(data), "JPEG", PAPER_BYTES_MAX, optimize=True)


def _decode(data: bytes) -> Image.Image:
    """The upright picture in sRGB without alpha, no wider than about twice the largest width."""
    kind = sniff(data)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=(kind,)) as image:
            if kind == "JPEG":
                image.draft(
                    None, (WIDTHS[0], WIDTHS[0])
                )  # decodes at 1/2, 1/4 or 1/8: the cheapest step of all
            image.load()
            profile = image.info.get("icc_profile")
            upright = ImageOps.exif_transpose(image)
            small = _at_width(_plain(upright), WIDTHS[0])
            return _only_pixels(_to_srgb(small, profile))
    except NotAPicture:
        raise
    except BROKEN as error:
        raise _broken() from error


def _plain(image: Image.Image) -> Image.Image:
    """Whatever a file holds as RGB, RGBA on white, or CMYK (which its profile must convert)."""
    if image.mode in ("RGB", "CMYK"):
        return image
    if image.mode.startswith("I"):  # 16-bit grey: scaled, since converting would cut it off
        return image.point(lambda value: value / 257, "L").convert("RGB")
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Display-P3 and other spaces to sRGB; a profile that cannot be read counts as sRGB."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _only_pixels(image: Image.Image) -> Image.Image:
    """A new picture of the same pixels: no EXIF, XMP, position, profile or comment can follow."""
    return Image.frombytes("RGB", image.size, image.tobytes())


def _at_width(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _webp(image: Image.Image, most: int) -> bytes:
    return _encode(image, "WEBP", most, method=3)


def _encode(image: Image.Image, kind: str, most: int, **options: object) -> bytes:
    """Encode at the best quality that stays within `most` bytes; a picture that never does is softened."""
    first = 0
    for quality in QUALITIES:
        if first * SHRINKS[quality] > most * 1.03 and quality != QUALITIES[-1]:
            continue  # surely too heavy still: not worth an encoding
        out = BytesIO()
        image.save(out, kind, quality=quality, **options)
        if out.tell() <= most:
            return out.getvalue()
        first = first or out.tell()
    return _encode(image.filter(ImageFilter.GaussianBlur(2)), kind, most, **options)
