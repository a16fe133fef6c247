"""What a walk starts from, the graph it gives, its layers, and the closure of a graph too large for SQL. Pure."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, compress

from core.errors import Invalid
from core.i18n import N_
from core.text import fold


class Kind(StrEnum):
    """What a walk may start from."""

    HOUSEHOLD = "household"
    PLOT = "plot"
    SLIP = "slip"
    MATERIAL = "material"
    BATCH = "batch"
    LOT = "lot"
    ORDER = "order"


@dataclass(frozen=True)
class Start:
    """One thing of one cooperative that a walk starts from. id: 0 for a material, which has only a name."""

    kind: Kind
    id: int
    name: str
    cooperative_id: int

    @property
    def text(self) -> str:
        """Its id as commands and addresses take it: lot:12, material:nước."""
        return f"{self.kind}:{self.name if self.kind is Kind.MATERIAL else self.id}"


SAID = {
    "ho": Kind.HOUSEHOLD, "nha": Kind.HOUSEHOLD, "ruong": Kind.PLOT, "nuong": Kind.PLOT, "phieu": Kind.SLIP,
    "nguyen lieu": Kind.MATERIAL, "me": Kind.BATCH, "lo": Kind.LOT, "don": Kind.ORDER,
} | {kind.value: kind for kind in Kind}  # fmt: skip


def read_start(text: str) -> tuple[Kind, str]:
    """The kind and the key of an id, the kind in either language. Raises Invalid, saying how one is written.

    >>> read_start("lot:KMNP-2611-01")
    (<Kind.LOT: 'lot'>, 'KMNP-2611-01')
    >>> read_start("Nguyên liệu: muối")
    (<Kind.MATERIAL: 'material'>, 'muối')
    """
    said, _colon, key = text.partition(":")
    kind = SAID.get(" ".join(fold(said).split()))
    if kind is None or not key.strip():
        raise Invalid(
            N_("“%(typed)s” chưa phải một mã để lần theo."),
            remedy=N_("Viết loại và mã, ví dụ lô: KMNP-2611-01, phiếu: 12, nhà: 3, nguyên liệu: muối."),
            field="of", typed=text[:40],
        )  # fmt: skip
    return kind, key.strip()


@dataclass(frozen=True)
class Edge:
    """Goods that went from one node to another: grams into a batch, pieces into an order, 0 where it is not known."""

    source: str
    target: str
    amount: int = 0


class Loop(ValueError):
    """The graph leads back into itself, which the verbs make impossible: somebody wrote past them."""


def layers(edges: Iterable[Edge]) -> dict[str, int]:
    """How deep each node lies: a node lies one below the deepest that leads to it. Raises Loop on a cycle."""
    out: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for one in edges:
        out.setdefault(one.source, []).append(one.target)
        waiting[one.target] = waiting.get(one.target, 0) + 1
        waiting.setdefault(one.source, 0)
    depth = {name: 0 for name, count in waiting.items() if not count}
    ready = list(depth)
    while ready:
        source = ready.pop()
        for target in out.get(source, ()):
            depth[target] = max(depth.get(target, 0), depth[source] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    if any(waiting.values()):
        raise Loop(", ".join(sorted(name for name, count in waiting.items() if count)[:5]))
    return depth


class Bundles:
    """The targets of each source side by side in one array: four bytes an edge, a slice a node."""

    def __init__(self, sources: Sequence[int], targets: Sequence[int], size: int) -> None:
        """Edge n leads from sources[n] to targets[n], in any order. size: one more than the largest source."""
        counts = array("q", bytes(8 * (size + 1)))
        for source in sources:
            counts[source + 1] += 1
        self.first: Sequence[int] = array("q", accumulate(counts))
        place, sorted_targets = array("q", self.first), array("I", bytes(4 * len(targets)))
        for source, target in zip(sources, targets, strict=True):
            at = place[source]
            sorted_targets[at] = target
            place[source] = at + 1
        self.targets: Sequence[int] = sorted_targets
        self.size, self.most = size, max(targets, default=-1)

    @classmethod
    def over(cls, first: Sequence[int], targets: Sequence[int], most: int) -> "Bundles":
        """Over arrays that were bundled before: first[n] to first[n + 1] is where the targets of node n stand."""
        made = cls.__new__(cls)
        made.first, made.targets, made.size, made.most = first, targets, len(first) - 1, most
        return made

    def __len__(self) -> int:
        return len(self.targets)


WIDE = 32  # from a thirty-second of all nodes on, a wave is walked as a whole


def closure(graph: Bundles, starts: Iterable[int]) -> bytearray:
    """One byte a node: 1 for every start and everything reached from it. Each edge is looked at once.

    The graph's size is one more than the largest source or target.

    For a blend of the whole graph, in which a recursive statement would carry millions of rows through a temporary
    table; cycles do it no harm. Wave after wave: a narrow one node by node, a wide one in slices, in which what is
    new is found by subtracting one great number from another; at most thirty-two waves can be wide.
    """
    size = graph.size
    seen = bytearray(size)
    for node in starts:
        seen[node] = 1
    wave: bytes | list[int] = bytes(seen)
    while wave:
        if isinstance(wave, list):
            wave = _narrow(graph, seen, wave)
            if len(wave) * WIDE > size:
                wave = _marks(wave, size)
        elif wave.count(1) * WIDE > size:
            wave = _wide(graph, seen, wave)
        else:
            wave = marked(wave)
    return seen


def _narrow(graph: Bundles, seen: bytearray, wave: list[int]) -> list[int]:
    first, targets, fresh = graph.first, graph.targets, []
    for node in wave:
        for target in targets[first[node] : first[node + 1]]:
            if not seen[target]:
                seen[target] = 1
                fresh.append(target)
    return fresh


def _wide(graph: Bundles, seen: bytearray, wave: bytes) -> bytes:
    size = len(seen)
    before = int.from_bytes(seen, "little")
    fresh = int.from_bytes(_touched(graph, wave, size), "little") & ~before
    seen[:] = (before | fresh).to_bytes(size, "little")
    return fresh.to_bytes(size, "little")


def _marks(nodes: Iterable[int], size: int) -> bytes:
    marks = bytearray(size)
    for node in nodes:
        marks[node] = 1
    return bytes(marks)


def _touched(graph: Bundles, nodes: bytes | bytearray, size: int) -> bytearray:
    """One byte a target: 1 where an edge leads to it from a marked node. Neighbours are taken in one slice."""
    first, targets = graph.first, graph.targets
    marks, node = bytearray(size), nodes.find(1)
    while node >= 0:
        after = nodes.find(0, node)
        after = len(nodes) if after < 0 else after
        for target in targets[first[node] : first[after]]:
            marks[target] = 1
        node = nodes.find(1, after)
    return marks


def marked(marks: bytes | bytearray) -> list[int]:
    """The nodes that are marked, ascending."""
    return list(compress(range(len(marks)), marks))


def ends(leaves: Bundles, reached: bytearray) -> bytearray:
    """One byte a leaf: 1 for every leaf hanging from a reached node. A mark costs a quarter of a set's entry."""
    return _touched(leaves, reached, leaves.most + 1)


# ---- the drawing ----

WIDTH, BOX, ROW, GAP = 336, 44, 88, 8
MOST_BOXES = 3


@dataclass(frozen=True)
class Box:
    """One box of the drawing: what it says in two lines, where it stands, its address if it has one."""

    x: int
    y: int
    width: int
    title: str
    text: str
    kind: str
    href: str = ""

    @property
    def middle(self) -> int:
        """Where the lines of text stand."""
        return self.x + self.width // 2


@dataclass(frozen=True)
class Drawing:
    """A graph as a phone shows it: rows of at most three boxes from field to buyer, and curves between them."""

    height: int
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """A node as pages name it. title: its code or name; text: what stands below it."""

    key: str
    kind: str
    title: str
    text: str = ""
    href: str = ""


def draw(nodes: Sequence[Node], edges: Sequence[Edge], more: Mapping[str, str]) -> Drawing:
    """Lay nodes out by layer; a row of more than three keeps two and says how many others there are.

    more: kind → what the others are called, with %(count)s: "và %(count)s lô nữa".
    """
    depth = layers(edges)
    rows: dict[int, list[Node]] = {}
    for node in nodes:
        rows.setdefault(depth.get(node.key, 0), []).append(node)
    boxes: list[Box] = []
    place: dict[str, Box] = {}
    for row, level in enumerate(sorted(rows)):
        shown, hidden = rows[level], []
        if len(shown) > MOST_BOXES:
            shown, hidden = shown[: MOST_BOXES - 1], shown[MOST_BOXES - 1 :]
        count = len(shown) + bool(hidden)
        width = (WIDTH - GAP * (count - 1)) // count
        for column, node in enumerate(shown):
            place[node.key] = Box(column * (width + GAP), row * ROW, width, _cut(node.title, width),
                                  _cut(node.text, width), node.kind, node.href)  # fmt: skip
        boxes += [place[node.key] for node in shown]
        if hidden:
            words = more.get(hidden[0].kind, "+%(count)s") % {"count": len(hidden)}
            last = Box(
                (count - 1) * (width + GAP), row * ROW, width, f"+{len(hidden)}", _cut(words, width), "more"
            )
            place |= {node.key: last for node in hidden}
            boxes.append(last)
    lines = {(place[e.source], place[e.target]) for e in edges if e.source in place and e.target in place}
    curves = sorted(_curve(top, bottom) for top, bottom in lines if top != bottom)
    return Drawing(max(1, len(rows)) * ROW - (ROW - BOX), tuple(boxes), tuple(curves))


def _cut(text: str, width: int) -> str:
    most = max(4, (width - 12) // 7)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _curve(top: Box, bottom: Box) -> str:
    start, end = top.y + BOX, bottom.y
    half = (start + end) // 2
    return f"M{top.middle} {start}C{top.middle} {half} {bottom.middle} {half} {bottom.middle} {end}"
