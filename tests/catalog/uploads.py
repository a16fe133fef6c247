"""Broken and hostile uploads, made from a seed: what the darkroom must survive."""

import random
import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image

from tests.catalog import phone

SIZE = (420, 300)
SCRIPT = b"<html><script>alert(document.domain)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
Maker = Callable[[random.Random], bytes]


@cache
def good(kind: str) -> bytes:
    """A small good picture with everything that must not be shown."""
    if kind == "JPEG":
        return phone.jpeg(6, phone.upright(SIZE))
    return phone.encoded(kind, phone.upright(SIZE), exif=phone.exif(3))


def any_good(chance: random.Random) -> bytes:
    """One of the formats."""
    return good(chance.choice(["JPEG", "PNG", "WEBP"]))


def truncated(chance: random.Random) -> bytes:
    """The line broke while it was sent."""
    data = any_good(chance)
    return data[: chance.randint(0, len(data) - 1)]


def flipped(chance: random.Random) -> bytes:
    """Some bytes are others."""
    data = bytearray(any_good(chance))
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def swapped(chance: random.Random) -> bytes:
    """A stretch is missing, doubled or another picture's."""
    data, at = any_good(chance), 0
    at, size = chance.randrange(len(data)), chance.randint(1, 400)
    other = any_good(chance)
    return (
        data[:at] + chance.choice([b"", data[at : at + size] * 2, other[at : at + size]]) + data[at + size :]
    )


def chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk with its right sum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(chance: random.Random) -> bytes:
    """A PNG whose head promises what its little data unpacks to, or does not."""
    width = chance.choice([7_000, 20_000, 65_535, 2**31 - 1, 300])
    height = chance.choice([7_000, 20_000, 65_535, 2**31 - 1, 300])
    packed = zlib.compress(bytes(chance.choice([1_000, 2_000_000, 30_000_000])), 9)
    head = struct.pack(">IIBBBBB", width, height, chance.choice([1, 8, 16]), chance.choice([0, 2, 3, 6]), 0, 0,
                       chance.choice([0, 1]))  # fmt: skip
    text = chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(20_000_000), 9)) if chance.random() < 0.3 else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg_lie(chance: random.Random) -> bytes:
    """A JPEG whose frame head says another size."""
    data = bytearray(good("JPEG"))
    at = next(
        place for place in range(len(data) - 9) if data[place] == 0xFF and data[place + 1] in (0xC0, 0xC2)
    )
    size = chance.choice([(65_535, 65_535), (7_000, 7_000), (0, 0), (1, 65_535), (60_000, 800), (300, 420)])
    struct.pack_into(">HH", data, at + 5, *size)
    return bytes(data)


def webp_lie(chance: random.Random) -> bytes:
    """A WebP whose canvas is not its frame's size."""
    side = chance.choice([2**24, 16_384, 7_000, 1])
    canvas = bytes(4) + (side - 1).to_bytes(3, "little") * 2
    body = b"VP8X" + struct.pack("<I", 10) + canvas + good("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


@cache
def _frames(kind: str) -> bytes:
    first, *more = (Image.new("P" if kind == "GIF" else "RGB", (240, 240), shade) for shade in range(1, 120))
    out = BytesIO()
    first.save(out, kind, save_all=True, append_images=more, duration=20)
    return out.getvalue()


def many_frames(chance: random.Random) -> bytes:
    """An animation of many frames, whole or cut."""
    data = _frames(chance.choice(["GIF", "WEBP"]))
    return data if chance.random() < 0.5 else data[: chance.randint(100, len(data))]


def polyglot(chance: random.Random) -> bytes:
    """A picture that is also a page, a script or an archive."""
    other = chance.choice(
        [SCRIPT, SVG, b"PK\x03\x04" + bytes(26) + b"evil.sh" + b"PK\x05\x06" + bytes(18), b"%PDF-1.7\n"]
    )
    if chance.random() < 0.5:
        return any_good(chance) + other
    comment = b"\xff\xfe" + struct.pack(">H", 2 + len(other)) + other
    return good("JPEG")[:2] + comment + good("JPEG")[2:]


def wrong_type(chance: random.Random) -> bytes:
    """Something else under a picture's name, or behind a picture's first bytes."""
    body = chance.choice([SVG, SCRIPT, b"%PDF-1.7\n", b"GIF89a" + bytes(600), b"BM" + bytes(300), b"II*\0" + bytes(300),
                          b"\0\0\0\x18ftypmp42" + bytes(300), chance.randbytes(900)])  # fmt: skip
    front = chance.choice([b"", b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"])
    return front + body


def heic(chance: random.Random) -> bytes:
    """A HEIC head with nonsense behind it, with or without a size."""
    size = struct.pack(
        ">I4sIII", 20, b"ispe", 0, chance.choice([300, 9_000, 2**31]), chance.choice([300, 9_000])
    )
    meta = struct.pack(">I4sI", 12 + len(size), b"meta", 0) + size
    return struct.pack(">I4s4sI4s4s", 24, b"ftyp", chance.choice([b"heic", b"mif1", b"hevc"]), 0, b"mif1", b"heic") + (
        meta if chance.random() < 0.7 else b"") + chance.randbytes(chance.randint(0, 3_000))  # fmt: skip


def exif_bomb(chance: random.Random) -> bytes:
    """EXIF that points at itself, at nothing, or announces millions of values."""
    rows = chance.randint(1, 200)
    table = b"".join(
        struct.pack("<HHII", chance.choice([0x0112, 0x8769, 0x8825, 0x0201, chance.randrange(65_536)]),
                    chance.randint(0, 13), chance.choice([1, 2**31 - 1, 65_535]), chance.choice([8, 0, 2**32 - 1, 26]))
        for _ in range(rows)
    )  # fmt: skip
    block = b"Exif\0\0II*\0" + struct.pack("<IH", 8, rows) + table + struct.pack("<I", 8)
    plain = BytesIO()
    phone.upright(SIZE).save(plain, "JPEG")
    data = plain.getvalue()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(block)) + block + data[2:]


MAKERS: dict[str, Maker] = {
    "whole": any_good, "truncated": truncated, "flipped": flipped, "swapped": swapped, "png bomb": png_bomb,
    "jpeg lie": jpeg_lie, "webp lie": webp_lie, "frames": many_frames, "polyglot": polyglot, "wrong type": wrong_type,
    "heic": heic, "exif bomb": exif_bomb,
}  # fmt: skip


def uploads(count: int, seed: int = 7) -> list[tuple[str, int]]:
    """So many (kind, seed of its own), every kind in turn."""
    chance, names = random.Random(seed), list(MAKERS)
    return [(names[place % len(names)], chance.randrange(2**32)) for place in range(count)]


def made(kind: str, seed: int) -> bytes:
    """The upload of that kind and seed."""
    return MAKERS[kind](random.Random(seed))
