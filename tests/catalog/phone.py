"""Pictures as phones make them: any of eight orientations, with position, comment and a Display-P3 profile."""

from io import BytesIO

from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import IFD, Base

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 60), (30, 60, 200), (240, 200, 40)
# how a picture must be stored so that its EXIF orientation turns it upright again
STORE = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def upright(size=(1600, 1200)):
    """Four coloured quarters: red above left, green above right, blue below left, yellow below right."""
    image = Image.new("RGB", size)
    draw, (w, h) = ImageDraw.Draw(image), size
    for box, colour in (((0, 0, w // 2, h // 2), RED), ((w // 2, 0, w, h // 2), GREEN), ((0, h // 2, w // 2, h), BLUE),
                        ((w // 2, h // 2, w, h), YELLOW)):  # fmt: skip
        draw.rectangle(box, fill=colour)
    return image


def corners(image):
    """The colours near the four corners, in the order of `upright`."""
    w, h = image.size
    return [
        image.convert("RGB").getpixel(at)
        for at in ((w // 8, h // 8), (w - w // 8, h // 8), (w // 8, h - h // 8), (w - w // 8, h - h // 8))
    ]


def near(one, other, most=14):
    """Whether two colours look alike."""
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


def exif(orientation=1):
    """EXIF of a phone: maker, orientation, and a position in Na Rì."""
    found = Image.Exif()
    found[Base.Make], found[Base.Orientation] = "Phone", orientation
    found.get_ifd(IFD.GPSInfo).update({1: "N", 2: (22.0, 12.0, 3.0), 3: "E", 4: (106.0, 9.0, 1.0)})
    return found


def display_p3():
    """A Display-P3 profile, as phones embed it, made from its primaries."""
    import struct

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(*values):
        return b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", 11) + b"Display P3\0" + b"\0" * 79
    tags = [(b"desc", text), (b"wtpt", xyz(0.9642, 1.0, 0.8249)), (b"rXYZ", xyz(0.51512, 0.2412, -0.00105)),
            (b"gXYZ", xyz(0.29198, 0.69225, 0.04189)), (b"bXYZ", xyz(0.1571, 0.06657, 0.78407)),
            (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve), (b"cprt", b"text\0\0\0\0CC0\0")]  # fmt: skip
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags:
        data += b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    size = offset + len(body)
    head = (
        struct.pack(">I", size)
        + b"\0\0\0\0"
        + b"\x02\x10\0\0"
        + b"mntrRGB XYZ "
        + b"\x07\xea\0\x0b\0\x16"
        + b"\0" * 6
    )
    head += b"acsp" + b"\0" * 28 + fixed(0.9642) + fixed(1.0) + fixed(0.8249) + b"\0" * 48
    profile = head + struct.pack(">I", len(tags)) + table + body
    ImageCms.ImageCmsProfile(BytesIO(profile))
    return profile


def jpeg(orientation=1, image=None, **save):
    """A phone's JPEG with everything that must not be shown."""
    stored = image or upright()
    if STORE[orientation] is not None:
        stored = stored.transpose(STORE[orientation])
    out = BytesIO()
    options = {"quality": 92, "exif": exif(orientation), "comment": b"nha ba Lenh, thon Che Co"} | save
    stored.save(out, "JPEG", **options)
    return out.getvalue()


def encoded(kind, image=None, **save):
    """A picture in another format."""
    out = BytesIO()
    (image or upright()).save(out, kind, **save)
    return out.getvalue()
