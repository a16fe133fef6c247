"""Short films made byte by byte: MP4 and WebM as phones write them, with position, date and names."""

import struct

PLACE = b"+22.2008+106.1503/"
OWNER = "Máy của bà Lềnh".encode()
PICTURES, SOUNDS, POSITIONS = (
    b"\x65picture-of-the-field" * 40,
    b"sound-of-rain" * 30,
    b"22.2008,106.1503;" * 20,
)
TAIL = b"PK\x03\x04<script>alert(1)</script>"


def box(name, *parts):
    """A box of an MP4."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name, *parts, version=0):
    """A box with version and flags."""
    return box(name, bytes([version, 0, 0, 0]), *parts)


def track(handler, codec, offset, size, *, samples=10, delta=3_000, scale=3_000):
    """A track of so many equal samples in one chunk, each `delta` ticks of 1/`scale` s."""
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), box(codec, bytes(78))),
        full(b"stts", struct.pack(">III", 1, samples, delta)),
        full(b"stsc", struct.pack(">IIII", 1, 1, samples, 1)),
        full(b"stsz", struct.pack(">II", size // samples, samples)),
        full(b"stco", struct.pack(">II", 1, offset)),
    )
    times = struct.pack(">II", 0xDEADBEEF, 0xDEADBEEF)
    media = box(
        b"mdia",
        full(b"mdhd", times, struct.pack(">IIHH", scale, samples * delta, 0, 0)),
        full(b"hdlr", bytes(4), handler, bytes(12), OWNER + b"\0"),
        box(b"minf", full(b"vmhd", bytes(8)), table),
    )
    return box(b"trak", full(b"tkhd", times, bytes(72)), media, box(b"udta", box(b"\xa9xyz", PLACE)))


def mp4(seconds=10, *, brand=b"isom", handler=b"vide", codec=b"avc1", more=b""):
    """A film of so many seconds with pictures, sound and a track of positions."""
    head = box(b"ftyp", brand, bytes(4), b"isomavc1")
    media = box(b"mdat", PICTURES, SOUNDS, POSITIONS, TAIL)
    at = len(head) + 8
    times = struct.pack(">II", 0xDEADBEEF, 0xDEADBEEF)
    delta = seconds * 300
    movie = box(
        b"moov",
        full(b"mvhd", times, struct.pack(">II", 1_000, 1_000), bytes(80)),
        track(handler, codec, at, len(PICTURES), delta=delta),
        track(b"soun", b"mp4a", at + len(PICTURES), len(SOUNDS), delta=delta),
        track(b"meta", b"mett", at + len(PICTURES) + len(SOUNDS), len(POSITIONS), delta=delta),
        box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE), full(b"meta", PLACE)),
        full(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709"), box(b"ilst", PLACE)),
    )
    return head + media + movie + box(b"uuid", bytes(16), b"<x:xmpmeta>" + PLACE) + more


def vint(value):
    """A size of an EBML element in eight bytes."""
    return (1 << 56 | value).to_bytes(8, "big")


def element(number, *parts):
    """An element of a WebM."""
    body = b"".join(parts)
    return number.to_bytes((number.bit_length() + 7) // 8, "big") + vint(len(body)) + body


def webm(seconds=10, *, codec=b"V_VP9", kind=1, doctype=b"webm"):
    """A film of so many seconds with a title, a date, tags and an attachment."""
    head = element(0x1A45DFA3, element(0x4282, doctype))
    info = element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3, "big")), element(0x7BA9, OWNER),
                   element(0x4461, PLACE), element(0x4489, struct.pack(">d", 1_000.0)))  # fmt: skip
    tracks = element(0x1654AE6B, element(0xAE, element(0x83, bytes([kind])), element(0x86, codec)))
    clusters = [
        element(0x1F43B675, element(0xE7, (second * 1_000).to_bytes(4, "big")),
                element(0xA3, b"\x81", struct.pack(">h", 0), b"\x80", PICTURES),
                element(0xA0, element(0xA1, b"\x81", struct.pack(">h", 900), b"\0", SOUNDS)))
        for second in range(seconds)
    ]  # fmt: skip
    tags = element(0x1254C367, element(0x7373, PLACE))
    files = element(0x1941A469, element(0x61A7, TAIL))
    return head + element(0x18538067, info, tracks, *clusters, tags, files)
