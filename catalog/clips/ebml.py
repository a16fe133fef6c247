"""WebM files, element by element (RFC 8794, RFC 9559): how long they are, and the same file without tags and names.

As with MP4 nothing is decoded: tags, attachments, chapters, titles and dates become void elements of the same size, so
that no offset moves.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.clips.boxes import broken

EBML, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
SEEK, CUES, VOID = 0x114D9B74, 0x1C53BB6B, 0xEC
DOCTYPE, SCALE, ENTRY, TRACK_TYPE, CODEC = 0x4282, 0x2AD7B1, 0xAE, 0x83, 0x86
TIMECODE, SIMPLE_BLOCK, GROUP, BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
KEPT = {SEEK, INFO, TRACKS, CLUSTER, CUES}
KEPT_INFO = {SCALE, 0x4489, 0x4D80, 0x5741}  # the clock's step, the length, which programs wrote it
VIDEO, AUDIO = 1, 2
CODECS = (b"V_VP8", b"V_VP9", b"V_AV1")
ELEMENTS_MOST = 200_000


@dataclass(frozen=True)
class Element:
    """An element: its number and where it, its body and its end lie in the file."""

    number: int
    start: int
    body: int
    end: int


def _vint(data: bytearray, at: int, *, mark: bool) -> tuple[int, int]:
    """A number of 1 to 8 bytes and where it ends; `mark` keeps the bit that tells its length, as in element numbers."""
    first = data[at]
    length = 9 - first.bit_length()
    if length > 8:
        raise broken()
    value = int.from_bytes(data[at : at + length], "big")
    return (value if mark else value & ((1 << 7 * length) - 1)), at + length


def elements(data: bytearray, start: int, end: int) -> Iterator[Element]:
    """The elements that lie side by side in a stretch of the file; only a segment may leave its size open."""
    at, count = start, 0
    while at < end:
        number, middle = _vint(data, at, mark=True)
        size, body = _vint(data, middle, mark=False)
        if size == (1 << 7 * (body - middle)) - 1 and number == SEGMENT:
            size = end - body
        if body + size > end or count >= ELEMENTS_MOST:
            raise broken()
        yield Element(number, at, body, body + size)
        at, count = body + size, count + 1


def bare(data: bytes) -> tuple[bytes, int]:
    """The same film without tags, and how many milliseconds it lasts by its last block. Raises Invalid."""
    try:
        return _bare(bytearray(data))
    except (struct.error, IndexError, OverflowError) as error:
        raise broken() from error


def _bare(data: bytearray) -> tuple[bytes, int]:
    top = list(elements(data, 0, len(data)))
    if [one.number for one in top[:2]] != [EBML, SEGMENT] or len(top) != 2 or not _is_webm(data, top[0]):
        raise broken()
    inside = list(elements(data, top[1].body, top[1].end))
    scale, last = 1_000_000, -1
    _check_tracks(data, [one for one in inside if one.number == TRACKS])
    for one in inside:
        if one.number not in KEPT:
            _void(data, one)
        elif one.number == INFO:
            scale = _clean_info(data, one) or scale
        elif one.number == CLUSTER:
            last = max(last, _last_block(data, one))
    if last < 0:
        raise broken()
    return bytes(data), round(last * scale / 1_000_000)


def _is_webm(data: bytearray, head: Element) -> bool:
    return any(
        one.number == DOCTYPE and data[one.body : one.end] == b"webm"
        for one in elements(data, head.body, head.end)
    )


def _check_tracks(data: bytearray, tracks: list[Element]) -> None:
    """Pictures in a known coding, sound, and nothing else."""
    seen = False
    for entry in (one for track in tracks for one in elements(data, track.body, track.end)):
        if entry.number != ENTRY:
            continue
        parts = {one.number: bytes(data[one.body : one.end]) for one in elements(data, entry.body, entry.end)}
        kind = int.from_bytes(parts.get(TRACK_TYPE, b""), "big")
        if kind not in (VIDEO, AUDIO) or (kind == VIDEO and not parts.get(CODEC, b"").startswith(CODECS)):
            raise broken()
        seen = seen or kind == VIDEO
    if not seen:
        raise broken()


def _clean_info(data: bytearray, info: Element) -> int:
    """Blank what is not kept; the nanoseconds of a tick, or 0 where it does not say."""
    scale = 0
    for one in list(elements(data, info.body, info.end)):
        if one.number == SCALE:
            scale = int.from_bytes(data[one.body : one.end], "big")
        elif one.number not in KEPT_INFO:
            _void(data, one)
    return scale


def _last_block(data: bytearray, cluster: Element) -> int:
    """In ticks, when the last block of a cluster is shown."""
    base, latest = 0, 0
    for one in elements(data, cluster.body, cluster.end):
        if one.number == TIMECODE:
            base = int.from_bytes(data[one.body : one.end], "big")
        elif one.number == SIMPLE_BLOCK:
            latest = max(latest, _block_time(data, one))
        elif one.number == GROUP:
            for block in elements(data, one.body, one.end):
                latest = max(latest, _block_time(data, block) if block.number == BLOCK else 0)
    return base + latest


def _block_time(data: bytearray, block: Element) -> int:
    _track, at = _vint(data, block.body, mark=False)
    return int(struct.unpack_from(">h", data, at)[0])


def _void(data: bytearray, one: Element) -> None:
    """The same stretch as one void element of zeroes."""
    total = one.end - one.start
    for length in range(1, 9):
        size = total - 1 - length
        if 0 <= size < (1 << 7 * length) - 1:
            data[one.start : one.end] = (
                bytes([VOID]) + (1 << 7 * length | size).to_bytes(length, "big") + bytes(size)
            )
            return
    raise broken()
