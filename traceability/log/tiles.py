"""Names and shapes of C2SP tlog-tiles, pure: 256 hashes a tile, paths of three digits, partial tiles by their width."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from traceability.log.rules import HASH_BYTES, NODE

HEIGHT, WIDTH = 8, 256
LEVEL_MAX = 63
_INDEX = re.compile(r"((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


def parse_index(path: str) -> tuple[int, int] | None:
    """(index, width) of `x001/x234/067.p/12`; width 256 for a full tile; None for any other spelling.

    >>> parse_index("x001/x234/067")
    (1234067, 256)
    """
    found = _INDEX.fullmatch(path)
    if found is None:
        return None
    digits, width = found[1].replace("/", "").replace("x", ""), int(found[2] or WIDTH)
    index = int(digits)
    if (found[2] and width >= WIDTH) or len(digits) > 21 or index_path(index) != found[1]:
        return None
    return index, width


def index_path(index: int) -> str:
    """The path of a tile's index: 1234067 is `x001/x234/067`."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03}")
    return "/".join(parts)


def width_at(level: int, n: int, size: int) -> int:
    """How many hashes tile (level, n) holds in a tree of a size: 0 to 256."""
    return min(max((size >> (HEIGHT * level)) - n * WIDTH, 0), WIDTH)


def fold(hashes: Sequence[bytes]) -> bytes:
    """The head over 1, 2, 4 … 256 hashes."""
    return hashes[0] if len(hashes) == 1 else _folded(b"".join(hashes))


@lru_cache(
    maxsize=4096
)  # upper tiles are folded for every proof, and the same bytes always give the same head
def _folded(row: bytes) -> bytes:
    digest = sha256
    while len(row) > HASH_BYTES:
        row = b"".join([digest(NODE + row[at : at + 64]).digest() for at in range(0, len(row), 64)])
    return row


def forget() -> None:
    """Forget what was folded, as a new process has: for whoever measures that."""
    _folded.cache_clear()


def bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length in two bytes, big end first."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
