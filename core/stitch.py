"""Drawings that follow from data: a household's stitch mark and the cloth of a divided price.

Pure functions; the templates only print their results.
"""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import count, pairwise

SIDE = 9
FEWEST, MOST = 29, 53  # of 81 cells: below it looks like dust, above like a block


def _corner(key: str, turn: int) -> set[tuple[int, int]]:
    """The cells of one eighth of the cloth, from 15 bits of the key's hash."""
    bits = int.from_bytes(hashlib.sha256(f"{turn}:{key}".encode()).digest()[:2], "big")
    eighth = [(x, y) for y in range(5) for x in range(y + 1)]
    return {cell for place, cell in enumerate(eighth) if bits >> place & 1}


def _unfold(corner: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Mirror one eighth along both axes and both diagonals."""
    last = SIDE - 1
    quarter = {pair for x, y in corner for pair in ((x, y), (y, x))}
    return {(a, b) for x, y in quarter for a in (x, last - x) for b in (y, last - y)}


def stitch_mark(key: str) -> list[tuple[int, int]]:
    """The stitches (x, y) of a household's own 9 × 9 motif, row by row: eight-fold symmetric, always the same.

    `key` is the household's random key, never a number of a registry.
    """
    for turn in count():
        cells = _unfold(_corner(key, turn))
        if FEWEST <= len(cells) <= MOST:
            return sorted(cells, key=lambda cell: (cell[1], cell[0]))
    raise AssertionError("count() does not end")


def _runs(cells: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Neighbours of a row as (x, y, length); `cells` are sorted by row."""
    runs: list[tuple[int, int, int]] = []
    for x, y in cells:
        if runs and runs[-1][1] == y and runs[-1][0] + runs[-1][2] == x:
            runs[-1] = (runs[-1][0], y, runs[-1][2] + 1)
        else:
            runs.append((x, y, 1))
    return runs


def stitch_path(key: str) -> str:
    """The motif as one SVG path on a 9 × 9 grid."""
    return "".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n in _runs(stitch_mark(key)))


def matrix_path(rows: Iterable[Sequence[object]]) -> str:
    """The dark cells of a matrix (a QR symbol) as one SVG path, one unit a cell."""
    dark = [(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell]
    return "".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n in _runs(dark))


def weave_spans(amounts: Sequence[int]) -> list[tuple[float, float]]:
    """Where each share lies on a cloth 100 wide, as (start, width), in hundredths; the widths add up to 100.

    Shares of nothing have no width. Raises ValueError for a negative share.
    """
    if any(amount < 0 for amount in amounts):
        raise ValueError("a share of a price is never negative")
    total = sum(amounts)
    edges, so_far = [0.0], 0
    for amount in amounts:
        so_far += amount
        edges.append(round(100 * so_far / total, 2) if total else 0.0)
    return [(start, round(end - start, 2)) for start, end in pairwise(edges)]
