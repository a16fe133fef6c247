"""Which rows of which tables may be published. One rule, pure.

A row (one place in one table) is published whole or not at all. It is safe when each of its cells is 0 or at least 5,
and when no part of it says of everybody in a group that she is poor or lacks something. Safe rows added up are safe.

From the top down: of the places inside a published row the unsafe ones are hidden, then the smallest others, until at
least two are hidden and their sum is safe too: so whoever subtracts learns a safe sum, never one row. Below a hidden
row all is hidden. A split of a table (by sex, say) is published only where its base is: the split adds up to it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.figures.rules import ABSENT, CLASSES, DIMENSIONS, SUFFERING, UNKNOWN, Path
from registry.reports.rules import Node

LEAST = 5
COUNTRY, PROVINCE, COMMUNE = 0, 1, 2
Shown = frozenset[Path]


@dataclass(frozen=True)
class Part:
    """Cells that split a group of households without rest. telling: those of which it would harm to be in one."""

    cells: tuple[str, ...]
    telling: frozenset[str]


@dataclass(frozen=True)
class Table:
    """One table of the fixed list. depth: how far down it goes; cells: its columns; parts: see `Part`."""

    name: str
    depth: int
    cells: tuple[str, ...]
    parts: tuple[Part, ...]


def _part(cells: Iterable[str], telling: Iterable[str]) -> Part:
    return Part(tuple(cells), frozenset(telling))


def _base() -> Table:
    cells = tuple(f"class/{one}" for one in CLASSES)
    return Table("classes", COMMUNE, cells, (_part(cells, (f"class/{one}" for one in SUFFERING)),))


def _lack(code: str) -> Table:
    cells = tuple(f"lack/{code}/{said}" for said in ("yes", "no", UNKNOWN))
    return Table(f"lack-{code}", COMMUNE, cells, (_part(cells, cells[:1]),))


def _departs() -> Table:
    """Of how many a class departs from the score: the count that keeps favour in sight."""
    cells = tuple(f"departs/{said}" for said in ("yes", "no", UNKNOWN))
    return Table("departs", COMMUNE, cells, (_part(cells, cells[:1]),))


def _split(name: str) -> Table:
    groups = [tuple(f"{name}/{group}/{one}" for one in CLASSES) for group in DIMENSIONS[name]]
    parts = tuple(_part(cells, (c for c in cells if c.rsplit("/", 1)[1] in SUFFERING)) for cells in groups)
    return Table(name, PROVINCE, tuple(cell for cells in groups for cell in cells), parts)


def _moves() -> Table:
    """Class before by class now, for the country alone; ABSENT: did not declare in that round."""
    either = (*CLASSES, ABSENT)
    rows = [[f"move/{was}/{now}" for now in either if (was, now) != (ABSENT, ABSENT)] for was in either]
    columns = [[f"move/{was}/{now}" for was in either if (was, now) != (ABSENT, ABSENT)] for now in either]
    parts = [_part(cells, (c for c in cells if c.rsplit("/", 1)[1] in SUFFERING)) for cells in rows]
    parts += [_part(cells, (c for c in cells if c.split("/")[1] in SUFFERING)) for cells in columns]
    return Table("moves", COUNTRY, tuple(cell for cells in rows for cell in cells), tuple(parts))


BASE, DEPARTS, MOVES = _base(), _departs(), _moves()


def tables(indicators: Iterable[str]) -> tuple[Table, ...]:
    """The fixed list, the base first; `moves` is published from the second round on."""
    split = (_split(name) for name in DIMENSIONS)
    return (BASE, *(_lack(code) for code in indicators), *split, DEPARTS, MOVES)


def safe(counts: Mapping[str, int], table: Table) -> bool:
    """Whether a row may be read by anybody, taken alone.

    >>> safe(Counter({"class/poor": 5, "class/none": 9}), BASE), safe(Counter({"class/poor": 4, "class/none": 9}), BASE)
    (True, False)
    >>> safe(Counter({"class/poor": 9}), BASE)  # whoever lives there is known to be poor
    False
    """
    if any(0 < counts.get(cell, 0) < LEAST for cell in table.cells):
        return False
    for part in table.parts:
        whole = sum(counts.get(cell, 0) for cell in part.cells)
        if whole and whole == sum(counts.get(cell, 0) for cell in part.telling):
            return False
    return True


def shown(top: Node, table: Table, within: Shown | None = None) -> Shown:
    """The paths whose rows are published; () is the country. within: where the base is, for every other table."""
    found: set[Path] = set()
    if not safe(top.counts, table) or (within is not None and () not in within):
        return frozenset()
    waiting: list[tuple[Path, Node]] = [((), top)]
    while waiting:
        path, node = waiting.pop()
        found.add(path)
        if len(path) < table.depth:
            gone = _hidden(path, node, table, within)
            waiting += [((*path, name), one) for name, one in node.inside.items() if name not in gone]
    return frozenset(found)


def _hidden(path: Path, node: Node, table: Table, within: Shown | None) -> set[str]:
    """The places inside that are hidden: none, or at least two whose sum is safe."""
    gone = {
        name
        for name, one in node.inside.items()
        if not safe(one.counts, table) or (within is not None and (*path, name) not in within)
    }
    if not gone:
        return gone
    together: Counter[str] = Counter()
    for name in gone:
        together.update(node.inside[name].counts)
    others = sorted(
        (name for name in node.inside if name not in gone),
        key=lambda name: (node.inside[name].households, name),
    )
    for name in others:
        if len(gone) >= 2 and safe(together, table):
            break
        gone.add(name)
        together.update(node.inside[name].counts)
    return gone


@dataclass(frozen=True)
class Row:
    """A row as it is published. counts: in the order of the table's cells; None where it is hidden."""

    table: str
    path: Path
    households: int | None
    counts: tuple[int, ...] | None


def published(top: Node, indicators: Iterable[str], *, moves: bool) -> list[Row]:
    """Every row of a round, tables in their order, places in theirs. moves: there is a published round before."""
    rows: list[Row] = []
    base: Shown | None = None
    for table in tables(indicators):
        if table is MOVES and not moves:
            continue
        seen = shown(top, table, base)
        if table is BASE:
            base = seen
        rows += [_row(table, path, node, path in seen) for path, node in _walk(top, table.depth)]
    return rows


def _row(table: Table, path: Path, node: Node, is_shown: bool) -> Row:
    if not is_shown:
        return Row(table.name, path, None, None)
    counts = tuple(node.counts[cell] for cell in table.cells)
    return Row(table.name, path, sum(counts) if table is MOVES else node.households, counts)


def _walk(top: Node, depth: int) -> list[tuple[Path, Node]]:
    found: list[tuple[Path, Node]] = [((), top)]
    for path, node in found:
        if len(path) < depth:
            found += [((*path, name), node.inside[name]) for name in sorted(node.inside)]
    return found
