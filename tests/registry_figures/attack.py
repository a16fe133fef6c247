"""What a stranger can work out from published tables: equations between cells, solved exactly, then bounded by zero."""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from registry.figures.rules import CLASSES
from registry.published.rules import BASE, MOVES, Row, Table
from registry.reports.rules import Node

Cell = tuple[object, ...]
Equation = tuple[list[tuple[int, Cell]], int]


def equations(top: Node, tables: Iterable[Table], tag: str) -> list[list[tuple[int, Cell]]]:
    """Sums that hold among the cells of one round, as coefficients that add up to nothing."""
    found: list[list[tuple[int, Cell]]] = []
    for table in tables:
        waiting: list[tuple[tuple[str, ...], Node]] = [((), top)]
        while waiting:
            path, node = waiting.pop()
            if table is not MOVES and table is not BASE:
                found += _links(table, path, tag)
            if len(path) == table.depth:
                continue
            inside = [((*path, name), one) for name, one in node.inside.items()]
            for cell in table.cells:
                line: list[tuple[int, Cell]] = [(1, (tag, table.name, path, cell))]
                line += [(-1, (tag, table.name, below, cell)) for below, _one in inside]
                found.append(line)
            waiting += inside
    return found


def _links(table: Table, path: tuple[str, ...], tag: str) -> list[list[tuple[int, Cell]]]:
    """A split adds up to the classes; a lack, whatever was said of it, to everybody."""
    own: dict[str, Cell] = {cell: (tag, table.name, path, cell) for cell in table.cells}
    base: dict[str, Cell] = {one: (tag, BASE.name, path, f"class/{one}") for one in CLASSES}
    if table.name.startswith(("lack-", "departs")):
        return [[(1, cell) for cell in own.values()] + [(-1, cell) for cell in base.values()]]
    return [
        [(1, cell) for word, cell in own.items() if word.endswith(f"/{one}")] + [(-1, base[one])]
        for one in CLASSES
    ]


def moves_links(before: str, now: str) -> list[list[tuple[int, Cell]]]:
    """The transition table adds up to both rounds."""
    cells: list[tuple[str, Cell]] = [(cell, (now, MOVES.name, (), cell)) for cell in MOVES.cells]
    found: list[list[tuple[int, Cell]]] = []
    for one in CLASSES:
        was = [(1, cell) for word, cell in cells if word.split("/")[1] == one]
        came = [(1, cell) for word, cell in cells if word.split("/")[2] == one]
        found.append([*was, (-1, (before, BASE.name, (), f"class/{one}"))])
        found.append([*came, (-1, (now, BASE.name, (), f"class/{one}"))])
    return found


def values(rows: Iterable[Row], tables: Iterable[Table], tag: str) -> dict[Cell, int]:
    """The cells that everybody reads."""
    cells = {table.name: table.cells for table in tables}
    return {
        (tag, row.table, row.path, cell): count
        for row in rows
        if row.counts is not None
        for cell, count in zip(cells[row.table], row.counts, strict=True)
    }


def known_into(found: Iterable[list[tuple[int, Cell]]], known: Mapping[Cell, int]) -> list[Equation]:
    """The equations with the published numbers put in; those without a hidden cell must hold."""
    left: list[Equation] = []
    for one in found:
        hidden = [(sign, cell) for sign, cell in one if cell not in known]
        rest = -sum(sign * known[cell] for sign, cell in one if cell in known)
        if hidden:
            left.append((hidden, rest))
        else:
            assert rest == 0, "published numbers contradict each other"
    return left


def solved(left: Iterable[Equation]) -> dict[Cell, Fraction]:
    """The hidden cells that have one solution: Gauss and Jordan over fractions."""
    pivots: dict[Cell, tuple[dict[Cell, Fraction], Fraction]] = {}
    holders: dict[Cell, set[Cell]] = {}
    for hidden, rest in left:
        row, total = Counter[Cell](), Fraction(rest)
        for sign, cell in hidden:
            row[cell] += sign
        line = {cell: Fraction(sign) for cell, sign in row.items()}
        for cell in [cell for cell in line if cell in pivots]:
            total = _minus(line, total, line[cell], *pivots[cell])
        if not line:
            assert total == 0
            continue
        chosen = min(line, key=lambda cell: len(holders.get(cell, ())))
        scale = line[chosen]
        line, total = {cell: number / scale for cell, number in line.items()}, total / scale
        for other in list(holders.get(chosen, ())):
            theirs, sum_ = pivots[other]
            had = set(theirs)
            sum_ = _minus(theirs, sum_, theirs[chosen], line, total)
            pivots[other] = theirs, sum_
            for cell in had ^ set(theirs):
                holders.setdefault(cell, set()).symmetric_difference_update({other})
        pivots[chosen] = line, total
        for cell in line:
            holders.setdefault(cell, set()).add(chosen)
    return {cell: total for cell, (line, total) in pivots.items() if len(line) == 1}


def _minus(
    line: dict[Cell, Fraction],
    total: Fraction,
    times: Fraction,
    other: Mapping[Cell, Fraction],
    sum_: Fraction,
) -> Fraction:
    for cell, number in other.items():
        left = line.get(cell, Fraction(0)) - times * number
        if left:
            line[cell] = left
        else:
            line.pop(cell, None)
    return total - times * sum_


def bounded(left: list[Equation]) -> dict[Cell, int]:
    """The hidden cells pinned to one number by knowing that no count is below zero, tightened until nothing moves."""
    low: dict[Cell, int] = {cell: 0 for hidden, _rest in left for _sign, cell in hidden}
    high: dict[Cell, int] = dict.fromkeys(low, 10**6)
    moved = True
    while moved:
        moved = False
        for hidden, rest in left:
            for sign, cell in hidden:
                least = sum(s * (low[c] if s > 0 else high[c]) for s, c in hidden if c != cell)
                most = sum(s * (high[c] if s > 0 else low[c]) for s, c in hidden if c != cell)
                ends = sorted((sign * (rest - least), sign * (rest - most)))
                if ends[0] > low[cell] or ends[1] < high[cell]:
                    low[cell], high[cell] = max(low[cell], ends[0]), min(high[cell], ends[1])
                    moved = True
    return {cell: low[cell] for cell in low if low[cell] == high[cell]}
