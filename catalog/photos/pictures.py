"""From the bytes a phone sends to pictures that are safe to show: upright, sRGB, small, and with no metadata at all.

Pure work on bytes; no database. Only JPEG, PNG, WebP and HEIC are ever opened, whatever the file's name says. It hands
them to decoders, and is therefore called in the darkroom; other processes do not even load it.
"""

import struct
import warnings
import zlib
from io import BytesIO

import pi_heif
from PIL import Image, ImageCms, ImageFilter, ImageOps
from PIL.ExifTags import Base

from catalog.photos.heads import NotAPicture, Served, broken, check_size, sniff, too_big
from catalog.photos.measures import WIDTH as MEASURED_WIDTH
from catalog.photos.measures import measure

__all__ = ["NotAPicture", "Served", "make", "paper", "sniff", "stamp"]

pi_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = (
    None  # its warning comes late and its limit is twice ours: we measure before decoding
)

WIDTHS = (1280, 640, 320)
BYTES_MAX = {1280: 120_000, 640: 40_000, 320: 20_000, 160: 1_500}
STAMP = 160  # a square for the scan page, which has fourteen kilobytes in all
PAPER_BYTES_MAX = 600_000
QUALITIES = (80, 68, 55, 42, 30, 20)
SHRINKS = {80: 1.0, 68: 0.82, 55: 0.73, 42: 0.64, 30: 0.54, 20: 0.42}  # bytes at a quality, of those at 80
# What Pillow and its decoders raise over broken files; NotImplementedError is theirs, for kinds they do not read.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, struct.error, zlib.error,
          RuntimeError, OverflowError, ZeroDivisionError, AttributeError, NotImplementedError,
          Image.DecompressionBombError)  # fmt: skip
BAND_ROWS = 256
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")


def make(data: bytes) -> Served:
    """Decode, turn upright, bring to sRGB, and encode three widths, a stamp and a JPEG, from nothing but the pixels.

    A picture narrower than a width keeps its own. Raises NotAPicture.
    """
    image, sent = _decode(data)
    webp, current = {}, image
    for width in WIDTHS:
        current = _at_width(current, width)
        webp[width] = _webp(current, BYTES_MAX[width])
        if width == MEASURED_WIDTH:
            jpeg = _encode(current, "JPEG", BYTES_MAX[640] * 2, optimize=True, progressive=True)
            brightness, sharpness = measure(current)
    webp[STAMP] = _webp(_square(current, STAMP), BYTES_MAX[STAMP])
    return Served(webp, jpeg, *image.size, *sent, brightness, sharpness)


def stamp(data: bytes) -> bytes:
    """The stamp alone, for photos that were finished before there were stamps. Raises NotAPicture."""
    return _webp(_square(_decode(data)[0], STAMP), BYTES_MAX[STAMP])


def paper(data: bytes) -> bytes:
    """A photo of a paper as a JPEG that can be read: upright, up to 1,280 px wide, only pixels. Raises NotAPicture."""
    return _encode(_decode(data)[0], "JPEG", PAPER_BYTES_MAX, optimize=True)


def _decode(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """The upright picture in sRGB, no wider than the largest width, and the upright size as sent."""
    kind = sniff(data)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(data), formats=(kind,)) as image:
            turn = _orientation(image)
            sent = image.size if turn < 5 else image.size[::-1]
            check_size(*sent)  # the decoder's word, should the head have said otherwise
            if kind == "JPEG":
                image.draft(
                    None, (WIDTHS[0], WIDTHS[0])
                )  # decodes at 1/2, 1/4 or 1/8: the cheapest step of all
            image.load()
            profile = image.info.get("icc_profile")
            small = _small(image, WIDTHS[0], turn >= 5)
            if turn in UPRIGHT:
                small = small.transpose(UPRIGHT[turn])
            return _only_pixels(_to_srgb(small, profile)), sent
    except NotAPicture:
        raise
    except MemoryError as error:
        raise too_big() from error
    except BROKEN as error:
        raise broken() from error


def _orientation(image: Image.Image) -> int:
    """How the phone was held, 1 to 8 (EXIF 2.32, tag 0x0112); upright where EXIF cannot be read."""
    try:
        found = image.getexif().get(Base.Orientation, 1)
    except BROKEN:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _small(image: Image.Image, width: int, lying: bool) -> Image.Image:
    """The picture as RGB or CMYK, at most `width` wide once turned upright; never two full-size copies at once."""
    across = image.height if lying else image.width
    if image.mode not in ("RGB", "CMYK"):
        image = _by_bands(image, max(1, across // (2 * width)))
        across = image.height if lying else image.width
    if across <= width:
        return image
    size = (max(1, round(image.width * width / across)), max(1, round(image.height * width / across)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _by_bands(image: Image.Image, times: int) -> Image.Image:
    """RGB, made so many times smaller, a band of rows after another: alpha and palettes cost copies."""
    step, (width, height) = BAND_ROWS * times, image.size
    made = Image.new("RGB", (-(-width // times), -(-height // times)))
    for top in range(0, height, step):
        band = _plain(image.crop((0, top, width, min(height, top + step))))
        made.paste(band.reduce(times) if times > 1 else band, (0, top // times))
    return made


def _plain(image: Image.Image) -> Image.Image:
    """Whatever a file holds as RGB, what is transparent on white."""
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


def _square(image: Image.Image, side: int) -> Image.Image:
    """The middle of a picture: as pages crop it, and never so long that no quality makes it light."""
    return ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)


def _webp(image: Image.Image, most: int) -> bytes:
    return _encode(image, "WEBP", most, method=2)  # half the time of 3 and 4, for 3 % more bytes


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
