"""MP4 files, box by box (ISO/IEC 14496-12): how long they are, and the same file with nothing in it but the film.

Re-encoding would need a heavy library, so nothing is decoded. Instead only boxes that playing needs are kept, by name;
every other one (`udta` and `meta` hold a phone's position, `uuid` an XMP packet) becomes `free` with zeroes inside, in
place, so that no offset moves. Bytes of `mdat` that belong to no picture or sound (tracks of positions, a file stuck to
the end) become zeroes as well, and so do dates and names. What the camera wrote into the coded frames themselves stays.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import Invalid
from core.i18n import N_

KEPT = {
    b"": {b"ftyp", b"moov", b"mdat"},
    b"moov": {b"mvhd", b"trak"},
    b"trak": {b"tkhd", b"edts", b"mdia"},
    b"edts": {b"elst"},
    b"mdia": {b"mdhd", b"hdlr", b"minf"},
    b"minf": {b"vmhd", b"smhd", b"dinf", b"stbl"},
    b"dinf": {b"dref"},
    b"stbl": {b"stsd", b"stts", b"ctts", b"stss", b"stsc", b"stsz", b"stco", b"co64", b"cslg"},
}
PLAYED = {b"vide", b"soun"}
BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"3gp4",
          b"3gp5", b"3gp6"}  # fmt: skip
CODECS = {b"avc1", b"avc3", b"hvc1", b"hev1", b"vp09", b"av01"}
BOXES_MOST, SAMPLES_MOST = 5_000, 200_000


@dataclass(frozen=True)
class Box:
    """A box: its name and where it, its body and its end lie in the file."""

    name: bytes
    start: int
    body: int
    end: int


def broken() -> Invalid:
    """It announces a film and is none, or one that we cannot read."""
    return Invalid(
        N_("Đoạn phim này hỏng, hoặc máy không đọc được."),
        remedy=N_("Quay lại, hoặc đưa lên YouTube, TikTok rồi dán đường dẫn."), field="file",
    )  # fmt: skip


def boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes that lie side by side in a stretch of the file. Raises Invalid where their sizes cannot be."""
    at, count = start, 0
    while at < end:
        if end - at < 8 or count >= BOXES_MOST:
            raise broken()
        size, name = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1 and end - at >= 16:
            size, body = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        elif size == 0:
            size = end - at
        if size < body - at or at + size > end:
            raise broken()
        yield Box(name, at, body, at + size)
        at, count = at + size, count + 1


def bare(data: bytes) -> tuple[bytes, int]:
    """The same film with only what playing needs, and how many milliseconds it lasts. Raises Invalid."""
    try:
        return _bare(bytearray(data))
    except (struct.error, IndexError, OverflowError, ZeroDivisionError) as error:
        raise broken() from error


def _bare(data: bytearray) -> tuple[bytes, int]:
    top = list(boxes(data, 0, len(data)))
    films = [box for box in top if box.name == b"moov"]
    if len(films) != 1 or top[0].name != b"ftyp" or bytes(data[top[0].body : top[0].body + 4]) not in BRANDS:
        raise broken()
    tracks = [Track(data, box) for box in boxes(data, films[0].body, films[0].end) if box.name == b"trak"]
    played = [track for track in tracks if track.handler in PLAYED]
    if not any(track.handler == b"vide" and track.codec in CODECS for track in played):
        raise broken()
    for track in tracks:
        if track.handler not in PLAYED:
            _blank(data, track.box)
    _blank_media(data, [box for box in top if box.name == b"mdat"], played)
    _sweep(data, b"", 0, len(data))
    return bytes(data), max(track.length_ms for track in played)


def _sweep(data: bytearray, parent: bytes, start: int, end: int) -> None:
    """Blank what is not kept, and the dates and names in what is."""
    for box in list(boxes(data, start, end)):
        if box.name not in KEPT[parent]:
            _blank(data, box)
        elif box.name in KEPT:
            _sweep(data, box.name, box.body, box.end)
        elif box.name in (b"mvhd", b"tkhd", b"mdhd"):
            _zero(data, box.body + 4, box.body + (20 if data[box.body] == 1 else 12), box.end)
        elif box.name == b"hdlr":
            _zero(data, box.body + 24, box.end, box.end)


def _blank(data: bytearray, box: Box) -> None:
    data[box.start + 4 : box.start + 8] = b"free"
    _zero(data, box.body, box.end, box.end)


def _zero(data: bytearray, start: int, end: int, limit: int) -> None:
    end = min(end, limit)
    if end > start:
        data[start:end] = bytes(end - start)


def _blank_media(data: bytearray, stores: list[Box], played: list["Track"]) -> None:
    """Zero every byte of the media data that is no sample of a picture or sound."""
    wanted = sorted(stretch for track in played for stretch in track.samples())
    for store in stores:
        at = store.body
        for start, end in wanted:
            if start >= store.body and end <= store.end:
                _zero(data, at, start, store.end)
                at = max(at, end)
        _zero(data, at, store.end, store.end)
    if not all(any(store.body <= start and end <= store.end for store in stores) for start, end in wanted):
        raise broken()


class Track:
    """One track: what it is, how long, and where its samples lie."""

    def __init__(self, data: bytearray, box: Box) -> None:
        self.data, self.box = data, box
        self.parts = dict(self._parts(box, b"trak"))
        handler = self.parts.get(b"hdlr")
        self.handler = bytes(data[handler.body + 8 : handler.body + 12]) if handler else b""
        described = self.parts.get(b"stsd")
        self.codec = bytes(data[described.body + 12 : described.body + 16]) if described else b""

    def _parts(self, box: Box, name: bytes) -> Iterator[tuple[bytes, Box]]:
        for one in boxes(self.data, box.body, box.end):
            if one.name in KEPT and one.name in KEPT[name]:
                yield from self._parts(one, one.name)
            else:
                yield one.name, one

    def _table(self, name: bytes, row: str, head: int = 8) -> list[tuple[int, ...]]:
        """The rows of a table box; `head` bytes of version, flags and count come before."""
        box = self.parts.get(name)
        if box is None:
            raise broken()
        count = struct.unpack_from(">I", self.data, box.body + head - 4)[0]
        size = struct.calcsize(row)
        if count > SAMPLES_MOST or box.body + head + count * size > box.end:
            raise broken()
        return list(
            struct.iter_unpack(row, bytes(self.data[box.body + head : box.body + head + count * size]))
        )

    @property
    def length_ms(self) -> int:
        """What its samples last, added up: a head may say less than is there."""
        box = self.parts.get(b"mdhd")
        if box is None:
            raise broken()
        scale = struct.unpack_from(">I", self.data, box.body + (20 if self.data[box.body] == 1 else 12))[0]
        ticks = sum(count * delta for count, delta in self._table(b"stts", ">II"))
        return int(1000 * ticks // scale)

    def samples(self) -> list[tuple[int, int]]:
        """Where each chunk of samples begins and ends in the file."""
        sizes = self._sizes()
        wide = b"co64" in self.parts
        offsets = [row[0] for row in self._table(b"co64" if wide else b"stco", ">Q" if wide else ">I")]
        runs = self._table(b"stsc", ">III")
        if not runs or runs[0][0] != 1:
            raise broken()
        found, sample, run = [], 0, 0
        for chunk, offset in enumerate(offsets, 1):
            while run + 1 < len(runs) and runs[run + 1][0] <= chunk:
                run += 1
            many = runs[run][1]
            found.append((offset, offset + sum(sizes[sample : sample + many])))
            sample += many
        return found

    def _sizes(self) -> list[int]:
        box = self.parts.get(b"stsz")
        if box is None:
            raise broken()
        each, count = struct.unpack_from(">II", self.data, box.body + 4)
        if count > SAMPLES_MOST:
            raise broken()
        return [each] * count if each else [row[0] for row in self._table(b"stsz", ">I", head=12)]
