"""The file of the kept graph, and answers from it together with what came after it. Pure."""

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

from office.tracing.rules import Bundles, closure, ends, marked

MAGIC, FORMAT = b"CPGRAPH\n", 1
HEAD = struct.Struct(
    "<8sIIQ"
)  # magic, CRC-32 of all that follows this head, bytes of the header, bytes of the file
ALIGN = 8
MOST = 2**32 - 1  # the largest id that fits
ARRAYS = ("batch_of", "into_first", "into", "sold_first", "sold", "pending", "material")


class Unusable(ValueError):
    """The file is missing, damaged, of another format, or of another database: it is not to be believed."""


Numbers = Sequence[int]


@dataclass(frozen=True)
class Graph:
    """What can no longer change, by ids. All arrays hold unsigned integers of four bytes.

    batch_of: of each lot's id the batch it came out of, 0 for none. into: from each batch to the batches that used its
    lots. sold: from each batch to the orders that hold or held packs of its lots. pending: orders that could still
    change. materials: of a cooperative and a name, where in `material` its batches stand and how many they are.
    lot_mark, sold_mark: the last lot and the last allocation in it. anchor: by what rows it knows its database.
    """

    lot_mark: int
    sold_mark: int
    anchor: str
    batch_of: Numbers
    into: Bundles
    sold: Bundles
    pending: Numbers
    material: Numbers
    materials: dict[tuple[int, str], tuple[int, int]]

    def batches_with(self, cooperative_id: int, name: str) -> Numbers:
        """The batches of a cooperative into which a bought material of this name went."""
        at, count = self.materials.get((cooperative_id, name), (0, 0))
        return self.material[at : at + count]


@dataclass(frozen=True)
class Later:
    """What came after a graph. made: lot, batch. used: lot, the batch it went into; both of batches closed since.

    bought: the batches closed since that hold the material asked for. sold: lot, order.
    """

    made: Sequence[tuple[int, int]] = ()
    used: Sequence[tuple[int, int]] = ()
    bought: Sequence[int] = ()
    sold: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Reach:
    """Every lot with something of a start in it, and every order that holds or held packs of them; ascending."""

    lots: list[int] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)


def written(graph: Graph) -> Iterator[bytes]:
    """The file, in pieces. Raises OverflowError for ids beyond four bytes."""
    arrays = dict(zip(ARRAYS, (graph.batch_of, graph.into.first, graph.into.targets, graph.sold.first,
                               graph.sold.targets, graph.pending, graph.material), strict=True))  # fmt: skip
    pieces = {name: _bytes(numbers) for name, numbers in arrays.items()}
    header = json.dumps({
        "format": FORMAT, "order": sys.byteorder, "lot_mark": graph.lot_mark, "sold_mark": graph.sold_mark,
        "anchor": graph.anchor, "most": [graph.into.most, graph.sold.most],
        "lengths": [len(arrays[name]) for name in ARRAYS],
        "materials": [[*key, *where] for key, where in sorted(graph.materials.items())],
    }).encode()  # fmt: skip
    header += b" " * (-len(header) % ALIGN)
    padded = [header, *(piece + bytes(-len(piece) % ALIGN) for piece in pieces.values())]
    crc = 0
    for piece in padded:
        crc = zlib.crc32(piece, crc)
    yield HEAD.pack(MAGIC, crc, len(header), HEAD.size + sum(map(len, padded)))
    yield from padded


def _bytes(numbers: Numbers) -> bytes:
    return array("I", numbers).tobytes()


def read(data: "memoryview | bytes") -> Graph:
    """The graph in a file, without copying its arrays. Raises Unusable for anything but a whole file of this format."""
    view = memoryview(data)
    if len(view) < HEAD.size:
        raise Unusable("too short")
    magic, crc, length, size = HEAD.unpack_from(view)
    if magic != MAGIC or size != len(view):
        raise Unusable("no kept graph, or not the whole of one")
    if zlib.crc32(view[HEAD.size :]) != crc:
        raise Unusable("damaged")
    header = json.loads(bytes(view[HEAD.size : HEAD.size + length]))
    if header["format"] != FORMAT or header["order"] != sys.byteorder:
        raise Unusable("another format")
    at, found = HEAD.size + length, []
    for count in header["lengths"]:
        found.append(view[at : at + 4 * count].cast("I"))
        at += 4 * count + (-4 * count % ALIGN)
    batch_of, into_first, into, sold_first, sold, pending, material = found
    most_into, most_sold = header["most"]
    return Graph(
        header["lot_mark"], header["sold_mark"], header["anchor"], batch_of, Bundles.over(into_first, into, most_into),
        Bundles.over(sold_first, sold, most_sold), pending, material,
        {(owner, name): (start, count) for owner, name, start, count in header["materials"]},
    )  # fmt: skip


def reach(graph: Graph, later: Later, first: Iterable[int], *, orders: bool = True) -> Reach:
    """Every lot that came out of the `first` batches or out of what used such a lot, and their orders.

    Batches closed after the graph was kept lead to none in it: what comes after is walked after it.
    """
    size = graph.into.size
    beginning = list(first)
    seen = closure(graph.into, [batch for batch in beginning if batch < size])
    since = dict(later.made)
    fresh = _since(graph, later, since, seen, beginning)
    lots = list(compress(range(len(graph.batch_of)), map(seen.__getitem__, graph.batch_of)))

    def is_in(lot: int) -> bool:
        batch = since.get(lot) or (graph.batch_of[lot] if lot < len(graph.batch_of) else 0)
        return batch in fresh or (batch < size and bool(seen[batch]))

    lots += [lot for lot in since if is_in(lot)]
    if not orders:
        return Reach(sorted(lots))
    found = set(marked(ends(graph.sold, seen)))
    found.update(order for lot, order in later.sold if is_in(lot))
    return Reach(sorted(lots), sorted(found))


def _since(
    graph: Graph, later: Later, since: dict[int, int], seen: bytearray, beginning: Iterable[int]
) -> set[int]:
    """Which batches closed after the graph was kept are reached. Lots were there before what used them was closed, so
    one pass in the order of batches' lots is enough; a loop written past the verbs takes a few.
    """
    ordered = list(dict.fromkeys(since[lot] for lot in sorted(since)))
    fresh = set(ordered).intersection(beginning)
    inputs: dict[int, list[int]] = {}
    for lot, batch in later.used:
        inputs.setdefault(batch, []).append(lot)
    grown = True
    while grown:
        grown = False
        for batch in ordered:
            if batch in fresh:
                continue
            for lot in inputs.get(batch, ()):
                source = since.get(lot) or (graph.batch_of[lot] if lot < len(graph.batch_of) else 0)
                if source in fresh or (0 < source < len(seen) and seen[source]):
                    fresh.add(batch)
                    grown = True
                    break
    return fresh
